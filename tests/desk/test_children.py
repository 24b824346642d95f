"""A ticket that a ticket asks for is opened once, knows where it comes from, and says when it is done."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from activities.children import Children
from desk.children import Wanted, open_child
from desk.telling import Teller
from desk.values import Guard
from domain.engine.entries import Effect
from domain.engine.events import ChildDone
from domain.engine.serialise import entry_to_json, ticket_from_json
from domain.engine.ticket import Json
from domain.errors import DefinitionUnknown
from store import commands, journal, ledger, tickets
from store.effects import write_effects
from store.session import Database
from store.tables import entries
from store.together import Together
from tests.desk.desks import a_desk, caller, run
from workflows.messages import OpenChild


def test_it_is_opened_once_with_its_parent(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        one = (await here.open()).ticket.ticket
        data = {"process": "small", "link": "parts", "task": "order", "run": 2, "field.title": "A part"}
        wanted = Wanted(one.id, 1, 0, {**data, "field.requester": {"$person": "ann"}})
        with database.transaction() as session:
            child = open_child(session, here.tools, wanted)
        with database.transaction() as session:
            assert open_child(session, here.tools, wanted) == child
            found = tickets.find(session, child.ticket)
            assert found is not None
            ticket = ticket_from_json(found[1])
        assert ticket.fields["title"] == "A part" and ticket.fields["requester"] == "ann"
        assert ticket.parent is not None
        assert (ticket.parent.ticket, ticket.parent.task, ticket.parent.run) == (one.id, "order", 2)
        with database.transaction() as session, pytest.raises(DefinitionUnknown):
            open_child(session, here.tools, replace(wanted, index=1, data={**wanted.data, "process": "nope"}))
        await here.close()

    run(story())


def test_what_a_ticket_goes_on_as_has_its_comments_and_what_its_clocks_counted(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        one = (await here.open()).ticket.ticket
        for text in ("First", "Second"):
            await here.desk.comment(caller("ann"), one.ref, text, public=True, guard=Guard())
        counted = [["2026-01-01T00:00:00Z", "2026-01-01T00:30:00Z"]]
        data: dict[str, Json] = {
            "process": "small",
            "link": "became",
            "field.title": "Goes on",
            "field.requester": {"$person": "ann"},
            "keep": ["comments"],
            "carried": {"answer": counted, "unknown": counted},
        }
        with database.transaction() as session:
            child = open_child(session, here.tools, Wanted(one.id, 1, 0, data))
        with database.transaction() as session:  # asked again, nothing is copied again
            open_child(session, here.tools, Wanted(one.id, 1, 0, data))
        kept = await here.desk.comments(caller("ann"), child.ref)
        assert [(view.text, view.author) for view in kept] == [("First", "ann"), ("Second", "ann")]
        lines = await here.desk.timeline(caller("ann"), child.ref)
        assert [line.comment.text for line in lines if line.comment] == ["First", "Second"]
        clock = (await here.desk.clock(caller("ann"), child.ref, "answer")).elapsed
        assert clock == 1800
        await here.close()

    run(story())


def test_what_its_process_refuses_is_answered_and_leaves_nothing(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        one = (await here.open()).ticket.ticket
        activity = Children(Together(database), here.tools)
        before = _count(database)
        answer = activity.open_child(OpenChild(one.id, 1, 0, {"process": "small", "link": "parts"}))
        assert answer.ticket == "" and "title" in answer.error
        assert _count(database) == before
        given: dict[str, Json] = {"process": "small", "link": "parts", "field.title": "A part"}
        assert activity.open_child(OpenChild(one.id, 1, 1, given)).ref
        await here.close()

    run(story())


def _count(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(sa.text("select count(*) from tickets")).scalar_one())


def test_its_parent_is_told_once_that_it_is_done(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        parent = (await here.open()).ticket.ticket
        child = (await here.open("carl")).ticket.ticket
        data = {"tickets": [parent.id], "task": "order", "run": 2, "state": "closed"}
        effect = Effect(0, "child_done", data=data)
        with database.transaction() as session:
            entry = journal.one(session, child.id, 1)
            assert entry is not None
            told = replace(entry, effects=(effect,))
            session.execute(
                sa.update(entries).where(entries.c.ticket == child.id).values(entry=entry_to_json(told))
            )
            write_effects(
                session, here.tools.definitions.get(session, child.hashes), child.id, told, here.clock()
            )
            delivery = next(one for one in ledger.of_ticket(session, child.id) if one.kind == "child_done")
        teller = Teller(database, here.tools)
        teller(delivery)
        teller(delivery)
        with database.reading() as session:
            logged = commands.by_number(session, parent.id, 2)
            assert logged is not None
            assert logged.command.request == ChildDone("order", 2, child.ref, "closed")
            assert commands.by_number(session, parent.id, 3) is None
        await here.close()

    run(story())
