"""Two definitions compared for their owner: every change in the process's own terms, grouped by what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from domain.comparing.differences import Difference, Path, differences
from domain.comparing.open_tickets import Note, notes
from domain.comparing.renames import Renames, renamed, renames
from domain.language.models import Clock, Process
from domain.language.words import Dur
from domain.wording.keys import key_label
from domain.wording.mentions import SINGULAR
from domain.wording.plainly import is_text, plainly
from domain.wording.vocabulary import Vocabulary, readable

_LONGEST = 220


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words; `path` is where it stands."""

    path: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """What changed in one part: `section` and `name` as in the definition, `title` as people say."""

    section: str
    name: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, and what they mean for tickets that are open."""

    groups: tuple[Group, ...]
    notes: tuple[Note, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.groups

    @property
    def safe(self) -> bool:
        """Whether open tickets can be moved to the new definition without losing anything."""
        return all(note.safe for note in self.notes)


def compare(old: Process, new: Process) -> Comparison:
    """Compare two definitions without errors."""
    names = renames(old, new)
    carried = renamed(old, names)
    found = list(differences(carried, new))
    return Comparison(_groups(found, names, carried, new), tuple(notes(old, new, names, found)))


def _groups(found: list[Difference], names: Renames, old: Process, new: Process) -> tuple[Group, ...]:
    before, after = Vocabulary(old), Vocabulary(new)
    lines: dict[tuple[str, str], list[Change]] = {}
    for section, chosen in names.items():
        for name, other in chosen.items():
            change = Change(f"{section}.{other}", "renamed", f"was called {name}")
            lines.setdefault((section, other), []).append(change)
    for one in found:
        section = one.path[0]
        item = one.path[1] if section in SINGULAR and len(one.path) > 1 else ""
        text = _text(one, before, after)
        lines.setdefault((section, item), []).append(Change(".".join(one.path), one.kind, text))
    order = [*type(new).model_fields]
    groups = [
        Group(section, item, _title(section, item, before, after), tuple(changes))
        for (section, item), changes in lines.items()
    ]
    return tuple(sorted(groups, key=lambda group: order.index(_field(group.section, order))))


def _field(section: str, order: list[str]) -> str:
    return section if section in order else f"{section}_"


def _title(section: str, item: str, before: Vocabulary, after: Vocabulary) -> str:
    if not item:
        return key_label("Process", section, "en")
    words = after if item in getattr(after.process, section) else before
    kind = words.say(f"one.{section}")
    if section == "transitions" and (transition := words.process.transitions.get(item)) and transition.who:
        kind = "Button"
    label = words.label(section, item)
    return f"{kind} {label} ({item})" if label != readable(item) else f"{kind} {item}"


# ---- one change


def _text(one: Difference, before: Vocabulary, after: Vocabulary) -> str:
    path = one.path
    inside = path[2:] if path[0] in SINGULAR else path[1:]
    if path[0] in SINGULAR and len(path) == 2:
        return _whole(one, before, after)
    special = _condition(one, inside, before, after) or _target(one, inside, before, after)
    if special:
        return special
    where = _where(path, inside, after)
    if one.kind == "order":
        return _joined(where, f"in another order: {', '.join(map(readable, one.new))}")
    field = path[1] if path[0] == "fields" and len(path) > 1 else path[-1]
    old, new = _values(one, before, after, field)
    is_list = path[-1].isdecimal()
    if one.kind == "added":
        return _joined(where, f"now also {new}" if is_list else f"now {new}")
    if one.kind == "removed":
        return _joined(
            where, f"no longer {old}" if is_list or _long(one.old) else f"no longer said (was {old})"
        )
    return _joined(where, f"{old} → {new}")


def _joined(where: str, said: str) -> str:
    return f"{where}: {said}" if where else said


def _whole(one: Difference, before: Vocabulary, after: Vocabulary) -> str:
    """A part that came or went."""
    if one.kind == "order":
        return f"in another order: {', '.join(map(readable, one.new))}"
    said = plainly(one.new, after) if one.kind == "added" else ""
    return f"new: {_short(said)}" if said else "gone" if one.kind == "removed" else "new"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _long(value: Any) -> bool:
    return isinstance(value, BaseModel | dict | tuple | list)


def _values(one: Difference, before: Vocabulary, after: Vocabulary, field: str = "") -> tuple[str, str]:
    """Both values in words; as they are written where the words do not tell them apart."""
    if is_text(one.old) and is_text(one.new):
        return _texts(one.old, one.new)
    said = tuple(
        str(value) if isinstance(value, Dur) else _short(plainly(value, words, field))
        for value, words in ((one.old, before), (one.new, after))
    )
    if one.kind == "changed" and said[0] == said[1]:
        said = _raw(one.old), _raw(one.new)
    return said[0], said[1]


def _raw(value: Any) -> str:
    return f"`{value}`" if isinstance(value, str) else repr(value)


def _texts(old: dict[str, str], new: dict[str, str]) -> tuple[str, str]:
    """Where they differ, in each language in which they do."""
    locales = [locale for locale in dict.fromkeys((*old, *new)) if old.get(locale) != new.get(locale)]

    def said(text: dict[str, str]) -> str:
        shown = [
            f"“{_short(' '.join(text[locale].split()))}”"
            + (f" ({locale})" if locale not in ("*", "en") else "")
            for locale in locales
            if locale in text
        ]
        return ", ".join(shown) or "nothing"

    both = said(old), said(new)
    return both if both[0] != both[1] else (_raw(str(old)), _raw(str(new)))  # only spaces differ


def _where(path: Path, inside: Path, words: Vocabulary) -> str:
    """`Stage 2, Needed` for `stages.1.quorum`."""
    parts: list[str] = []
    keys = list(inside)
    if keys and keys[-1].isdecimal():
        keys.pop()
    parent = path[0]
    for key in keys:
        if key in ("of", "else", "all"):  # how it is kept, not how it is written
            continue
        if key.isdecimal():
            parts.append(f"no. {int(key) + 1}")
        elif parent in (
            "options",
            "levels",
            "matrix",
            "at",
            "set",
            "ask",
            "groups",
            "stages",
            "parallel",
        ) or (parent == "forms"):
            parts.append(
                words.quoted(words.field(key)) if parent in ("set", "ask", "forms") else readable(key)
            )
        else:
            parts.append(key_label(_kind_of(path), key, "en"))
        parent = key
    return ", ".join(parts)


_KINDS = {
    "transitions": "Transition", "clocks": "Clock", "states": "State", "tasks": "Task", "notifications": "Notification",
    "escalations": "Escalation", "fields": "FieldDef", "messages": "Message",
}  # fmt: skip


def _kind_of(path: Path) -> str:
    return _KINDS.get(path[0], "") if len(path) < 5 else ""


_VERBS = {
    "start": ("starts now also {0}", "starts no longer {0}"),
    "pause": ("pauses now also {0}", "pauses no longer {0}"),
    "stop": ("stops now also {0}", "stops no longer {0}"),
    "resume": ("runs on now also {0}", "runs on no longer {0}"),
    "reset": ("starts again from zero now also {0}", "starts again from zero no longer {0}"),
}
_LISTS = {
    "who": ("now also for {0}", "no longer for {0}"),
    "from": ("now also from {0}", "no longer from {0}"),
    "when": ("now also when {0}", "no longer when {0}"),
}
_WHILE = {"in": "while {0}", "when": "when {0}", "if": "if {0}", "at": "counted from {0}"}


def _condition(one: Difference, inside: Path, before: Vocabulary, after: Vocabulary) -> str:
    """`pauses no longer while waiting for vendor`, `now also for the service desk`."""
    if one.kind not in ("added", "removed"):
        return ""
    value, words = (one.new, after) if one.kind == "added" else (one.old, before)
    removed = one.kind == "removed"
    if one.path[0] == "clocks" and inside and inside[0] in _VERBS:
        phrase = _VERBS[inside[0]][removed]
        if len(inside) == 1:
            phrase = phrase.replace("now also", "now")
            return phrase.format(plainly(value, words))
        if len(inside) in (2, 3) and inside[1] in _WHILE:
            said = (
                words.listed(plainly(part, words) for part in value)
                if isinstance(value, tuple)
                else plainly(value, words)
            )
            return phrase.format(_WHILE[inside[1]].format(said))
    if one.path[0] == "transitions" and len(inside) == 2 and inside[0] in _LISTS:
        return _LISTS[inside[0]][removed].format(plainly(value, words))
    return ""


def _depends_on(clock: Clock, what: str) -> str:
    return clock.calendar_field(clock.calendar) if what == "calendar" else str(clock.by)


def _target(one: Difference, inside: Path, before: Vocabulary, after: Vocabulary) -> str:
    """`P2 target 8h → 6h`."""
    if one.path[0] != "clocks" or inside[:1] not in (("target",), ("calendar",)):
        return ""
    if inside[:2] == ("calendar", "of"):
        inside = ("calendar", *inside[2:])
    if len(inside) != 2:
        return ""
    clock = after.process.clocks.get(one.path[1]) or before.process.clocks[one.path[1]]
    what, value = inside
    whom = (
        ""
        if value == "all"
        else "otherwise "
        if value == "else"
        else f"{after.option(_depends_on(clock, what), value)} "
    )
    if value == "else" and clock.calendar.fixed is not None:
        whom = ""
    old, new = _values(one, before, after)
    if one.kind == "added":
        return f"{whom}{what} now {new}"
    return f"{whom}{what} no longer {old}" if one.kind == "removed" else f"{whom}{what} {old} → {new}"
