"""What a clock aims at: exactly one kind of target, a line for every case, and a start that can happen."""

from __future__ import annotations

from domain.calendars import duration_problem
from domain.language.checking import Checking
from domain.language.models import Clock
from domain.language.places import Path

_KINDS = ("target", "until", "targets")


def check_aims(checking: Checking, path: Path, clock: Clock) -> None:
    """Everything about `target`, `until`, `targets` and `start: {at: …}`."""
    given = [name for name in _KINDS if not checking.lacks(path, name)]
    if not given:
        checking.error(path, "this clock has no target; give it one of target, until, targets", key=True)
    elif len(given) > 1:
        message = f"a clock has one kind of target, and this one has {' and '.join(given)}"
        checking.error((*path, given[1]), message, key=True)
    for index, aim in enumerate(clock.targets):
        here = (*path, "targets", index)
        if (aim.target is None) == (aim.until is None):
            checking.error(here, "give either `target` or `until`")
        names = (aim.calendar or clock.calendar).of.values()
        for name in dict.fromkeys(names) if aim.target else ():
            calendar, others = checking.calendars.get(name), checking.whole_day_calendars()
            if problem := duration_problem(calendar, str(aim.target), others):
                checking.error((*here, "target"), problem, code="ambiguous-days")
                break
        if aim.if_ is None and index < len(clock.targets) - 1:
            message = "this line has no `if`, so those below it are never reached; put it last"
            checking.error(here, message, code="no-default-branch")
    if clock.targets and clock.targets[-1].if_ is not None:
        message = "no target is left when no condition holds; end with a line that has no `if`"
        checking.error((*path, "targets"), message, key=True, code="target-gap")
    if clock.start.at is not None and clock.start.when is not None:
        message = "a clock starts by an event or at a moment, not both; leave `when` or `at` out"
        checking.error((*path, "start", "at"), message, key=True)
