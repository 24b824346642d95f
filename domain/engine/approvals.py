"""Approvals: requested, decided stage by stage, made void by changes, withdrawn.

Selectors become people by a question to the directory (`approvers.py`, ADR 0013); a stage is open once the answer is
there. Votes are given in `voting.py` and counted in `ballots.py`, seats are given in `seating.py`. What else people do
is in `approval_requests.py`, reminders and timeouts in `lapses.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from domain.calendars import worked
from domain.engine import ballots
from domain.engine.approval_state import Approval, Seat, Stage
from domain.engine.approver_letters import release_people
from domain.engine.approvers import look_up
from domain.engine.draft import Draft
from domain.engine.lengths import calendar_of
from domain.engine.plan import Sitting
from domain.engine.ticket import Json, Ticket
from domain.language.models import CalendarChoice

PENDING = "pending"


# ---------------------------------------------------------------- the life of an approval


def request(draft: Draft, name: str, *, of_state: str) -> None:
    """Request an approval; one that is pending goes on as it is."""
    before = draft.approvals.get(name)
    if before is not None and before.state == PENDING:
        return
    draft.approvals[name] = Approval(
        state=PENDING,
        requested_at=draft.at,
        round=before.round + 1 if before else 1,
        of_state=of_state,
        hash=content_hash(draft, name),
        asked=before.asked if before else 0,
    )
    draft.note("approval", name, what="requested")
    draft.announce(f"approval.{name}.requested")
    _begin(draft, name)


def _begin(draft: Draft, name: str) -> None:
    """Decide it without people where a `skip` fits, else open the first stages."""
    for index, skip in enumerate(draft.definition.process.approvals[name].skip):
        if draft.holds(skip.if_):
            end(draft, name, str(skip.decide), why=f"approvals.{name}.skip.{index}")
            return
    proceed(draft, name)


def proceed(draft: Draft, name: str, *, stage: str = "", by: Seat | None = None) -> None:
    """Open the stages whose turn it is; approve when none is left. `stage` was decided last, by a vote from `by`."""
    sittings = draft.plan.sittings[name].values()
    for turn in sorted({sitting.turn for sitting in sittings}):
        here = [sitting for sitting in sittings if sitting.turn == turn]
        for sitting in here:
            if sitting.id not in draft.approvals[name].stages:
                _reach(draft, name, sitting)
        stages = draft.approvals[name].stages
        if not all(stages[sitting.id].is_over for sitting in here):
            return
    end(draft, name, "approved", why=f"approvals.{name}.stages", stage=stage, by=by)


def _reach(draft: Draft, name: str, sitting: Sitting) -> None:
    """A stage's turn has come: look for its people, or pass it over."""
    if draft.holds(sitting.rule.if_):
        set_stage(draft, name, sitting.id, Stage("looking", draft.at))
        look_up(draft, name, sitting, sitting.rule.approvers, "open")
    else:
        set_stage(draft, name, sitting.id, Stage("skipped", draft.at))
        draft.note("approval", name, what="stage_skipped", stage=sitting.id)


def count(draft: Draft, name: str, stage: str, *, closed: bool = False, by: Seat | None = None) -> None:
    """End a stage when its votes decide it; `by` is the seat that voted last."""
    sitting = draft.plan.sittings[name][stage]
    found = ballots.decide(sitting.rule, draft.approvals[name].stages[stage].seats, closed=closed)
    if found is None:
        return
    if found.state == "nobody":
        nobody(draft, name, sitting)
    else:
        end_stage(draft, name, stage, found.state, why=found.why, by=by)


def nobody(draft: Draft, name: str, sitting: Sitting) -> None:
    """There is nobody who decides: what `if_nobody` says, else it is rejected. A stage never hangs."""
    rule, stage = sitting.rule.if_nobody, draft.approvals[name].stages[sitting.id]
    draft.note("approval", name, what="nobody", stage=sitting.id)
    if rule is not None and rule.ask is not None and not stage.asked_others:
        set_stage(draft, name, sitting.id, replace(stage, asked_others=True))
        look_up(draft, name, sitting, rule.ask, "nobody")
    elif rule is not None and rule.decide == "approve":
        end_stage(draft, name, sitting.id, "approved", why="nobody")
    else:
        end_stage(draft, name, sitting.id, "rejected", why="nobody")


