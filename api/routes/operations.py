"""Accepted commands and their outcome, and the outbox."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from api import answers, bodies, schemas_answers
from api.dependencies import Actor, TheDesk
from api.errors import HttpRefused, language_of, refusal_body
from api.openapi import problems
from api.schemas import OutboxQuery
from api.strict_route import StrictRoute
from desk.values import Pending
from domain.errors import EngineFault, FormInvalid, Refused, TicketUnknown

router = APIRouter(prefix="/api/v1", route_class=StrictRoute)


@router.get(
    "/operations/{operation}",
    operation_id="readOperation",
    tags=["operations"],
    response_model=schemas_answers.Operation,
    responses=problems("not_found"),
)
async def read_operation(
    request: Request,
    operation: Annotated[str, Path(description="Its id, from a 202.")],
    desk: TheDesk,
    caller: Actor,
) -> Response:
    """What became of an accepted command: pending, done (with the ticket), or refused (with the problem)."""
    body: dict[str, object] = {"operation": operation}
    try:
        outcome = await desk.operation(caller, operation)
    except (Refused, EngineFault) as error:  # the outcome, not a failure of asking for it
        problem = refusal_body(error, language_of(request.scope))
        return answers.Json(body | {"status": "refused", "problem": problem})
    except TicketUnknown as error:  # somebody else's operation is none
        raise HttpRefused("not_found", str(error)) from error
    if isinstance(outcome, Pending):
        headers = {"Retry-After": answers.POLL_AFTER}
        return answers.Json(body | {"status": "pending", "ticket_ref": outcome.ref}, headers=headers)
    request.state.ticket, request.state.command = outcome.ticket.ticket.ref, outcome.command
    told = {
        "status": "done",
        "ticket_ref": outcome.ticket.ticket.ref,
        "ticket": bodies.ticket(outcome.ticket),
    }
    return answers.Json(body | told)


@router.get(
    "/outbox",
    operation_id="listOutbox",
    tags=["deliveries"],
    response_model=schemas_answers.Outbox,
    responses=problems("cursor_invalid", "form_invalid"),
)
async def list_outbox(asked: Annotated[OutboxQuery, Query()], desk: TheDesk, caller: Actor) -> Response:
    """Deliveries of every ticket, the newest first: all for agents, their own for everybody else."""
    try:
        sent = await desk.outbox(caller, limit=asked.limit, cursor=asked.cursor)
    except FormInvalid as error:
        raise HttpRefused("cursor_invalid", errors=error.errors) from error
    more = sent[-1].key if len(sent) == asked.limit else None
    return answers.Json({"deliveries": [bodies.delivery(one) for one in sent], "next_cursor": more})
