"""State timers: `after`, `every` and `at` transitions that wait for their time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.calendars import worked
from domain.engine.draft import Draft
from domain.engine.lengths import calendar_of, due_after
from domain.engine.plan import Button
from domain.engine.ticket import Held, StateTimer
from domain.language.models import Transition

_TIMES = ("after", "every", "times", "at", "calendar")


def start_all(draft: Draft) -> None:
    """Start the `after` timers of the state just entered."""
    for button in draft.plan.timed:
        if button.fits(draft.state, draft.fields):
            start(draft, button)


def start(draft: Draft, button: Button) -> None:
    """Start an `after` or `every` timer, or begin it anew. Without a length there is none."""
    first = button.rule.after or button.rule.every
    if first is None:
        return
    due = due_after(draft, first, draft.gives_from, button.rule.calendar)
    if due is None:
        draft.timers.pop(button.name, None)
    else:
        draft.timers[button.name] = StateTimer(due)


def same_time(rule: Transition, other: Transition) -> bool:
    """Whether two rules give a ticket the same time."""
    return all(getattr(rule, part) == getattr(other, part) for part in _TIMES)


def counted_from(draft: Draft, button: Button, since: datetime) -> StateTimer | None:
    """The timer of a button, counted from an earlier moment; what has passed by now is due now."""
    first = button.rule.after or button.rule.every
    due = due_after(draft, first, since, button.rule.calendar) if first is not None else None
    return None if due is None else StateTimer(max(due, draft.at))


def restart(draft: Draft, event: str) -> None:
    """Begin the timers anew that an event restarts."""
    for button in draft.plan.restarts.get(event, ()):
        if button.fits(draft.state, draft.fields):
            start(draft, button)


def went_off(draft: Draft, button: Button) -> None:
    """A timer came to its time: it is spent, or goes off again later. What an outage missed is not made up for."""
    timer = draft.timers[button.name]
    rule = button.rule
    count = timer.count + 1
    due = None
    if rule.every is not None and count < rule.times:
        due = due_after(draft, rule.every, draft.gives_from, rule.calendar)
    draft.timers[button.name] = (
        replace(timer, spent=True, count=count) if due is None else StateTimer(due, count=count)
    )


def aim(draft: Draft) -> None:
    """Keep the `at` timers on the moment their expression names now; one that was spent stays spent for it.

    A timer that asks for a choice field beside the state begins when the field has the value, and ends with it.
    """
    for button in draft.plan.timed:
        if button.status is not None and draft.state in button.states:
            if not button.status.holds(draft.fields):
                draft.timers.pop(button.name, None)
            elif button.name not in draft.timers:
                start(draft, button)
        if not button.rule.at or not button.fits(draft.state, draft.fields):
            continue
        moment = draft.moment_of(button.rule.at)
        timer = draft.timers.get(button.name)
        if moment is None:
            draft.timers.pop(button.name, None)
        elif timer is None or timer.due_at != moment:
            draft.timers[button.name] = StateTimer(moment)


def moved_by_hold(draft: Draft, name: str, timer: StateTimer, held: Held) -> StateTimer:
    """The timer of a state that was held: it has the time left that it had. One for a moment still waits for that."""
    rule = draft.plan.by_name[name].rule
    if timer.spent or rule.at:
        return timer
    calendar = calendar_of(draft, rule.calendar)
    if calendar is None:
        return replace(timer, due_at=draft.at + (timer.due_at - held.since))
    left = worked(draft.definition.calendars[calendar], held.since, timer.due_at)
    due_at = draft.definition.calendars.add_working(draft.at, left, calendar)
    return replace(timer, due_at=due_at or timer.due_at)
