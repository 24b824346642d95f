"""Outside facts on a whole desk: freezes of the published version, plans and duplicates among its tickets."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from desk.values import Settled
from domain.engine.ticket import Json
from domain.errors import TransitionRefused
from store.session import Database
from tests.desk.desks import TestDesk, a_desk, caller, published, run

EVENING: dict[str, Json] = {
    "planned_start": "2026-12-05T22:00:00+08:00",  # a Saturday
    "planned_end": "2026-12-05T23:00:00+08:00",
}
CHRISTMAS: dict[str, Json] = {
    "planned_start": "2026-12-23T20:00:00+08:00",
    "planned_end": "2026-12-24T00:30:00+08:00",
}


async def desk_of(database: Database) -> TestDesk:
    return await a_desk(database, processes=("planned.yaml",))


async def plan(desk: TestDesk, who: str = "ann", title: str = "Work", /, **fields: Json) -> Settled:
    """Open a ticket for the VPN and plan it."""
    service = fields.pop("service", "vpn")
    opened = await desk.open(who, "planned", title=title, service=service)
    return await desk.move(who, opened.ticket.ticket.ref, "plan", **{**EVENING, **fields})


def refused(error: pytest.ExceptionInfo[TransitionRefused]) -> dict[str, str]:
    return dict(error.value.text)


def test_a_freeze_is_looked_up_and_said_by_its_name(database: Database) -> None:
    async def story() -> None:
        desk = await desk_of(database)
        with pytest.raises(TransitionRefused) as error:
            await plan(desk, **CHRISTMAS)
        assert refused(error) == {"en": "No: Christmas freeze", "zh-CN": "不行：圣诞封网"}
        assert (await plan(desk, "ada", "Mine", **CHRISTMAS)).ticket.ticket.state == "planned", "a boss may"
        await desk.close()

    run(story())


def test_the_freezes_of_the_newest_version_count_for_tickets_of_older_ones(database: Database) -> None:
    async def story() -> None:
        desk = await desk_of(database)
        ref = (await desk.open("ann", "planned", service="vpn")).ticket.ticket.ref
        newer = published("planned.yaml")
        windows = {**newer.windows, "freezes": {}}
        await desk.desk.publish(replace(newer, source_hash="newer", windows=windows))
        settled = await desk.move("ann", ref, "plan", **CHRISTMAS)
        assert settled.ticket.ticket.state == "planned"
        await desk.close()

    run(story())


def test_what_is_planned_for_the_same_time_and_service_is_in_the_way(database: Database) -> None:
    async def story() -> None:
        desk = await desk_of(database)
        first = (await plan(desk, "ann", "First")).ticket.ticket
        assert (first.state, first.fields["description"]) == ("planned", "In nights")
        with pytest.raises(TransitionRefused) as error:
            await plan(desk, "ann", "Second")
        assert refused(error)["en"] == f"No: {first.ref}"
        later: dict[str, Json] = {
            "planned_start": EVENING["planned_end"],
            "planned_end": "2026-12-06T01:00:00+08:00",
        }
        assert (await plan(desk, "ann", "Later", **later)).ticket.ticket.state == "planned"
        third = (await plan(desk, "ann", "Third", why="It cannot wait")).ticket.ticket
        assert third.state == "agreed", "people are asked where there is a conflict"
        await desk.move("ann", first.ref, "close")
        assert (await plan(desk, "ann", "Fourth", why="Third is still there")).ticket.ticket.state == "agreed"
        await desk.move("ann", third.ref, "close")
        await desk.close()

    run(story())


def test_a_duplicate_is_not_opened(database: Database) -> None:
    async def story() -> None:
        desk = await desk_of(database)
        first = await desk.open("ann", "planned", title="New  printer", service="vpn")
        with pytest.raises(TransitionRefused) as error:
            await desk.open("cora", "planned", title="new printer ", service="vpn")
        assert first.ticket.ticket.ref in refused(error)["en"]
        await desk.open("cora", "planned", title="New printer")
        await desk.close()

    run(story())


def test_checks_that_a_timer_overtook_are_made_anew(database: Database) -> None:
    async def story() -> None:
        desk = await desk_of(database)
        first = (await plan(desk, "ann", "First")).ticket.ticket
        other = (await desk.open("ann", "planned", title="Second")).ticket.ticket
        await desk.desk.settle()
        desk.clock.pass_(hours=2)  # `drift` is due: the ticket is about the VPN then

        async def the_timer_goes_off() -> None:
            while not desk.temporal.sent[-1:] or len(desk.temporal.sent) < 2:
                await asyncio.sleep(0.001)
            desk.temporal.turn(other.id)

        with pytest.raises(TransitionRefused) as error:
            await asyncio.gather(desk.move("ann", other.ref, "plan", **EVENING), the_timer_goes_off())
        assert refused(error)["en"] == f"No: {first.ref}", (
            "when it was looked up first, nothing was in the way"
        )
        assert (await desk.desk.ticket(caller("ann"), other.ref)).ticket.fields["service"] == "vpn"
        await desk.close()

    run(story())
