"""Readiness against real servers: what is missing is said, intake goes on."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest

from bootstrap.ports import a_free_port
from bootstrap.temporal_server import TemporalServer
from bootstrap.temporary_desk import TemporaryWorld, temporary_desk
from workflows.client import TicketClient, connect

pytestmark = pytest.mark.anyio


async def test_a_worker_that_runs_is_seen(temporal: TemporalServer) -> None:
    async with temporary_desk(TemporaryWorld(temporal=temporal.address)) as desk:
        async with asyncio.timeout(20):
            while (state := await desk.desk.ready()).degraded:  # its first question may still be on its way
                await asyncio.sleep(0.05)
        assert state.ready
        assert state.checks["workers"] == "ok"


async def test_a_queue_nobody_works_on_has_no_workers(temporal: TemporalServer) -> None:
    client = await connect(temporal.address, lazy=False, within=timedelta(seconds=30))
    tickets = TicketClient(client, task_queue=str(uuid.uuid4()))
    assert await tickets.is_reachable()
    assert not await tickets.has_workers()


async def test_a_server_that_is_away_is_not_reachable() -> None:
    tickets = TicketClient(await connect(f"127.0.0.1:{a_free_port()}"))
    assert not await tickets.is_reachable()
    assert not await tickets.has_workers()
