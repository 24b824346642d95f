"""Other open tickets, as checks ask for them: what is planned for the same time, and what is about the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.engine.checks import Other, assets_of
from store.session import Session
from store.tables import snapshots, tickets

_OTHER: sa.Select[Any] = sa.select(
    tickets.c.id,
    tickets.c.ref,
    tickets.c.process,
    tickets.c.title,
    tickets.c.requester,
    tickets.c.service,
    tickets.c.opened_at,
    tickets.c.planned_start,
    tickets.c.planned_end,
    snapshots.c.snapshot,
).join(snapshots, snapshots.c.ticket == tickets.c.id)
_OPEN = tickets.c.settled == 0
_PLANNED = _OTHER.where(
    _OPEN,
    tickets.c.planned_end > sa.bindparam("start"),
    tickets.c.planned_start < sa.bindparam("end"),
).order_by(tickets.c.planned_start, tickets.c.ref)
_ABOUT = _OTHER.where(
    _OPEN, tickets.c.process == sa.bindparam("of"), tickets.c.service == sa.bindparam("about")
).order_by(tickets.c.opened_at, tickets.c.ref)


class OpenTickets:
    """The open tickets of the desk, as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def planned(self, start: datetime, end: datetime) -> Iterator[Other]:
        """Those whose planned window overlaps this one, the earliest first."""
        return (_other(row) for row in self._session.execute(_PLANNED, {"start": start, "end": end}))

    def about(self, process: str, service: str) -> Iterator[Other]:
        """Those of a process with this service, the oldest first."""
        return (_other(row) for row in self._session.execute(_ABOUT, {"of": process, "about": service}))


def _other(row: sa.Row[Any]) -> Other:
    return Other(
        id=row.id,
        ref=row.ref,
        process=row.process,
        title=row.title,
        requester=row.requester,
        service=row.service,
        assets=tuple(sorted(assets_of(row.snapshot["fields"]))),
        opened_at=row.opened_at,
        start=row.planned_start,
        end=row.planned_end,
    )
