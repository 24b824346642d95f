"""The outbox: what was sent, kept or could not be sent."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from web.visit import Visit

SHOWN = 100


async def show(visit: Visit) -> Response:
    """The newest deliveries; people who do not work here see what was written to them."""
    cursor = visit.request.query_params.get("cursor") or None
    deliveries, _ = await asyncio.gather(
        visit.desk.outbox(visit.caller, limit=SHOWN, cursor=cursor), visit.load_rail()
    )
    return visit.render(
        "outbox.html",
        deliveries=deliveries,
        next_cursor=deliveries[-1].key if len(deliveries) == SHOWN else "",
        first=cursor is None,
    )
