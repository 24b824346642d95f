"""The Temporal worker of this process: the ticket workflow and the activities, with their limits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows import retry_policies as limits
from workflows.activity_stubs import OUTSIDE
from workflows.messages import TASK_QUEUE, effects_queue
from workflows.ticket import TicketWorkflow

# Our own pure code and what it needs are shared by all instances; loading them for each would cost 5 ms and 60 KB.
# The architecture tests forbid clocks, randomness and I/O in these modules instead.
_SHARED = ("domain", "workflows", "pydantic", "pydantic_core", "yaml", "annotated_types", "typing_inspection")

_GRACE = timedelta(seconds=3)


def ticket_runner() -> SandboxedWorkflowRunner:
    """How ticket workflows are run: in the SDK's sandbox, with our own pure code shared."""
    return SandboxedWorkflowRunner(SandboxRestrictions.default.with_passthrough_modules(*_SHARED))


class Workers:
    """The two workers of a process: one for tickets, one for what goes outside. `async with` runs them."""

    def __init__(self, tickets: Worker, effects: Worker) -> None:
        self._workers = (tickets, effects)

    async def __aenter__(self) -> Workers:
        async with AsyncExitStack() as stack:
            for worker in self._workers:
                await stack.enter_async_context(worker)
            self._running = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._running.aclose()


def a_worker(
    client: Client,
    activities: Sequence[Callable[..., Any]],
    *,
    task_queue: str = TASK_QUEUE,
    executor: Executor | None = None,
    effects_executor: Executor | None = None,
    threads: int = 16,
    effects_threads: int = 48,
    workflow_slots: int = 40,
    cached_tickets: int = 2_000,
) -> Workers:
    """Workers for all of a ticket's work, not yet running.

    The executors run the activities that are plain functions, so many threads at a time: `executor` those that only
    need the database, `effects_executor` (or the same) those that wait for other people's servers.
    """
    outside = [one for one in activities if _name_of(one) in OUTSIDE]
    inside = [one for one in activities if _name_of(one) not in OUTSIDE]
    tickets = Worker(
        client,
        task_queue=task_queue,
        workflows=[TicketWorkflow],
        activities=inside,
        activity_executor=executor,
        workflow_runner=ticket_runner(),
        max_concurrent_activities=threads,
        max_concurrent_workflow_tasks=workflow_slots,
        max_cached_workflows=cached_tickets,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        sticky_queue_schedule_to_start_timeout=limits.STICKY_TIMEOUT,
        graceful_shutdown_timeout=_GRACE,
    )
    effects = Worker(
        client,
        task_queue=effects_queue(task_queue),
        activities=outside,
        activity_executor=effects_executor or executor,
        max_concurrent_activities=effects_threads,
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=_GRACE,
    )
    return Workers(tickets, effects)


def _name_of(implementation: Callable[..., Any]) -> str:
    # The SDK's own lookup of what @activity.defn left on the function.
    definition = activity._Definition.must_from_callable(implementation)
    return definition.name or ""


async def run_until(workers: Workers, stop: asyncio.Event) -> None:
    """Run workers until told to stop; then finish what is under way. Raises what one of them dies of."""
    async with workers:
        await stop.wait()
