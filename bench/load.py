"""A closed loop of clients: each sends its next call when the last one was answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bench.figures import Figures


async def closed_loop(
    what: str, calls: int, clients: int, call: Callable[[int], Awaitable[object]]
) -> Figures:
    """Make `calls` calls from `clients` concurrent clients; a call that raises ends the run."""
    numbers = iter(range(calls))
    times: list[float] = []

    async def client() -> None:
        for number in numbers:
            begun = time.perf_counter()
            await call(number)
            times.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())
    return Figures(f"{what}, c={clients}", calls, time.perf_counter() - begun, tuple(times))
