"""What a step expects, compared with what was seen: every difference in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.durations import format_duration, parse_duration
from domain.engine import approver_letters
from domain.engine.approvals import waiting_for
from domain.engine.clock_time import elapsed_of
from domain.engine.draft import Draft
from domain.engine.entries import QUESTION, Effect, Entry
from domain.engine.events import Facts
from domain.engine.rendering import Reader, render_effect
from domain.engine.scope import tasks_scope
from domain.engine.ticket import Json, Ticket
from domain.engine.values import instant, untyped
from domain.language.definition import Definition
from domain.language.models_tests import Expect, ExpectTask
from domain.local_time import instant as wall

TASK_WORDS = {"waiting": "pending"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that is not met. `what` is its path below `expect`, such as `clocks.response.due`."""

    what: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be seen after a step: the ticket, the entries since the last look, who was reached."""

    definition: Definition
    ticket: Ticket | None
    at: datetime
    zone: ZoneInfo
    entries: tuple[Entry, ...]
    people: Callable[[Iterable[str]], tuple[str, ...]]
    called: Callable[[Entry, Effect], tuple[str, ...]]
    refused: str | None
    may: Callable[[str], tuple[str, ...]]


def differences(expect: Expect, seen: Seen) -> list[Difference]:
    """Every expectation that is not met."""
    found: list[Difference] = []
    if expect.refused is None and seen.refused is not None:
        found.append(unexpected_refusal(seen.refused))
    if expect.refused is not None:
        if seen.refused is None:
            found.append(Difference("refused", repr(expect.refused), "accepted"))
        elif expect.refused.lower() not in seen.refused.lower():
            found.append(Difference("refused", repr(expect.refused), repr(seen.refused)))
    ticket = seen.ticket
    if ticket is None:
        return found
    if expect.state is not None and ticket.state != expect.state:
        found.append(Difference("state", expect.state, ticket.state))
    found += _fields(expect.fields, ticket, seen)
    found += _reached(expect, seen)
    if expect.postponed is not None:
        found += _postponed(expect.postponed, ticket, seen)
    found += _commented(expect, seen)
    for name, task in expect.tasks.items():
        found += _task(name, task, ticket, seen)
    for name, members in expect.clocks.items():
        found += _clock(name, members, ticket, seen)
    found += [one for name, wanted in expect.links.items() for one in _links(name, wanted, ticket, seen)]
    for person, names in (expect.may or {}).items():
        have = set(seen.may(person))
        if have != set(names):
            found.append(Difference(f"may.{person}", _list(names), _list(have)))
    if expect.if_ is not None and not _holds(expect.if_, ticket, seen):
        found.append(Difference("if", expect.if_, "it does not hold"))
    for name, wanted in expect.approval.items():
        decided = ticket.approvals[name].state if name in ticket.approvals else "not requested"
        if decided != wanted:
            found.append(Difference(f"approval.{name}", wanted, decided))
    if expect.waiting_for is not None and set(expect.waiting_for) != set(
        waiting := waiting_for(ticket, seen.at)
    ):
        found.append(Difference("waiting_for", _list(expect.waiting_for), _list(waiting)))
    return found


def unexpected_refusal(reason: str) -> Difference:
    """What somebody did was refused, and nothing said that it would be."""
    return Difference("refused", "it to be accepted", repr(reason))


def _task(name: str, wanted: ExpectTask, ticket: Ticket, seen: Seen) -> Iterator[Difference]:
    task = ticket.tasks.get(name)
    state = task.state if task is not None else "not started"
    if wanted.state is not None and state != TASK_WORDS.get(wanted.state, wanted.state):
        yield Difference(f"tasks.{name}", wanted.state, state)
    due = task.due_at if task is not None else None
    if wanted.due is not None and due != _moment(wanted.due, seen):
        yield Difference(f"tasks.{name}.due", wanted.due, _wall(due, seen))
    outcome = task.outcome if task is not None else ""
    if wanted.outcome is not None and outcome != wanted.outcome:
        yield Difference(f"tasks.{name}.outcome", wanted.outcome, outcome or "none")


def _links(
    name: str, wanted: Mapping[str, Mapping[str, Json]], ticket: Ticket, seen: Seen
) -> Iterator[Difference]:
    """The tickets a link leads to, and what is known of them here."""
    linked = {one.ref: one.fields for one in ticket.links.get(name, ())}
    if linked.keys() != wanted.keys():
        yield Difference(f"links.{name}", _list(wanted), _list(linked))
    declared = seen.definition.process.links[name].fields
    for ref, said in wanted.items():
        for field, value in said.items() if ref in linked else ():
            got = linked[ref].get(field)
            if not _same(declared[field].type, value, got, seen):
                yield Difference(f"links.{name}.{ref}.{field}", _json(value), _json(got))


def _same(type_: str, wanted: Json, got: Json, seen: Seen) -> bool:
    """Whether a value is the one that is expected; a time may be written as that of the case's zone."""
    if type_ == "datetime" and isinstance(wanted, str):
        return isinstance(got, str) and instant(got) == _moment(wanted, seen)
    return got == wanted


