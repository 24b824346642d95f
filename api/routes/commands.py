"""What is done to a ticket: transitions, comments, completed tasks, messages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api import answers, bodies, schemas_answers, schemas_tasks
from api.dependencies import Actor, OnceGuard, SightGuard, TheDesk, TicketRef
from api.etags import etag, write_at_any
from api.openapi import ACCEPTED, ETAG, ON_SIGHT, READS, SETTLED, WRITES, problems
from api.schemas import NewComment, NewMessage, NewTransition, TaskCompletion
from api.schemas_tasks import NewTask
from api.strict_route import StrictRoute
from domain.engine.events import AddTask

router = APIRouter(prefix="/api/v1/tickets/{ref}", route_class=StrictRoute)


@router.get(
    "/transitions",
    operation_id="listTransitions",
    tags=["transitions"],
    response_model=schemas_answers.TransitionList,
    responses=problems(*READS, also={200: ETAG}),
)
async def list_transitions(ref: TicketRef, desk: TheDesk, caller: Actor) -> Response:
    """What this person may do now, what each transition asks for, and why the others are not available."""
    view = await desk.ticket(caller, ref)
    body = {"transitions": [bodies.action(one) for one in view.actions]}
    return answers.Json(body, headers={"ETag": etag(view.revision)})


@router.post(
    "/transitions",
    operation_id="takeTransition",
    tags=["transitions"],
    response_model=schemas_answers.Ticket,
    responses=problems(*READS, *WRITES, *ON_SIGHT, also={200: SETTLED, 202: ACCEPTED}),
)
async def take_transition(
    request: Request, ref: TicketRef, body: NewTransition, desk: TheDesk, caller: Actor, guard: SightGuard
) -> Response:
    """Take a transition. Answers with the ticket after it, or with an operation when that takes long."""
    outcome = await write_at_any(
        desk,
        caller,
        ref,
        guard,
        lambda exact: desk.move(caller, ref, body.transition, body.fields, guard=exact),
    )
    return answers.settled_or_pending(request, outcome)


@router.get(
    "/comments",
    operation_id="listComments",
    tags=["comments"],
    response_model=schemas_answers.CommentList,
    responses=problems(*READS),
)
async def list_comments(ref: TicketRef, desk: TheDesk, caller: Actor) -> Response:
    """Every comment this person may see, the oldest first."""
    return answers.Json({"comments": [bodies.comment(one) for one in await desk.comments(caller, ref)]})


@router.post(
    "/comments",
    operation_id="addComment",
    tags=["comments"],
    status_code=201,
    response_model=schemas_answers.Comment,
    responses=problems(*READS, *WRITES, "refused", "conflict", also={201: SETTLED, 202: ACCEPTED}),
)
async def add_comment(
    request: Request, ref: TicketRef, body: NewComment, desk: TheDesk, caller: Actor, guard: OnceGuard
) -> Response:
    """Reply to the requester, or leave an internal note."""
    outcome = await desk.comment(caller, ref, body.text, public=body.public, guard=guard)
    return answers.commented(request, outcome, body.text)


@router.post(
    "/tasks/{task}/completion",
    operation_id="completeTask",
    tags=["tasks"],
    response_model=schemas_answers.Ticket,
    responses=problems(*READS, *WRITES, *ON_SIGHT, also={200: SETTLED, 202: ACCEPTED}),
)
async def complete_task(
    request: Request,
    ref: TicketRef,
    task: Annotated[str, Path(examples=["review_major"])],
    body: TaskCompletion,
    desk: TheDesk,
    caller: Actor,
    guard: SightGuard,
) -> Response:
    """Say that a task is done, or that it could not be done."""
    outcome = await write_at_any(
        desk,
        caller,
        ref,
        guard,
        lambda exact: desk.complete_task(caller, ref, task, body.fields, failed=body.failed, guard=exact),
    )
    return answers.settled_or_pending(request, outcome)


@router.get(
    "/tasks",
    operation_id="listTasks",
    tags=["tasks"],
    response_model=schemas_tasks.TaskList,
    responses=problems(*READS, also={200: ETAG}),
)
async def list_tasks(ref: TicketRef, desk: TheDesk, caller: Actor) -> Response:
    """Every task, what this person may do with it, and what is asked for when they add one."""
    view = await desk.ticket(caller, ref)
    body = {
        "tasks": [bodies.task(one) for one in view.tasks],
        "may_add": bool(view.adding_task),
        "form": [bodies.field(one) for one in view.adding_task],
    }
    return answers.Json(body, headers={"ETag": etag(view.revision)})


@router.post(
    "/tasks",
    operation_id="addTask",
    tags=["tasks"],
    response_model=schemas_answers.Ticket,
    responses=problems(*READS, *WRITES, *ON_SIGHT, also={200: SETTLED, 202: ACCEPTED}),
)
async def add_task(
    request: Request, ref: TicketRef, body: NewTask, desk: TheDesk, caller: Actor, guard: SightGuard
) -> Response:
    """Add a task that no rule foresaw, where the process lets people do so."""
    task = AddTask(body.title, body.assignee or "", body.team or "", body.due_at, body.fields)
    outcome = await write_at_any(
        desk, caller, ref, guard, lambda exact: desk.add_task(caller, ref, task, guard=exact)
    )
    return answers.settled_or_pending(request, outcome)


@router.post(
    "/tasks/{task}/cancellation",
    operation_id="cancelTask",
    tags=["tasks"],
    response_model=schemas_answers.Ticket,
    responses=problems(*READS, *WRITES, *ON_SIGHT, also={200: SETTLED, 202: ACCEPTED}),
)
async def cancel_task(
    request: Request,
    ref: TicketRef,
    task: Annotated[str, Path(examples=["adhoc.1"])],
    desk: TheDesk,
    caller: Actor,
    guard: SightGuard,
) -> Response:
    """Take a task back that somebody added."""
    outcome = await write_at_any(
        desk, caller, ref, guard, lambda exact: desk.cancel_task(caller, ref, task, guard=exact)
    )
    return answers.settled_or_pending(request, outcome)


@router.post(
    "/messages",
    operation_id="sendMessage",
    tags=["messages"],
    response_model=schemas_answers.Ticket,
    responses=problems(
        *READS, *WRITES, "transition_refused", "refused", "conflict", also={200: SETTLED, 202: ACCEPTED}
    ),
)
async def send_message(
    request: Request, ref: TicketRef, body: NewMessage, desk: TheDesk, caller: Actor, guard: OnceGuard
) -> Response:
    """Send the ticket a message that its process declares; the process says what follows."""
    outcome = await desk.message(caller, ref, body.message, body.fields, guard=guard)
    return answers.settled_or_pending(request, outcome)
