"""Tickets: open, list, read, change."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import answers, bodies, schemas_answers
from api.dependencies import Actor, OnceGuard, SightGuard, TheDesk, TicketRef
from api.errors import HttpRefused
from api.etags import write_at_any
from api.openapi import ACCEPTED, ETAG, ON_SIGHT, OPENED, PAGED, READS, SETTLED, WRITES, problems
from api.schemas import Assignment, ChangedFields, NewTicket, QueueQuery
from api.strict_route import StrictRoute
from desk.values import Caller, QueueFilter
from domain.errors import DefinitionUnknown, FieldError, FormInvalid

router = APIRouter(prefix="/api/v1/tickets", tags=["tickets"], route_class=StrictRoute)


@router.post(
    "",
    operation_id="openTicket",
    status_code=201,
    response_model=schemas_answers.Ticket,
    responses=problems(*WRITES, also={201: OPENED}),
)
async def open_ticket(
    request: Request, body: NewTicket, desk: TheDesk, caller: Actor, guard: OnceGuard
) -> Response:
    """Open a ticket. It is stored when this answers; its workflow starts by itself."""
    try:
        settled = await desk.open(caller, body.process, body.fields, channel=body.channel, guard=guard)
    except DefinitionUnknown as error:  # here the process is a value in a form, not an address
        raise FormInvalid([FieldError("process", "unknown", str(error))]) from error
    return answers.opened(request, settled)


@router.get(
    "",
    operation_id="listTickets",
    response_model=schemas_answers.TicketList,
    responses=problems("cursor_invalid", "form_invalid", also={200: PAGED}),
)
async def list_tickets(
    request: Request, asked: Annotated[QueueQuery, Query()], desk: TheDesk, caller: Actor
) -> Response:
    """List tickets, the nearest deadline first. Only those that this person may see are counted and shown."""
    try:
        page = await desk.queue(caller, _filter(asked, caller), limit=asked.limit, cursor=asked.cursor)
    except FormInvalid as error:
        if any(one.field == "cursor" for one in error.errors):
            raise HttpRefused("cursor_invalid", errors=error.errors) from error
        raise
    body = {"tickets": [bodies.queue_row(row) for row in page.rows], "next_cursor": page.next_cursor}
    headers = {}
    if page.next_cursor is not None:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        query = urlencode([*kept, ("cursor", page.next_cursor)])
        headers["Link"] = f'<{answers.address(request, "tickets")}?{query}>; rel="next"'
    return answers.Json(body, headers=headers)


@router.get(
    "/{ref}",
    operation_id="readTicket",
    response_model=schemas_answers.Ticket,
    responses=problems(*READS, also={200: ETAG}),
)
async def read_ticket(ref: TicketRef, desk: TheDesk, caller: Actor) -> Response:
    """Read a ticket."""
    return answers.ticket(await desk.ticket(caller, ref))


@router.patch(
    "/{ref}",
    operation_id="editTicket",
    response_model=schemas_answers.Ticket,
    responses=problems(*READS, *WRITES, *ON_SIGHT, also={200: SETTLED, 202: ACCEPTED}),
)
async def edit_ticket(
    request: Request, ref: TicketRef, body: ChangedFields, desk: TheDesk, caller: Actor, guard: SightGuard
) -> Response:
    """Change fields by hand: those that are named, nothing else."""
    outcome = await write_at_any(
        desk, caller, ref, guard, lambda exact: desk.edit(caller, ref, body.fields, guard=exact)
    )
    return answers.settled_or_pending(request, outcome)


@router.put(
    "/{ref}/assignment",
    operation_id="assignTicket",
    response_model=schemas_answers.Ticket,
    responses=problems(*READS, *WRITES, *ON_SIGHT, also={200: SETTLED, 202: ACCEPTED}),
)
async def assign_ticket(
    request: Request, ref: TicketRef, body: Assignment, desk: TheDesk, caller: Actor, guard: SightGuard
) -> Response:
    """Say which team and who in it works on a ticket."""
    outcome = await write_at_any(
        desk,
        caller,
        ref,
        guard,
        lambda exact: desk.assign(caller, ref, body.team, body.assignee, guard=exact),
    )
    return answers.settled_or_pending(request, outcome)


def _filter(asked: QueueQuery, caller: Caller) -> QueueFilter:
    return QueueFilter(
        process=asked.process,
        states=tuple(asked.state),
        team=asked.team,
        assignee=caller.id if asked.assignee == "me" else asked.assignee,
        requester=caller.id if asked.requester == "me" else asked.requester,
        priority=tuple(asked.priority),
        service=asked.service,
        text=asked.q,
        overdue=asked.overdue,
    )