def _wall(at: datetime | None, seen: Seen) -> str:
    return f"{at.astimezone(seen.zone):%Y-%m-%d %H:%M}" if at is not None else "none"


def _commented(expect: Expect, seen: Seen) -> Iterator[Difference]:
    """What rules wrote as comments since the last look: each once, in any of its languages."""
    if expect.commented is None:
        return
    locales = seen.definition.process.locales or ("en",)
    written = [
        (bool(effect.data.get("public")), [_said(effect, locale, seen) for locale in locales])
        for entry in seen.entries
        for effect in entry.effects
        if effect.kind == "comment"
    ]
    shown = "; ".join(texts[0] for _, texts in written) or "nothing"
    for wanted in expect.commented:
        match = next(
            (
                one
                for one in written
                if wanted.internal in (None, not one[0]) and any(wanted.text in text for text in one[1])
            ),
            None,
        )
        if match is None:
            yield Difference("commented", wanted.text, shown)
        else:
            written.remove(match)
    if written:
        yield Difference("commented", "nothing else", "; ".join(texts[0] for _, texts in written))


def _said(effect: Effect, locale: str, seen: Seen) -> str:
    """A comment as it stands in the ticket; people and things by their ids."""
    reader = Reader(locale, str(seen.zone), lambda kind, id: id)
    return render_effect(seen.definition, effect, reader).body


def _holds(condition: str, ticket: Ticket, seen: Seen) -> bool:
    draft = Draft(seen.definition, ticket, seen.at, seen.at, QUESTION, Facts())
    return draft.holds(condition, {"tasks": tasks_scope(draft)})


def _fields(wanted: Mapping[str, Json], ticket: Ticket, seen: Seen) -> list[Difference]:
    draft = Draft(seen.definition, ticket, seen.at, seen.at, QUESTION, Facts())
    found = []
    for name, value in wanted.items():
        got = ticket.fields.get(name)
        if got is None:
            got = untyped(draft.built_in(name))
        declared = seen.definition.fields.get(name)
        if not _same(declared.type if declared is not None else "", value, got, seen):
            found.append(Difference(f"fields.{name}", _json(value), _json(got)))
    return found


def _moment(text: str, seen: Seen) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else wall(at, seen.zone)


def pages(seen: Seen) -> list[tuple[str, datetime]]:
    """Who was paged since the last look, and when."""
    return [
        (person, entry.at)
        for entry in seen.entries
        for effect in entry.effects
        if effect.kind == "page"
        for person in seen.called(entry, effect)
    ]


def _reached(expect: Expect, seen: Seen) -> list[Difference]:
    found: list[Difference] = []
    paged = pages(seen)
    if expect.paged is not None:
        rest = list(paged)
        for wanted in expect.paged:
            match = next((one for one in rest if _is_page(wanted, one, seen)), None)
            if match is None:
                found.append(Difference("paged", _show_wanted(wanted), _show(paged, seen)))
            else:
                rest.remove(match)
        if rest:
            found.append(Difference("paged", "nobody else", _show(rest, seen)))
    for person in expect.not_paged or ():
        if person in {who for who, _ in paged}:
            found.append(Difference("not_paged", f"{person} not to be paged", _show(paged, seen)))
    effects = [effect for entry in seen.entries for effect in entry.effects]
    if expect.notified is not None:
        found += _notified(expect.notified, effects, seen)
    if expect.reminded is not None:
        got = {person for effect in effects if _reminds(effect) for person in seen.people(effect.to)}
        if got != set(expect.reminded):
            found.append(Difference("reminded", _list(expect.reminded), _list(got)))
    for what, kind, wanted_many in (("told", "tell", expect.told), ("created", "create", expect.created)):
        if wanted_many is None:
            continue
        got_data = [effect.data for effect in effects if effect.kind == kind]
        for wanted_one in wanted_many:
            if not any(all(data.get(k) == v for k, v in wanted_one.items()) for data in got_data):
                found.append(Difference(what, _json(wanted_one), _several(got_data)))
        if len(got_data) != len(wanted_many):
            found.append(Difference(what, str(len(wanted_many)), str(len(got_data))))
    return found