def end_stage(draft: Draft, name: str, stage: str, state: str, *, why: str, by: Seat | None = None) -> None:
    """A stage is decided: those not heard are told, and the next ones open, or the approval ends."""
    sitting = draft.plan.sittings[name][stage]
    before = draft.approvals[name].stages[stage]
    ended = replace(before, state=state, remind_at=None, lapse_at=None, lookups=())
    set_stage(draft, name, stage, ended)
    draft.note("approval", name, what="stage_ended", stage=stage, state=state, why=why)
    release_people(draft, name, sitting, waiting_seats(before))
    if state == "approved":
        if by is not None and by.comment:
            draft.approvals[name] = replace(draft.approvals[name], comment=by.comment)
        proceed(draft, name, stage=stage, by=by)
    else:
        end(draft, name, state, why=sitting.path, stage=stage, by=by)


def end(draft: Draft, name: str, state: str, *, why: str, stage: str = "", by: Seat | None = None) -> None:
    """The approval is decided. Whoever is still asked is told that they need not answer."""
    run = _stop(draft, name)
    said = by.comment if by is not None else ("" if stage else run.comment)
    draft.approvals[name] = replace(
        run,
        state=state,
        comment=run.comment if state == "approved" else said,
        decided_by=by.by if by is not None else "",
        decided_at=draft.at,
    )
    draft.note("approval", name, what="ended", state=state, why=why, line=draft.definition.line(why))
    _tell(draft, name, state, stage)


def _tell(draft: Draft, name: str, what: str, stage: str = "") -> None:
    run = draft.approvals[name]
    draft.announce(
        f"approval.{name}.{what}",
        stage=stage or None,
        comment=run.comment or None,
        person=run.decided_by or None,
    )


def withdraw(draft: Draft, name: str, *, why: str, comment: str = "") -> None:
    """Nobody is asked any more, and nothing was decided."""
    run = _stop(draft, name)
    draft.approvals[name] = replace(run, state="withdrawn", comment=comment, decided_at=draft.at)
    draft.note("approval", name, what="withdrawn", why=why, comment=comment)
    _tell(draft, name, "withdrawn")


def _stop(draft: Draft, name: str) -> Approval:
    """End every stage that is not over, telling those who were asked."""
    for id, stage in draft.approvals[name].stages.items():
        if not stage.is_over:
            release_people(draft, name, draft.plan.sittings[name][id], waiting_seats(stage))
            ended = replace(stage, state="withdrawn", remind_at=None, lapse_at=None, lookups=())
            set_stage(draft, name, id, ended)
    return replace(draft.approvals[name], held_at=None)


def set_stage(draft: Draft, name: str, id: str, stage: Stage) -> None:
    """Keep a stage as it is now."""
    run = draft.approvals[name]
    draft.approvals[name] = replace(run, stages={**run.stages, id: stage})


def waiting_seats(stage: Stage) -> tuple[Seat, ...]:
    """The seats whose answer is awaited. Who may only veto is not waited for."""
    if stage.state != "open":
        return ()
    return tuple(seat for seat in stage.seats if not seat.answer and seat.kind != "veto")


def waiting_for(ticket: Ticket, at: datetime) -> tuple[str, ...]:
    """Everybody whose answer is awaited at a moment; stand-ins in the place of those they stand in for."""
    return tuple(
        dict.fromkeys(
            seat.turn_of(at)
            for run in ticket.approvals.values()
            if run.state == PENDING
            for stage in run.stages.values()
            for seat in waiting_seats(stage)
        )
    )


# ---------------------------------------------------------------- states of the ticket


def leave(draft: Draft, state: str) -> None:
    """A state is left: the approval it asked for is withdrawn."""
    for name in _pending(draft):
        if draft.approvals[name].of_state == state:
            withdraw(draft, name, why=f"states.{state}.approval")


