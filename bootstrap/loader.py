"""Fills the workflows' registry with the definitions the database has."""

from __future__ import annotations

import logging
import threading

from domain.errors import DefinitionUnknown, Unavailable
from domain.language.published import Hashes
from store.definitions import Definitions, all_hashes
from store.session import Database
from workflows.definitions import DefinitionRegistry

log = logging.getLogger(__name__)

_AGAIN_AFTER = 1.0  # seconds, when the database was away


class DefinitionLoader:
    """Loads everything published before the worker polls, and what a workflow misses later, in its own thread."""

    def __init__(self, database: Database, definitions: Definitions, registry: DefinitionRegistry) -> None:
        self._database = database
        self._definitions = definitions
        self._registry = registry
        self._wanted: set[Hashes] = set()
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="definitions", daemon=True)

    def __enter__(self) -> DefinitionLoader:
        self._forget = self._registry.on_missing(self._want)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._forget()
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._thread.join()

    def load_all(self) -> int:
        """Load everything published; how many. Raises Unavailable."""
        with self._database.reading() as session:
            found = all_hashes(session)
            for hashes in found:
                if hashes not in self._registry:
                    self._registry.put(self._definitions.get(session, hashes))
        return len(found)

    def _want(self, hashes: Hashes) -> None:
        with self._wake:
            self._wanted.add(hashes)
            self._wake.notify_all()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closing or self._wanted)
                if self._closing:
                    return
                wanted = tuple(self._wanted)
            for hashes in wanted:
                self._load(hashes)

    def _load(self, hashes: Hashes) -> None:
        try:
            with self._database.reading() as session:
                self._registry.put(self._definitions.get(session, hashes))
        except Unavailable:
            with self._wake:  # still wanted
                self._wake.wait_for(lambda: self._closing, timeout=_AGAIN_AFTER)
            return
        except DefinitionUnknown:
            log.exception("a ticket pins a definition that is not stored", extra={"hash": hashes.process})
        with self._wake:
            self._wanted.discard(hashes)
