"""What the pure core says must have happened, given what was asked: the journal's commands through the engine again.

Twice: with the moments at which everything was really handled (every entry must come out the same, lateness and all),
and on a clock that is never late (every entry must come out the same but for when it was handled).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from activities.scripts import ScriptCall, create_conference
from domain.engine.advance import advance, next_deadline
from domain.engine.draft import LATE
from domain.engine.entries import Effect, Entry, Outcome
from domain.engine.events import Command, Picked, TaskFinished
from domain.engine.handle import handle, handle_result, open_ticket
from domain.engine.serialise import entry_from_json, entry_to_json
from domain.engine.ticket import Json, Ticket
from domain.language.definition import Definition
from domain.rehearsal.virtual_desk import comparable
from tests.live.chaos.records import Record, Records

Normal = Callable[[Entry], dict[str, Json]]


class Differs(AssertionError):
    """The journal is not what the engine says."""


def was_late(record: Record) -> bool:
    """Whether anything was handled so late that the engine counts it as an outage."""
    return any(entry.handled_at - entry.at > LATE for entry in record.entries)


@dataclass
class Replay:
    """One ticket's journal against the engine."""

    records: Records
    definition: Definition
    record: Record

    def as_handled(self) -> Ticket:
        """Every entry again, handled when it was handled. Raises Differs."""
        entries = self.record.entries
        first = entries[0]
        opened = self._open(first.handled_at)
        self._same(opened.entries, entries[:1], _exact)
        ticket, done = opened.ticket, 1
        while done < len(entries):
            outcome = self._next(ticket, entries[done:])
            self._same(outcome.entries, entries[done : done + len(outcome.entries)], _exact)
            ticket, done = outcome.ticket, done + len(outcome.entries)
        return ticket

    def on_time(self) -> Ticket:
        """Every entry again on a clock that is never late, up to rest. Raises Differs."""
        opened = self._open(self.record.entries[0].at)
        ticket, made = opened.ticket, list(opened.entries)

        def keep(outcome: Outcome) -> Ticket:
            made.extend(outcome.entries)
            return outcome.ticket

        for entry in self.record.entries[1:]:
            if entry.command is None and entry.cause.kind != "result":
                continue  # time does these by itself
            ticket = keep(self._until(ticket, entry.at))
            ticket = keep(self._input(ticket, entry, entry.at))
        ticket = keep(self._until(ticket, None))
        self._same(tuple(made), self.record.entries, lambda entry: _exact(comparable(entry)))
        return ticket

    def _until(self, ticket: Ticket, at: datetime | None) -> Outcome:
        """Time passes, deadline by deadline; None: until nothing is planned any more."""
        made: list[Entry] = []
        while (deadline := next_deadline(ticket)) is not None and (at is None or deadline <= at):
            outcome = advance(self.definition, ticket, max(deadline, ticket.last_at), until=deadline)
            ticket = outcome.ticket
            made += outcome.entries
        return Outcome(ticket, tuple(made))

    def _next(self, ticket: Ticket, rest: list[Entry]) -> Outcome:
        """What the run did next: a command or a result with what was due before it, or what was due alone."""
        now = rest[0].handled_at
        for place, entry in enumerate(rest):
            if entry.handled_at != now:
                break
            if entry.command is None and entry.cause.kind != "result":
                continue
            outcome = self._input(ticket, entry, now)
            if len(outcome.entries) == place + 1 and _exact(outcome.entries[0]) == _exact(rest[0]):
                return outcome
            break
        outcome = advance(self.definition, ticket, now)
        if not outcome.entries:
            raise Differs(f"{self.record.head.ref}: nothing was due at {now}, but there is {_exact(rest[0])}")
        return outcome

    def _open(self, now: datetime) -> Outcome:
        command = replace(self.record.commands[0].command, received_at=now)
        facts = self.records.facts(command.actor, now)
        return open_ticket(self.definition, command, facts, now)

    def _input(self, ticket: Ticket, entry: Entry, now: datetime) -> Outcome:
        """What came from outside, at `entry.at`, handled at `now`."""
        if entry.command is None:
            return handle_result(self.definition, ticket, self._result(entry), now)
        logged: Command = self.record.commands[entry.command - 1].command
        command = replace(logged, received_at=entry.at)
        facts = self.records.facts(command.actor, entry.handled_at)
        return handle(self.definition, ticket, command, facts, now)

    def _result(self, entry: Entry) -> Picked | TaskFinished:
        if entry.cause.name == "pick":
            said = next(one.detail for one in entry.happened if one.what == "picked")
            person = str(said["person"])
            known = {f"person:{person}": self.records.people.thing("person", person) or {}}
            return Picked(0, 0, str(said["team"]), person, entry.at, known)
        seq, effect = self._asked(entry)
        key = f"{self.record.head.id}/{seq}/{effect.index}/{entry.cause.name}/script"
        parameters = {
            name.removeprefix("with."): value for name, value in effect.data.items() if name[:5] == "with."
        }
        response = create_conference(ScriptCall("create_conference", key, parameters))
        run = effect.data["run"]
        assert isinstance(run, int)
        return TaskFinished(entry.cause.name, run, True, entry.at, response)

    def _asked(self, entry: Entry) -> tuple[int, Effect]:
        """The effect whose result an entry is: the last one of its task before it."""
        return next(
            (before.seq, effect)
            for before in reversed(self.record.entries[: entry.seq - 1])
            for effect in before.effects
            if effect.kind == "script" and effect.data["task"] == entry.cause.name
        )

    def _same(self, made: tuple[Entry, ...], stored: list[Entry], normal: Normal) -> None:
        if [normal(entry) for entry in made] == [normal(entry) for entry in stored]:
            return
        for index in range(max(len(made), len(stored))):
            wanted = normal(made[index]) if index < len(made) else None
            found = normal(stored[index]) if index < len(stored) else None
            if wanted != found:
                raise Differs(
                    f"{self.record.head.ref}:\n  the engine says  {wanted}\n  the journal says {found}"
                )


def _exact(entry: Entry) -> dict[str, Json]:
    """As it reads back from JSON, so that both sides went the same way."""
    return entry_to_json(entry_from_json(entry_to_json(entry)))


def nothing_due(ticket: Ticket, now: datetime) -> bool:
    """Whether everything that had to happen by now has happened."""
    deadline = next_deadline(ticket)
    return deadline is None or deadline > now - timedelta(seconds=1)
