"""The way to ticket workflows: start, send, tick, roll, snapshot. What Temporal says becomes our own words here."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import GrpcCompression, RPCError, RPCStatusCode

from domain.engine.path import Rejection
from domain.errors import EvertickError, Unavailable
from workflows import retry_policies as limits
from workflows.converter import ticket_data_converter
from workflows.messages import (
    TASK_QUEUE,
    WORKFLOW,
    Answer,
    Send,
    TicketStart,
    workflow_id,
)

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_REJECTIONS = {rejection.value: rejection for rejection in Rejection}
_MEMO = "incarnation"
_LATELY = timedelta(seconds=75)  # a worker's question is held open for a minute
_DROPPED = (RPCStatusCode.ABORTED, RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.INTERNAL)


class NoRun(EvertickError):
    """The ticket has no running workflow: claim it and start one (rule 10)."""

    code = "no_run"


class AlreadyRunning(EvertickError):
    """The ticket has a run that is not older than the one to start, or had one before a first start."""

    code = "already_running"


class SendRejected(EvertickError):
    """The run does not take the send now; nothing is remembered of it."""

    code = "send_rejected"

    def __init__(self, reason: Rejection) -> None:
        super().__init__(f"the ticket's run does not take this command now: {reason.value}")
        self.reason = reason


class TemporalUnavailable(Unavailable):
    """Temporal, or every worker, is away for now. What was sent may still take effect."""

    code = "temporal_unavailable"


async def connect(
    address: str,
    *,
    namespace: str = "default",
    lazy: bool = True,
    tls: bool = False,
    api_key: str | None = None,
    within: timedelta = timedelta(0),
) -> Client:
    """A Temporal client. `lazy`: the first call connects, so that a process starts without Temporal.

    Otherwise a server that is just starting is waited for, `within` that time. Raises TemporalUnavailable.
    """
    # Compressing costs more than it saves when the bytes never leave the machine.
    host = address.rsplit(":", 1)[0]
    loopback = host in ("localhost", "127.0.0.1", "[::1]")
    until = time.monotonic() + within.total_seconds()
    while True:
        try:
            return await Client.connect(
                address,
                namespace=namespace,
                data_converter=ticket_data_converter,
                lazy=lazy,
                tls=tls,
                api_key=api_key,
                grpc_compression=GrpcCompression.NONE if loopback else GrpcCompression.GZIP,
            )
        except RuntimeError as error:  # all the SDK says of a server that cannot be reached, or is not ready
            if time.monotonic() >= until:
                raise TemporalUnavailable(
                    f"Temporal does not answer at {address} ({_reason(error)})"
                ) from error
        await asyncio.sleep(0.05)


def _reason(error: Exception) -> str:
    """What the operating system said, out of everything the SDK wraps it in."""
    said = re.findall(r'message: "([^"]+)"', str(error))
    return said[-1] if said else str(error)


class TicketClient:
    """What the desk asks of Temporal."""

    def __init__(
        self, client: Client, *, task_queue: str = TASK_QUEUE, send_timeout: timedelta = limits.SEND_TIMEOUT
    ) -> None:
        self._client = client
        self._task_queue = task_queue
        self._send_timeout = send_timeout

    async def start(self, ticket_id: str, start: TicketStart, *, claim: bool) -> None:
        """Start the ticket's workflow.

        claim False (opening): raises AlreadyRunning when the ticket has, or within retention had, a run.
        claim True (the row was claimed for `start.incarnation`): an open run of an older incarnation is ended, one
        of the same incarnation is this start's own earlier attempt; raises AlreadyRunning for a newer one.
        Raises TemporalUnavailable.
        """
        if not claim:
            with _named():
                await self._start(ticket_id, start, WorkflowIDReusePolicy.REJECT_DUPLICATE)
            return
        for _ in range(3):  # each round another open run was in the way; racing claims are that rare
            try:
                with _named():
                    await self._start(ticket_id, start, WorkflowIDReusePolicy.ALLOW_DUPLICATE)
                return
            except AlreadyRunning:
                if await self._make_way(ticket_id, start.incarnation):
                    return
        raise AlreadyRunning(f"other runs of ticket {ticket_id} keep starting")

    async def send(self, ticket_id: str, send: Send) -> Answer:
        """Send one command and wait for its answer. Repeating it is harmless: its id is the update id.

        Raises NoRun, SendRejected, and TemporalUnavailable when there was no answer in time (outcome unknown).
        """
        try:
            with _named():
                return await _within(self._send_timeout, self._send_until_taken(ticket_id, send))
        except WorkflowUpdateFailedError as failure:
            raise _refusal(ticket_id, failure) from failure

    async def tick(self, ticket_id: str) -> None:
        """Make the run look at its deadlines. Raises NoRun, TemporalUnavailable."""
        with _named():
            await self._handle(ticket_id).signal("tick", rpc_timeout=limits.SIGNAL_TIMEOUT)

    async def roll(self, ticket_id: str) -> None:
        """Make the run continue as new on the code deployed now. Raises NoRun, TemporalUnavailable."""
        with _named():
            await self._handle(ticket_id).signal("roll", rpc_timeout=limits.SIGNAL_TIMEOUT)

    async def snapshot(self, ticket_id: str) -> TicketStart:
        """The run's whole state; also that of a run that ended a short while ago. Raises NoRun, TemporalUnavailable."""
        call = self._handle(ticket_id).query(
            "snapshot", result_type=TicketStart, rpc_timeout=limits.QUERY_TIMEOUT
        )
        try:
            with _named():
                found: TicketStart = await _within(limits.QUERY_TIMEOUT, call)
        except WorkflowQueryFailedError as failure:
            raise TemporalUnavailable(
                f"the run of ticket {ticket_id} cannot be asked: {failure}"
            ) from failure
        return found

    async def is_running(self, ticket_id: str) -> bool:
        """Whether the ticket has an open run. Raises TemporalUnavailable."""
        try:
            with _named():
                found = await self._handle(ticket_id).describe(rpc_timeout=limits.QUERY_TIMEOUT)
        except NoRun:
            return False
        return found.status == WorkflowExecutionStatus.RUNNING

    async def failures_in_a_row(self, ticket_id: str) -> int:
        """How often the open run has failed at its present workflow task. Raises TemporalUnavailable."""
        try:
            with _named():
                found = await self._handle(ticket_id).describe(rpc_timeout=limits.QUERY_TIMEOUT)
        except NoRun:
            return 0
        task = found.raw_description.pending_workflow_task
        return max(int(task.attempt) - 1, 0) if found.status == WorkflowExecutionStatus.RUNNING else 0

    async def is_reachable(self) -> bool:
        """Whether Temporal answers at all."""
        try:
            return await self._client.service_client.check_health(timeout=timedelta(seconds=2))
        except (RPCError, RuntimeError):  # a lazy client that cannot connect raises a bare RuntimeError
            return False

    async def has_workers(self) -> bool:
        """Whether a worker asked for ticket work lately (it asks at least once a minute)."""
        request = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=self._task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        try:
            found = await self._client.workflow_service.describe_task_queue(
                request, timeout=timedelta(seconds=2)
            )
        except (RPCError, RuntimeError):
            return False
        lately = datetime.now(UTC) - _LATELY
        return any(poller.last_access_time.ToDatetime(UTC) > lately for poller in found.pollers)

    # ---- inside

    async def _send_until_taken(self, ticket_id: str, send: Send) -> Answer:
        """An update whose workflow task failed is dropped by the server: a definition the worker had not loaded yet,
        or something that happened to a run just when it ended. The same id again, soon, settles it.
        """
        handle = self._handle(ticket_id)
        pause = 0.05
        while True:
            try:
                answer: Answer = await handle.execute_update(
                    "send", send, id=send.command.id, result_type=Answer, rpc_timeout=self._send_timeout
                )
                return answer
            except RPCError as error:
                if error.status not in _DROPPED or "task fail" not in error.message:
                    raise
            await asyncio.sleep(pause)
            pause *= 2

    async def _start(self, ticket_id: str, start: TicketStart, reuse: WorkflowIDReusePolicy) -> None:
        await _within(
            limits.START_TIMEOUT,
            self._client.start_workflow(
                WORKFLOW,
                start,
                id=workflow_id(ticket_id),
                task_queue=self._task_queue,
                id_reuse_policy=reuse,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                memo={_MEMO: start.incarnation},
                rpc_timeout=limits.START_TIMEOUT,
            ),
        )

    async def _make_way(self, ticket_id: str, incarnation: int) -> bool:
        """An open run is in the way of a claimed start. True: it is the wanted one. Older: it is ended.

        Its incarnation stands in its memo, so no worker is needed; it is ended by its run id, so that a racing
        claim's newer run is never hit. Nothing is lost: the row was claimed, the old run cannot record any more.
        """
        with _named():
            found = await self._handle(ticket_id).describe(rpc_timeout=limits.QUERY_TIMEOUT)
            if found.status != WorkflowExecutionStatus.RUNNING:
                return False
            running = int((await found.memo())[_MEMO])
            if running == incarnation:
                return True
            if running > incarnation:
                raise AlreadyRunning(f"ticket {ticket_id} runs as incarnation {running} already")
            log.warning("ending an outdated run", extra={"ticket": ticket_id, "incarnation": running})
            handle = self._client.get_workflow_handle(workflow_id(ticket_id), run_id=found.run_id)
            try:
                await handle.terminate(
                    reason=f"claimed by incarnation {incarnation}", rpc_timeout=limits.START_TIMEOUT
                )
            except RPCError as error:
                if error.status != RPCStatusCode.NOT_FOUND:  # it ended by itself meanwhile
                    raise
            return False

    def _handle(self, ticket_id: str) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(workflow_id(ticket_id))


