"""A simulated month of incidents on one core: `python -m bench.simulation`."""

from __future__ import annotations

import sys
import time
from datetime import date
from random import Random

from bench.figures import Figures, machine, table
from bootstrap.public_holidays import PublicHolidays
from bootstrap.settings import SHIPPED_DEFINITIONS
from domain.language.definition import Definition
from domain.language.loader import load_process
from domain.language.published import publish
from domain.simulation.dice import Streams
from domain.simulation.profile_files import begins
from domain.simulation.run import Setting, simulate
from domain.simulation.study import whole_profile

TICKETS, DAYS = 1000, 30


def _read(name: str) -> bytes | None:
    path = SHIPPED_DEFINITIONS / name
    return path.read_bytes() if path.is_file() else None


def _streams(seed: int) -> Streams:
    return lambda name: Random(f"{seed}/{name}").random


def measure(runs: int = 5) -> list[Figures]:
    """Processor time of a ticket's whole life, for a month of them; each run has another seed."""
    loaded = load_process("incident.yaml", _read)
    definition = Definition.from_published(publish(loaded, PublicHolidays(), date(2026, 1, 1)))
    whole = whole_profile(None, definition)
    setting = Setting(definition, whole, definition.calendars, begins(whole, definition), DAYS, TICKETS)
    simulate(setting, _streams(0))
    times, entries = [], 0
    for seed in range(1, runs + 1):
        begun = time.process_time()
        simulation = simulate(setting, _streams(seed))
        times.append((time.process_time() - begun) / TICKETS)
        entries += sum(case.ticket.seq for case in simulation.cases.values())
    name = f"simulate {TICKETS:,} incidents, {entries / runs / TICKETS:.1f} entries each (per ticket)"
    return [Figures(name, runs * TICKETS, sum(times) * TICKETS, tuple(times))]


if __name__ == "__main__":
    sys.stdout.write(f"{machine()}\n\n{table(measure())}\n")
