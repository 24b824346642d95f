"""A message to a linked ticket is logged there once, however often its delivery is tried."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from desk.telling import Teller, request_of, untagged
from domain.engine.entries import Effect
from domain.engine.events import Message, News, Relink
from domain.engine.serialise import entry_to_json
from domain.engine.ticket import Json
from store import commands, journal, ledger
from store.effects import write_effects
from store.session import Database
from store.tables import entries
from tests.desk.desks import a_desk, run


def test_a_message_is_logged_once(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        one = (await here.open()).ticket.ticket
        other = (await here.open("carl")).ticket.ticket
        effect = Effect(
            7,
            "tell",
            data={
                "link": "children",
                "message": "fixed",
                "tickets": [other.id],
                "with.at": {"$at": "2026-11-27T10:00:00Z"},
            },
        )
        with database.transaction() as session:
            entry = journal.one(session, one.id, 1)
            assert entry is not None
            told = replace(entry, effects=(effect,) * 8)
            session.execute(
                sa.update(entries).where(entries.c.ticket == one.id).values(entry=entry_to_json(told))
            )
            definition = here.tools.definitions.get(session, one.hashes)
            write_effects(session, definition, one.id, replace(entry, effects=(effect,)), here.clock())
            delivery = ledger.of_ticket(session, one.id)[-1]
        assert (delivery.key.recipient, delivery.key.channel) == (other.id, "ticket")
        teller = Teller(database, here.tools)
        teller(delivery)
        teller(delivery)
        with database.reading() as session:
            logged = commands.by_number(session, other.id, 2)
            assert logged is not None
            assert logged.command.request == Message(
                "fixed", {"at": "2026-11-27T10:00:00Z"}, one.id, "SM-0001"
            )
            assert commands.by_number(session, other.id, 3) is None
        await here.close()

    run(story())


def test_a_link_and_news_become_commands_of_the_other_ticket() -> None:
    data: dict[str, Json] = {"link": "parent", "add": True, "ticket": "a", "ref": "SM-1", "mirror": False}
    assert request_of(Effect(0, "link", data=data), "a", "SM-1") == Relink("parent", "a", "SM-1")
    news: dict[str, Json] = {"category": "done", "values": {"fix": "Reboot"}}
    assert request_of(Effect(0, "news", data=news), "a", "SM-1") == News("a", "done", {"fix": "Reboot"})


def test_values_lose_the_mark_of_their_kind() -> None:
    assert untagged([{"$person": "ann"}, {"$for": 60.0}, "text", {"a": 1}]) == ["ann", 60.0, "text", {"a": 1}]
