"""Service-level clocks: the pass after a step, and what is due on one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from domain.calendars import due as working_due
from domain.engine import clock_starts as starts
from domain.engine.clock_time import (
    BREACH,
    calendar_of,
    length,
    reaches,
    target_length,
    threshold_amount,
)
from domain.engine.draft import LATE, Draft
from domain.engine.lengths import calendar_by
from domain.engine.ticket import Clock, LedgerLine, Reached, Stretch
from domain.engine.values import instant_json
from domain.language.models import Clock as Rule
from domain.language.models import Condition

_IDLE = Clock()

OVERDUE = "overdue"
START = "start"
What = Literal["started", "paused", "resumed", "stopped", "reset"]


def tick_all(draft: Draft) -> None:
    """The clock pass, in file order: reset, stop, resume, start, pause, then a change of target or calendar.

    `when` sees the events of this step. Nothing is measured on a closed ticket.
    """
    closed = draft.category == "closed"
    for name, rule in draft.definition.process.clocks.items():
        if closed:
            _close(draft, name)
        else:
            _tick(draft, name, rule)


def recount(draft: Draft, *, why: str) -> None:
    """Aim every running clock anew: its thresholds or the hours of its calendar are others than they were."""
    for name, clock in draft.clocks.items():
        if clock.status != "running":
            continue
        counted = _schedule(draft, name, clock, at=draft.at)
        if counted.due_at != clock.due_at:
            line = LedgerLine(  # of a length: no calendar moves a deadline that is a moment
                draft.at,
                "retargeted",
                why,
                draft.definition.line(why),
                clock.target,
                clock.calendar,
                counted.due_at,
            )
            counted = replace(counted, ledger=(*counted.ledger, line))
        draft.clocks[name] = counted


def _close(draft: Draft, name: str) -> None:
    clock = draft.clocks.get(name)
    if clock is not None and clock.status in ("running", "paused"):
        draft.clocks[name] = _halt(draft, name, clock, "stopped", "stop")
    elif clock is not None and clock.next_at is not None:  # it waits for the moment it would count from
        draft.clocks[name] = replace(clock, next_at=None, next_what="")


def _level(draft: Draft, name: str, part: str, condition: Condition) -> bool:
    """The parts of a condition that hold or not at any moment: `in` and `if`."""
    states = draft.plan.clock_states[name].get(part)
    status = draft.plan.clock_status[name].get(part)
    here = (states is None or draft.state in states) and (status is None or status.holds(draft.fields))
    return here and draft.holds(condition.if_)


def _meets(draft: Draft, name: str, part: str, condition: Condition | None) -> bool:
    if condition is None:
        return False
    if condition.when and not draft.seen_by_clocks.intersection(condition.when):
        return False
    return _level(draft, name, part, condition)


def _tick(draft: Draft, name: str, rule: Rule) -> None:
    before = draft.clocks.get(name, _IDLE)
    clock = before
    stops = _meets(draft, name, "stop", rule.stop)
    if _resets(draft, name, rule, clock):
        clock = _reset(draft, name, clock)
        if _level(draft, name, "start", rule.start) and not stops:
            clock = _run(draft, name, clock, "started", "reset")
    if clock.status in ("running", "paused") and stops:
        clock = _halt(draft, name, clock, "stopped", "stop")
    elif clock.status == "stopped" and _meets(draft, name, "resume", rule.resume) and not stops:
        clock = _run(draft, name, clock, "resumed", "resume")
    elif clock.status == "idle" and not stops:
        clock = _start(draft, name, rule, clock)
    if clock.status == "running" and _meets(draft, name, "pause", rule.pause):
        clock = _halt(draft, name, clock, "paused", "pause")
    elif clock.status == "paused" and (resumed_by := _pause_ends(draft, name, rule)):
        clock = _run(draft, name, clock, "resumed", resumed_by)
    if clock.from_at is not None and clock is before:
        clock = starts.move(draft, name, rule, clock)
    clock = _aim(draft, name, rule, clock, moved=clock is not before)
    if clock is not before:
        draft.clocks[name] = clock


def _start(draft: Draft, name: str, rule: Rule, clock: Clock) -> Clock:
    """Start an idle clock when its condition holds; one that counts from a moment waits until that has come."""
    if rule.start.at is None:
        meets = _meets(draft, name, "start", rule.start)
        return _run(draft, name, clock, "started", "start") if meets else clock
    moment = draft.moment_of(rule.start.at)
    if moment is None or not _level(draft, name, "start", rule.start):
        waits = None
    elif moment <= draft.at:
        started = _run(draft, name, clock, "started", "start", since=moment)
        return replace(started, from_at=moment, next_at=None, next_what="")
    else:
        waits = moment
    if clock.next_at == waits:
        return clock
    return replace(clock, next_at=waits, next_what=START if waits else "")


def _resets(draft: Draft, name: str, rule: Rule, clock: Clock) -> bool:
    if rule.reset is None or clock.status == "idle" or not _meets(draft, name, "reset", rule.reset):
        return False
    # Without an event the condition goes on to hold: a cycle that begins at this instant needs no new one.
    return bool(rule.reset.when) or clock.stretches[0].from_at < draft.at


def _pause_ends(draft: Draft, name: str, rule: Rule) -> str:
    """The rule that ends a pause: its own condition no longer holds, or, for one that an event began, `resume`."""
    if rule.pause is None or not _level(draft, name, "pause", rule.pause):
        return "pause"
    return "resume" if rule.pause.when and _meets(draft, name, "resume", rule.resume) else ""


def _line(draft: Draft, name: str, what: What, part: str, since: datetime | None = None) -> LedgerLine:
    why = f"clocks.{name}.{part}"
    return LedgerLine(since or draft.at, what, why, draft.definition.line(why))


def _told(draft: Draft, name: str, clock: Clock, line: LedgerLine, **changed: Any) -> Clock:
    """The clock with what was changed, and with the line that tells of it."""
    draft.note("clock", name, what=line.what)
    return replace(clock, ledger=(*clock.ledger, line), **changed)


def _reset(draft: Draft, name: str, clock: Clock) -> Clock:
    fresh = Clock(cycle=clock.cycle + 1, target=clock.target, calendar=clock.calendar, ledger=clock.ledger)
    return _told(draft, name, fresh, _line(draft, name, "reset", "reset"))


def _run(
    draft: Draft,
    name: str,
    clock: Clock,
    what: Literal["started", "resumed"],
    part: str,
    since: datetime | None = None,
) -> Clock:
    stretches = (*clock.stretches, Stretch(since or draft.at))
    line = _line(draft, name, what, part, since)
    return _told(draft, name, clock, line, status="running", cycle=clock.cycle or 1, stretches=stretches)


def _halt(draft: Draft, name: str, clock: Clock, what: Literal["paused", "stopped"], part: str) -> Clock:
    stretches = clock.stretches
    if stretches and stretches[-1].to_at is None:
        stretches = (*stretches[:-1], replace(stretches[-1], to_at=draft.at))
    return _told(
        draft,
        name,
        clock,
        _line(draft, name, what, part),
        status=what,
        stretches=stretches,
        due_at=clock.breached_at,  # a reached deadline is history; an open one is gone
        next_at=None,
        next_what="",
    )


def _aim(draft: Draft, name: str, rule: Rule, clock: Clock, *, moved: bool) -> Clock:
    """Find the target and calendar that apply now, and when the next threshold is due under them.

    A stopped clock keeps those it was measured by.
    """
    if clock.status not in ("running", "paused"):
        return clock
    target, until, calendar, why = _applies(draft, name, rule)
    changed = (target, until, calendar) != (clock.target, clock.until, clock.calendar)
    if changed:
        clock = replace(clock, target=target, until=until, calendar=calendar)
    aims: dict[str, Any] = {}
    if clock.status == "running" and (changed or moved):
        aims = _aims(draft, name, clock, at=draft.at)
    if not changed:
        return replace(clock, **aims) if aims else clock
    shown = f"until {instant_json(until)}" if until else target
    due_at = aims.get("due_at", clock.due_at)
    line = LedgerLine(draft.at, "retargeted", why, draft.definition.line(why), shown, calendar, due_at)
    draft.note("clock", name, what="retargeted", target=shown, calendar=calendar)
    return replace(clock, ledger=(*clock.ledger, line), **aims)


def _applies(draft: Draft, name: str, rule: Rule) -> tuple[str, datetime | None, str, str]:
    """Target (a length, or a moment), calendar, and the rule that gives them: the agreement's where it says something
    for this ticket.
    """
    value = str(draft.fields.get(rule.by) or "")
    calendar = calendar_by(draft, rule.calendar, rule.by) or "always"
    agreed = draft.definition.agreed(draft.agreement, name) if draft.agreement else None
    target = _chosen(agreed.target, value) if agreed is not None else ""
    if agreed is not None and target:
        why = f"agreements.{draft.agreement}.targets.{draft.ticket.process}.{name}"
        own = calendar_by(draft, agreed.calendar, rule.by) if agreed.calendar else None
        return target, None, own or calendar, why
    for index, aim in enumerate(rule.targets):
        if draft.holds(aim.if_):
            until = draft.moment_of(aim.until) if aim.until else None
            return (
                str(aim.target or ""),
                until,
                (calendar_by(draft, aim.calendar, rule.by) if aim.calendar else None) or calendar,
                f"clocks.{name}.targets.{index}",
            )
    if rule.until:
        return "", draft.moment_of(rule.until), calendar, f"clocks.{name}.until"
    return _chosen(rule.target, value), None, calendar, f"clocks.{name}.target"


def _chosen(choices: Mapping[str, str], value: str) -> str:
    return str(choices.get(value) or choices.get("all") or "")


def _schedule(draft: Draft, name: str, clock: Clock, *, at: datetime) -> Clock:
    """The running clock with its due time and its nearest threshold."""
    return replace(clock, **_aims(draft, name, clock, at=at))


def _aims(draft: Draft, name: str, clock: Clock, *, at: datetime) -> dict[str, Any]:
    """`due_at`, `next_at` and `next_what` of a running clock: its due time and its nearest threshold.

    One that would lie before `at` (the change that moved it) is due at `at`; a reached one stays reached.
    """
    target = target_length(draft.definition, clock)
    if target is None:
        return {"due_at": clock.breached_at, "next_at": None, "next_what": ""}
    due_at = clock.breached_at
    nearest: tuple[datetime, timedelta, bool, int] | None = None
    thresholds = draft.plan.thresholds[name]
    for order, threshold in enumerate(thresholds):
        if threshold.label in clock.reached:
            continue
        amount = threshold_amount(threshold, target)
        when = reaches(draft.definition, clock, amount)
        if when is None:
            continue
        when = max(when, at)
        if threshold.label == BREACH:
            due_at = when
        place = (
            when,
            amount,
            threshold.label == BREACH,
            order,
        )  # of equal ones the deadline itself, then the later
        nearest = min(nearest, place) if nearest else place
    next_at, next_what = (nearest[0], thresholds[nearest[3]].label) if nearest else (None, "")
    repeated = _next_overdue(draft, name, clock, at)
    if repeated is not None and (next_at is None or repeated < next_at):
        next_at, next_what = repeated, OVERDUE
    return {"due_at": due_at, "next_at": next_at, "next_what": next_what}


def _next_overdue(draft: Draft, name: str, clock: Clock, at: datetime) -> datetime | None:
    rule = draft.definition.process.clocks[name].overdue
    if rule is None or clock.breached_at is None or clock.overdue_count >= rule.times:
        return None
    calendar = calendar_of(draft.definition, clock)
    every = length(rule.every)
    planned = working_due(calendar, clock.breached_at, every * (clock.overdue_count + 1))
    if planned is not None and planned < at:  # it was paused meanwhile: count on from here
        return working_due(calendar, at, every)
    return planned


def reach(draft: Draft, name: str, until: datetime, moves_at: datetime | None) -> None:
    """Handle what is due on a clock.

    Of several thresholds due at once only the highest acts; the others are noted. After an outage all that are due by
    `until` are due at once, unless the ticket itself may move at `moves_at`, between them. Missed repetitions collapse.
    """
    from domain.engine.verbs import carry_out

    clock = draft.clocks[name]
    assert clock.next_at is not None
    if clock.next_what == START:  # it starts in the clock pass, if its other conditions hold
        draft.clocks[name] = replace(clock, next_at=None, next_what="")
        return
    if clock.next_what == OVERDUE:
        _repeat(draft, name, clock, until)
        return
    label, due_at = clock.next_what, clock.next_at
    breached = clock.breached_at or (due_at if label == BREACH else None)
    late = draft.handled_at - due_at > LATE
    higher = _next_acting(draft, name, clock, due_at)
    at_once = (
        higher is not None
        and (higher == due_at or (late and higher <= until))
        and (moves_at is None or higher < moves_at)
    )
    reached = {**clock.reached, label: Reached(due_at, acted=not at_once)}
    later = replace(clock, reached=reached, breached_at=breached)
    draft.clocks[name] = _schedule(draft, name, later, at=due_at)
    draft.note("reached", name, threshold=label, due_at=instant_json(due_at), acted=not at_once)
    if label == BREACH:
        whose = draft.definition.process.clocks[name].whose
        owed = {"whose": draft.fields.get(whose)} if whose else {}
        draft.note("breached", name, due_at=instant_json(due_at), **owed)
        draft.announce(f"clock.{name}.breached", due=instant_json(due_at))
    if not at_once:
        for threshold in draft.plan.thresholds[name]:
            if threshold.label == label:
                carry_out(draft, threshold.do, f"clocks.{name}.at.{label}")


def _next_acting(draft: Draft, name: str, clock: Clock, at: datetime) -> datetime | None:
    """When the next threshold that does something, after the one that is due at `at`, is due itself."""
    target = target_length(draft.definition, clock)
    moments = [
        max(when, at)
        for threshold in draft.plan.thresholds[name]
        if target is not None
        and threshold.do
        and threshold.label != clock.next_what
        and threshold.label not in clock.reached
        and (when := reaches(draft.definition, clock, threshold_amount(threshold, target))) is not None
    ]
    return min(moments, default=None)


def _repeat(draft: Draft, name: str, clock: Clock, until: datetime) -> None:
    from domain.engine.verbs import carry_out

    rule = draft.definition.process.clocks[name].overdue
    assert rule is not None and clock.next_at is not None
    calendar = calendar_of(draft.definition, clock)
    count, due_at = clock.overdue_count + 1, clock.next_at
    missed = 0
    while draft.handled_at - due_at > LATE and count < rule.times:
        following = working_due(calendar, due_at, length(rule.every))
        if following is None or following > until:
            break
        count, due_at, missed = count + 1, following, missed + 1
    draft.clocks[name] = _schedule(draft, name, replace(clock, overdue_count=count), at=due_at)
    draft.note("overdue", name, count=count, missed=missed)
    carry_out(draft, rule.do, f"clocks.{name}.overdue.do")
