"""Values in test files: times, lengths, field values and conditions that can be what they are compared with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from domain.durations import parse_duration
from domain.expressions import Scope, check_condition
from domain.language.checking import parsed
from domain.language.checks_values import as_field, literal_problem
from domain.language.models_fields import FieldDef
from domain.language.models_process import Link
from domain.language.models_tests import Expect, Step, World
from domain.language.places import Path
from domain.language.words import Json, show

Report = Callable[[Path, str], None]

_CLOCK_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_TIME_SEEN = re.compile(r"(\d{4}-\d\d-\d\d )?([01]\d|2[0-3]):[0-5]\d")
_WRITTEN = ("date", "time", "datetime", "duration", "choice")  # types whose values are plainly right or wrong
_FLAGS = ("running", "paused", "breached")
_YEARS = range(1900, 3000)  # far enough from the ends of the calendar that no zone reaches over them
_TICKET_TIMES = ("opened_at", "planned_start", "planned_end")


def is_moment(written: str) -> bool:
    """Whether it is a date and time (or a day, which is its beginning)."""
    try:
        return datetime.fromisoformat(written).year in _YEARS
    except ValueError:
        return False


def is_length(written: object) -> bool:
    """Whether it is a length of time such as 4h."""
    try:
        parse_duration(str(written))
    except ValueError:
        return False
    return True


def _is_due(written: Json) -> bool:
    """Whether a task that is added can be due then: a length from now, or a time."""
    return is_length(written) or (
        isinstance(written, str) and (_CLOCK_TIME.fullmatch(written) is not None or is_moment(written))
    )


class TestValues:
    """Looks at the values of one test file; says what cannot be to `report`."""

    __test__ = False  # pytest: this is not a test class

    def __init__(self, report: Report, fields: Mapping[str, FieldDef]) -> None:
        self._report = report
        self._fields = fields

    def moment(self, path: Path, written: Json) -> None:
        """A date and time, or nothing."""
        if written is not None and not (isinstance(written, str) and is_moment(written)):
            self._report(path, f"{show(written)} is no time; write it as 2026-11-27 18:21")

    def world(self, given: World) -> None:
        """The times in what is given."""
        for name, person in given.people.items():
            for index, one in enumerate(person.delegates):
                path = ("given", "people", name, "delegates", index)
                self.moment((*path, "from"), one.from_)
                self.moment((*path, "until"), one.until)
        for ref, ticket in given.tickets.items():
            for word in _TICKET_TIMES:
                self.moment(("given", "tickets", ref, word), ticket.get(word))

    def step(self, path: Path, step: Step) -> None:
        """When a step is, and what it writes into fields."""
        if step.at is not None and not (_CLOCK_TIME.fullmatch(step.at) or is_moment(step.at)):
            self._report((*path, "at"), f'"{step.at}" is no time; write 18:21 or 2026-11-27 18:21')
        due = step.with_.get("due")
        if step.add_task is not None and due is not None and not _is_due(due):
            self._report((*path, "with", "due"), f"{show(due)} is no time; write 4h or 2026-11-27 18:21")
        if step.delegate is not None:
            for word in ("from", "until"):
                self.moment((*path, "with", word), step.with_.get(word))
        if step.expect is not None and step.expect.refused is not None:
            return  # a wrong value may be what the case is about
        for section, values in (("create", step.create), ("edit", step.edit), ("with", step.with_)):
            if section != "with" or step.do is not None or step.complete is not None:
                self._values((*path, section), values or {})

    def expect(self, path: Path, expect: Expect) -> None:
        """What is expected can come true."""
        for name, task in expect.tasks.items():
            self.moment((*path, "tasks", name, "due"), task.due)
        for name, clock in expect.clocks.items():
            self._clock((*path, "clocks", name), clock)
        for index, page in enumerate(expect.paged or ()):
            self._seen((*path, "paged", index, "at"), page.get("at"))
        for name, until in (expect.postponed or {}).items():
            self._seen((*path, "postponed", name), until)
        self._values((*path, "fields"), expect.fields)

    def _clock(self, path: Path, clock: Mapping[str, Json]) -> None:
        self.moment((*path, "due"), clock.get("due"))
        elapsed = clock.get("elapsed")
        if elapsed is not None and not (isinstance(elapsed, str) and is_length(elapsed)):
            self._report(
                (*path, "elapsed"), f"{show(elapsed)} should be a length of time such as 30m, 4h or 2d"
            )
        for word in _FLAGS:
            if not isinstance(clock.get(word, False), bool):
                self._report((*path, word), f"{show(clock[word])} should be true or false")

    def _seen(self, path: Path, written: Json) -> None:
        """A time as it is compared: to the minute, in two digits each."""
        if written is not None and not (isinstance(written, str) and _TIME_SEEN.fullmatch(written)):
            self._report(path, f"{show(written)} is no time; write 18:21 or 2026-11-27 18:21")

    def said(self, path: Path, values: Mapping[str, Json], link: Link) -> None:
        """What is said of a linked ticket."""
        self._fit(path, values, {name: as_field(one) for name, one in link.fields.items()})

    def _values(self, path: Path, values: Mapping[str, Json]) -> None:
        self._fit(path, values, self._fields)

    def _fit(self, path: Path, values: Mapping[str, Json], fields: Mapping[str, FieldDef]) -> None:
        for name, value in values.items():
            field = fields.get(name)
            if field is None or field.type not in _WRITTEN or value in (None, ""):
                continue
            if problem := literal_problem(field, value):
                self._report((*path, name), problem)


def condition_problems(text: str, scope: Scope) -> list[tuple[int, str]]:
    """What is wrong with the condition of an expectation: the offset of each mistake, and the mistake."""
    ast, error = parsed(text)
    if error is not None:
        return [(error.offset, error.message)]
    assert ast is not None
    return [(finding.offset, finding.message) for finding in check_condition(ast, scope)]
