"""Linked tickets, and what people say of them: set through the desk, shown, told in words."""

from __future__ import annotations

import pytest

from desk.values import LinkView, Settled
from domain.engine.ticket import Json
from domain.errors import FormInvalid, NotPermitted
from store.session import Database
from tests.desk.desks import TestDesk, a_desk, caller, guard, run


async def two_boards(database: Database) -> TestDesk:
    here = await a_desk(database, processes=("board.yaml",))
    for _ in range(2):
        await here.open(process="board")
    return here


async def say(here: TestDesk, who: str, **fields: Json) -> Settled:
    doing = here.desk.edit_link(caller(who), "BD-1", "agenda", "BD-2", fields, guard=guard())
    done = await doing
    assert isinstance(done, Settled), done
    return done


async def agenda(here: TestDesk, who: str) -> LinkView:
    view = await here.desk.ticket(caller(who), "BD-1")
    return next(one for one in view.links if one.name == "agenda")


def test_what_is_said_of_a_linked_ticket_is_shown_and_told(database: Database) -> None:
    async def story() -> None:
        here = await two_boards(database)
        ben = caller("ben")
        said: dict[str, Json] = {"decision": "later"}
        await here.desk.link(ben, "BD-1", "agenda", "BD-2", add=True, guard=guard(), fields=said)
        await say(here, "ben", decision="go", speaker="ada")
        (linked,) = (await agenda(here, "ben")).tickets
        assert linked.ref == "BD-2"
        shown = {one.name: (one.value, one.display.get("en"), one.editable) for one in linked.fields}
        assert shown["decision"] == ("go", "Go", True)
        speaker = linked.fields[1]
        assert (speaker.value, speaker.display) == ("ada", {"*": "Ada Admin"})
        assert not any(one.editable for one in (await agenda(here, "cora")).tickets[0].fields)
        story = await here.desk.timeline(ben, "BD-1", after_seq=1)
        told = [sentence for line in story for sentence in line.words]
        assert {"en": "BD-2: Decision = Go", "zh-CN": "BD-2：决定 = 通过"} in told
        await here.close()

    run(story())


def test_what_does_not_fit_or_is_not_linked_or_not_permitted_is_refused(database: Database) -> None:
    async def story() -> None:
        here = await two_boards(database)
        with pytest.raises(FormInvalid, match="not linked here"):
            await say(here, "ben", decision="go")
        await here.desk.link(caller("ben"), "BD-1", "agenda", "BD-2", add=True, guard=guard())
        with pytest.raises(FormInvalid) as caught:
            await say(here, "ben", decision="no", speaker="nobody", minute="x")
        assert {(one.field, one.code) for one in caught.value.errors} == {
            ("decision", "option"),
            ("speaker", "unknown"),
            ("minute", "unknown"),
        }
        with pytest.raises(NotPermitted):
            await say(here, "cora", decision="go")
        await here.close()

    run(story())
