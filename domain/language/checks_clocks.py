"""Clocks and agreements: a target and a calendar for every value, and a start and a stop that can happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.calendars import duration_problem
from domain.language.checking import Checking
from domain.language.checks_aims import check_aims
from domain.language.models import CalendarChoice, Clock, Condition
from domain.language.names import STATE_WORDS
from domain.language.places import Path
from domain.language.state_names import states_in
from domain.language.suggest import one_of


def check_clocks(checking: Checking) -> None:
    """Everything about time that is measured."""
    for name, clock in checking.process.clocks.items():
        path = ("clocks", name)
        _check_values(checking, path, clock, clock.target)
        _check_amounts(checking, path, clock, clock.target, clock.calendar)
        check_aims(checking, path, clock)
        _check_thresholds(checking, path, clock)
        _check_start_and_stop(checking, path, clock)
    _check_agreements(checking)


def _check_values(checking: Checking, path: Path, clock: Clock, target: Mapping[str, str]) -> None:
    field = checking.names.field_defs.get(clock.by)
    options = list(field.options) if field is not None and field.type == "choice" else []
    if set(target) <= {"all"}:
        return
    if field is None and clock.by not in checking.names.fields:
        if clock.by == "priority":
            checking.error(path, "the target depends on the priority, and this process has none", key=True)
        return  # otherwise reported as an unknown field
    if field is not None and not options and checking.is_broken(("fields", str(clock.by))):
        return  # its options could not be read
    if field is not None and not options:
        checking.error(
            (*path, "by"), f'a target can depend on a choice field only, and "{clock.by}" is {field.type}'
        )
        return
    if not options:
        return
    _check_keys(checking, (*path, "target"), clock.by, target, (*options, "all"))
    if target and "all" not in target and (missing := [option for option in options if option not in target]):
        checking.error(
            (*path, "target"),
            f"no target for {clock.by} {one_of(missing)}; add it, or `all`",
            key=True,
            code="target-gap",
        )


def _check_keys(
    checking: Checking, path: Path, by: str, given: Iterable[str], known: tuple[str, ...]
) -> None:
    for name in given:
        if name == "else" and "all" in known:
            checking.error((*path, name), "the target of the others is called `all` here", key=True)
        elif name not in known:
            checking.unknown((*path, name), f"option of {by}", name, known, key=True)


def _check_amounts(
    checking: Checking, path: Path, clock: Clock, target: Mapping[str, str], calendar: CalendarChoice
) -> None:
    """`2d` means nothing in a calendar with opening hours."""
    alike = clock.calendar_field(calendar) == clock.by
    for value, amount in target.items():
        applies = calendar.for_value(value) if alike and value != "all" else None
        for name in dict.fromkeys([applies] if applies else calendar.of.values()):
            problem = duration_problem(checking.calendars.get(name), amount, checking.whole_day_calendars())
            if problem:
                checking.error((*path, "target", value), problem, code="ambiguous-days")
                break


def _check_thresholds(checking: Checking, path: Path, clock: Clock) -> None:
    for threshold in clock.at:
        amount = threshold.left or threshold.after
        if amount is not None:
            for name in dict.fromkeys(clock.calendar.of.values()):
                problem = duration_problem(
                    checking.calendars.get(name), amount, checking.whole_day_calendars()
                )
                if problem:
                    checking.error((*path, "at", threshold.label), problem, key=True, code="ambiguous-days")
                    break
    if clock.overdue is not None and clock.overdue.times < 1:
        checking.error((*path, "overdue", "times"), "times should be at least 1")


def _check_start_and_stop(checking: Checking, path: Path, clock: Clock) -> None:
    _check_condition(checking, (*path, "start"), clock.start, "start")
    _check_condition(checking, (*path, "stop"), clock.stop, "stop")
    for name in ("pause", "resume", "reset"):
        condition: Condition | None = getattr(clock, name)
        if condition is not None:
            _check_condition(checking, (*path, name), condition, name)
    if (
        clock.reset is not None
        and clock.reset.when is None
        and not checking.lacks((*path, "reset"), "in", "if")
    ):
        message = (
            "as long as this holds, every step starts the clock from zero; say at which event: add `when`"
        )
        checking.warn((*path, "reset"), message, key=True)


def _check_condition(checking: Checking, path: Path, condition: Condition, verb: str) -> None:
    if checking.lacks(path, "in", "if", "when", "at") and not checking.lacks(path[:-1], verb):
        checking.error(path, f"the clock can never {verb}; give it at least one of in, if, when", key=True)
    elif str(condition.if_).strip() == "false":
        checking.error((*path, "if"), f"the clock can never {verb}: this is never true")
    elif checking.whole and condition.in_ is not None and not states_in(checking.process, condition.in_):
        known = (*checking.names.states, *checking.names.groups, *STATE_WORDS)
        if all(name in known for name in condition.in_):  # otherwise reported as unknown
            checking.error((*path, "in"), f"the clock can never {verb}: this names no state of the process")


def _check_agreements(checking: Checking) -> None:
    process = checking.process
    for name, agreement in process.agreements.items():
        for target, agreed in agreement.targets.items():
            id_, _, clock_name = target.partition(".")
            path = ("agreements", name, "targets", target)
            if not clock_name:
                checking.error(
                    path,
                    f'"{target}" should be a process and a clock, such as {process.id}.response',
                    key=True,
                )
                continue
            if id_ not in checking.own_ids:
                continue  # about another process
            if clock_name not in checking.names.clocks:
                checking.unknown(path, f"clock of {process.id}", clock_name, checking.names.clocks, key=True)
                continue
            clock = process.clocks.get(clock_name)
            if clock is not None:
                calendar = agreed.calendar if agreed.calendar is not None else clock.calendar
                _check_values(checking, path, clock, agreed.target)
                _check_amounts(checking, path, clock, agreed.target, calendar)
