"""The process that runs workflows and activities. `python worker.py`, or `evertick worker`."""

from __future__ import annotations

import asyncio
import logging
import signal

from temporalio.client import Client

from bootstrap.leaving import leave
from bootstrap.logs import set_up_logs
from bootstrap.settings import Settings
from bootstrap.wiring import a_prompter, activities_of, connected, worker_tools
from bootstrap.worker import a_worker, run_until
from domain.errors import Unavailable
from store.migrating import schema_current
from store.session import Database
from workflows.client import TemporalUnavailable

log = logging.getLogger(__name__)

_LOOK_AGAIN = 0.2  # seconds


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Work until told to stop. Waits for the database's schema and for Temporal, whichever comes last."""
    with worker_tools(settings) as tools:
        await until_migrated(tools.database, stop)
        client = await until_connected(settings, stop)
        if client is None:
            return
        known = await asyncio.to_thread(tools.loader.load_all)
        async with a_prompter(tools, client) as prompter:
            worker = a_worker(
                client,
                activities_of(tools, prompter),
                task_queue=settings.task_queue,
                executor=tools.threads,
                effects_executor=tools.effects_threads,
                threads=settings.worker_threads,
                effects_threads=settings.worker_effects_threads,
                workflow_slots=settings.worker_workflow_slots,
                cached_tickets=settings.worker_cache,
            )
            log.info("worker started", extra={"temporal": settings.temporal_target, "definitions": known})
            await run_until(worker, stop)
        log.info("worker stopped")


async def until_migrated(database: Database, stop: asyncio.Event) -> None:
    """Wait until the database answers and has our schema; whoever starts us migrates it."""
    said = ""
    while not stop.is_set():
        try:
            if await asyncio.to_thread(_is_current, database):
                return
            reason = "the database's schema is not this version's: run `evertick db upgrade`"
        except Unavailable as error:
            reason = str(error)
        if reason != said:
            log.info("worker waits", extra={"reason": reason})
            said = reason
        await asyncio.sleep(_LOOK_AGAIN)


def _is_current(database: Database) -> bool:
    with database.reading() as session:
        return schema_current(session)


async def until_connected(settings: Settings, stop: asyncio.Event) -> Client | None:
    """Wait for Temporal; None when told to stop meanwhile."""
    said = False
    while not stop.is_set():
        try:
            return await connected(settings)
        except TemporalUnavailable as error:
            if not said:
                log.warning("worker waits", extra={"reason": str(error)})
                said = True
            await asyncio.sleep(_LOOK_AGAIN)
    return None


async def _serve_until_signalled(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(settings, stop)


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    settings = Settings()
    set_up_logs(settings.log_level, settings.log_format)
    asyncio.run(_serve_until_signalled(settings))


if __name__ == "__main__":
    main()
    leave(0)
