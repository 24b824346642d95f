"""The record activity: writes what a run decided, asks for its deliveries, ends runs that are not the row's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from activities.record import Records
from domain.errors import Unavailable
from store import tickets
from store.session import Database
from store.together import Together
from tests.store.builders import Shelf
from workflows.messages import Record

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def test_entries_are_written_and_their_deliveries_named(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open(requester="cora")
    records = Records(Together(database), shelf.definitions, lambda: NOW)
    entries = shelf.decide(ticket, "nudge").entries
    request = Record(ticket.id, 1, entries, after_seq=1)
    for _ in range(2):  # a repeated activity writes nothing new and names the same deliveries
        recorded = records.record(request)
        assert (recorded.acked_seq, recorded.ends) == (2, False)
        assert [(key.seq, key.recipient, key.channel) for key in recorded.deliveries] == [(2, "ben", "page")]
    with database.reading() as session:
        head = tickets.head(session, ticket.id)
    assert head is not None
    assert (head.seq, head.handled) == (2, 2)


def test_without_entries_it_only_asks_for_deliveries(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open(requester="cora")
    recorded = Records(Together(database), shelf.definitions, lambda: NOW).record(
        Record(ticket.id, 1, (), after_seq=0)
    )
    assert recorded.acked_seq == 1
    assert {key.channel for key in recorded.deliveries} == {"email", "chat"}


def test_a_run_that_is_not_the_rows_has_to_end(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()
    records = Records(Together(database), shelf.definitions, lambda: NOW)
    entries = shelf.decide(ticket, "nudge").entries
    assert records.record(Record(ticket.id, 2, entries, 1)).ends, "another incarnation"
    gap = tuple(replace(entry, seq=entry.seq + 1) for entry in entries)
    assert records.record(Record(ticket.id, 1, gap, 1)).ends, "entries in between are missing"
    assert records.record(Record("0" * 36, 1, entries, 1)).ends, "no such ticket"
    with database.reading() as session:
        head = tickets.head(session, ticket.id)
    assert head is not None
    assert head.seq == 1


def test_two_histories_are_told_and_the_row_stays(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()
    records = Records(Together(database), shelf.definitions, lambda: NOW)
    entries = shelf.decide(ticket, "nudge").entries
    records.record(Record(ticket.id, 1, entries, 1))
    other = tuple(replace(entry, actor="somebody else") for entry in entries)
    assert records.record(Record(ticket.id, 1, other, 1)).ends
    assert [record.levelname for record in caplog.records if record.message == "entries not written"] == [
        "ERROR"
    ]


def test_a_locked_database_is_raised_so_that_the_run_keeps_its_entries(sqlite_database: Database) -> None:
    shelf = Shelf(sqlite_database)
    ticket = shelf.open()
    entries = shelf.decide(ticket, "nudge").entries
    records = Records(Together(sqlite_database), shelf.definitions, lambda: NOW)
    other = Database(str(sqlite_database.engine.url))
    with other.transaction(), pytest.raises(Unavailable):
        records.record(Record(ticket.id, 1, entries, 1))
    other.close()
    assert records.record(Record(ticket.id, 1, entries, 1)).acked_seq == 2
