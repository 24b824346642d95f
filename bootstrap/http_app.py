"""The HTTP application: API and pages on one desk, and the sweeper beside them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from temporalio.client import Client

from api.app import create_api
from bootstrap.accounts_file import read_accounts
from bootstrap.settings import Settings
from bootstrap.wiring import Clock, DeskParts, utc_now
from desk.desk import Desk
from web.app import DemoAccount, mount_web

log = logging.getLogger(__name__)


def http_app(settings: Settings, client: Client, *, clock: Clock = utc_now) -> FastAPI:
    """The application of one process. Its lifespan runs the sweeper, and closes the desk at the end."""
    parts = DeskParts.build(settings, client, clock=clock)
    app = create_api(parts.desk)
    mount_web(app, parts.desk, demo_accounts=_demo_accounts(settings), clock=clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        sweeping = (
            asyncio.create_task(sweep_for_ever(parts.desk, settings.sweep_every)) if settings.sweep else None
        )
        try:
            yield
        finally:
            if sweeping is not None:
                sweeping.cancel()
                with suppress(asyncio.CancelledError):
                    await sweeping
            await parts.close()

    app.router.lifespan_context = lifespan
    return app


async def sweep_for_ever(desk: Desk, every: float) -> None:
    """The safety net, every so many seconds."""
    while True:
        await asyncio.sleep(every)
        try:
            await desk.sweep()
        except Exception:  # one bad round must not end the safety net
            log.exception("sweep failed")


def _demo_accounts(settings: Settings) -> tuple[DemoAccount, ...]:
    """Accounts anybody may sign in with: only on a demonstration desk that only this machine can reach."""
    if not settings.demo or not settings.is_loopback:
        return ()
    return tuple(DemoAccount(one.id, one.name, one.shows, one.about) for one in read_accounts(settings.home))
