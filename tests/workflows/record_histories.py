"""Writes the histories the replay test plays: `python -m tests.workflows.record_histories`, after a new engine number.

Each file has one run's history and the definition it pins, so that replaying needs no server and no database.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bootstrap.public_holidays import PublicHolidays
from bootstrap.settings import SHIPPED_DEFINITIONS
from bootstrap.temporary_desk import TemporaryDesk, TemporaryWorld, temporary_desk
from desk.values import Caller, Guard, Settled
from domain.language.loader import load_process
from domain.language.published import Published, publish
from tests.live.servers import a_temporal_server
from tests.live.spine import FOLDER
from tests.live.test_spine import ANN, ORGANISATION
from workflows.messages import workflow_id

HISTORIES = Path(__file__).parent / "histories"
STARTS = datetime(2026, 11, 27, 9, 50, tzinfo=UTC)
ALICE = Caller("alice", "Alice Chen", "en", "Asia/Shanghai")
WANG = Caller("wang", "Wang Lei", "en", "Asia/Shanghai", ("agent",))
MIA = Caller("mia", "Mia Fischer", "en", "Asia/Shanghai", ("agent",))
VPN = {
    "title": "VPN unusable",
    "description": "Nobody can log in.",
    "service": "vpn",
    "category": "vpn",
    "impact": "extensive",
    "urgency": "critical",
    "affected_users": 800,
}


async def spine(desk: TemporaryDesk) -> str:
    """Commands, a refusal by the run, timers, a rolled run, the end."""
    ticket = (
        await desk.desk.open(ANN, "spine", {"title": "Spine"}, channel="api", guard=Guard())
    ).ticket.ticket
    await desk.jump_to(ticket.id, STARTS + timedelta(minutes=6))
    await desk.desk.move(ANN, ticket.ref, "poke", {"note": "hello"}, guard=Guard(revision=1))
    await desk.jump_to(ticket.id, STARTS + timedelta(minutes=61))
    return ticket.id


async def incident(desk: TemporaryDesk) -> str:
    """A P1 from opening to resolution: pick, escalation, breach, major incident with its tasks."""
    opened = await desk.desk.open(ALICE, "incident", dict(VPN), channel="portal", guard=Guard())
    ticket = opened.ticket.ticket
    await desk.jump_to(ticket.id, STARTS + timedelta(minutes=65))
    for who, transition, fields in (
        (MIA, "declare_major", {"business_impact": "No remote work", "affected_users": 800}),
        (WANG, "start", {}),
        (MIA, "resolve", {"resolution_code": "fixed", "resolution": "Certificate renewed"}),
    ):
        await desk.at_rest(ticket.id)
        revision = (await desk.tickets.snapshot(ticket.id)).ticket.revision
        moved = await desk.desk.move(
            who, ticket.ref, transition, dict(fields), guard=Guard(revision=revision)
        )
        assert isinstance(moved, Settled)
    await desk.at_rest(ticket.id)
    return ticket.id


async def record(address: str) -> None:
    for name, folder, story in (("spine", FOLDER, spine), ("incident", SHIPPED_DEFINITIONS, incident)):
        world = TemporaryWorld(
            starts=STARTS,
            definitions=folder,
            processes=(f"{name}.yaml",),
            temporal=address,
            organisation=ORGANISATION if name == "spine" else None,
        )
        async with temporary_desk(world) as desk:
            ticket = await story(desk)
            history = await desk.client.get_workflow_handle(workflow_id(ticket)).fetch_history()
        saved = {"definition": _definition(name, folder), "history": json.loads(history.to_json())}
        text = json.dumps(saved, ensure_ascii=False, separators=(",", ":"))
        (HISTORIES / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def _definition(name: str, folder: Path) -> dict[str, Any]:
    def read(file: str) -> bytes | None:
        path = folder / file
        return path.read_bytes() if path.is_file() else None

    # As the temporary desk publishes it.
    published: Published = publish(
        load_process(f"{name}.yaml", read, known_processes=frozenset({name})),
        PublicHolidays(),
        date(STARTS.year, 1, 1),
    )
    return {
        "process": published.process,
        "calendars": published.calendars,
        "agreements": published.agreements,
    }


def main() -> None:
    """Record all of them."""
    with tempfile.TemporaryDirectory() as home, a_temporal_server(Path(home)) as server:
        asyncio.run(record(server.address))


if __name__ == "__main__":
    main()
