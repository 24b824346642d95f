"""The pick activity: the same answer for the same question, with what conditions read of the person."""

from __future__ import annotations

from datetime import UTC, datetime

from activities.people import People
from store.session import Database
from store.together import Together
from tests.store.builders import Shelf
from workflows.messages import Pick

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def test_a_pick_is_reserved_and_asked_again_stays_the_same(database: Database) -> None:
    ticket = Shelf(database).open()
    people = People(Together(database), lambda: NOW)
    first = people.pick(Pick(ticket.id, 2, 0, "desk", "round_robin"))
    second = people.pick(Pick(ticket.id, 3, 0, "desk", "round_robin"))
    assert {first.person, second.person} == {"ann", "ben"}
    assert people.pick(Pick(ticket.id, 2, 0, "desk", "round_robin")) == first
    assert first.known[f"person:{first.person}"]["id"] == first.person


def test_who_is_on_call_is_picked_and_a_team_without_people_gives_nobody(database: Database) -> None:
    ticket = Shelf(database).open()
    people = People(Together(database), lambda: NOW)
    assert people.pick(Pick(ticket.id, 2, 0, "desk", "on_call")).person == "ben"
    nobody = people.pick(Pick(ticket.id, 2, 1, "no-such-team", "least_loaded"))
    assert (nobody.person, nobody.known) == (None, {})