def end_all(draft: Draft) -> None:
    """A closed ticket asks nobody."""
    for name in _pending(draft):
        withdraw(draft, name, why="closed")


def hold(draft: Draft, state: str) -> None:
    """The state is put on hold: votes stay and may still be given, reminders and timeouts stand still."""
    for name in _pending(draft):
        if draft.approvals[name].of_state == state and draft.approvals[name].held_at is None:
            draft.approvals[name] = replace(draft.approvals[name], held_at=draft.at)


def resume(draft: Draft, state: str) -> None:
    """Back from hold: people have the time left that they had."""
    for name in _pending(draft):
        run = draft.approvals[name]
        if run.of_state != state or run.held_at is None:
            continue
        for id, stage in run.stages.items():
            set_stage(draft, name, id, _moved(draft, draft.plan.sittings[name][id], stage, run))
        draft.approvals[name] = replace(draft.approvals[name], held_at=None)


def _moved(draft: Draft, sitting: Sitting, stage: Stage, run: Approval) -> Stage:
    from domain.engine.lapses import next_lapse

    assert run.held_at is not None, "only what was held is moved"
    rule = sitting.rule

    def later(at: datetime | None, choice: CalendarChoice | None) -> datetime | None:
        calendar = calendar_of(draft, choice)
        if at is None or run.held_at is None:
            return at
        since = max(run.held_at, stage.since)
        if calendar is None:
            return at + (draft.at - since)
        left = worked(draft.definition.calendars[calendar], since, at)
        return draft.definition.calendars.add_working(draft.at, left, calendar) or at

    lapse = next_lapse(draft, sitting, stage)
    return replace(
        stage,
        remind_at=later(stage.remind_at, rule.remind.calendar if rule.remind else None),
        lapse_at=later(stage.lapse_at, rule.lapses[lapse[1]].calendar if lapse else None),
    )


def _pending(draft: Draft) -> list[str]:
    return [
        name
        for name in draft.plan.approval_order
        if name in draft.approvals and draft.approvals[name].state == PENDING
    ]


# ---------------------------------------------------------------- what was decided on


def content_hash(draft: Draft, name: str) -> str:
    """A hash of the fields a vote is bound to; "" when `void_if_changed` names none."""
    fields = draft.definition.process.approvals[name].void_if_changed
    return hash_of(draft.fields, fields) if fields else ""


def hash_of(values: Mapping[str, Json], fields: Iterable[str]) -> str:
    """A hash of these fields' values."""
    shown = {str(field): values.get(field) for field in fields}
    text = json.dumps(shown, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def bind_first_vote(draft: Draft, name: str) -> None:
    """Bind an approval to what the form of its first vote said: a vote does not make itself void. Where others have
    voted already, they decided on something else, and are asked again.
    """
    run = draft.approvals[name]
    if not _given(run):
        draft.approvals[name] = replace(run, hash=content_hash(draft, name))


def void_changed(draft: Draft) -> None:
    """What was decided on has changed: votes are asked for again, an approval that was given is void."""
    for name, run in list(draft.approvals.items()):
        if run.state not in (PENDING, "approved") or name not in draft.plan.sittings:
            continue
        now = content_hash(draft, name)
        if now == run.hash:
            continue
        if run.state == PENDING:
            _reopen(draft, name, now)
        elif draft.category not in ("done", "closed"):  # afterwards it is history
            draft.approvals[name] = replace(run, state="voided", hash=now, decided_at=draft.at)
            draft.note("approval", name, what="voided")
            _tell(draft, name, "voided")


def _reopen(draft: Draft, name: str, content: str) -> None:
    run = draft.approvals[name]
    draft.approvals[name] = replace(run, round=run.round + 1, hash=content, stages={}, comment="")
    draft.note("approval", name, what="reopened", votes=_given(run))
    draft.announce(f"approval.{name}.reopened")
    _begin(draft, name)


def _given(run: Approval) -> int:
    return sum(bool(seat.answer) for stage in run.stages.values() for seat in stage.seats)
