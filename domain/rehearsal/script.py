"""A case as a list of moves with absolute times, ready to be played on the virtual clock or on a real desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.durations import parse_duration
from domain.engine.events import AddTask, ApprovalRequest, CancelTask, CompleteTask, Edit, Message, Move
from domain.engine.ticket import Json
from domain.engine.values import instant_json
from domain.language.definition import Definition
from domain.language.models import Cell, FieldDef
from domain.language.models_tests import Case, Expect, Step
from domain.local_time import add_duration, instant, wall_time
from domain.rehearsal.approval_steps import approval_act
from domain.rehearsal.link_steps import LinkStep, link_step

CLOCK_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
DEFAULT_START = "2026-01-05 09:00"


@dataclass(frozen=True, slots=True)
class Opening:
    """Open the case's ticket."""

    fields: dict[str, Json]
    channel: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Write a public reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Moving:
    """Move the ticket to the version under test."""

    leave_behind: bool = False


Act = (
    Opening
    | Moving
    | Reply
    | Move
    | Edit
    | CompleteTask
    | AddTask
    | CancelTask
    | Message
    | LinkStep
    | ApprovalRequest
)


@dataclass(frozen=True, slots=True)
class Play:
    """One step: let time come to `at`, act as `person`, look."""

    index: int
    at: datetime
    person: str | None
    act: Act | None
    expect: Expect | None


class CaseInvalid(Exception):
    """A step cannot be played as written: `step` (0-based) and why."""

    def __init__(self, step: int, message: str) -> None:
        super().__init__(message)
        self.step = step


def plays(
    case: Case, definition: Definition, zone: ZoneInfo, earlier: Definition | None = None
) -> list[Play]:
    """The steps of a case; `earlier` is the version its ticket is opened with. Raises CaseInvalid."""
    present = earlier or definition
    now = _moment(case.starts or DEFAULT_START, None, zone, 0)
    found: list[Play] = []
    for index, step in enumerate(case.steps):
        if step.at is not None:
            at = _moment(step.at, now, zone, index)
            if at < now:
                raise CaseInvalid(index, f"at: {step.at} lies before the step above")
            now = at
        if step.wait is not None:
            try:
                now = add_duration(now, parse_duration(step.wait), zone)
            except OverflowError:
                raise CaseInvalid(index, f"wait: {step.wait} leads beyond the year 9999") from None
        if step.migrate is not None:
            present = definition
        found.append(
            Play(index, now.astimezone(UTC), step.as_, _act(step, index, present, zone, now), step.expect)
        )
    return found


def _moment(text: str, before: datetime | None, zone: ZoneInfo, index: int) -> datetime:
    try:
        if CLOCK_TIME.fullmatch(text) and before is not None:
            clock = datetime.strptime(text, "%H:%M:%S" if text.count(":") > 1 else "%H:%M").time()
            at = datetime.combine(wall_time(before, zone).date(), clock)
        else:
            at = datetime.fromisoformat(text)
    except ValueError:
        raise CaseInvalid(index, f"{text!r} is no time; write 18:21 or 2026-11-27 18:21") from None
    return at if at.tzinfo else instant(at, zone)


def _act(step: Step, index: int, definition: Definition, zone: ZoneInfo, now: datetime) -> Act | None:
    own = definition.process.links.get(step.link or "")
    declared: Mapping[str, FieldDef | Cell] = definition.fields if own is None else own.fields
    given = {name: _value(declared.get(name), value, zone) for name, value in step.with_.items()}
    if step.create is not None:
        fields = definition.fields
        values = {n: _value(fields.get(n), v, zone) for n, v in step.create.items() if n != "channel"}
        return Opening(values, str(step.create.get("channel", "portal")))
    if step.do is not None:
        return Move(step.do, given)
    if step.reply is not None:
        return Reply(step.reply)
    if step.edit is not None:
        return Edit({n: _value(definition.fields.get(n), v, zone) for n, v in step.edit.items()})
    if step.complete is not None:
        return CompleteTask(step.complete, given)
    if step.fail is not None:
        return CompleteTask(step.fail, given, failed=True)
    if step.add_task is not None:
        due = given.pop("due", None)
        who, team = (str(given.pop(name, None) or "") for name in ("assignee", "team"))
        return AddTask(step.add_task, who, team, _due(due, index, zone, now), given)
    if step.migrate is not None:
        return Moving(step.migrate.leave_behind)
    if step.cancel_task is not None:
        return CancelTask(step.cancel_task)
    if step.message is not None:
        return Message(step.message, given)
    if (about_a_link := link_step(step, given)) is not None:
        return about_a_link
    return approval_act(step, given, lambda text: _moment(text, None, zone, index))


def _due(written: Json, index: int, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When a task that is added is due: a length from now, or a time."""
    if written is None:
        return None
    try:
        return add_duration(now, parse_duration(str(written)), zone).astimezone(UTC)
    except ValueError:
        return _moment(str(written), now, zone, index).astimezone(UTC)


def _value(declared: FieldDef | Cell | None, value: Json, zone: ZoneInfo) -> Json:
    """Times in test files are wall times of `given.time_zone`."""
    if declared is None or declared.type != "datetime" or not isinstance(value, str):
        return value
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return instant_json(at if at.tzinfo else instant(at, zone))
