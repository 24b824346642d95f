"""A ticket opens by committing its number, command, row, entries and ledger in one transaction (rule 9)."""

from __future__ import annotations

import logging
import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from desk.commanding import replayed
from desk.facts import facts_for
from desk.tools import Writing
from desk.values import Guard
from domain.engine import approvers
from domain.engine.entries import Outcome
from domain.engine.events import Command, Open, Picked
from domain.engine.following import known_of
from domain.engine.handle import handle_result, open_ticket
from domain.engine.serialise import ticket_from_json
from domain.engine.ticket import Json, Parent, Stretch
from domain.language.definition import Definition
from domain.local_time import wall_time, zone_named
from store import commands, directory, errands, ledger, numbers, picks, tickets
from store.append import open_row
from store.session import Session
from workflows.messages import DeliveryKey, Pick, TicketStart, Unresolved

log = logging.getLogger(__name__)

_NUMBER = re.compile(r"(?P<prefix>.*)\{n(?::(?P<digits>\d+))?\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to open."""

    actor: str
    process: str
    fields: dict[str, Json]
    channel: str
    guard: Guard
    parent: Parent | None = None  # the ticket whose rule opens it
    time_shift: timedelta | None = None  # instead of the desk's own
    carried: dict[str, tuple[Stretch, ...]] = field(
        default_factory=dict
    )  # what its clocks have counted before


Chosen = tuple[tuple[int, int], str, str | None]
"""The entry and effect that asked for a person, the team, and who it is."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket that is open, perhaps since an earlier request with the same idempotency key."""

    ticket: str
    ref: str
    command: str
    start: TicketStart | None = None  # what its run starts with; None when it was opened before


def open_in(session: Session, tools: Writing, asked: Asked, now: datetime) -> Opened:
    """Open a ticket, or find the one its idempotency key opened before.

    Raises KeyReused, DefinitionUnknown, and Refused: then nothing is kept, and the key may be used again. Raises
    sqlalchemy IntegrityError when the same key is being used at this moment: try again and see.
    """
    before = replayed(session, asked.actor, asked.guard)
    if before is not None:
        head = tickets.head(session, before.ticket)
        assert head is not None, "a command has a ticket"
        return Opened(head.id, head.ref, before.command.id)
    version, definition = tools.definitions.active(session, asked.process)
    pattern = in_year(definition.process.number, wall_time(now, zone_named(definition.zone)).year)
    if pattern != definition.process.number:
        numbers.prepare(session, prefix_of(pattern))  # the first ticket of a year may be the first to need it
    number = numbers.next_number(session, prefix_of(pattern))
    request = Open(
        id=tools.new_id(),
        ref=ref_of(pattern, number),
        hashes=version.hashes,
        fields=asked.fields,
        channel=asked.channel,
        time_shift=(tools.time_shift if asked.time_shift is None else asked.time_shift).total_seconds(),
        parent=asked.parent,
        carried=asked.carried,
    )
    command = Command(1, tools.new_id(), request, now, asked.actor)
    facts = facts_for(session, directory.current(session), definition, None, asked.actor, now, request)
    outcome, chosen = _assigned(session, definition, open_ticket(definition, command, facts, now), now)
    outcome, approvers_of = _approvers(session, definition, outcome, now)
    open_row(session, tools.definitions, outcome, next_command=2, now=now, gateways=tools.gateways)
    for asked_in, team, person in chosen:
        picks.keep(session, request.id, *asked_in, team=team, person=person, now=now)
    commands.log(
        session,
        request.id,
        command,
        key=asked.guard.key,
        request_hash=asked.guard.request_hash,
        entry_seq=1,
    )
    answered = {asked_in for asked_in, _, _ in chosen} | approvers_of
    start = TicketStart(
        ticket=outcome.ticket,
        incarnation=1,
        acked_seq=outcome.ticket.seq,
        undelivered=tuple(delivery_keys(ledger.owed(session, request.id))),
        unresolved=tuple(
            Unresolved(entry.seq, entry.at, effect)
            for entry in outcome.entries
            for effect in entry.effects
            if effect.kind in errands.KINDS and (entry.seq, effect.index) not in answered
        ),
    )
    return Opened(request.id, request.ref, command.id, start)


def _assigned(
    session: Session, definition: Definition, opened: Outcome, now: datetime
) -> tuple[Outcome, list[Chosen]]:
    """Who of the team gets the new ticket, as the run's `pick` activity would find out: the run does not exist yet,
    so its row is this transaction's alone, and whoever opens the ticket sees at once who has it.
    """
    asks = [(e.seq, e.at, effect) for e in opened.entries for effect in e.effects if effect.kind == "pick"]
    outcome, chosen = opened, list[Chosen]()
    for seq, at, effect in asks:
        ask = Pick.asked(opened.ticket.id, seq, effect)
        person = picks.choose_now(session, ask.team, ask.how, ask.skills, now)
        here = directory.current(session)
        known = known_of(person, ask.follow, here.named)
        answer = Picked(seq, ask.index, ask.team, person, at, known)
        then = handle_result(definition, outcome.ticket, answer, now)
        outcome = Outcome(then.ticket, outcome.entries + then.entries)
        chosen.append(((seq, ask.index), ask.team, person))
    return outcome, chosen


def _approvers(
    session: Session, definition: Definition, opened: Outcome, now: datetime
) -> tuple[Outcome, set[tuple[int, int]]]:
    """Who is asked to approve the new ticket, found in the same way; and the questions that are answered by it."""
    outcome, answered = opened, set[tuple[int, int]]()
    waiting = deque(opened.entries)
    while waiting:
        entry = waiting.popleft()
        for effect in entry.effects:
            if effect.kind == approvers.KIND:
                found = approvers.answer(effect.data, directory.current(session), entry.at)
                then = handle_result(definition, outcome.ticket, found, now)
                outcome = Outcome(then.ticket, outcome.entries + then.entries)
                waiting.extend(then.entries)
                answered.add((entry.seq, effect.index))
    return outcome, answered


def start_of(session: Session, ticket_id: str) -> TicketStart | None:
    """What a run of this ticket starts with, as its row stands now (rules 9 and 10)."""
    found = tickets.find(session, ticket_id)
    if found is None:
        return None
    head, snapshot = found
    ticket = ticket_from_json(snapshot)
    return TicketStart(
        ticket=ticket,
        incarnation=head.incarnation,
        acked_seq=head.seq,
        undelivered=tuple(delivery_keys(ledger.owed(session, head.id))),
        unresolved=tuple(
            Unresolved(entry.seq, entry.at, effect) for entry, effect in errands.open_errands(session, ticket)
        ),
        expects=head.next_command - 1,
    )


def delivery_keys(keys: list[ledger.LedgerKey]) -> list[DeliveryKey]:
    """The ledger's keys as workflows know them."""
    return [DeliveryKey(key.seq, key.effect, key.recipient, key.channel) for key in keys]


def in_year(pattern: str, year: int) -> str:
    """`PUR-{year}-{n:4}` → `PUR-2026-{n:4}`: every year counts on its own."""
    return pattern.replace("{year}", f"{year:04}")


def prefix_of(pattern: str) -> str:
    """`INC-{n:6}` → `INC-`: what has a sequence of its own."""
    found = _NUMBER.fullmatch(pattern)
    return found["prefix"] if found else pattern


def ref_of(pattern: str, number: int) -> str:
    """`INC-{n:6}` and 42 → `INC-000042`."""
    found = _NUMBER.fullmatch(pattern)
    digits = int(found["digits"] or 0) if found else 0
    return f"{prefix_of(pattern)}{number:0{digits}d}"