def _reminds(effect: Effect) -> bool:
    """Whether it is a letter that approvals and tasks write by themselves to those who have not answered."""
    if effect.kind == approver_letters.KIND:
        return effect.data.get("what") == "reminded"
    return effect.kind == "notify" and not effect.template


def _notified(
    wanted: Iterable[Mapping[str, Iterable[str] | None]], effects: Iterable[Effect], seen: Seen
) -> Iterator[Difference]:
    """Which notifications were sent, and to whom where the case says so."""
    got: dict[str, set[str]] = {}
    for effect in effects:
        if effect.kind == "notify" and effect.template:
            got.setdefault(effect.template, set()).update(seen.people(effect.to))
    names = {template for one in wanted for template in one}
    if got.keys() != names:
        yield Difference("notified", _list(names), _list(got))
    for one in wanted:
        for template, people in one.items():
            if people is not None and template in got and got[template] != set(people):
                yield Difference(f"notified.{template}", _list(people), _list(got[template]))


def _postponed(wanted: Mapping[str, str | None], ticket: Ticket, seen: Seen) -> Iterator[Difference]:
    """What waits for the end of quiet hours, and until when where the case says so."""
    got = {one.template: f"{one.due_at.astimezone(seen.zone):%Y-%m-%d %H:%M}" for one in ticket.postponed}
    if got.keys() != wanted.keys():
        yield Difference("postponed", _list(wanted), _list(got))
        return
    for template, until in wanted.items():
        if until is not None and got[template] != until:
            yield Difference(f"postponed.{template}", until, got[template])


def _is_page(wanted: Mapping[str, Json], page: tuple[str, datetime], seen: Seen) -> bool:
    if wanted.get("who") != page[0]:
        return False
    at = wanted.get("at")
    if not isinstance(at, str):
        return True
    local = page[1].astimezone(seen.zone)
    return at in (f"{local:%H:%M}", f"{local:%Y-%m-%d %H:%M}")


def _show_wanted(wanted: Mapping[str, Json]) -> str:
    return f"{wanted.get('who')} at {wanted.get('at', 'any time')}"


def _show(paged: Iterable[tuple[str, datetime]], seen: Seen) -> str:
    return ", ".join(f"{who} at {at.astimezone(seen.zone):%H:%M}" for who, at in paged) or "nobody"


def _json(value: object) -> str:
    """A value as its author would write it."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _several(values: Iterable[object]) -> str:
    return ", ".join(map(_json, values)) or "nothing"


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _clock(name: str, wanted: Mapping[str, Json], ticket: Ticket, seen: Seen) -> list[Difference]:
    clock = ticket.clocks.get(name)
    if clock is None:
        return [Difference(f"clocks.{name}", "it to have started", "no start")]
    got: dict[str, Json | datetime | timedelta] = {
        "due": clock.due_at,
        "running": clock.status == "running",
        "paused": clock.status == "paused",
        "breached": clock.breached_at is not None,
        "elapsed": elapsed_of(seen.definition, clock, seen.at),
    }
    found = []
    for what, value in wanted.items():
        have = got.get(what)
        if what == "due" and isinstance(value, str):
            due = _moment(value, seen).astimezone(UTC)
            if have != due:
                shown = _wall(have if isinstance(have, datetime) else None, seen)
                found.append(Difference(f"clocks.{name}.due", value, shown))
        elif what == "elapsed" and isinstance(value, str):
            if have != parse_duration(value):
                shown = format_duration(have) if isinstance(have, timedelta) else "none"
                found.append(Difference(f"clocks.{name}.elapsed", value, shown))
        elif have != value:
            found.append(Difference(f"clocks.{name}.{what}", _json(value), _json(have)))
    return found
