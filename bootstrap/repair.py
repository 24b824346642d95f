"""What operators do when something looks wrong: examine tickets, and start all of them on a new Temporal file."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from temporalio.client import Client

from bootstrap.home import addresses_of, occupied
from bootstrap.prepare import prepared_database
from bootstrap.settings import Settings
from bootstrap.temporal_server import stamp_of
from bootstrap.wiring import DeskParts, connected
from desk.desk import Desk
from desk.doctor import Finding
from store import tickets
from workflows.client import TemporalUnavailable

log = logging.getLogger(__name__)

Say = Callable[[str], None]


async def examine(ref: str | None, *, repair: bool, say: Say) -> list[Finding]:
    """Compare workflow, row and journal of one ticket or of every open one, and say each difference.

    With `repair` a row that differs from its journal is written again from it. Raises TicketUnknown, Unavailable.
    """
    settings = Settings()
    with prepared_database(settings):
        pass  # said before anything about Temporal, without which there may be nothing to examine
    client = await client_of_running(settings, "The runs of tickets can be examined")
    parts = DeskParts.build(settings, client)
    found: list[Finding] = []
    try:
        async for finding in _findings(parts.desk, ref):
            say(f"{finding.ref}: {finding.what}: {finding.message}")
            found.append(finding)
        if repair:
            for ticket in dict.fromkeys(finding.ticket for finding in found):
                await parts.desk.rebuild(ticket)
                say(f"{ticket}: its row was written again from its journal; examine it again")
    finally:
        await parts.close()
    say(f"{len(found)} difference{'' if len(found) == 1 else 's'} found.")
    return found


async def client_of_running(settings: Settings, what: str) -> Client:
    """A connection to the Temporal that runs the tickets: the embedded one where it is running.

    `what` can be done only then. Raises TemporalUnavailable, which says so.
    """
    running = addresses_of(settings.home)
    if running is not None and settings.is_embedded_temporal:
        settings = settings.model_copy(update={"temporal_address": running.temporal})
    try:
        return await connected(settings)
    except TemporalUnavailable as error:
        raise TemporalUnavailable(f"{error}. {what} while `evertick run` runs.") from error


async def _findings(desk: Desk, ref: str | None) -> AsyncIterator[Finding]:
    if ref is not None:
        for finding in await desk.examine(ref):
            yield finding
        return
    async for finding in desk.examine_all():
        yield finding


def put_temporal_file_aside(settings: Settings) -> str:
    """Move the embedded server's file away, and owe every ticket that is not closed a start from its row.

    Raises HomeInUse while `evertick run` runs, NotPrepared. Returns what was done, in a sentence.
    """
    with prepared_database(settings) as database, occupied(settings.home):
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        aside = settings.home / f"temporal-{stamp}"
        moved = [path for path in settings.home.glob(f"{settings.temporal_database.name}*") if path.is_file()]
        if moved:
            aside.mkdir()
        for path in moved:
            path.rename(aside / path.name)
        stamp_of(settings.temporal_database).unlink(missing_ok=True)
        with database.transaction() as session:
            owed = tickets.owe_starts(session)
    log.info("reseeded", extra={"tickets": owed})
    where = f"The old file lies in {aside}. " if moved else "There was no Temporal file. "
    return (
        f"{where}{owed} tickets will be started again from their stored snapshots by the next `evertick run`."
    )
