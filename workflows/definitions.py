"""Published definitions by hash, for the workflows of this process.

Lives outside the sandbox: one registry per process, filled by the worker before it polls. A ticket that pins a
hash nobody has loaded yet raises, so that its workflow task is tried again, and wakes the loaders.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from domain.language.definition import Definition
from domain.language.published import Hashes

Missing = Callable[[Hashes], None]
"""Told which hashes are wanted. Must return at once: it is called from a workflow's thread."""

_A_MOMENT = 1.0
"""Seconds. A workflow task that fails twice is tried again only after ten; the SDK takes two seconds without an answer
for a deadlock."""


class DefinitionRegistry:
    """Definitions by the three hashes a ticket pins. Immutable values: an entry is never replaced."""

    def __init__(self) -> None:
        self._known: dict[Hashes, Definition] = {}
        self._listeners: list[Missing] = []
        self._changed = threading.Condition()

    def put(self, definition: Definition) -> None:
        """Keep a definition under its hashes."""
        with self._changed:
            self._known.setdefault(definition.hashes, definition)
            self._changed.notify_all()

    def get(self, hashes: Hashes) -> Definition:
        """The definition with these hashes. One that is missing is asked of the loaders, and waited for a moment.

        Raises LookupError when they do not have it by then.
        """
        found = self._known.get(hashes)
        if found is not None:
            return found
        with self._changed:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(hashes)
        with self._changed:
            if not listeners or not self._changed.wait_for(lambda: hashes in self._known, _A_MOMENT):
                raise LookupError(f"the definition {hashes.process[:12]} is not loaded in this worker yet")
            return self._known[hashes]

    def __contains__(self, hashes: Hashes) -> bool:
        return hashes in self._known

    def on_missing(self, listener: Missing) -> Callable[[], None]:
        """Call `listener` for every hash that is asked for and not there; returns what takes it away again."""
        with self._changed:
            self._listeners.append(listener)

        def remove() -> None:
            with self._changed:
                self._listeners.remove(listener)

        return remove


registry = DefinitionRegistry()
"""The registry of this process: workflows cannot be given tools, so this is the one thing they reach for."""
