"""What happened to a ticket and why: journal, clocks with their ledger, deliveries."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api import answers, bodies, schemas_answers
from api.dependencies import Actor, TheDesk, TicketRef
from api.openapi import READS, problems
from api.schemas import JournalQuery
from api.strict_route import StrictRoute

router = APIRouter(prefix="/api/v1/tickets/{ref}", route_class=StrictRoute)


@router.get(
    "/journal",
    operation_id="readJournal",
    tags=["journal"],
    response_model=schemas_answers.Journal,
    responses=problems(*READS, "form_invalid"),
)
async def read_journal(
    ref: TicketRef, asked: Annotated[JournalQuery, Query()], desk: TheDesk, caller: Actor
) -> Response:
    """What happened, when it was due, who or which line of the definition caused it."""
    lines = await desk.timeline(caller, ref, after_seq=asked.after_seq, limit=asked.limit)
    # A part may be short before the end: what this person may not see was taken out of it.
    more = lines[-1].entry.seq if lines else None
    return answers.Json({"entries": [bodies.timeline_line(one) for one in lines], "next_after_seq": more})


@router.get(
    "/clocks",
    operation_id="listClocks",
    tags=["clocks"],
    response_model=schemas_answers.ClockList,
    responses=problems(*READS),
)
async def list_clocks(ref: TicketRef, desk: TheDesk, caller: Actor) -> Response:
    """Every clock of the ticket as it stands now."""
    view = await desk.ticket(caller, ref)
    return answers.Json({"clocks": [bodies.clock(one) for one in view.clocks]})


@router.get(
    "/clocks/{clock}",
    operation_id="readClock",
    tags=["clocks"],
    response_model=schemas_answers.ClockWithLedger,
    responses=problems(*READS, "not_found"),
)
async def read_clock(
    ref: TicketRef,
    clock: Annotated[str, Path(examples=["response"])],
    desk: TheDesk,
    caller: Actor,
) -> Response:
    """One clock with its ledger: when it ran and why not, what was reached, what comes next."""
    return answers.Json(bodies.clock_with_ledger(await desk.clock(caller, ref, clock)))


@router.get(
    "/deliveries",
    operation_id="listDeliveries",
    tags=["deliveries"],
    response_model=schemas_answers.DeliveryList,
    responses=problems(*READS),
)
async def list_deliveries(ref: TicketRef, desk: TheDesk, caller: Actor) -> Response:
    """Who was told what, on which channel, and whether it arrived."""
    sent = await desk.deliveries(caller, ref)
    return answers.Json({"deliveries": [bodies.delivery(one) for one in sent]})
