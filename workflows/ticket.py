"""One ticket, from its opening to its end: receives commands, sleeps until the next deadline, hands out effects.

The workflow decides nothing. It calls the engine (`handle`, `advance`, `handle_result`), keeps what the engine
returns, and sees to it that every entry is recorded and every delivery made (architecture.md, rules 4 to 8 and 11).
"""

# Over 400 lines: Temporal wants a workflow's handlers and its loop in one class.

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.engine import approvers
    from domain.engine.advance import advance, next_deadline
    from domain.engine.entries import Outcome
    from domain.engine.events import ChildOpened, Migrate, Picked, Result, TaskFinished
    from domain.engine.handle import handle, handle_result, overtaken
    from domain.engine.path import Rejection, RunHead, RunVerdict, SendHead, judge_send
    from domain.engine.ticket import Json
    from domain.language.definition import Definition
    from workflows import activity_stubs as activities
    from workflows import retry_policies as limits
    from workflows.backlog import Backlog
    from workflows.definitions import registry
    from workflows.messages import (
        WORKFLOW,
        Answer,
        ChildTicket,
        Deliver,
        DeliveryKey,
        FindApprovers,
        OpenChild,
        Pick,
        Record,
        RunTask,
        Send,
        TicketStart,
        Unresolved,
    )


