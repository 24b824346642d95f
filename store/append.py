"""The one function that writes to a ticket after opening (architecture.md, rule 6), and opening's own writing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.engine.entries import Entry, Outcome
from domain.engine.path import AppendRefusal, plan_append
from domain.engine.serialise import (
    Snapshot,
    entry_from_json,
    entry_to_json,
    fold,
    ticket_from_json,
    ticket_to_json,
)
from domain.errors import TicketUnknown
from domain.language.definition import Definition
from domain.language.published import Hashes
from store import commands, comments, errands, journal, tickets
from store.columns import columns_of
from store.definitions import Definitions
from store.effects import Gateways, write_effects
from store.session import Session
from store.tickets import Head

log = logging.getLogger(__name__)

Made = tuple[Definition, Entry]
"""An entry with the definition it was made by: one of them may have moved the ticket to another."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What the row has now. `fresh` are the entries it did not have before; `revision` and `seq` are the row's."""

    ticket: str
    seq: int
    revision: int
    handled: int
    pending: int  # commands that have no outcome yet
    fresh: tuple[Entry, ...]


def append(
    session: Session,
    definitions: Definitions,
    ticket_id: str,
    incarnation: int,
    entries: Sequence[Entry],
    now: datetime,
    *,
    gateways: Gateways = None,
) -> Appended | AppendRefusal:
    """Write what a run decided to its ticket's row, journal, commands and ledger; whoever calls it, how often ever.

    Refused (nothing changed): the row belongs to another run, entries in between are missing, or the row has another
    entry under one of these seqs. Raises TicketUnknown, and LookupError when an entry names a command that is not
    pending.
    """
    found = tickets.lock(session, ticket_id)
    if found is None:
        raise TicketUnknown(f"there is no ticket {ticket_id}")
    head, snapshot = found
    overlap = [entry.seq for entry in entries if entry.seq <= head.seq]
    stored = journal.these(session, head.id, overlap)
    plan = plan_append(head.row, incarnation, [_as_stored(e, head) for e in entries], stored)
    if isinstance(plan, AppendRefusal):
        _tell(plan, head, incarnation, entries)
        return plan
    if not plan.fresh:
        return Appended(head.id, head.seq, head.revision, head.handled, head.pending, ())
    made: list[Made] = []
    for entry in plan.fresh:
        snapshot = fold(snapshot, entry)
        made.append((definitions.get(session, _hashes_of(snapshot)), entry))
    return _write(session, definitions, head, snapshot, made, now, gateways)


def open_row(
    session: Session,
    definitions: Definitions,
    outcome: Outcome,
    *,
    next_command: int,
    now: datetime,
    gateways: Gateways = None,
) -> None:
    """Write a new ticket: row (incarnation 1, a start owed), snapshot, entries, ledger (rule 9)."""
    ticket = outcome.ticket
    snapshot = ticket_to_json(ticket)
    definition = definitions.get(session, ticket.hashes)
    columns = columns_of(definition, ticket) | {
        "incarnation": 1,
        "next_command": next_command,
        "run_started_at": None,
        "updated_at": now,
    }
    tickets.insert(session, columns, snapshot)
    made = [(definition, entry) for entry in outcome.entries]
    _write_entries(session, ticket.id, made, now, gateways)


def _write(
    session: Session,
    definitions: Definitions,
    head: Head,
    snapshot: Snapshot,
    made: Sequence[Made],
    now: datetime,
    gateways: Gateways,
) -> Appended:
    ticket = ticket_from_json(snapshot)
    definition = definitions.get(session, ticket.hashes)
    columns = columns_of(definition, ticket) | {"updated_at": now}
    tickets.update(session, head.id, columns, snapshot)
    fresh = tuple(entry for _, entry in made)
    _write_entries(session, head.id, made, now, gateways)
    commands.settle(session, head.id, fresh)
    pending = head.next_command - 1 - ticket.handled
    return Appended(head.id, ticket.seq, ticket.revision, ticket.handled, pending, fresh)


def _write_entries(
    session: Session,
    ticket: str,
    made: Sequence[Made],
    now: datetime,
    gateways: Gateways,
) -> None:
    journal.write(session, ticket, [entry for _, entry in made])
    for definition, entry in made:
        comments.reveal(session, ticket, entry)
        errands.follow(session, ticket, entry)
        write_effects(session, definition, ticket, entry, now, gateways=gateways)


def _hashes_of(snapshot: Snapshot) -> Hashes:
    pinned = snapshot["hashes"]
    assert isinstance(pinned, dict), "every snapshot has them"
    return Hashes(**pinned)


def _as_stored(entry: Entry, head: Head) -> Entry:
    """The entry as it reads back from JSON, which is what the row's own entries went through."""
    return entry if entry.seq > head.seq else entry_from_json(entry_to_json(entry))


def _tell(refusal: AppendRefusal, head: Head, incarnation: int, entries: Sequence[Entry]) -> None:
    level = logging.ERROR if refusal is AppendRefusal.DIFFERENT else logging.INFO
    log.log(
        level,
        "entries not written",
        extra={
            "ticket": head.ref,
            "refusal": refusal.value,
            "row_incarnation": head.incarnation,
            "incarnation": incarnation,
            "row_seq": head.seq,
            "seqs": [entry.seq for entry in entries],
        },
    )
