"""Saved histories replay on today's code, with the same commands *and* the same entries.

A changed entry alters no command, so the SDK's replayer alone would not see it (architecture.md section 6).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleUpdateInput,
    Interceptor,
    Replayer,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import NondeterminismError

from bootstrap.worker import ticket_runner
from domain.engine.entries import Entry
from domain.language.definition import Definition
from workflows.backlog import Backlog
from workflows.converter import ticket_data_converter
from workflows.definitions import registry
from workflows.messages import Answer, Record
from workflows.ticket import TicketWorkflow

pytestmark = pytest.mark.anyio

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json.gz"))


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Seen:
    """What a run decided, by command answered and by record asked for."""

    answers: list[Answer] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    @property
    def entries(self) -> dict[int, Entry]:
        found = [entry for one in self.records for entry in one.entries]
        found += [entry for one in self.answers for entry in one.entries]
        return {entry.seq: entry for entry in found}


seen = Seen()


class Watching(Interceptor):
    """Keeps what the replayed workflow answers and records."""

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        return _Inbound


class _Inbound(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Outbound(outbound))

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        return await super().execute_workflow(input)

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        answer = await super().handle_update_handler(input)
        seen.answers.append(answer)
        return answer


class _Outbound(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> Any:
        if input.activity == "record":
            seen.records.append(input.args[0])
        return super().start_activity(input)


def saved_entries(history: WorkflowHistory) -> Iterator[Entry]:
    """Every entry that stands in the history: in the answers of updates and in what `record` was given."""
    converter = ticket_data_converter.payload_converter
    for event in history.events:
        if event.HasField("workflow_execution_update_completed_event_attributes"):
            outcome = event.workflow_execution_update_completed_event_attributes.outcome
            (answer,) = converter.from_payloads(outcome.success.payloads, [Answer])
            yield from answer.entries
        elif event.HasField("activity_task_scheduled_event_attributes"):
            scheduled = event.activity_task_scheduled_event_attributes
            if scheduled.activity_type.name == "record":
                (request,) = converter.from_payloads(scheduled.input.payloads, [Record])
                yield from request.entries


@dataclass(frozen=True)
class Saved:
    """One file: a run's history, and the entries that stand in it."""

    history: WorkflowHistory
    entries: dict[int, Entry]


@pytest.fixture(params=HISTORIES, ids=lambda path: path.name)
def saved(request: pytest.FixtureRequest) -> Saved:
    data = json.loads(gzip.decompress(request.param.read_bytes()))
    parts = data["definition"]
    registry.put(Definition.from_json(parts["process"], parts["calendars"], parts["agreements"]))
    history = WorkflowHistory.from_json("ticket/saved", data["history"])
    return Saved(history, {entry.seq: entry for entry in saved_entries(history)})


async def replay(history: WorkflowHistory) -> dict[int, Entry]:
    """The entries today's code decides on. Raises when its commands are others."""
    seen.answers.clear()
    seen.records.clear()
    replayer = Replayer(
        workflows=[TicketWorkflow],
        data_converter=ticket_data_converter,
        workflow_runner=ticket_runner(),
        interceptors=[Watching()],
    )
    await replayer.replay_workflow(history)
    return seen.entries


async def test_a_saved_history_replays_with_the_same_entries(saved: Saved) -> None:
    assert len(saved.entries) > 2
    replayed = await replay(saved.history)
    assert {seq: _as_json(entry) for seq, entry in replayed.items()} == {
        seq: _as_json(entry) for seq, entry in saved.entries.items()
    }


async def test_a_changed_entry_is_seen_though_it_changes_no_command(
    saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = TicketWorkflow._now
    monkeypatch.setattr(TicketWorkflow, "_now", lambda run: now(run) + timedelta(milliseconds=1))
    assert await replay(saved.history) != saved.entries


async def test_a_changed_command_is_refused(saved: Saved, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backlog, "wants_recording", lambda backlog: False)
    with pytest.raises(NondeterminismError):
        await replay(saved.history)


def _as_json(entry: Entry) -> Any:
    payload = ticket_data_converter.payload_converter.to_payloads([entry])[0]
    return json.loads(payload.data)


def test_there_is_a_history_of_every_engine_number() -> None:
    assert {path.name for path in HISTORIES} >= {"spine.json.gz", "incident.json.gz"}