@workflow.defn(name=WORKFLOW)
class TicketWorkflow:
    """A run of one ticket. Its state is the ticket, what is unrecorded, and what is on its way out."""

    @workflow.init
    def __init__(self, start: TicketStart) -> None:
        self._ticket = start.ticket
        self._incarnation = start.incarnation
        self._expects = start.expects
        self._backlog = Backlog(start.acked_seq, start.unrecorded)
        self._deliveries: dict[DeliveryKey, asyncio.Task[None]] = {}
        self._resolving: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._undelivered = list(start.undelivered)  # known, not yet started
        self._unresolved = list(start.unresolved)  # their results are still awaited
        self._results: list[tuple[Unresolved, Result]] = []  # came back, not yet handled
        self._recording: asyncio.Task[None] | None = None
        self._timer: asyncio.Task[None] | None = None
        self._armed_for: datetime | None = None
        self._woken = False
        self._rolling = False
        self._disowned = False  # the row belongs to another run

    # ---- messages

    @workflow.update
    def send(self, send: Send) -> Answer:
        """Handle one command (rule 5): synchronous, and kept whatever becomes of the sender."""
        verdict = self._judge(send)
        if isinstance(verdict, Rejection):
            raise ApplicationError(f"not taken: {verdict}", type=verdict.value, non_retryable=True)
        self._woken = True
        if verdict is RunVerdict.END_RUN:
            self._disowned = True
            return self._answer(send, handled=False, run_ends=True)
        if verdict is RunVerdict.SETTLED:
            self._backlog.acknowledge(send.acked_seq)
            return self._answer(send, handled=False)
        # The engine first: if it raises, the workflow task fails and nothing below may have happened.
        request = send.command.request
        onto = registry.get(request.hashes) if isinstance(request, Migrate) else None
        outcome = handle(self._definition(), self._ticket, send.command, send.facts, self._now(), onto=onto)
        self._backlog.acknowledge(send.acked_seq)
        self._take(outcome)
        return self._answer(send, handled=True)

    @send.validator
    def _validate_send(self, send: Send) -> None:
        """Reject without a trace what this run must not take now (rule 4)."""
        verdict = self._judge(send)
        if verdict is RunVerdict.HANDLE and self._is_overtaken(send):
            verdict = Rejection.OTHER_REVISION
        if isinstance(verdict, Rejection):
            raise ApplicationError(f"not taken now: {verdict}", type=verdict.value, non_retryable=True)

    @workflow.signal
    def tick(self) -> None:
        """Look at the clock again: the sweeper saw a deadline pass (rule 12)."""
        self._woken = True

    @workflow.signal
    def roll(self) -> None:
        """Continue as new soon, on the code and the engine deployed now."""
        self._rolling = True
        self._woken = True

    @workflow.query
    def snapshot(self) -> TicketStart:
        """The whole state of this run, as the next run would get it."""
        return TicketStart(
            ticket=self._ticket,
            incarnation=self._incarnation,
            acked_seq=self._backlog.floor,
            unrecorded=self._backlog.entries,
            undelivered=(*self._undelivered, *self._deliveries),
            unresolved=tuple(self._unresolved),
            expects=self._expects,
        )

    # ---- the run

    @workflow.run
    async def run(self, start: TicketStart) -> None:
        """Until the ticket is over and everything is recorded and delivered, or the row is another run's."""
        while True:
            self._woken = False
            self._handle_results()  # first: a late one may make something due that has passed already
            self._handle_what_is_due()
            if self._disowned or self._is_over():
                break
            if self._may_continue():
                workflow.continue_as_new(self.snapshot())
            # The timer first. A fresh worker may be given an update and the result of an activity from before it in
            # one task, and hears the update first; a replay of that task gives it the result first. Only in this
            # order do both ways lead to the same commands in the same order: the update moves the timer, and what
            # the result lets begin comes after it.
            self._arm_timer()
            self._start_activities()
            await workflow.wait_condition(lambda: self._woken)
        if self._timer is not None:
            self._timer.cancel()

    def _handle_what_is_due(self) -> None:
        deadline = next_deadline(self._ticket)
        if deadline is not None and deadline <= self._now():
            self._take(advance(self._definition(), self._ticket, self._now()))

    def _handle_results(self) -> None:
        # Here and not in the task that awaited the activity: what is raised there would be lost, here it fails
        # the workflow task, which is tried again.
        for wanted, result in self._results:
            self._take(handle_result(self._definition(), self._ticket, result, self._now()))
            self._unresolved.remove(wanted)
            del self._resolving[(wanted.seq, wanted.effect.index)]
        self._results.clear()

    def _take(self, outcome: Outcome) -> None:
        """Keep what the engine decided."""
        self._ticket = outcome.ticket
        self._backlog.add(outcome.entries)
        for entry in outcome.entries:
            for effect in entry.effects:
                if effect.kind in _RESOLVED_HERE:
                    self._unresolved.append(Unresolved(entry.seq, entry.at, effect))

    def _start_activities(self) -> None:
        if self._recording is None and self._wants_recording():
            self._recording = asyncio.create_task(self._record())
        for key in self._undelivered:
            if key not in self._deliveries:
                self._deliveries[key] = asyncio.create_task(self._deliver(key))
        self._undelivered.clear()
        for wanted in self._unresolved:
            mark = (wanted.seq, wanted.effect.index)
            # Effects leave only after their entry is committed (rule 8); below the floor it is.
            if wanted.seq <= self._backlog.floor and mark not in self._resolving:
                self._resolving[mark] = asyncio.create_task(self._resolve(wanted))

    def _wants_recording(self) -> bool:
        ending = bool(self._backlog.entries) and (self._wants_to_continue() or self._is_closed())
        return ending or self._backlog.wants_recording()

    def _is_closed(self) -> bool:
        category = self._definition().process.states[self._ticket.state].category
        return category == "closed" and next_deadline(self._ticket) is None

    def _is_over(self) -> bool:
        if self._ticket.handled < self._expects:
            return False  # a closed ticket's run that was started for a command which is still on its way
        return (
            self._is_closed()
            and not self._backlog.entries
            and not self._is_busy()
            and not self._undelivered
            and not self._unresolved
        )

    def _is_busy(self) -> bool:
        return self._recording is not None or bool(self._deliveries) or bool(self._resolving)

    def _wants_to_continue(self) -> bool:
        info = workflow.info()
        return (
            self._rolling
            or info.is_continue_as_new_suggested()
            or info.get_current_history_length() > limits.CONTINUE_AT_EVENTS
        )

    def _may_continue(self) -> bool:
        if not self._wants_to_continue() or not workflow.all_handlers_finished():
            return False
        if workflow.info().get_current_history_length() > limits.CONTINUE_ANYWAY_AT_EVENTS:
            return True
        return not self._is_busy() and not self._undelivered and not self._backlog.entries

    # ---- time

    def _now(self) -> datetime:
        return workflow.now() + timedelta(seconds=self._ticket.time_shift)

    def _arm_timer(self) -> None:
        """One timer, for the nearest deadline; started again only when that moves (each start costs two events)."""
        deadline = next_deadline(self._ticket)
        if deadline == self._armed_for and self._timer is not None and not self._timer.done():
            return
        if self._timer is not None:
            self._timer.cancel()
        self._armed_for, self._timer = deadline, None
        if deadline is None:
            return
        wait = deadline - self._now()
        if wait <= timedelta(0):
            workflow.logger.error(
                "deadline not handled", extra={"ticket": self._ticket.ref, "due_at": deadline}
            )
            wait = limits.STUCK_DEADLINE
        self._timer = asyncio.create_task(self._sleep(wait))

    async def _sleep(self, wait: timedelta) -> None:
        # A wait of nothing would raise in the SDK; a millisecond is the server's resolution.
        await workflow.sleep(max(wait, timedelta(milliseconds=1)), summary="next deadline")
        self._woken = True

    # ---- activities

    async def _record(self) -> None:
        """Write the unrecorded entries to the row and learn their deliveries; single in flight."""
        request = Record(
            ticket_id=self._ticket.id,
            incarnation=self._incarnation,
            entries=self._backlog.unrecorded(),
            after_seq=self._backlog.floor,
        )
        try:
            recorded = await activities.record(request)
        except ActivityError:
            # Not retryable: the row and this run disagree and an operator was told by the activity.
            self._disowned = True
        else:
            if recorded.ends or recorded.acked_seq > self._ticket.seq:
                self._disowned = True
            self._backlog.recorded(recorded.acked_seq)
            self._undelivered.extend(key for key in recorded.deliveries if key not in self._deliveries)
        self._recording = None
        self._woken = True

    async def _deliver(self, key: DeliveryKey) -> None:
        try:
            await activities.deliver(
                Deliver(self._ticket.id, key),
                summary=f"{key.channel} to {key.recipient}",
                timeout=limits.CHANNEL_TIMEOUTS.get(key.channel),
            )
        except ActivityError as error:
            # The ledger row keeps its state and stays visible to operators; the ticket must not wait for it.
            workflow.logger.error(
                "delivery failed for good", extra={"ticket": self._ticket.ref, "error": str(error)}
            )
        del self._deliveries[key]
        self._woken = True

    async def _resolve(self, wanted: Unresolved) -> None:
        try:
            result = await self._carry_out(wanted)
        except ActivityError as error:
            workflow.logger.error(
                "effect failed for good", extra={"ticket": self._ticket.ref, "error": str(error)}
            )
            result = self._failure_of(wanted, error)
        self._results.append((wanted, result))
        self._woken = True

    async def _carry_out(self, wanted: Unresolved) -> Result:
        effect = wanted.effect
        if effect.kind == "pick":
            picked = await activities.pick(Pick.asked(self._ticket.id, wanted.seq, effect))
            return _picked(wanted, picked.person, picked.known)
        if effect.kind == approvers.KIND:
            return await activities.find_approvers(FindApprovers(self._ticket.id, wanted.at, effect.data))
        if effect.kind == "create":
            child = await activities.open_child(
                OpenChild(self._ticket.id, wanted.seq, effect.index, effect.data),
                summary=str(effect.data["process"]),
            )
            return _child_opened(wanted, child)
        task = _run_task(self._ticket.id, wanted)
        stub = activities.run_script if effect.kind == "script" else activities.call_http
        done = await stub(task, summary=task.task, retry=_retry_of(task), timeout=_timeout_of(task))
        return TaskFinished(task.task, task.run, done.ok, done.completed_at, done.response, done.error)

    def _failure_of(self, wanted: Unresolved, error: ActivityError) -> Result:
        if wanted.effect.kind == "pick":
            return _picked(wanted, None, {})
        if wanted.effect.kind == approvers.KIND:
            return approvers.nobody_found(wanted.effect.data, wanted.at)
        if wanted.effect.kind == "create":
            return _child_opened(wanted, ChildTicket(error=str(error.cause or error)))
        task = _run_task(self._ticket.id, wanted)
        return TaskFinished(task.task, task.run, False, self._now(), error=str(error.cause or error))

    # ---- small parts

    def _definition(self) -> Definition:
        """Raises LookupError while this worker has not loaded it: the workflow task is tried again."""
        return registry.get(self._ticket.hashes)

    def _judge(self, send: Send) -> RunVerdict | Rejection:
        ticket = self._ticket
        run = RunHead(self._incarnation, ticket.seq, ticket.handled, ticket.revision)
        return judge_send(run, SendHead(send.command.number, send.incarnation, send.acked_seq, send.revision))

    def _is_overtaken(self, send: Send) -> bool:
        """Whether what is due changes what the facts were looked up for; then they are asked anew."""
        if self._ticket.hashes not in registry:
            return False  # the handler fails the workflow task for it, and both are tried again
        return overtaken(self._definition(), self._ticket, send.command, self._now())

    def _answer(self, send: Send, *, handled: bool, run_ends: bool = False) -> Answer:
        entries = () if run_ends else self._backlog.above(send.acked_seq)
        return Answer(handled, self._incarnation, self._ticket.seq, entries, run_ends)


