"""One part of a process explained to its owner: who may, when, what happens, what a clock counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import BaseModel

from domain.durations import format_duration, parse_duration
from domain.language.models import CalendarChoice, Clock, FieldDef, Process, Threshold, Transition
from domain.language.state_names import states_in
from domain.language.words import Word
from domain.wording.clocks_told import clocks_told
from domain.wording.keys import key_label
from domain.wording.mentions import SINGULAR, mentions
from domain.wording.plainly import Keys, entries_of, is_text, length_of, of_key, plainly, readable_text
from domain.wording.vocabulary import Vocabulary, readable


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is said: what it is about, a sentence, and a list below it."""

    label: str
    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that is said about one part: `section` and `name` are those of the definition."""

    section: str
    name: str
    title: str
    said: tuple[Said, ...]


_MODELS = {
    "transitions": "Transition",
    "clocks": "Clock",
    "approvals": "Approval",
    "tasks": "Task",
    "escalations": "Escalation",
    "notifications": "Notification",
    "messages": "Message",
    "permissions": "Permission",
    "migrate": "Migrate",
}
"""The model of a section, whose keys may be called otherwise than elsewhere."""

WHOLE = ("create", "priority", "routing", "risk", "permissions")
"""Sections that are explained as one."""


def explainable(process: Process) -> Iterator[tuple[str, str]]:
    """Section and name of everything that can be explained."""
    for section in SINGULAR:
        items = getattr(process, section, {})
        names = list(Vocabulary(process).fields) if section == "fields" else items
        yield from ((section, name) for name in names)
    words = Vocabulary(process)
    for section in WHOLE:
        found = getattr(process, section, None)
        if found is not None and any(True for _ in _whole(found, words)):
            yield section, section


def explain(process: Process, section: str, name: str, locale: str = "en") -> Explanation:
    """What there is to say about an item of a section. Raises KeyError when there is none of this name."""
    words = Vocabulary(process, locale)
    if section in WHOLE:
        if name != section:
            raise KeyError(name)
        said = _whole(getattr(process, section), words)
        return Explanation(section, name, key_label("Process", section, locale), tuple(said))
    items = words.fields if section == "fields" else getattr(process, section)
    item = items[name]
    title = words.text(getattr(item, "label", None) if isinstance(item, BaseModel) else None, readable(name))
    said = _SECTIONS.get(section, _plain)(item, name, words)
    return Explanation(section, name, title, (*said, *_used(words, section, name)))


# ---- any part


def _plain(item: Any, name: str, words: Vocabulary) -> Iterator[Said]:
    if isinstance(item, BaseModel):
        keys = Keys(item, words)
        keys.said("label")
        yield from _others(keys)
    elif isinstance(item, dict):
        yield from (_line(words.field(key), found, words) for key, found in item.items())
    else:
        yield Said(words.say("means"), plainly(item, words))


def _whole(section: Any, words: Vocabulary) -> Iterator[Said]:
    """A section without names: rows one after the other, the matrix with the words of its fields."""
    if isinstance(section, tuple):
        yield from (Said(words.say("row", at), plainly(one, words)) for at, one in enumerate(section, 1))
        return
    keys = Keys(section, words)
    if (matrix := keys.get("matrix")) is not None:
        rows, columns = str(keys.get("rows")), str(keys.get("columns"))
        label = words.say(
            "matrix.row", words.quoted(words.field(rows)), f"× {words.quoted(words.field(columns))}"
        )
        items = (
            words.keyed(
                words.option(rows, row),
                words.say("comma").join(
                    f"{words.option(columns, column)} {level}" for column, level in levels.items()
                ),
            )
            for row, levels in matrix.items()
        )
        yield Said(label, "", tuple(items))
    yield from _others(keys)


def _others(keys: Keys) -> Iterator[Said]:
    """Every key that has not been said."""
    kind = type(keys.model).__name__
    for name, found in keys.rest():
        yield _line(key_label(kind, name, keys.words.locale), found, keys.words, name)


def _line(label: str, found: Any, words: Vocabulary, key: str = "") -> Said:
    if key in ("week", "closed", "fields", "ask", "save", "answers") and isinstance(found, dict):
        items = tuple(words.keyed(*pair) for pair in entries_of(key, found, words))
        return Said(label, items[0] if len(items) == 1 else "", items if len(items) > 1 else ())
    if isinstance(found, tuple) and found and not isinstance(found[0], Word | str):
        return Said(label, "", tuple(plainly(one, words) for one in found))
    if isinstance(found, dict) and not is_text(found) and len(found) > 1:
        items = tuple(
            words.keyed(str(name), readable_text(one, words) if is_text(one) else plainly(one, words))
            for name, one in found.items()
        )
        return Said(label, "", items)
    return Said(label, of_key(key, found, words))


def _used(words: Vocabulary, section: str, name: str) -> Iterator[Said]:
    """Who else speaks of it, one line for each part."""
    found: dict[str, dict[str, None]] = {}
    for path in mentions(words.process, section, name):
        where, inside = path[0], path[1] if len(path) > 1 else ""
        label = key_label("Process", where, words.locale)
        if where in SINGULAR and inside:
            label = words.say("one_of", words.say(f"one.{where}"), words.label(where, inside))
        keys = path[2:] if where in SINGULAR else path[1:]
        key = next((part for part in keys if not part.isdecimal()), "")
        if where == "forms" and key in words.fields:
            said = words.field(key)
        else:
            said = key_label(_MODELS.get(where, ""), key, words.locale) if key else ""
        found.setdefault(label, {})[said] = None
    comma = "、" if words.locale.startswith("zh") else ", "
    items = tuple(
        words.keyed(label, said) if (said := comma.join(filter(None, keys))) else label
        for label, keys in found.items()
    )
    yield Said(words.say("used_by"), "" if items else words.say("used_by.nobody"), items)


# ---- transitions


def _transition(item: Any, name: str, words: Vocabulary) -> Iterator[Said]:
    assert isinstance(item, Transition)
    keys = Keys(item, words)
    keys.said("label")
    label = _labels("Transition", words)
    sources = keys.get("from_")
    yield Said(label("from"), _spelt(words, sources))
    if (who := keys.get("who")) is not None:
        yield Said(label("who"), "", tuple(_person(words, one) for one in who))
    if when := keys.get("when"):
        yield Said(label("when"), words.events(when))
    if (after := keys.get("after")) is not None:
        yield Said(label("after"), length_of(after, keys.get("calendar"), words))
    if (every := keys.get("every")) is not None:
        yield Said(label("every"), length_of(every, keys.get("calendar"), words))
    if (at := keys.get("at")) is not None:
        yield Said(label("at"), plainly(at, words))
    if (if_ := keys.get("if_")) is not None:
        yield Said(label("if"), plainly(if_, words))
    if (otherwise := keys.get("otherwise")) is not None:
        yield Said(label("otherwise"), plainly(otherwise, words))
    if (ask := keys.get("ask")) is not None:
        yield _form(label("ask"), ask, words)
    if do := keys.get("do"):
        yield Said(label("do"), "", tuple(plainly(effect, words) for effect in do))
    to = keys.get("to")
    if to is None:
        yield Said(label("to"), words.say("stays"))
    else:
        items = tuple(plainly(branch, words) for branch in to)
        yield Said(label("to"), items[0] if len(items) == 1 else "", items if len(items) > 1 else ())
    yield from _others(keys)
    for branch in to or ():
        yield from _arriving(words, str(branch.state))
    if items := tuple(clocks_told(words, name, item)):
        yield Said(words.say("one_or_more.clocks"), "", items)


def _labels(kind: str, words: Vocabulary) -> Callable[[str], str]:
    return lambda key: key_label(kind, key, words.locale)


def _spelt(words: Vocabulary, names: tuple[str, ...]) -> str:
    """States as they are written, and which ones these are."""
    said = words.states(names)
    states = [state for state in words.process.states if state in states_in(words.process, names)]
    if set(map(str, names)) == set(states):
        return said
    return words.say("spelt", said, words.listed((words.state(state) for state in states), "or"))


def _person(words: Vocabulary, selector: str) -> str:
    """A role with what it stands for."""
    said = words.person(selector)
    meant = words.process.roles.get(selector)
    if not meant or ":" in selector:
        return said
    means = words.people(meant)
    return said if means == said else words.say("who.role", said, means)


def _form(label: str, ask: Any, words: Vocabulary) -> Said:
    entries = words.process.forms.get(str(ask), {}) if isinstance(ask, str) else ask
    items = tuple(words.keyed(words.field(name), plainly(entry, words)) for name, entry in entries.items())
    named = words.say("form", readable(str(ask))) if isinstance(ask, str) else ""
    return Said(label, named, items)


def _arriving(words: Vocabulary, state: str) -> Iterator[Said]:
    """What the state does when it is entered: the owner asks what happens, not only what the button does."""
    defined = words.process.states.get(state)
    if defined is None:
        return
    items = [
        *(plainly(effect, words) for effect in defined.enter),
        *(words.say("do.run", words.quoted(words.label("tasks", task))) for task in defined.tasks),
        *([words.say("do.request_approval", plainly(defined.approval, words))] if defined.approval else []),
    ]
    if items:
        yield Said(words.say("arriving", words.state(state)), "", tuple(items))


# ---- clocks


def _clock(item: Any, name: str, words: Vocabulary) -> Iterator[Said]:
    assert isinstance(item, Clock)
    keys = Keys(item, words)
    keys.said("label", "target", "calendar", "by")
    label = _labels("Clock", words)
    yield Said(label("kind"), words.term("kind", keys.get("kind")))
    if item.target:
        yield _targets(label("target"), item.target, item.calendar, item, words)
    else:
        yield _line(label("calendar"), item.calendar, words)
    if (until := keys.get("until")) is not None:
        yield Said(label("until"), plainly(until, words))
    if targets := keys.get("targets"):
        yield Said(label("targets"), "", tuple(plainly(aim, words) for aim in targets))
    for key in ("start", "pause", "stop", "resume", "reset"):
        when = keys.get(key)
        if when is not None:
            yield Said(label(key), plainly(when, words))
        elif key == "pause":
            yield Said(label(key), words.say("never"))
    for threshold in keys.get("at"):
        items = tuple(plainly(effect, words) for effect in threshold.do)
        yield Said(_threshold(threshold, item, words), "", items)
    if (overdue := keys.get("overdue")) is not None:
        inner = Keys(overdue, words)
        every, times = inner.get("every"), inner.get("times")
        items = tuple(plainly(effect, words) for effect in inner.get("do"))
        text = words.say("repeated", plainly(every, words), times)
        yield Said(label("overdue"), inner.finish(text), items)
    yield from _others(keys)
    yield from _agreed(name, item, words)
    yield Said(words.say("counts"), words.say("counts.how"))


def _targets(
    label: str, target: dict[str, Any], choice: CalendarChoice, clock: Clock, words: Vocabulary
) -> Said:
    """Each value with its target and calendar; calendars of another field stand apart."""
    field, other, calendar = str(clock.by), clock.calendar_field(choice), choice.of
    if other != field and choice.fixed is None:
        items = [
            words.keyed(_for(field, value, words), words.length(length)) for value, length in target.items()
        ]
        items += [
            words.say("by_calendar", _for(other, value, words), words.calendar(name))
            for value, name in calendar.items()
        ]
    else:
        items = [
            words.keyed(_for(field, value, words), words.length(length, choice.for_value(value)))
            for value, length in target.items()
        ]
        items += [
            words.say("by_calendar", _for(field, value, words), words.calendar(name))
            for value, name in calendar.items()
            if value not in target and (value != "else" or set(target) - set(calendar) == set())
        ]
    if set(target) == {"all"} and len(items) == 1:
        return Said(label, words.length(target["all"], choice.fixed or choice.for_value("all")))
    return Said(label, words.say("by", words.quoted(words.field(field))), tuple(items))


def _for(field: str, value: str, words: Vocabulary) -> str:
    return words.say("value.else") if value in ("else", "all") else words.option(field, value)


def _threshold(threshold: Threshold, clock: Clock, words: Vocabulary) -> str:
    """`At 50% (P1 30m, P2 1h)`: the share, and what it comes to."""
    said = words.say("at_threshold", threshold.label)
    if threshold.percent is None or not clock.target:
        return said
    share = threshold.percent / 100
    amounts = [
        (f"{_for(str(clock.by), value, words)} " if len(clock.target) > 1 else "")
        + words.short(
            format_duration(timedelta(seconds=round(parse_duration(length).total_seconds() * share)))
        )
        for value, length in clock.target.items()
        if not set("dw") & set(length)  # a share of days is not a number of hours
    ]
    comma = "、" if words.locale.startswith("zh") else ", "
    return words.say("who.role", said, comma.join(amounts)) if amounts else said


def _agreed(name: str, clock: Clock, words: Vocabulary) -> Iterator[Said]:
    for agreement, defined in words.process.agreements.items():
        for of, agreed in defined.targets.items():
            if of == f"{words.process.id}.{name}":
                label = words.say("agreed", words.label("agreements", agreement))
                inner = Keys(agreed, words)
                target = _targets(
                    label, inner.get("target"), inner.get("calendar") or clock.calendar, clock, words
                )
                only = words.say("while.if", plainly(defined.if_, words)) if defined.if_ else ""
                text = words.say("semicolon").join(filter(None, (only, target.text)))
                yield Said(label, inner.finish(text), target.items)


# ---- fields, approvals


def _field(item: Any, name: str, words: Vocabulary) -> Iterator[Said]:
    assert isinstance(item, FieldDef)
    keys = Keys(item, words)
    keys.said("label")
    yield Said(_labels("FieldDef", words)("type"), words.term("type", keys.get("type")))
    default = keys.get("default")
    if default is not None:
        yield Said(_labels("FieldDef", words)("default"), plainly(default, words, name))
    yield from _others(keys)
    for permission in words.process.permissions:
        edited = [field for field in permission.edit if field in (name, "all")]
        hidden = [field for field in permission.hide if field == name]
        if edited or hidden:
            where = words.states(permission.in_) if permission.in_ else words.state("any")
            text = words.say("in_state", words.people(permission.who), where)
            yield Said(words.say("may_edit" if edited else "may_not_see"), text)


def _approval(item: Any, name: str, words: Vocabulary) -> Iterator[Said]:
    keys = Keys(item, words)
    keys.said("label")
    label = _labels("Approval", words)
    if skip := keys.get("skip"):
        yield Said(label("skip"), "", tuple(plainly(one, words) for one in skip))
    for number, stage in enumerate(keys.get("stages"), 1):
        together = getattr(stage, "parallel", None)
        items = tuple(plainly(one, words) for one in together) if together else (plainly(stage, words),)
        text = words.say("together") if together else ""
        yield Said(words.say("stage", number), text, items)
    yield from _others(keys)


_SECTIONS: dict[str, Callable[[Any, str, Vocabulary], Iterator[Said]]] = {
    "transitions": _transition,
    "clocks": _clock,
    "fields": _field,
    "approvals": _approval,
}
