"""Small definitions and tickets for tests: what a test writes is what matters to it, the rest is made up here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from textwrap import dedent

from domain.calendars import HolidayYears
from domain.engine.advance import advance, next_deadline
from domain.engine.entries import Effect, Entry, Happening, Outcome
from domain.engine.events import (
    SYSTEM,
    Actor,
    Command,
    Comment,
    CompleteTask,
    Edit,
    Facts,
    Message,
    Migrate,
    Move,
    Open,
    Picked,
    Request,
    Result,
    TaskFinished,
)
from domain.engine.handle import handle, handle_result, open_ticket
from domain.engine.serialise import (
    entry_from_json,
    entry_to_json,
    fold,
    ticket_from_json,
    ticket_to_json,
)
from domain.engine.ticket import Json, Ticket
from domain.language.definition import Definition
from domain.language.loader import load_process
from domain.language.published import Published, publish

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning: the moment at which tickets of tests are opened."""

TICKET_ID = "00000000-0000-4000-8000-000000000001"
DEFINITIONS = Path(__file__).parent.parent / "definitions"

_REST = {
    "kind": "process",
    "lang": "1",
    "id": "thing",
    "version": "1",
    "title": "Thing",
    "owner": "team:desk",
    "number": "T-{n:4}",
    "starts_in": "new",
    "forms": "{create: {title: required}}",
    "permissions": "[{who: everyone, can: [view, comment, comment_internal], edit: all}]",
}


class NoHolidays:
    """A country without holidays."""

    def days(self, country: str, subdivision: str | None, years: range) -> HolidayYears:
        return HolidayYears({}, frozenset())


@cache
def a_definition(text: str) -> Definition:
    """A definition of these sections; what every process needs and the text does not say is added.

    A definition with errors fails the test, naming them.
    """
    return Definition.from_published(a_publication(text))


def a_publication(text: str) -> Published:
    """The same, as it is stored."""
    text = dedent(text)
    missing = [f"{name}: {value}" for name, value in _REST.items() if not re.search(rf"(?m)^{name}:", text)]
    whole = text + "\n" + "\n".join(missing) + "\n"
    loaded = load_process("thing.yaml", lambda name: whole.encode() if name == "thing.yaml" else None)
    assert loaded.ok, "\n".join(map(str, loaded.problems))
    return publish(loaded, NoHolidays(), date(2026, 1, 1))


@cache
def the_incident() -> Definition:
    """The shipped incident, published in November 2026."""
    return shipped("incident.yaml")


def shipped(name: str) -> Definition:
    """A shipped definition, published in November 2026."""
    from bootstrap.public_holidays import PublicHolidays  # takes a second to import

    loaded = load_process(name, lambda file: (DEFINITIONS / file).read_bytes())
    assert loaded.ok, "\n".join(map(str, loaded.problems))
    return Definition.from_published(publish(loaded, PublicHolidays(), date(2026, 11, 1)))


def happenings(entries: Entry | list[Entry], what: str, name: str = "") -> list[Happening]:
    """What happened of one kind, in order."""
    of = [entries] if isinstance(entries, Entry) else entries
    return [one for e in of for one in e.happened if one.what == what and (not name or one.name == name)]


def effects(entries: Entry | list[Entry], kind: str = "") -> list[Effect]:
    """The effects asked for, in order."""
    of = [entries] if isinstance(entries, Entry) else entries
    return [one for entry in of for one in entry.effects if not kind or one.kind == kind]