async def _within(limit: timedelta, call: Awaitable[Result]) -> Result:
    """Bound a whole call: the SDK's own limits are per attempt. Raises TimeoutError.

    The SDK turns a cancelled update into an exception of its own; a cancellation from outside stays one.
    """
    try:
        async with asyncio.timeout(limit.total_seconds() + 1):
            return await call
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from None
        raise


@contextmanager
def _named() -> Iterator[None]:
    """Turn what the SDK raises into NoRun, AlreadyRunning or TemporalUnavailable."""
    try:
        yield
    except WorkflowAlreadyStartedError as error:
        raise AlreadyRunning(f"{error.workflow_id} has a run already") from error
    except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError) as error:
        raise TemporalUnavailable("no answer from Temporal or its workers in time") from error
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND and not _names_namespace(error):
            raise NoRun("the ticket has no running workflow") from error
        raise TemporalUnavailable(f"Temporal: {error.message} ({error.status.name})") from error
    except RuntimeError as error:
        # A lazy client that cannot connect says so with a bare RuntimeError.
        if "connect" not in str(error).lower():
            raise
        raise TemporalUnavailable(f"Temporal cannot be reached: {error}") from error


def _names_namespace(error: RPCError) -> bool:
    return any(detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details)


def _refusal(ticket_id: str, failure: WorkflowUpdateFailedError) -> EvertickError:
    cause = failure.cause
    kind = cause.type if isinstance(cause, ApplicationError) else None
    if kind in _REJECTIONS:
        return SendRejected(_REJECTIONS[str(kind)])
    if kind == "AcceptedUpdateCompletedWorkflow":
        return NoRun(f"the run of ticket {ticket_id} ended before it answered")
    # The handler raises nothing else; whatever it is, the command stays pending and is sent again.
    return TemporalUnavailable(f"the run of ticket {ticket_id} failed the update: {cause}")
