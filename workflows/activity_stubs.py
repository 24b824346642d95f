"""The activities a ticket's workflow calls: their names, what they take and give, their limits.

`activities/` implements them; a test compares names and signatures, so that workflows need not import them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar, cast

from temporalio import workflow
from temporalio.common import RetryPolicy

from domain.engine.events import ApproversFound
from workflows import retry_policies as limits
from workflows.messages import (
    ChildTicket,
    Deliver,
    Delivered,
    FindApprovers,
    OpenChild,
    Pick,
    PickedPerson,
    Record,
    Recorded,
    RunTask,
    TaskResult,
    effects_queue,
)

Given = TypeVar("Given")
Returned = TypeVar("Returned")


@dataclass(frozen=True)
class ActivityStub(Generic[Given, Returned]):
    """One activity, called with its one argument."""

    name: str
    takes: type[Given]
    gives: type[Returned]
    timeout: timedelta  # of one attempt
    retry: RetryPolicy
    outside: bool = False  # it waits for other people's servers, so it has a queue and threads of its own

    async def __call__(
        self,
        request: Given,
        *,
        summary: str | None = None,
        retry: RetryPolicy | None = None,
        timeout: timedelta | None = None,
    ) -> Returned:
        """Run the activity. Raises temporalio.exceptions.ActivityError when it failed for good."""
        own_queue = workflow.info().task_queue
        result = await workflow.execute_activity(
            self.name,
            request,
            task_queue=effects_queue(own_queue) if self.outside else own_queue,
            result_type=self.gives,
            start_to_close_timeout=timeout or self.timeout,
            retry_policy=retry or self.retry,
            summary=summary,
        )
        return cast(Returned, result)


record = ActivityStub("record", Record, Recorded, limits.RECORD_TIMEOUT, limits.RECORD)
deliver = ActivityStub("deliver", Deliver, Delivered, limits.DELIVER_TIMEOUT, limits.DELIVER, outside=True)
pick = ActivityStub("pick", Pick, PickedPerson, limits.PICK_TIMEOUT, limits.PICK)
find_approvers = ActivityStub(
    "find_approvers", FindApprovers, ApproversFound, limits.PICK_TIMEOUT, limits.PICK
)
open_child = ActivityStub("open_child", OpenChild, ChildTicket, limits.PICK_TIMEOUT, limits.PICK)
run_script = ActivityStub("run_script", RunTask, TaskResult, limits.TASK_TIMEOUT, limits.TASK, outside=True)
call_http = ActivityStub("call_http", RunTask, TaskResult, limits.TASK_TIMEOUT, limits.TASK, outside=True)

OUTSIDE = frozenset({deliver.name, run_script.name, call_http.name})
ALL = (record, deliver, pick, find_approvers, open_child, run_script, call_http)
