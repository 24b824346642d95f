"""The pure core on one core: loading the incident, and one step of each kind. `python -m bench.engine`."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from bench.figures import Figures, machine, table
from bootstrap.public_holidays import PublicHolidays
from bootstrap.settings import SHIPPED_DEFINITIONS
from domain.engine.advance import advance, next_deadline
from domain.engine.events import Actor, Command, Comment, Facts, Move, Open, Request
from domain.engine.handle import handle, open_ticket
from domain.language.definition import Definition
from domain.language.loader import load_process
from domain.language.published import publish

NOW = datetime(2026, 11, 27, 9, 50, tzinfo=UTC)
VPN = {
    "id": "vpn",
    "tier": "gold",
    "critical": True,
    "customer_facing": False,
    "team": "network-l2",
    "owner": "olga",
}


def _read(name: str) -> bytes | None:
    path = SHIPPED_DEFINITIONS / name
    return path.read_bytes() if path.is_file() else None


def _timed(what: str, calls: int, work: Callable[[], object]) -> Figures:
    for _ in range(max(3, calls // 10)):
        work()
    gc.collect()
    gc.disable()  # a collection is the process's, not the step's
    times = []
    begun = time.perf_counter()
    for _ in range(calls):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    wall = time.perf_counter() - begun
    gc.enable()
    return Figures(what, calls, wall, tuple(times))


def measure(calls: int = 1000) -> list[Figures]:
    """Medians of loading, opening, a transition, a comment and a threshold."""
    found = [_timed("load and check incident", 40, lambda: load_process("incident.yaml", _read))]
    published = publish(load_process("incident.yaml", _read), PublicHolidays(), date(2026, 1, 1))
    found.append(
        _timed("definition from its published form", 40, lambda: Definition.from_published(published))
    )
    definition = Definition.from_published(published)

    def command(number: int, request: Request, actor: str) -> Command:
        return Command(number, f"command-{number}", request, NOW, actor)

    fields: dict[str, object] = {
        "title": "VPN is down for everyone",
        "description": "Nobody can log in since 17:45",
        "service": "vpn",
        "category": "vpn",
        "impact": "extensive",
        "urgency": "critical",
        "affected_users": 800,
    }
    alice = Facts(Actor("alice"), {"service:vpn": dict(VPN), "person:alice": {"id": "alice", "vip": False}})
    wang = Facts(Actor("wang", teams=("network-l2",)), {"person:wang": {"id": "wang", "vip": False}})
    opening = command(1, Open("t", "INC-000001", definition.hashes, fields), "alice")
    opened = open_ticket(definition, opening, alice, NOW).ticket
    due = next_deadline(opened)
    assert due is not None
    later = NOW + timedelta(minutes=5)
    take, reply = command(2, Move("start"), "wang"), command(2, Comment("c", "0" * 64), "wang")
    found += [
        _timed("engine step: open", calls, lambda: open_ticket(definition, opening, alice, NOW)),
        _timed("engine step: start", calls, lambda: handle(definition, opened, take, wang, later)),
        _timed("engine step: comment", calls, lambda: handle(definition, opened, reply, wang, later)),
        _timed("engine step: threshold", calls, lambda: advance(definition, opened, due)),
    ]
    return found


if __name__ == "__main__":
    sys.stdout.write(f"{machine()}\n\n{table(measure())}\n")
