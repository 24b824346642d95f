"""Lengths, moments and calendars that depend on a field: one for every value, and of a meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.calendars import duration_problem
from domain.language.checking import Checking
from domain.language.models import ByChoice, CalendarChoice, Length, Model, When, Word
from domain.language.models_time import ELSE
from domain.language.places import Path
from domain.language.suggest import one_of

Parts = Iterable[tuple[Path, Model | Word]]


def check_lengths(checking: Checking, parts: Parts) -> None:
    """What can be said of each choice and moment alone."""
    for path, part in parts:
        if isinstance(part, ByChoice):
            _check_choice(checking, path, part)
        elif isinstance(part, When):
            if checking.lacks(path, "after", "at") and checking.whole and not _is_text(checking, path):
                checking.error(path, "give `after` (a length) or `at` (a moment)", key=True)
            elif part.after is not None and part.at is not None:
                checking.error((*path, "at"), "give either `after` or `at`")
            if part.calendar is not None and part.at is not None:
                checking.error((*path, "calendar"), "a calendar is only used with `after`", key=True)
            check_length(checking, (*path, "after"), part.after, part.calendar)


def _is_text(checking: Checking, path: Path) -> bool:
    return isinstance(checking.places.node(path)[0].value, str)


def _check_choice(checking: Checking, path: Path, choice: ByChoice) -> None:
    given: Mapping[str, str] = getattr(choice, "of", {})
    by = _field_of(checking, path, choice)
    if (isinstance(choice, Length) and choice.expression is not None) or by is None:
        return
    if set(given) == {ELSE}:
        if choice.by is not None:
            checking.error(
                (*path, "by"), "there is only one, whatever the field says: leave `by` out", key=True
            )
        return
    what = "a calendar" if isinstance(choice, CalendarChoice) else "a length"
    if not given:
        checking.error(path, f"name {what} for each value, or for `else`")
        return
    field = checking.names.field_defs.get(by)
    if (field is None or field.type != "choice") and _is_told_of_target(checking, path, choice):
        return
    if field is None:
        if by not in checking.names.fields and by == "priority" and choice.by is None:
            message = (
                f"{what} depends on the priority here, and this process has none; say by which field: `by: …`"
            )
            checking.error(path, message, key=True)
        return  # otherwise reported as an unknown field
    if field.type != "choice":
        message = f'{what} can depend on a choice field only, and "{by}" is {field.type}'
        checking.error((*path, "by") if choice.by is not None else path, message)
        return
    for name in given:
        if name not in (*field.options, ELSE):
            checking.unknown((*path, name), f"option of {by}", name, (*field.options, ELSE), key=True)
    missing = [option for option in field.options if option not in given]
    if missing and ELSE not in given:
        message = f"no {what.split()[1]} for {by} {one_of(missing)}; add it, or `else`"
        checking.error(path, message, key=True, code="target-gap")


def _field_of(checking: Checking, path: Path, choice: ByChoice) -> str | None:
    """The field it depends on: its own, else that of the targets of its clock. None: not known here."""
    clocks = checking.process.clocks
    if choice.by is not None or path[0] not in ("clocks", "agreements"):
        return choice.field
    if path[0] == "agreements":
        process, _, name = str(path[3]).partition(".")
        clock = clocks.get(name) if process in checking.own_ids else None
        return str(clock.by) if clock is not None else None
    return str(clocks[str(path[1])].by)


def _is_told_of_target(checking: Checking, path: Path, choice: ByChoice) -> bool:
    """Whether what is wrong with the field is told of the targets of the same clock."""
    clock = checking.process.clocks.get(str(path[1])) if path[0] == "clocks" else None
    return choice.by is None and clock is not None and not set(clock.target) <= {"all"}


def check_length(
    checking: Checking, path: Path, length: Length | str | None, calendar: CalendarChoice | str | None
) -> None:
    """`2d` means nothing in a calendar with opening hours, whichever applies."""
    if length is None or calendar is None:
        return
    amounts = {ELSE: length} if isinstance(length, str) else length.of
    names = {ELSE: calendar} if isinstance(calendar, str) else calendar.of
    for value, amount in amounts.items():
        for name in dict.fromkeys(names.values()):
            problem = duration_problem(checking.calendars.get(name), amount, checking.whole_day_calendars())
            if problem:
                place = path if isinstance(length, str) or length.fixed else (*path, value)
                checking.error(place, problem, code="ambiguous-days")
                break
