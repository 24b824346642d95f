"""The one function that writes to a ticket: what it accepts, what it refuses, what it writes with an entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.engine.advance import advance
from domain.engine.path import AppendRefusal
from domain.errors import TicketUnknown
from store import commands, comments, directory, errands, journal, ledger, picks, tickets
from store.append import Appended, append
from store.session import Database
from tests.desk.desks import START
from tests.store.builders import Shelf


def test_an_entry_settles_its_command_and_moves_the_row(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()
    outcome = shelf.decide(ticket, "start")
    with database.transaction() as session:
        done = append(session, shelf.definitions, ticket.id, 1, outcome.entries, START)
        assert isinstance(done, Appended)
        assert (done.seq, done.handled, len(done.fresh)) == (2, 2, 1)
        head = tickets.head(session, ticket.ref)
        assert head is not None
        assert (head.state, head.pending) == ("working", 0)
        logged = commands.by_number(session, ticket.id, 2)
        assert logged is not None
        assert logged.entry_seq == 2


def test_appending_the_same_entries_again_changes_nothing(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()
    outcome = shelf.decide(ticket, "start")
    for _ in range(3):
        with database.transaction() as session:
            done = append(session, shelf.definitions, ticket.id, 1, outcome.entries, START)
            assert isinstance(done, Appended)
    with database.reading() as session:
        assert len(journal.read(session, ticket.id)) == 2


def test_another_run_a_gap_and_another_history_are_refused_with_nothing_changed(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()
    outcome = shelf.decide(ticket, "start")
    second = shelf.decide(outcome.ticket, "poke")
    with database.transaction() as session:
        assert append(session, shelf.definitions, ticket.id, 2, outcome.entries, START) is (
            AppendRefusal.OTHER_INCARNATION
        )
        assert append(session, shelf.definitions, ticket.id, 1, second.entries, START) is AppendRefusal.GAP
        append(session, shelf.definitions, ticket.id, 1, outcome.entries, START)
        other = replace(outcome.entries[0], handled_at=START + timedelta(seconds=1))
        assert append(session, shelf.definitions, ticket.id, 1, [other], START) is AppendRefusal.DIFFERENT
        with pytest.raises(TicketUnknown):
            append(session, shelf.definitions, "00000000-0000-4000-8000-00000000dead", 1, [], START)
    with database.reading() as session:
        assert [entry.seq for entry in journal.read(session, ticket.id)] == [1, 2]


def test_an_entry_that_names_a_command_nobody_logged_is_shouted_about(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()
    outcome = shelf.decide(ticket, "start")
    stranger = replace(outcome.entries[0], command=7)
    with pytest.raises(LookupError, match="command 7"), database.transaction() as session:
        append(session, shelf.definitions, ticket.id, 1, [stranger], START)
    with database.reading() as session:
        assert len(journal.read(session, ticket.id)) == 1


def test_effects_become_rows_per_person_and_channel_in_their_language(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open(requester="cora")
    with database.reading() as session:
        rows = ledger.of_ticket(session, ticket.id)
    assert [(row.key.recipient, row.key.channel, row.status) for row in rows] == [
        ("cora", "email", "pending"),
        ("cora", "chat", "pending"),
    ]
    assert rows[0].subject == f"{ticket.ref}：T"
    assert rows[0].body == "陈可，您好"
    assert rows[0].address == "cora@example.com"
    assert "states.new.enter" in rows[0].why


def test_somebody_named_twice_gets_one_row_and_nobody_found_is_a_row_too(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()
    with database.reading() as session:
        assert [
            one.id
            for one in directory.current(session).resolve(
                ["person:ben", "members:desk", "lead:desk", "on-call:desk"], START
            )[0]
        ] == [
            "ben",
            "ann",
        ]
    late = START + timedelta(hours=1)
    with database.transaction() as session:
        outcome = advance(shelf.definition(session), ticket, late)
        append(session, shelf.definitions, ticket.id, 1, outcome.entries, late)
        rows = ledger.of_ticket(session, ticket.id)
        notes = comments.of_ticket(session, ticket.id, internal=True)
        assert comments.of_ticket(session, ticket.id, internal=False) == []
    nobody = [row for row in rows if row.status == "nobody"]
    assert [(row.key.recipient, row.kind, row.error) for row in nobody] == [
        ("", "page", "nobody found for lead-of:team")
    ]
    assert [(note.author, note.texts) for note in notes] == [("", {"en": "Too late.", "zh-CN": "超时。"})]


def test_an_errand_is_open_until_its_result_or_until_it_does_not_matter(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()
    dealt = shelf.decide(ticket, "deal")
    with database.transaction() as session:
        append(session, shelf.definitions, ticket.id, 1, dealt.entries, START)
        owed = errands.open_errands(session, dealt.ticket)
        assert [(entry.seq, effect.kind) for entry, effect in owed] == [(2, "pick")]
        first = picks.pick(
            session, ticket.id, 2, owed[0][1].index, team="desk", how="round_robin", skills=(), now=START
        )
        again = picks.pick(
            session, ticket.id, 2, owed[0][1].index, team="desk", how="round_robin", skills=(), now=START
        )
        assert first == again == "ann"
    taken = shelf.decide(dealt.ticket, "start")
    with database.transaction() as session:
        append(session, shelf.definitions, ticket.id, 1, taken.entries, START)
        assert errands.open_errands(session, taken.ticket) == []


def test_a_claim_is_won_once(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()
    with database.transaction() as session:
        claimed = tickets.claim(session, ticket.id, 1, START)
        assert claimed is not None
        assert claimed[0].incarnation == 2
        assert tickets.claim(session, ticket.id, 1, START) is None
        tickets.mark_started(session, ticket.id, 1, START)
        assert tickets.starts_owed(session, START + timedelta(minutes=1), 10) == [ticket.id]
        tickets.mark_started(session, ticket.id, 2, START)
        assert tickets.starts_owed(session, START + timedelta(minutes=1), 10) == []
