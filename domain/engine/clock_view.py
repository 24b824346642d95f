"""What a clock says to people: how much is left, why it stands still, what will happen next and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calendars import Closure, next_open, why_closed
from domain.calendars import due as working_due
from domain.engine.chains import after
from domain.engine.clock_time import (
    calendar_of,
    elapsed_of,
    left_of,
    length,
    reaches,
    target_length,
    threshold_amount,
)
from domain.engine.plan import plan_of
from domain.engine.ticket import Clock, Ticket
from domain.language.definition import Definition
from domain.language.models import Effect


@dataclass(frozen=True, slots=True)
class ThresholdFacts:
    """A threshold: where it lies on the bar, when it was or will be reached, what it does."""

    label: str
    share: float  # of the target
    at: datetime | None
    reached: bool
    acted: bool
    does: tuple[str, ...]  # verbs with their targets, such as `page duty_manager`
    line: str


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Something that will happen if nothing changes."""

    at: datetime
    what: str  # "75%", "overdue 1", "on_call step 2"
    does: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """A clock at one moment."""

    status: str  # idle | running | paused | stopped | outside_hours
    elapsed: timedelta
    target: timedelta | None
    left: timedelta | None  # worked time until the target; negative after it
    due_at: datetime | None
    breached_at: datetime | None
    paused_why: str  # rule, with its line
    closed: Closure | None  # why the calendar is closed now
    opens_at: datetime | None
    thresholds: tuple[ThresholdFacts, ...]
    upcoming: tuple[Upcoming, ...]


def clock_facts(definition: Definition, ticket: Ticket, name: str, now: datetime) -> ClockFacts:
    """What a clock of this ticket says at `now`. Raises KeyError for a clock the definition does not have."""
    if name not in definition.process.clocks:
        raise KeyError(name)
    clock = ticket.clocks.get(name) or Clock()
    target = target_length(definition, clock)
    elapsed = elapsed_of(definition, clock, now)
    calendar = calendar_of(definition, clock)
    closed = why_closed(calendar, now) if clock.status == "running" else None
    paused_why = ""
    if clock.status == "paused":
        line = next((line for line in reversed(clock.ledger) if line.what == "paused"), None)
        paused_why = f"{line.why} ({line.line})" if line else ""
    return ClockFacts(
        status="outside_hours" if closed else clock.status,
        elapsed=elapsed,
        target=target,
        left=left_of(definition, clock, now),
        due_at=clock.due_at,
        breached_at=clock.breached_at,
        paused_why=paused_why,
        closed=closed,
        opens_at=next_open(calendar, now) if closed else None,
        thresholds=_thresholds(definition, clock, name, target),
        upcoming=_upcoming(definition, ticket, clock, name, now),
    )


def _thresholds(
    definition: Definition, clock: Clock, name: str, target: timedelta | None
) -> tuple[ThresholdFacts, ...]:
    if target is None:
        return ()
    found = []
    for threshold in plan_of(definition).thresholds[name]:
        amount = threshold_amount(threshold, target)
        reached = clock.reached.get(threshold.label)
        found.append(
            ThresholdFacts(
                label=threshold.label,
                share=amount / target if target else 1.0,
                at=reached.due_at if reached else reaches(definition, clock, amount),
                reached=reached is not None,
                acted=bool(reached and reached.acted),
                does=describe(threshold.do),
                line=definition.line(f"clocks.{name}.at.{threshold.label}"),
            )
        )
    return tuple(sorted(found, key=lambda one: one.share))


def _upcoming(
    definition: Definition, ticket: Ticket, clock: Clock, name: str, now: datetime
) -> tuple[Upcoming, ...]:
    """The next three things on this clock and on the escalations it may have started."""
    found: list[Upcoming] = []
    target = target_length(definition, clock)
    if clock.status == "running" and target is not None:
        breach_at = clock.breached_at
        for threshold in plan_of(definition).thresholds[name]:
            if threshold.label in clock.reached:
                continue
            at = reaches(definition, clock, threshold_amount(threshold, target))
            if at is not None:
                line = definition.line(f"clocks.{name}.at.{threshold.label}")
                found.append(Upcoming(max(at, now), threshold.label, describe(threshold.do), line))
                if threshold.label == "100%":
                    breach_at = at
        overdue = definition.process.clocks[name].overdue
        if overdue is not None and breach_at is not None:
            line = definition.line(f"clocks.{name}.overdue")
            for count in range(clock.overdue_count + 1, min(clock.overdue_count + 3, overdue.times) + 1):
                at = working_due(calendar_of(definition, clock), breach_at, length(overdue.every) * count)
                if at is not None:
                    found.append(Upcoming(max(at, now), f"overdue {count}", describe(overdue.do), line))
    for chain_name, chain in ticket.chains.items():
        rule = definition.process.escalations[chain_name]
        following = after(rule, (chain.step, chain.round))
        if following is None:
            what, does = f"{chain_name} unanswered", describe(rule.otherwise)
        else:
            step = following[0]
            what, does = f"{chain_name} step {step + 1}", ("page " + ", ".join(rule.steps[step].page),)
        found.append(Upcoming(chain.next_at, what, does, definition.line(f"escalations.{chain_name}")))
    return tuple(sorted(found, key=lambda one: (one.at, one.what))[:3])


def describe(effects: tuple[Effect, ...]) -> tuple[str, ...]:
    """Effects in a few words of the definition: `page duty_manager`, `escalate on_call`."""
    found = []
    for effect in effects:
        argument = effect.argument
        match effect.verb:
            case "page":
                shown = ", ".join(argument.who)
            case "notify":
                shown = str(argument.template)
            case "set":
                shown = ", ".join(argument)
            case "comment":
                shown = ""
            case "run":
                shown = ", ".join(argument)
            case "escalate":
                shown = str(argument.chain or argument.by)
            case "link" | "unlink" | "move_links":
                shown = str(argument.link)
            case "create" | "convert" | "tell":
                shown = str(getattr(argument, "process", None) or argument.message)
            case _:
                shown = str(argument)
        words = f"{effect.verb} {shown}".strip()
        found.append(f"{words} if {effect.if_}" if effect.if_ else words)
    return tuple(found)