_RESOLVED_HERE = frozenset({"pick", approvers.KIND, "script", "http", "create"})


def _picked(wanted: Unresolved, person: str | None, known: dict[str, dict[str, Json]]) -> Picked:
    team = str(wanted.effect.data["team"])
    return Picked(wanted.seq, wanted.effect.index, team, person, wanted.at, known)


def _child_opened(wanted: Unresolved, child: ChildTicket) -> ChildOpened:
    data = wanted.effect.data
    run = data.get("run")
    return ChildOpened(
        seq=wanted.seq,
        index=wanted.effect.index,
        asked_at=wanted.at,
        link=str(data["link"]),
        process=str(data["process"]),
        ticket=child.ticket,
        ref=child.ref,
        task=str(data.get("task") or ""),
        run=run if isinstance(run, int) else 0,
        error=child.error,
        category=child.category,
        to=str(data.get("to") or ""),
        by=str(data.get("by") or ""),
    )


def _retry_of(task: RunTask) -> RetryPolicy:
    """The definition's `retry`, without its `times`: the activity counts, so that a dead worker is no failure."""
    return RetryPolicy(
        initial_interval=timedelta(seconds=_number(task.data, "wait", 10.0)),
        backoff_coefficient=max(_number(task.data, "factor", 2.0), 1.0),
        maximum_interval=timedelta(seconds=_number(task.data, "max_wait", 600.0)),
    )


def _timeout_of(task: RunTask) -> timedelta:
    return timedelta(seconds=_number(task.data, "timeout", 300.0)) + limits.TASK_MARGIN


def _number(data: dict[str, Json], name: str, default: float) -> float:
    value = data.get(name)
    return float(value) if isinstance(value, int | float) else default


def _run_task(ticket_id: str, wanted: Unresolved) -> RunTask:
    effect = wanted.effect
    run = effect.data["run"]
    assert isinstance(run, int)
    return RunTask(
        ticket_id=ticket_id,
        seq=wanted.seq,
        index=effect.index,
        task=str(effect.data["task"]),
        run=run,
        kind=effect.kind,
        data=effect.data,
    )
