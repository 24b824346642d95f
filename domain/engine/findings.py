"""What checks found, as expressions and texts see it: freezes, conflicting and duplicate tickets."""

from __future__ import annotations

from collections.abc import Mapping

from domain.engine.scope import Thing
from domain.engine.ticket import Json
from domain.engine.values import Reference, instant

MOMENTS = frozenset({"start", "end", "opened_at"})
THINGS = {"requester": "person", "service": "service"}


class Finding(Reference):
    """One thing a check found: in a text its name, in conditions its members.

    A freeze has `id`, `start` and `end`; a ticket `id`, `ref`, `title`, `service`, `requester`, `opened_at`, and
    `start` and `end` of its planned window. What a test file only names is known by that name.
    """

    __slots__ = ("_values",)

    def __init__(self, check: str, found: Json) -> None:
        values = found if isinstance(found, dict) else {"id": found, "ref": found}
        super().__init__(check.removesuffix("s"), str(values.get("ref") or values.get("id") or ""))
        self._values = values

    @property
    def said(self) -> dict[str, str]:
        """How it is called, by locale."""
        label = self._values.get("label")
        named = {locale: str(text) for locale, text in label.items()} if isinstance(label, dict) else {}
        return named or {"*": self.id}

    def get(self, name: str) -> object:
        """A member, typed; None when it is not known."""
        value = self._values.get(name)
        if name in MOMENTS:
            return instant(value) if isinstance(value, str) else None
        if name in THINGS:
            return Thing(THINGS[name], value, {}) if isinstance(value, str) and value else None
        return value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and (self.kind, self.id) == (other.kind, other.id)

    def __hash__(self) -> int:
        return hash(self.id)


def checks_scope(checks: Mapping[str, list[Json]]) -> dict[str, list[Finding]]:
    """`check`: what each check found; one that was not made is not there."""
    return {name: [Finding(name, one) for one in found] for name, found in checks.items()}
