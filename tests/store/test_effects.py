"""Rows of the ledger from effects: one message of what waited together, one person of those who could be called."""

from __future__ import annotations

from domain.engine.entries import Cause, Effect, Entry
from domain.engine.quiet_hours import POSTPONED_AT
from store import ledger
from store.effects import write_effects
from store.session import Database
from tests.desk.desks import START
from tests.store.builders import Shelf

WAITED = {POSTPONED_AT: "2026-03-01T20:00:00Z"}


def an_entry(seq: int, *effects: Effect) -> Entry:
    return Entry(seq, START, START, Cause("notification", "postponed"), 1, effects=effects)


def test_what_waited_together_is_one_message_per_person_and_channel(database: Database) -> None:
    def told(index: int, text: str, *to: str, waited: bool = True) -> Effect:
        data: dict[str, object] = dict(WAITED) if waited else {}
        return Effect(index, "notify", to, ("email",), texts={"*": text}, data=data)

    entry = an_entry(
        9,
        told(0, "One", "person:ann", "person:ben"),
        told(1, "Two", "person:ann"),
        told(2, "Two", "person:ann"),
        told(3, "Now", "person:ann", waited=False),
    )
    shelf = Shelf(database)
    ticket = shelf.open()
    with database.transaction() as session:
        write_effects(session, shelf.definition(session), ticket.id, entry, START)
        rows = [row for row in ledger.of_ticket(session, ticket.id) if row.key.seq == 9]
    assert [(row.key.effect, row.key.recipient, row.subject) for row in rows] == [
        (0, "ann", "One (+1)"),
        (0, "ben", "One"),
        (3, "ann", "Now"),
    ]
    assert rows[0].body == "One\nOne\n\nTwo\nTwo"


def test_of_several_people_one_is_called_in_turn_or_by_load_and_nobody_is_lost(database: Database) -> None:
    shelf = Shelf(database)
    ticket = shelf.open()

    def called(seq: int, how: str, *to: str) -> list[str]:
        effect = Effect(0, "page", to, ("page",), texts={"*": "x"}, data={"pick": how}, why="e.steps.0")
        with database.transaction() as session:
            write_effects(session, shelf.definition(session), ticket.id, an_entry(seq, effect), START)
            return [row.key.recipient for row in ledger.of_ticket(session, ticket.id) if row.key.seq == seq]

    both = ("person:ann", "person:ben")
    assert [called(seq, "round_robin", *both) for seq in (10, 11, 12)] == [["ann"], ["ben"], ["ann"]]
    assert called(13, "least_loaded", *both) == ["ann"]
    assert called(14, "round_robin", "person:nobody") == [""]
