"""The spine: a two-state process through the whole path, on real Temporal and both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bootstrap.temporal_server import TemporalServer
from bootstrap.temporary_desk import TemporaryDesk, TemporaryWorld, temporary_desk
from desk.organisation import Organisation
from desk.values import Caller, Guard, Settled
from store import ledger
from tests.live.spine import FOLDER

pytestmark = pytest.mark.anyio

ANN = Caller("ann", "Ann", "en", "UTC", ("agent",))
ORGANISATION = Organisation.model_validate(
    {
        "kind": "organisation",
        "name": "Spine",
        "time_zone": "UTC",
        "people": {
            "ann": {"name": "Ann", "email": "ann@example.com", "teams": ["desk"], "roles": ["agent"]},
            "ben": {"name": "Ben", "email": "ben@example.com", "teams": ["desk"]},
        },
        "teams": {"desk": {"name": "Desk", "lead": "ann"}},
    }
)


def a_world(temporal: TemporalServer, database_url: str, **more: object) -> TemporaryWorld:
    return TemporaryWorld(
        definitions=FOLDER,
        organisation=ORGANISATION,
        temporal=temporal.address,
        database_url=database_url,
        **more,  # type: ignore[arg-type]  # any member of the world
    )


async def opened(desk: TemporaryDesk) -> Settled:
    return await desk.desk.open(ANN, "spine", {"title": "Spine"}, channel="api", guard=Guard())


async def test_open_command_timer_record_deliver_and_close(
    temporal: TemporalServer, database_url: str
) -> None:
    starts = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    async with temporary_desk(a_world(temporal, database_url, starts=starts)) as desk:
        ticket = (await opened(desk)).ticket.ticket
        await desk.jump_to(ticket.id, starts + timedelta(minutes=3))
        moved = await desk.desk.move(ANN, ticket.ref, "poke", {"note": "hi"}, guard=Guard(revision=1))
        assert isinstance(moved, Settled)
        assert moved.entry.at == starts + timedelta(minutes=3)
        await desk.jump_to(ticket.id, starts + timedelta(minutes=30))
        await desk.jump_to(ticket.id, starts + timedelta(hours=1, seconds=1))

        view = await desk.desk.ticket(ANN, ticket.ref)
        assert view.ticket.state == "shut"
        timeline = await desk.desk.timeline(ANN, ticket.ref)
        assert [(line.entry.cause.name, line.entry.at - starts) for line in timeline] == [
            ("open", timedelta(0)),
            ("poke", timedelta(minutes=3)),
            ("answer 50%", timedelta(minutes=5)),
            ("answer 100%", timedelta(minutes=10)),
            ("shut_by_time", timedelta(hours=1)),
        ]
        with desk.database.reading() as session:
            deliveries = ledger.of_ticket(session, ticket.id)
        assert [(one.key.recipient, one.status) for one in deliveries] == [
            ("ann", "kept"),
            ("ben", "kept"),
            ("ann", "kept"),
            ("ben", "kept"),
        ]
        assert not await desk.tickets.is_running(ticket.id)
        assert [finding async for finding in desk.desk.examine_all()] == []
