"""Approvals: who is asked, votes, and what else approvers do."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api import answers, bodies, schemas_answers, schemas_approvals
from api.dependencies import Actor, SightGuard, TheDesk, TicketRef
from api.etags import etag, write_at_any
from api.openapi import ACCEPTED, ETAG, ON_SIGHT, READS, SETTLED, WRITES, problems
from api.ports import Desk
from api.strict_route import StrictRoute
from desk.values import Caller, Guard
from domain.engine.events import (
    AddApprover,
    ApprovalRequest,
    Delegate,
    HandOver,
    ReturnTo,
    Vote,
    WithdrawApproval,
)

router = APIRouter(prefix="/api/v1/tickets/{ref}/approvals", route_class=StrictRoute)

Approval = Annotated[str, Path(examples=["cab"])]

_RESPONSES = problems(*READS, *WRITES, *ON_SIGHT, also={200: SETTLED, 202: ACCEPTED})


async def _do(
    request: Request, desk: Desk, caller: Caller, ref: str, guard: Guard, wanted: ApprovalRequest
) -> Response:
    outcome = await write_at_any(
        desk, caller, ref, guard, lambda exact: desk.approval(caller, ref, wanted, guard=exact)
    )
    return answers.settled_or_pending(request, outcome)


@router.get(
    "",
    operation_id="listApprovals",
    tags=["approvals"],
    response_model=schemas_approvals.ApprovalList,
    responses=problems(*READS, also={200: ETAG}),
)
async def list_approvals(ref: TicketRef, desk: TheDesk, caller: Actor) -> Response:
    """Every approval that was requested: its stages, who is asked, who answered what, and what this person may do."""
    view = await desk.ticket(caller, ref)
    body = {"approvals": [bodies.approval(one) for one in view.approvals]}
    return answers.Json(body, headers={"ETag": etag(view.revision)})


@router.post(
    "/{approval}/votes",
    operation_id="voteOnApproval",
    tags=["approvals"],
    response_model=schemas_answers.Ticket,
    responses=_RESPONSES,
)
async def vote(
    request: Request,
    ref: TicketRef,
    approval: Approval,
    body: schemas_approvals.NewVote,
    desk: TheDesk,
    caller: Actor,
    guard: SightGuard,
) -> Response:
    """Answer, in every stage that waits for this person or in one of them."""
    wanted = Vote(approval, body.answer, body.comment, body.stage, body.fields, body.hash)
    return await _do(request, desk, caller, ref, guard, wanted)


@router.post(
    "/{approval}/approvers",
    operation_id="addApprover",
    tags=["approvals"],
    response_model=schemas_answers.Ticket,
    responses=_RESPONSES,
)
async def add_approver(
    request: Request,
    ref: TicketRef,
    approval: Approval,
    body: schemas_approvals.NewApprover,
    desk: TheDesk,
    caller: Actor,
    guard: SightGuard,
) -> Response:
    """Bring in a further approver, whose vote counts like the others'."""
    wanted = AddApprover(approval, body.person, body.stage, body.comment)
    return await _do(request, desk, caller, ref, guard, wanted)


@router.post(
    "/{approval}/handovers",
    operation_id="handOverApproval",
    tags=["approvals"],
    response_model=schemas_answers.Ticket,
    responses=_RESPONSES,
)
async def hand_over(
    request: Request,
    ref: TicketRef,
    approval: Approval,
    body: schemas_approvals.Handover,
    desk: TheDesk,
    caller: Actor,
    guard: SightGuard,
) -> Response:
    """Give the decision to somebody else, for good."""
    wanted = HandOver(approval, body.to, body.person, body.stage, body.comment)
    return await _do(request, desk, caller, ref, guard, wanted)


@router.post(
    "/{approval}/delegations",
    operation_id="delegateApproval",
    tags=["approvals"],
    response_model=schemas_answers.Ticket,
    responses=_RESPONSES,
)
async def delegate(
    request: Request,
    ref: TicketRef,
    approval: Approval,
    body: schemas_approvals.Delegation,
    desk: TheDesk,
    caller: Actor,
    guard: SightGuard,
) -> Response:
    """Let somebody decide in one's place for a while."""
    wanted = Delegate(approval, body.to, body.from_at, body.until_at, body.person, body.stage)
    return await _do(request, desk, caller, ref, guard, wanted)


@router.post(
    "/{approval}/returns",
    operation_id="returnApproval",
    tags=["approvals"],
    response_model=schemas_answers.Ticket,
    responses=_RESPONSES,
)
async def return_to(
    request: Request,
    ref: TicketRef,
    approval: Approval,
    body: schemas_approvals.Return,
    desk: TheDesk,
    caller: Actor,
    guard: SightGuard,
) -> Response:
    """Send it back to an earlier stage, which decides again."""
    return await _do(request, desk, caller, ref, guard, ReturnTo(approval, body.stage, body.comment))


@router.post(
    "/{approval}/withdrawal",
    operation_id="withdrawApproval",
    tags=["approvals"],
    response_model=schemas_answers.Ticket,
    responses=_RESPONSES,
)
async def withdraw(
    request: Request,
    ref: TicketRef,
    approval: Approval,
    body: schemas_approvals.Withdrawal,
    desk: TheDesk,
    caller: Actor,
    guard: SightGuard,
) -> Response:
    """Take the request for it back."""
    return await _do(request, desk, caller, ref, guard, WithdrawApproval(approval, body.comment))
