"""Times as they are quoted: median, 95th and 99th percentile, rate; and the machine they were taken on."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figures:
    """What a number of timed calls came to; times in seconds."""

    what: str
    count: int
    wall: float
    times: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Calls a second over the whole run."""
        return self.count / self.wall if self.wall else 0.0

    def quantile(self, share: float) -> float:
        """The time below which this share of the calls lies."""
        ordered = sorted(self.times)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0

    @property
    def median(self) -> float:
        """The middle time."""
        return statistics.median(self.times) if self.times else 0.0

    def row(self) -> str:
        """One line of a Markdown table: what, rate, p50, p95, p99."""
        return (
            f"| {self.what} | {self.count} | {self.rate:.1f}/s | {_ms(self.median)} "
            f"| {_ms(self.quantile(0.95))} | {_ms(self.quantile(0.99))} |"
        )


HEAD = "| what | calls | rate | p50 | p95 | p99 |\n|---|---:|---:|---:|---:|---:|"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds >= 0.001 else f"{seconds * 1_000_000:.0f} µs"


def table(rows: Sequence[Figures]) -> str:
    """The figures as a Markdown table."""
    return "\n".join([HEAD, *(row.row() for row in rows)])


def machine() -> str:
    """The machine, in one line."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        model = next(
            (line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line),
            model,
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )
