"""Tickets in a database for tests of the store, without a desk."""

from __future__ import annotations

import uuid
from datetime import datetime

from desk.seeding import seed_in
from domain.engine.entries import Outcome
from domain.engine.events import Actor, Command, Facts, Move, Open, Request
from domain.engine.handle import handle, open_ticket
from domain.engine.ticket import Json, Ticket
from domain.language.definition import Definition
from store import commands, numbers
from store.append import open_row
from store.definitions import Definitions, add_version
from store.session import Database, Session
from tests.desk.desks import START, organisation, published

_PEOPLE: dict[str, dict[str, Json] | None] = {f"person:{id}": {"id": id} for id in ("ann", "cora", "carl")}
ANN = Facts(Actor("ann", teams=("desk",)), things=dict(_PEOPLE))


class Shelf:
    """A database with the small process and the tests' organisation, and tickets opened straight into it."""

    def __init__(self, database: Database, process: str = "small.yaml") -> None:
        self.database = database
        self.definitions = Definitions()
        with database.transaction() as session:
            seed_in(session, organisation())
            self.version = add_version(session, published(process), START)
            numbers.prepare(session, "SM-")

    def definition(self, session: Session) -> Definition:
        return self.definitions.get(session, self.version.hashes)

    def open(self, at: datetime = START, **fields: Json) -> Ticket:
        """A ticket whose run is nowhere."""
        with self.database.transaction() as session:
            ref = f"SM-{numbers.next_number(session, 'SM-'):04}"
            request = Open(str(uuid.uuid4()), ref, self.version.hashes, {"title": "T", **fields})
            command = Command(1, str(uuid.uuid4()), request, at, "ann")
            outcome = open_ticket(self.definition(session), command, ANN, at)
            open_row(session, self.definitions, outcome, next_command=2, now=at)
            commands.log(session, request.id, command, key=None, request_hash="", entry_seq=1)
        return outcome.ticket

    def decide(self, ticket: Ticket, transition: str, *, at: datetime = START, **fields: Json) -> Outcome:
        """Log a command and let the engine decide it; nothing is appended."""
        request: Request = Move(transition, fields)
        with self.database.transaction() as session:
            number = commands.take_number(session, ticket.id)
            command = Command(number, str(uuid.uuid4()), request, at, "ann")
            commands.log(session, ticket.id, command, key=None, request_hash="")
            return handle(self.definition(session), ticket, command, ANN, at)
