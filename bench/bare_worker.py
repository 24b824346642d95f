"""The worker process of the bare Temporal floor: `python -m bench.bare_worker ADDRESS`."""

from __future__ import annotations

import asyncio
import sys

from temporalio.client import Client
from temporalio.worker import Worker

from bench.empty_workflow import QUEUE, Empty


async def work(address: str) -> None:
    """Serve empty workflows until terminated."""
    await Worker(await Client.connect(address), task_queue=QUEUE, workflows=[Empty]).run()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
