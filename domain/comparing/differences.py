"""What differs between two definitions of a process: every value, found by walking both models side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from pydantic import BaseModel

from domain.language.models import Permission
from domain.wording.plainly import is_text

Path = tuple[str, ...]
Kind = Literal["added", "removed", "changed", "renamed", "order"]

UNORDERED = frozenset({
    "approvers", "can", "channels", "check", "edit", "exclude", "from", "hide", "in", "locales", "lock", "needs",
    "process", "require", "restart", "skills", "veto", "void_if_changed", "when", "who",
})  # fmt: skip
"""Lists of names in which the order means nothing."""

_ORDERED = frozenset({
    "agreements", "ask", "clocks", "columns", "fields", "levels", "options", "stages", "states", "transitions",
})  # fmt: skip
"""Mappings in which the order means something: what is tried first, or stands first on a page."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: at a path of the new definition (of the old one, for what was removed).

    `old` and `new` are values of the models; of an added value `old` is None, and the other way round. Of an order
    they are the names in their order.
    """

    path: Path
    kind: Kind
    old: Any = None
    new: Any = None


def differences(old: Any, new: Any, path: Path = ()) -> Iterator[Difference]:
    """Every difference between two parts; nothing when they mean the same."""
    if old is new:
        return
    if isinstance(old, BaseModel) and isinstance(new, BaseModel) and type(old) is type(new):
        for name in type(new).model_fields:
            yield from differences(getattr(old, name), getattr(new, name), (*path, name.rstrip("_")))
    elif is_text(old) and is_text(new):
        if old != new:
            yield Difference(path, "changed", old, new)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(old, new, path)
    elif isinstance(old, tuple | list) and isinstance(new, tuple | list):
        yield from _lists(list(old), list(new), path)
    elif not _same(old, new):
        if old is None:
            yield Difference(path, "added", None, new)
        elif new is None:
            yield Difference(path, "removed", old, None)
        else:
            yield Difference(path, "changed", old, new)


def _same(old: Any, new: Any) -> bool:
    """Equal, and of one kind: `1` is not `true`, and a number is not a text."""
    return type(old) is type(new) and bool(old == new)


def _mappings(old: Mapping[Any, Any], new: Mapping[Any, Any], path: Path) -> Iterator[Difference]:
    for name, value in old.items():
        if name not in new:
            yield Difference((*path, str(name)), "removed", value, None)
    for name, value in new.items():
        if name in old:
            yield from differences(old[name], value, (*path, str(name)))
        else:
            yield Difference((*path, str(name)), "added", None, value)
    before = [str(name) for name in old if name in new]
    after = [str(name) for name in new if name in old]
    if before != after and path and (path[-1] in _ORDERED or path[0] == "forms"):
        yield Difference(path, "order", tuple(before), tuple(after))


def _lists(old: list[Any], new: list[Any], path: Path) -> Iterator[Difference]:
    if all(isinstance(one, str) for one in [*old, *new]) and (old or new):
        yield from _names(old, new, path)
        return
    identities = [_identity(one) for one in old], [_identity(one) for one in new]
    if all(None not in side and len(set(side)) == len(side) for side in identities) and (old or new):
        yield from _mappings(
            dict(zip(identities[0], old, strict=True)), dict(zip(identities[1], new, strict=True)), path
        )
        return
    if all(isinstance(one, Permission) for one in [*old, *new]):  # their order means nothing
        yield from _changed(old, new, path, range(len(old)), range(len(new)))
        return
    keys = [repr(one) for one in old], [repr(one) for one in new]
    for what, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if what != "equal":
            yield from _changed(old, new, path, range(a, b), range(c, d))


def _changed(old: list[Any], new: list[Any], path: Path, before: range, after: range) -> Iterator[Difference]:
    """Items at these places of one list that stand for those of the other."""
    pairs = _pairs([old[at] for at in before], [new[at] for at in after])
    paired = {before[at]: after[other] for at, other in pairs.items()}
    for at, other in paired.items():
        yield from _replaced(old[at], new[other], (*path, str(other)))
    for at in before:
        if at not in paired:
            yield Difference((*path, str(at)), "removed", old[at], None)
    for at in after:
        if at not in paired.values():
            yield Difference((*path, str(at)), "added", None, new[at])


def _pairs(old: list[Any], new: list[Any]) -> dict[int, int]:
    """Which items are the same one changed, by their places: those first that have most in common."""
    if len(old) == len(new) == 1:
        return {0: 0}
    scored = sorted(
        (-common, abs(at - other), at, other)
        for at, one in enumerate(old)
        for other, two in enumerate(new)
        if (common := _in_common(one, two)) is not None
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, at, other in scored:
        if at not in pairs and other not in taken:
            pairs[at] = other
            taken.add(other)
    return dict(sorted(pairs.items(), key=lambda pair: pair[1]))


def _in_common(old: Any, new: Any) -> int | None:
    """How many keys say the same; None for different things: other actions, or rights of other people."""
    if isinstance(old, Permission) and isinstance(new, Permission) and set(old.who) != set(new.who):
        return None
    if not (isinstance(old, BaseModel) and type(old) is type(new)):
        return 0
    if getattr(old, "verb", None) != getattr(new, "verb", None):
        return None
    return sum(1 for name in old.model_fields_set if getattr(old, name) == getattr(new, name))


def _replaced(old: Any, new: Any, path: Path) -> Iterator[Difference]:
    """Two items at the same place: what differs in them, or both when they are different things."""
    verbs = getattr(old, "verb", None), getattr(new, "verb", None)
    if verbs[0] == verbs[1]:
        yield from differences(old, new, path)
    else:
        yield Difference(path, "removed", old, None)
        yield Difference(path, "added", None, new)


def _identity(item: Any) -> str | None:
    """What an item of a list is called by: a stage by its id, a threshold by its label."""
    if isinstance(item, BaseModel):
        for name in ("id", "label"):
            called = getattr(item, name, None)
            if isinstance(called, str) and called:
                return called
    return None


def _names(old: list[str], new: list[str], path: Path) -> Iterator[Difference]:
    removed = [name for name in old if name not in new]
    added = [name for name in new if name not in old]
    yield from (Difference((*path, str(old.index(name))), "removed", name, None) for name in removed)
    yield from (Difference((*path, str(new.index(name))), "added", None, name) for name in added)
    unordered = bool(path) and path[-1] in UNORDERED
    if not unordered and not (removed or added) and old != new:
        yield Difference(path, "order", tuple(old), tuple(new))
    elif unordered and sorted(old) != sorted(new) and not (removed or added):
        yield Difference(path, "order", tuple(old), tuple(new))  # a name more or less often
    elif not unordered and (removed or added):
        kept = [name for name in old if name in new], [name for name in new if name in old]
        if kept[0] != kept[1]:
            yield Difference(path, "order", tuple(kept[0]), tuple(kept[1]))
