"""Queues: sorted by the nearest deadline, none last; pages follow one another without gaps or repeats."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.engine.advance import advance
from store import queue
from store.append import append
from store.queue import CursorInvalid, Row, Wanted
from store.session import Database
from tests.desk.desks import START
from tests.store.builders import Shelf


def all_pages(database: Database, wanted: Wanted, limit: int) -> list[Row]:
    rows: list[Row] = []
    cursor: str | None = None
    with database.reading() as session:
        while True:
            found, cursor = queue.page(session, wanted, START, limit=limit, cursor=cursor)
            rows += found
            if cursor is None:
                return rows


def stocked(database: Database) -> Shelf:
    shelf = Shelf(database)
    for number in range(9):
        shelf.open(at=START + timedelta(minutes=(7 * number) % 9), requester=("cora", "carl")[number % 2])
    for _ in range(2):
        ticket = shelf.open()
        done = shelf.decide(ticket, "close")
        with database.transaction() as session:
            append(session, shelf.definitions, ticket.id, 1, done.entries, START)
    return shelf


@pytest.mark.parametrize("limit", [1, 4, 50])
@pytest.mark.parametrize("wanted", [Wanted(), Wanted(states=("open",)), Wanted(states=("new", "active"))])
def test_pages_have_every_ticket_once_in_order(database: Database, limit: int, wanted: Wanted) -> None:
    stocked(database)
    rows = all_pages(database, wanted, limit)
    assert len(rows) == len({row.id for row in rows}) == (11 if not wanted.states else 9)
    dues = [row.due_at for row in rows]
    assert dues[:9] == sorted(due for due in dues if due is not None)
    assert all(due is None for due in dues[9:]), "what has no deadline comes last"


def test_every_part_of_a_filter_narrows(database: Database) -> None:
    stocked(database)
    rows = all_pages(database, Wanted(), 50)
    for wanted, number in (
        (Wanted(requester="cora"), 5),
        (Wanted(seen_by="carl"), 4),
        (Wanted(requester="cora", seen_by="carl"), 0),
        (Wanted(states=("closed",)), 2),
        (Wanted(states=("new",), process="small"), 9),
        (Wanted(process="other"), 0),
        (Wanted(assignee="none"), 11),
        (Wanted(assignee="ann"), 0),
        (Wanted(text=rows[0].ref.lower()), 1),
        (Wanted(text="100%"), 0),
        (Wanted(text="t"), 11),
        (Wanted(team="desk"), 0),
        (Wanted(due_before=START + timedelta(minutes=33)), 4),
    ):
        assert len(all_pages(database, wanted, 3)) == number, wanted
        with database.reading() as session:
            assert queue.count(session, wanted, START) == number


def test_what_is_overdue_comes_first_and_is_counted(database: Database) -> None:
    shelf = stocked(database)
    late = shelf.open(at=START - timedelta(hours=2))
    with database.transaction() as session:
        outcome = advance(shelf.definition(session), late, START)
        append(session, shelf.definitions, late.id, 1, outcome.entries, START)
    rows = all_pages(database, Wanted(states=("open",)), 50)
    assert rows[0].id == late.id
    assert rows[0].breached
    overdue = all_pages(database, Wanted(overdue=True), 50)
    assert [row.id for row in overdue] == [late.id]


@pytest.mark.parametrize(
    "cursor", ["nonsense", "", "W10", "WzAsIDEsIDIsIDNd", "é", "W251bGwsbnVsbCxudWxsLG51bGxd"]
)
def test_a_cursor_no_page_gave_is_said_so(database: Database, cursor: str) -> None:
    with database.reading() as session, pytest.raises(CursorInvalid):
        queue.page(session, Wanted(), START, limit=5, cursor=cursor)
