"""Time passes over an open stage: reminders, and what happens when nobody answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.engine import approvals
from domain.engine.approval_state import Approval, Stage
from domain.engine.approver_letters import remind_people
from domain.engine.approvers import look_up
from domain.engine.draft import Draft
from domain.engine.lengths import due_after
from domain.engine.plan import Sitting


def next_at(run: Approval) -> datetime | None:
    """When something is due on an approval; None while it is held, and once it is decided."""
    if run.state != approvals.PENDING or run.held_at is not None:
        return None
    moments = [
        at
        for stage in run.stages.values()
        if stage.state == "open"
        for at in (stage.lapse_at, stage.remind_at)
        if at is not None
    ]
    return min(moments, default=None)


def schedule(draft: Draft, name: str, sitting: Sitting) -> None:
    """Start the reminders and timeouts of a stage that was just opened."""
    stage = replace(draft.approvals[name].stages[sitting.id], since=draft.gives_from)
    lapse = next_lapse(draft, sitting, stage)
    stage = replace(stage, remind_at=_next_reminder(draft, sitting), lapse_at=lapse[0] if lapse else None)
    approvals.set_stage(draft, name, sitting.id, stage)


def _next_reminder(draft: Draft, sitting: Sitting) -> datetime | None:
    remind = sitting.rule.remind
    return due_after(draft, remind.every, draft.gives_from, remind.calendar) if remind else None


def next_lapse(draft: Draft, sitting: Sitting, stage: Stage) -> tuple[datetime, int] | None:
    """The timeout that passes next, counted from the opening, and its place in the file."""
    moments = [
        (at, index)
        for index, timeout in enumerate(sitting.rule.lapses)
        if index not in stage.lapsed
        and (at := due_after(draft, timeout.after, stage.since, timeout.calendar)) is not None
    ]
    return min(moments, default=None)


def due(draft: Draft, name: str, at: datetime) -> None:
    """Handle what is due on an approval at `at`: a timeout before a reminder, in the order of the file."""
    stages = draft.approvals[name].stages
    open_ones = [one for one in draft.plan.sittings[name].values() if one.id in stages]
    for sitting in open_ones:
        stage = stages[sitting.id]
        if stage.state == "open" and stage.lapse_at is not None and stage.lapse_at <= at:
            _lapse(draft, name, sitting)
            return
    for sitting in open_ones:
        stage = stages[sitting.id]
        if stage.state == "open" and stage.remind_at is not None and stage.remind_at <= at:
            _remind(draft, name, sitting)
            return


def _remind(draft: Draft, name: str, sitting: Sitting) -> None:
    stage = draft.approvals[name].stages[sitting.id]
    seats = approvals.waiting_seats(stage)
    approvals.set_stage(draft, name, sitting.id, replace(stage, remind_at=_next_reminder(draft, sitting)))
    draft.note(
        "approval",
        name,
        what="reminded",
        stage=sitting.id,
        people=[seat.turn_of(draft.at) for seat in seats],
    )
    remind_people(draft, name, sitting, seats)


def _lapse(draft: Draft, name: str, sitting: Sitting) -> None:
    """A timeout passes: people are brought in, something is done, or it is decided. A lapse itself is no answer, and
    as long as somebody has just been asked, nothing has timed out.
    """
    from domain.engine.verbs import carry_out

    stage = draft.approvals[name].stages[sitting.id]
    lapse = next_lapse(draft, sitting, stage)
    assert lapse is not None and stage.lapse_at is not None, "a stage lapses by one of its timeouts"
    index, planned = lapse[1], lapse[0]
    timeout = sitting.rule.lapses[index]
    stage = replace(stage, lapsed=(*stage.lapsed, index))
    following = next_lapse(draft, sitting, stage)
    # Those brought in late, or asked again after a hold, have the time in between that the owner meant for them.
    # Nobody has less than that, though: a calendar may depend on a field that has changed.
    shift = max(draft.gives_from - planned, timedelta(0))
    stage = replace(stage, lapse_at=following[0] + shift if following else None)
    approvals.set_stage(draft, name, sitting.id, stage)
    draft.note("approval", name, what="lapsed", stage=sitting.id, timeout=index, last=following is None)
    path = _path(sitting, index)
    if timeout.add is not None:
        look_up(draft, name, sitting, timeout.add, "add")
    carry_out(draft, timeout.do, f"{path}.do")
    if timeout.decide is None and timeout.add is None and following is None:
        draft.announce(f"approval.{name}.timed_out", stage=sitting.id, comment=None, person=None)
    if timeout.decide == "votes":
        approvals.count(draft, name, sitting.id, closed=True)
    elif timeout.decide is not None:
        approvals.end_stage(draft, name, sitting.id, str(timeout.decide), why="timeout")


def _path(sitting: Sitting, index: int) -> str:
    written = "timeout" if sitting.rule.timeout is not None else f"timeouts.{index}"
    return f"{sitting.path}.{written}"