@dataclass
class Story:
    """One ticket through the engine's public doors, with everything it ever wrote.

    After every step the fold of the journal, the ticket and their JSON are compared: they must be the same.
    """

    definition: Definition
    people: Mapping[str, Actor] = field(default_factory=dict)
    things: dict[str, dict[str, Json] | None] = field(default_factory=dict)
    checks: dict[str, list[Json]] = field(default_factory=dict)
    published: tuple[str, ...] = ()
    now: datetime = START
    journal: list[Entry] = field(default_factory=list)
    snapshot: dict[str, Json] = field(default_factory=dict)
    commands: int = 0
    _ticket: Ticket | None = None

    @property
    def ticket(self) -> Ticket:
        """The ticket as it is."""
        assert self._ticket is not None, "open it first"
        return self._ticket

    def at(self, **later: float) -> datetime:
        """A moment so much after START."""
        return START + timedelta(**later)

    def open(self, person: str = "ann", channel: str = "portal", /, **fields: Json) -> Entry:
        """Open the ticket now. Raises Refused."""
        given = {"title": "A thing", **fields}
        request = Open(TICKET_ID, "T-0001", self.definition.hashes, given, channel)
        command = Command(1, "c1", request, self.now, person)
        outcome = open_ticket(self.definition, command, self.facts(person), self.now)
        self.commands = 1
        return self.keep(outcome)[-1]

    def send(
        self,
        request: Request,
        person: str = "ann",
        *,
        received_at: datetime | None = None,
        onto: Definition | None = None,
    ) -> Entry:
        """Carry out a request now; its entry, whether it was accepted or refused."""
        self.commands += 1
        command = Command(self.commands, f"c{self.commands}", request, received_at or self.now, person)
        outcome = handle(self.definition, self.ticket, command, self.facts(person), self.now, onto=onto)
        entry = self.keep(outcome)[-1]
        assert entry.command == self.commands
        return entry

    def migrate(self, onto: Definition, *, leave_behind: bool = False) -> Entry:
        """Move to another version of the process; from then on it is the story's."""
        entry = self.send(Migrate(onto.hashes, leave_behind), "", onto=onto)
        if entry.result == "done":
            self.definition = onto
        return entry

    def do(self, transition: str, person: str = "ann", /, **fields: Json) -> Entry:
        """Press a button; a refusal fails the test."""
        return accepted(self.send(Move(transition, fields), person))

    def edit(self, person: str = "ann", /, **fields: Json) -> Entry:
        """Change fields by hand; a refusal fails the test."""
        return accepted(self.send(Edit(fields), person))

    def reply(self, person: str = "ann", *, public: bool = True) -> Entry:
        """Write a comment; a refusal fails the test."""
        return accepted(self.send(Comment("comment", "0" * 64, public), person))

    def complete(self, task: str, person: str = "ann", *, failed: bool = False, **fields: Json) -> Entry:
        """Do a task; a refusal fails the test."""
        return accepted(self.send(CompleteTask(task, fields, failed), person))

    def tell(self, message: str, person: str = "", /, **fields: Json) -> Entry:
        """Send a message, by default as the system; a refusal fails the test."""
        return accepted(self.send(Message(message, fields), person))

    def finish(
        self, task: str, *, ok: bool = True, response: Json = None, run: int | None = None
    ) -> list[Entry]:
        """Let an automatic task come to its end now."""
        number = self.ticket.tasks[task].run if run is None else run
        return self.answer(TaskFinished(task, number, ok, self.now, response, "" if ok else "it broke"))

    def pick(self, person: str | None, entry: Entry, team: str, /, **attributes: Json) -> list[Entry]:
        """Answer the pick that an entry asked for."""
        index = effects(entry, "pick")[-1].index
        known = {f"person:{person}": {"id": person, **attributes}} if person else {}
        return self.answer(Picked(entry.seq, index, team, person, entry.at, known))

    def answer(self, result: Result) -> list[Entry]:
        """Give the engine the result of an activity."""
        return self.keep(handle_result(self.definition, self.ticket, result, self.now))

    def until(self, at: datetime) -> list[Entry]:
        """Let time pass on a healthy desk: everything is handled when it is due."""
        found: list[Entry] = []
        while (deadline := next_deadline(self.ticket)) is not None and deadline <= at:
            self.now = max(self.now, deadline)
            found += self.keep(advance(self.definition, self.ticket, self.now))
        self.now = at
        return found

    def outage_until(self, at: datetime) -> list[Entry]:
        """Nothing is handled until `at`, then everything at once."""
        self.now = at
        return self.keep(advance(self.definition, self.ticket, at))

    def facts(self, person: str) -> Facts:
        """What travels with a send of this person."""
        actor = self.people.get(person) or Actor(person) if person else SYSTEM
        things: dict[str, dict[str, Json] | None] = {
            f"person:{name}": {"id": name} for name in (person, *self.people) if name
        }
        return Facts(actor, {**things, **self.things}, dict(self.checks), self.published)

    def keep(self, outcome: Outcome) -> list[Entry]:
        """Keep an outcome, and check what must hold of every one."""
        seq = self._ticket.seq if self._ticket else 0
        for entry in outcome.entries:
            seq += 1
            assert entry.seq == seq, "entries are numbered without gaps"
            assert entry_from_json(json.loads(json.dumps(entry_to_json(entry)))) == entry
            self.snapshot = fold(self.snapshot, entry)
        self._ticket = outcome.ticket
        assert self.snapshot == ticket_to_json(outcome.ticket), "the fold of the journal is the ticket"
        assert ticket_from_json(json.loads(json.dumps(self.snapshot))) == outcome.ticket
        self.journal += outcome.entries
        return list(outcome.entries)


def accepted(entry: Entry) -> Entry:
    """The entry of a command that was carried out; anything else fails the test with the reason."""
    assert entry.result == "done", entry.refusal
    return entry


def refused(entry: Entry) -> str:
    """The code of a refusal; a command that was carried out fails the test."""
    assert entry.result == "refused" and entry.refusal is not None, entry.result
    return entry.refusal.code


def an_agent(name: str = "bob", *teams: str, **more: object) -> dict[str, Actor]:
    """Somebody of a team, ready for `people`."""
    return {name: Actor(name, teams=teams or ("desk",), **more)}  # type: ignore[arg-type]  # fields of Actor
