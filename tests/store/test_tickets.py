"""The ticket row: what a transaction that waited for it reads."""

from __future__ import annotations

import threading
from datetime import timedelta

from domain.engine.serialise import Snapshot
from store import tickets
from store.append import append
from store.session import Database
from store.tickets import Head
from tests.desk.desks import START
from tests.store.builders import Shelf


def test_who_waited_for_the_lock_reads_row_and_snapshot_of_the_same_moment(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()
    decided = shelf.decide(ticket, "start", at=START + timedelta(minutes=1))
    found: list[tuple[Head, Snapshot] | None] = []
    asked = threading.Event()

    def wait_for_the_lock() -> None:
        with database.transaction() as session:
            asked.set()
            found.append(tickets.lock(session, ticket.id))

    waiting = threading.Thread(target=wait_for_the_lock)
    with database.transaction() as session:
        append(session, shelf.definitions, ticket.id, 1, decided.entries, START)
        waiting.start()
        if not database.is_sqlite:  # there the other one cannot even begin
            asked.wait(5)
            waiting.join(
                0.3
            )  # by then it waits for the row; if not, this test shows nothing, and never fails wrongly
    waiting.join(10)
    assert found[0] is not None
    head, snapshot = found[0]
    assert (head.seq, snapshot["seq"]) == (decided.ticket.seq, decided.ticket.seq)
