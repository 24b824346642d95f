"""Reminders that come too late: after what they remind of is over."""

from __future__ import annotations

from domain.durations import parse_duration
from domain.language.checking import Checking
from domain.language.models import Clock, Stage, Task, Transition
from domain.language.places import Path
from domain.language.state_names import states_in, targets
from domain.language.usage import Parts


def check_times(checking: Checking, parts: Parts) -> None:
    """Lengths of time that are compared only where one calendar measures both."""
    for path, part in parts:
        if isinstance(part, Stage):
            _check_stage(checking, path, part)
        elif isinstance(part, Task):
            _check_task(checking, path, part)
        elif isinstance(part, Clock):
            _check_clock(checking, path, part)
    _check_reminders(checking)


def _is_longer(one: str, other: str) -> bool:
    return parse_duration(one) >= parse_duration(other)


def _check_stage(checking: Checking, path: Path, stage: Stage) -> None:
    remind = stage.remind
    timeout = next((one for one in stage.lapses if one.decide is not None), None)
    if remind is None or timeout is None or remind.calendar != timeout.calendar:
        return
    if _is_longer(remind.every, timeout.after):
        message = f"nobody is reminded: it is decided after {timeout.after}; remind earlier, or wait longer"
        checking.warn((*path, "remind", "every"), message, code="late-reminder")


def _check_task(checking: Checking, path: Path, task: Task) -> None:
    due, remind = task.due, task.remind
    length = due.after.fixed if due is not None and due.after is not None else None
    if due is None or remind is None or length is None:
        return
    calendars = [part.calendar or task.calendar for part in (due, remind)]
    if calendars[0] != calendars[1]:
        return
    if remind.before is not None and _is_longer(remind.before, length):
        message = f"it is due after {length}, so this is over before it opens; remind later"
        checking.warn((*path, "remind", "before"), message, code="late-reminder")
    elif remind.before is None and remind.every is not None and _is_longer(remind.every, length):
        message = f"nobody is reminded: it is due after {length}; remind earlier"
        checking.warn((*path, "remind", "every"), message, code="late-reminder")


def _check_clock(checking: Checking, path: Path, clock: Clock) -> None:
    for threshold in clock.at:
        if threshold.left is None:
            continue
        short = {name: target for name, target in clock.target.items() if _is_longer(threshold.left, target)}
        if short:
            value, target = next(iter(short.items()))
            whose = f"the target of {value}" if value != "all" else "the target"
            message = (
                f"{whose} is {target}, so this is over before the clock starts; take a share such as 75%"
            )
            checking.warn((*path, "at", threshold.label), message, key=True, code="late-reminder")


def _check_reminders(checking: Checking) -> None:
    """A timer that stays in the state, behind one that always leaves it."""
    timed = [
        (name, one, fixed)
        for name, one in checking.process.transitions.items()
        if one.after is not None and (fixed := one.after.fixed) is not None
    ]
    for name, reminder, after in timed:
        if reminder.to is not None or not checking.is_own(("transitions", name)):
            continue
        states = states_in(checking.process, reminder.from_)
        for other, leaving, ends in timed:
            alike = leaving.calendar == reminder.calendar and not leaving.restart
            if alike and _leaves(checking, leaving, states) and _is_longer(after, ends):
                message = f'this never comes: "{other}" leaves after {ends}; take a shorter time'
                checking.warn(("transitions", name, "after"), message, code="late-reminder")
                break


def _leaves(checking: Checking, transition: Transition, states: frozenset[str]) -> bool:
    led = targets(checking.process, transition)
    covers = states <= states_in(checking.process, transition.from_)
    return bool(led) and not led & states and covers and transition.if_ is None
