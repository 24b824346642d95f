"""The HTTP application: API and pages on one desk, and the sweeper beside them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import overload

from fastapi import FastAPI
from temporalio.client import Client

from api.app import create_api
from bootstrap.accounts_file import read_accounts
from bootstrap.settings import Settings
from bootstrap.wiring import Clock, DeskParts, utc_now
from desk.desk import Desk
from domain.errors import Unavailable
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
    """The safety net, and tickets that open by themselves, every so many seconds."""
    while True:
        await asyncio.sleep(every)
        try:
            await desk.sweep()
        except Exception:  # one bad round must not end the safety net
            log.exception("sweep failed")
        try:
            await desk.open_scheduled()
        except Unavailable as error:
            log.warning("schedules wait", extra={"reason": str(error)})
        except Exception:  # as above
            log.exception("opening by schedule failed")


class DemoAccounts(Sequence[DemoAccount]):
    """Accounts anybody may sign in with, read when they are asked for: a start writes them while the pages begin."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def _there(self) -> tuple[DemoAccount, ...]:
        return tuple(DemoAccount(one.id, one.name, one.shows, one.about) for one in read_accounts(self._home))

    @overload
    def __getitem__(self, index: int) -> DemoAccount: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[DemoAccount]: ...
    def __getitem__(self, index: int | slice) -> DemoAccount | Sequence[DemoAccount]:
        return self._there()[index]

    def __len__(self) -> int:
        return len(self._there())


def _demo_accounts(settings: Settings) -> Sequence[DemoAccount]:
    """Only on a demonstration desk that only this machine can reach."""
    return DemoAccounts(settings.home) if settings.demo and settings.is_loopback else ()
