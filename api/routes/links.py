"""Links between tickets: made and let go by people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api import answers, schemas_answers
from api.dependencies import Actor, OnceGuard, TheDesk, TicketRef
from api.openapi import ACCEPTED, READS, SETTLED, WRITES, problems
from api.schemas import ChangedLink, NewLink
from api.strict_route import StrictRoute

router = APIRouter(prefix="/api/v1/tickets/{ref}/links", tags=["links"], route_class=StrictRoute)

_REFUSALS = (*READS, *WRITES, "transition_refused", "refused", "conflict")


@router.post(
    "",
    operation_id="linkTicket",
    response_model=schemas_answers.Ticket,
    responses=problems(*_REFUSALS, also={200: SETTLED, 202: ACCEPTED}),
)
async def link_ticket(
    request: Request, ref: TicketRef, body: NewLink, desk: TheDesk, caller: Actor, guard: OnceGuard
) -> Response:
    """Link another ticket, which gets its end of the link by itself. What is linked already stays so."""
    outcome = await desk.link(caller, ref, body.link, body.ticket, add=True, guard=guard, fields=body.fields)
    return answers.settled_or_pending(request, outcome)


@router.patch(
    "/{link}/{ticket}",
    operation_id="editLink",
    response_model=schemas_answers.Ticket,
    responses=problems(*_REFUSALS, also={200: SETTLED, 202: ACCEPTED}),
)
async def edit_link(
    request: Request,
    ref: TicketRef,
    link: Annotated[str, Path(examples=["agenda"])],
    ticket: Annotated[str, Path(examples=["CHG-000007"])],
    body: ChangedLink,
    desk: TheDesk,
    caller: Actor,
    guard: OnceGuard,
) -> Response:
    """Change what is known here of a linked ticket: the fields of the link that are named, nothing else."""
    outcome = await desk.edit_link(caller, ref, link, ticket, body.fields, guard=guard)
    return answers.settled_or_pending(request, outcome)


@router.delete(
    "/{link}/{ticket}",
    operation_id="unlinkTicket",
    response_model=schemas_answers.Ticket,
    responses=problems(*_REFUSALS, also={200: SETTLED, 202: ACCEPTED}),
)
async def unlink_ticket(
    request: Request,
    ref: TicketRef,
    link: Annotated[str, Path(examples=["incidents"])],
    ticket: Annotated[str, Path(examples=["INC-000042"])],
    desk: TheDesk,
    caller: Actor,
    guard: OnceGuard,
) -> Response:
    """Let go of a linked ticket, at both ends."""
    outcome = await desk.link(caller, ref, link, ticket, add=False, guard=guard)
    return answers.settled_or_pending(request, outcome)
