"""What the database says of every ticket, read at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import sqlalchemy as sa

from domain.engine.entries import Entry
from domain.engine.events import Actor, Facts
from domain.engine.serialise import Snapshot, ticket_from_json
from domain.engine.ticket import Json, Ticket
from domain.language.definition import Definition
from store import commands, directory, journal, ledger, tables, tickets
from store.commands import Logged
from store.comments import CommentRow, of_ticket
from store.definitions import Definitions
from store.directory import Directory
from store.ledger import Delivery
from store.session import Database, Session
from store.tickets import Head

PickKey = tuple[str, int, int]


@dataclass(frozen=True)
class Record:
    """One ticket, everything."""

    head: Head
    category: str
    snapshot: Snapshot
    entries: list[Entry]
    commands: list[Logged]
    deliveries: list[Delivery]
    comments: list[CommentRow]
    errands: int

    @property
    def ticket(self) -> Ticket:
        """The ticket as its row has it."""
        return ticket_from_json(self.snapshot)


@dataclass
class Records:
    """The database of one installation."""

    database: Database
    definitions: Definitions = field(default_factory=Definitions)

    def definition(self) -> Definition:
        """The one process."""
        with self.database.reading() as session:
            return self.definitions.active(session, "chaos")[1]

    def all(self) -> list[Record]:
        """Every ticket, in one look."""
        with self.database.reading() as session:
            ids = (
                session.execute(sa.select(tables.tickets.c.id).order_by(tables.tickets.c.ref)).scalars().all()
            )
            return [_record(session, id) for id in ids]

    def picks(self) -> dict[PickKey, str]:
        """Every choice made so far."""
        with self.database.reading() as session:
            rows = session.execute(sa.select(tables.picks)).all()
        return {(row.ticket, row.seq, row.effect): row.person for row in rows}

    def written(self, after: dict[str, int]) -> dict[tuple[str, int], Json]:
        """Journal entries above what is known of each ticket, as they are stored."""
        table = tables.entries
        query = sa.select(table.c.ticket, table.c.seq, table.c.entry)
        with self.database.reading() as session:
            rows = session.execute(query).all()
        return {(row.ticket, row.seq): row.entry for row in rows if row.seq > after.get(row.ticket, 0)}

    def facts(self, actor: str, now: datetime) -> Facts:
        """What travelled with a command: nothing of the organisation changes during the test."""
        thing = self.people.thing("person", actor)
        return Facts(
            self.people.actor(actor, now) or Actor(actor), {f"person:{actor}": thing}, published=("chaos",)
        )

    @cached_property
    def people(self) -> Directory:
        """The organisation, which does not change during the test."""
        with self.database.reading() as session:
            return directory.current(session)


def _record(session: Session, id: str) -> Record:
    found = tickets.find(session, id)
    assert found is not None
    head, snapshot = found
    logged = [commands.by_number(session, id, number) for number in range(1, head.next_command)]
    missing = [number for number, one in enumerate(logged, start=1) if one is None]
    assert not missing, f"{head.ref}: commands {missing} are not in the log"
    return Record(
        head,
        str(tickets.columns(session, id)["category"]),
        snapshot,
        journal.read(session, id),
        [one for one in logged if one is not None],
        ledger.of_ticket(session, id),
        of_ticket(session, id, internal=True),
        session.execute(
            sa.select(sa.func.count()).select_from(tables.errands).where(tables.errands.c.ticket == id)
        ).scalar_one(),
    )
