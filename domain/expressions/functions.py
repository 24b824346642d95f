"""Functions and methods that expressions may call: types for the checker, work for the compiler."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from domain.expressions.ast import Ast
from domain.expressions.operations import attempt, is_date
from domain.expressions.types import DATE, DATETIME, DURATION, TEXT, Finding, Type, choice_of
from domain.local_time import midnight, zone_named


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a function: the types of its arguments, of further ones (`rest`), of the result."""

    params: tuple[Type, ...]
    result: Type | Callable[[Sequence[Type]], Type]
    rest: Type | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function, or a method (then the object is the first argument).

    `call` gets the values, preceded by the scope when `needs_scope`; it must be total: null for nonsense,
    never an exception. `verify` may look at the arguments as written and add findings. `usage`: what it
    takes, in words, where listing its forms would be long.
    """

    name: str
    forms: tuple[Form, ...]
    call: Callable[..., Any]
    needs_scope: bool = False
    verify: Callable[[tuple[Ast, ...]], Iterable[Finding]] | None = None
    usage: str = ""

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        return any(
            count >= len(form.params) if form.rest else count == len(form.params) for form in self.forms
        )


@dataclass(frozen=True)
class Functions:
    """A registry: functions by name, methods by name, and the zone in which days and wall times are read."""

    zone: str = "UTC"
    functions: Mapping[str, Function] = field(default_factory=dict)
    methods: Mapping[str, Function] = field(default_factory=dict)

    def with_functions(self, *more: Function) -> Functions:
        """The same registry with functions added or replaced."""
        return replace(self, functions={**self.functions, **{function.name: function for function in more}})


class WorkingTime(Protocol):
    """What calendars give to expressions; `domain.calendars.Calendars` does. Nonsense gives None."""

    def add_working(self, start: datetime, amount: timedelta, calendar: str) -> datetime | None: ...

    def next_open(self, moment: datetime, calendar: str) -> datetime | None: ...

    def next_time(self, text: str, calendar: str, after: datetime) -> datetime | None: ...


def calendar_functions(
    names: Sequence[str],
    working_time: WorkingTime | None = None,
    zone: str = "UTC",
    verify: Mapping[str, Callable[[tuple[Ast, ...]], Iterable[Finding]]] | None = None,
) -> tuple[Function, ...]:
    """`add_working(t, d, cal)`, `next_open(t, cal)` and `next("thu 14:00", cal)` over named calendars.

    Without `working_time` they are for checking only and give null. `next` counts from `now` in the scope; a date
    stands for its beginning in the zone.
    `verify` adds checks by function name, such as whether `2d` means something in that calendar.
    """
    calendar = choice_of(*names)
    checks = verify or {}

    def known(name: object) -> bool:
        return isinstance(name, str) and name in names and working_time is not None

    def moment_of(value: Any) -> Any:
        return attempt(lambda: midnight(value, zone_named(zone))) if is_date(value) else value

    def add_working(start: Any, amount: Any, name: Any) -> Any:
        start = moment_of(start)
        if not known(name) or not _is_moment(start) or not isinstance(amount, timedelta):
            return None
        assert working_time is not None  # known() looked
        return working_time.add_working(start, amount, name)

    def next_open(moment: Any, name: Any) -> Any:
        moment = moment_of(moment)
        if not known(name) or not _is_moment(moment):
            return None
        assert working_time is not None
        return working_time.next_open(moment, name)

    def next_time(scope: Any, text: Any, name: Any) -> Any:
        now = scope.get("now")
        if not known(name) or not _is_moment(now) or not isinstance(text, str):
            return None
        assert working_time is not None
        return working_time.next_time(text, name, now)

    after = tuple(Form((start, DURATION, calendar), DATETIME) for start in (DATETIME, DATE))
    opening = tuple(Form((start, calendar), DATETIME) for start in (DATETIME, DATE))
    weekly = Form((TEXT, calendar), DATETIME)
    return (
        Function("add_working", after, add_working, verify=checks.get("add_working")),
        Function("next_open", opening, next_open, verify=checks.get("next_open")),
        Function("next", (weekly,), next_time, needs_scope=True, verify=checks.get("next")),
    )


def _is_moment(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None
