"""A problem and its incidents, each with a run of its own on real Temporal: they are linked, tell and react."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest

from bootstrap.public_holidays import PublicHolidays
from bootstrap.settings import SHIPPED_DEFINITIONS
from bootstrap.temporal_server import TemporalServer
from bootstrap.temporary_desk import TemporaryDesk, TemporaryWorld, temporary_desk
from desk.values import Caller, Guard, Settled
from domain.engine.ticket import Json, Ticket
from domain.errors import FormInvalid
from domain.language.loader import load_process
from domain.language.models_tests import World
from domain.language.published import publish
from store import tickets

pytestmark = pytest.mark.anyio

STARTS = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
GIVEN = World.model_validate(
    {
        "time_zone": "Asia/Shanghai",
        "people": {"rosa": {"teams": ["erp-l2"]}, "sven": {"teams": ["service-desk"]}},
        "groups": {"problem-managers": ["pia"]},
        "services": {"erp": {"name": "ERP", "team": "erp-l2"}},
    }
)
INCIDENT: dict[str, Json] = {
    "title": "ERP hangs",
    "description": "Since nine.",
    "service": "erp",
    "category": "business_app",
    "impact": "moderate",
    "urgency": "medium",
}
PROBLEM: dict[str, Json] = {
    "title": "ERP hangs at month end",
    "service": "erp",
    "source": "trend",
    "impact": "moderate",
    "urgency": "medium",
}


class Story:
    """What people do on one desk, and how the tickets are then."""

    def __init__(self, desk: TemporaryDesk) -> None:
        self.desk = desk
        self._ids: dict[str, str] = {}

    async def open(self, person: str, process: str, **fields: Json) -> str:
        opened = await self.desk.desk.open(
            _caller(person), process, {**(PROBLEM if process == "problem" else INCIDENT), **fields},
            channel="api", guard=Guard(),
        )  # fmt: skip
        self._ids[opened.ticket.ticket.ref] = opened.ticket.ticket.id
        return opened.ticket.ticket.ref

    async def do(self, person: str, ref: str, transition: str, **fields: Json) -> None:
        revision = self.ticket(ref).revision
        done = await self.desk.desk.move(
            _caller(person), ref, transition, fields, guard=Guard(revision=revision)
        )
        assert isinstance(done, Settled)

    async def link(self, person: str, ref: str, name: str, other: str, *, add: bool = True) -> None:
        assert isinstance(
            await self.desk.desk.link(_caller(person), ref, name, other, add=add, guard=Guard()), Settled
        )

    def ticket(self, ref: str) -> Ticket:
        from domain.engine.serialise import ticket_from_json

        with self.desk.database.reading() as session:
            found = tickets.find(session, ref)
        assert found is not None
        return ticket_from_json(found[1])

    def linked(self, ref: str, name: str) -> dict[str, str]:
        return {one.ref: one.category for one in self.ticket(ref).links.get(name, ())}

    async def at_rest(self) -> None:
        """Until nothing is under way between any two of the tickets: what one is told may make it tell another."""
        before: list[int] = []
        while True:
            now = [(await self.desk.at_rest(one)).ticket.seq for one in self._ids.values()]
            if now == before:
                return
            before = now

    async def is_whole(self) -> bool:
        """Whether runs, rows and journals of all tickets say the same."""
        return [finding async for finding in self.desk.desk.examine_all()] == []


def _caller(person: str) -> Caller:
    return Caller(person, person, "en", "UTC")


@asynccontextmanager
async def a_story(temporal: TemporalServer) -> AsyncIterator[Story]:
    world = TemporaryWorld(
        starts=STARTS, processes=("incident.yaml", "problem.yaml"), given=GIVEN, temporal=temporal.address
    )
    async with temporary_desk(world) as desk:
        yield Story(desk)


async def test_a_resolved_problem_resolves_the_incidents_that_are_linked_from_either_side(
    temporal: TemporalServer,
) -> None:
    async with a_story(temporal) as story:
        prb = await story.open("rosa", "problem")
        one, two, over = [await story.open("rosa", "incident") for _ in range(3)]
        await story.link("pia", prb, "incidents", one)
        await story.link("rosa", two, "problem", prb)
        await story.link("pia", prb, "incidents", over)
        await story.do("rosa", over, "resolve", resolution_code="fixed", resolution="By itself")
        await story.do("rosa", over, "close")
        await story.at_rest()
        assert story.linked(prb, "incidents") == {one: "new", two: "new", over: "closed"}
        assert [story.linked(ref, "problem") for ref in (one, two)] == [{prb: "new"}] * 2
        assert story.ticket(prb).fields["incident_count"] == 3

        await story.do("pia", prb, "accept", team="erp-l2", assignee="rosa")
        # Both ends move at once, and somebody lets go of one while a message to it may be under way.
        await asyncio.gather(
            story.do("rosa", prb, "publish_workaround", workaround="Restart it"),
            story.do("rosa", one, "start"),
            story.do("rosa", two, "start"),
        )
        await story.at_rest()
        assert [story.ticket(ref).fields.get("workaround") for ref in (one, two)] == ["Restart it"] * 2
        assert story.linked(prb, "incidents") == {one: "active", two: "active", over: "closed"}

        await story.do("rosa", prb, "cause_found", rca_method="timeline", root_cause="Pool too small")
        await asyncio.gather(
            story.do("pia", prb, "resolve", fix="Larger pool"),
            story.link("rosa", two, "problem", prb, add=False),
        )
        await story.at_rest()
        resolved = story.ticket(one)
        assert (resolved.state, resolved.fields["resolution"]) == ("resolved", "Larger pool")
        assert story.ticket(over).fields["resolution"] == "By itself", (
            "a closed ticket hears, and does nothing"
        )
        assert story.linked(prb, "incidents") == {one: "done", over: "closed"}
        assert story.linked(one, "problem") == {prb: "done"}
        assert story.linked(two, "problem") == {}
        assert story.ticket(two).state in ("in_progress", "resolved"), "told before it let go, or not at all"
        assert await story.is_whole()


async def test_links_in_a_circle_come_to_rest_and_a_ticket_is_not_linked_to_itself(
    temporal: TemporalServer,
) -> None:
    async with a_story(temporal) as story:
        one, two = [await story.open("rosa", "incident") for _ in range(2)]
        with pytest.raises(FormInvalid, match="cannot be linked to itself"):
            await story.link("rosa", one, "children", one)
        with pytest.raises(FormInvalid, match="There is no ticket 'INC-9'"):
            await story.link("rosa", one, "children", "INC-9")
        with pytest.raises(FormInvalid, match="is no problem"):
            await story.link("rosa", one, "problem", two)
        await story.link("rosa", one, "children", two)
        await story.link("rosa", two, "children", one)
        await story.at_rest()
        assert [story.linked(ref, name) for ref in (one, two) for name in ("children", "parent_incident")] == [
            {two: "new"}, {two: "new"}, {one: "new"}, {one: "new"},
        ]  # fmt: skip
        # Each resolves the other: the message comes back to who sent it, and finds nothing to do.
        await story.do("rosa", one, "resolve", resolution_code="fixed", resolution="Done")
        await story.at_rest()
        assert [story.ticket(ref).state for ref in (one, two)] == ["resolved", "resolved"]
        await story.link("rosa", one, "children", two, add=False)
        await story.at_rest()
        assert story.linked(two, "parent_incident") == {}
        await move_to_a_newer_version(story, one, two)
        assert await story.is_whole()


async def move_to_a_newer_version(story: Story, ref: str, other: str) -> None:
    """Every open incident goes on under the next version, in the run it has, and what people do is judged by that."""
    text = read("incident.yaml").decode()
    shelve = "transitions:\n  shelve: {from: resolved, to: closed, who: everyone}\n"
    end = "inverse: parent_incident"
    of_each = f"{end}, fields: {{cause: {{type: text}}}}"
    for old, new in (("version: 2\n", "version: 3\n"), ("transitions:\n", shelve), (end, of_each)):
        assert old in text
        text = text.replace(old, new, 1)
    changed = load_process(
        "incident.yaml", lambda name: text.encode() if name == "incident.yaml" else read(name)
    )
    onto = publish(changed, PublicHolidays(), date(2026, 1, 1))
    await story.desk.desk.publish(onto)
    version, moving = await story.desk.desk.migrate("incident")
    assert [one.what async for one in moving] == ["moved"] * 2
    await story.at_rest()
    assert story.ticket(ref).hashes == version.hashes
    assert (await story.desk.tickets.snapshot(story.ticket(ref).id)).ticket == story.ticket(ref)
    rosa, desk = _caller("rosa"), story.desk.desk
    await desk.link(rosa, ref, "children", other, add=True, guard=Guard(), fields={"cause": "A cable"})
    await desk.edit_link(rosa, ref, "children", other, {"cause": "That cable"}, guard=Guard())
    await story.at_rest()
    assert [one.fields for one in story.ticket(ref).links["children"]] == [{"cause": "That cable"}]
    await story.do("rosa", ref, "shelve")
    await story.at_rest()
    assert story.ticket(ref).state == "closed"


def read(name: str) -> bytes:
    return (SHIPPED_DEFINITIONS / name).read_bytes()
