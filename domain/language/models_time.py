"""Lengths of time, moments and calendars that may depend on what is known about the ticket."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from domain.language.shorthand import TEXT, Shorthand, either
from domain.language.words import CalendarRef, Dur, Expr, FieldRef, Model, TimeExpr, show

ELSE = "else"
_DURATION = Dur.pattern
assert _DURATION is not None
_LOOKS_FIXED = re.compile(
    r"\s*-?[0-9]"
)  # a duration, or somebody's try at one: no expression begins like this


class ByChoice(Model):
    """Something that depends on the value of a choice field (priority when `by` is left out)."""

    by: FieldRef | None = None

    @property
    def field(self) -> str:
        """The field it depends on."""
        return str(self.by or "priority")


class CalendarChoice(ByChoice):
    """A calendar, or one for each value of a choice field: `{by: site, berlin: de, else: cn}`."""

    of: dict[str, CalendarRef]

    @property
    def fixed(self) -> str | None:
        """The one calendar that always applies; None when it depends."""
        return str(self.of[ELSE]) if set(self.of) == {ELSE} else None

    def for_value(self, value: str) -> str | None:
        """The calendar for a value of the field; None when it names none."""
        found = self.of.get(value, self.of.get(ELSE))
        return None if found is None else str(found)

    def __str__(self) -> str:
        return self.fixed or ", ".join(f"{value}: {name}" for value, name in self.of.items())


class Length(ByChoice):
    """A length of time: fixed, one for each value of a choice field, or an expression that gives one."""

    of: dict[str, Dur] = Field(default_factory=dict)
    expression: Expr | None = None

    @property
    def fixed(self) -> str | None:
        """The one length that always applies; None when it depends."""
        return str(self.of[ELSE]) if set(self.of) == {ELSE} else None

    def __str__(self) -> str:
        depends = ", ".join(f"{value}: {amount}" for value, amount in self.of.items())
        return self.fixed or (str(self.expression) if self.expression else depends)


def _choices(value: Any, what: str) -> Any:
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "choices",
            "{shown} should be {what}, or one for each value of a choice field such as {example}",
            {"shown": show(value), "what": what, "example": "{by: site, berlin: …, else: …}"},
        )
    return {"by": value.get("by"), "of": {name: one for name, one in value.items() if name != "by"}}


def _calendar(value: Any) -> Any:
    return {"of": {ELSE: value}} if isinstance(value, str) else _choices(value, "the name of a calendar")


def _length(value: Any) -> Any:
    if not isinstance(value, str):
        return _choices(value, "a length of time such as 30m, 4h or 2d")
    return {"of": {ELSE: value}} if _LOOKS_FIXED.match(value) else {"expression": value}


def _by_value(one: JsonSchemaValue, *also: JsonSchemaValue) -> Callable[[JsonSchemaValue], JsonSchemaValue]:
    by = {"type": "object", "properties": {"by": TEXT}, "additionalProperties": one}
    return lambda long: either(one, *also, by)


_FIXED = {"type": "string", "pattern": f"^(?:{_DURATION.pattern})$"}
_EXPRESSION = {"type": "string", "format": "expression", "pattern": "^[^0-9-]"}


AnyCalendar = Annotated[CalendarChoice, Shorthand(_calendar, shape=_by_value(TEXT))]
"""A calendar, or a calendar by the value of a choice field."""

AnyLength = Annotated[Length, Shorthand(_length, shape=_by_value(_FIXED, _EXPRESSION))]
"""A length of time, by the value of a choice field, or computed."""


class When(Model):
    """A moment: so long after something, or named by an expression."""

    after: AnyLength | None = None
    at: TimeExpr | None = None
    calendar: AnyCalendar | None = None


def _when(value: Any) -> Any:
    return {"after": value} if isinstance(value, str) else value


AnyMoment = Annotated[When, Shorthand(_when, _FIXED, _EXPRESSION)]
"""A moment; a plain length stands for `{after: …}`."""
