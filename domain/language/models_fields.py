"""What a field is made of: its options, its columns, and what must be true of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from domain.language.shorthand import TEXTS, Shorthand
from domain.language.words import Bool, Cond, Expr, FieldRef, Json, Key, Many, Model, Text, show

FieldType = Literal[
    "text",
    "note",
    "number",
    "boolean",
    "choice",
    "choices",
    "date",
    "time",
    "datetime",
    "duration",
    "person",
    "people",
    "team",
    "teams",
    "service",
    "services",
    "asset",
    "assets",
    "attachment",
    "money",
    "email",
    "url",
    "rows",
]

ColumnType = Literal[
    "text",
    "note",
    "number",
    "boolean",
    "choice",
    "date",
    "time",
    "datetime",
    "duration",
    "person",
    "team",
    "service",
    "asset",
    "money",
    "email",
    "url",
]
"""What a cell can hold: one thing, never a list."""


def _number(value: Any) -> Any:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise PydanticCustomError("number", "{shown} should be a number", {"shown": show(value)})


Bound = Annotated[int | float | None, Shorthand(_number)]


def _options(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    for option in value:
        if not isinstance(option, str):
            raise PydanticCustomError(
                "options", "the option {shown} should be text; put it in quotes", {"shown": show(option)}
            )
    if twice := {option for option in value if value.count(option) > 1}:
        raise PydanticCustomError("options", 'the option "{option}" is listed twice', {"option": min(twice)})
    return {option: option for option in value}


Options = Annotated[dict[str, Text], Shorthand(_options, {**TEXTS, "uniqueItems": True})]
"""Options with their labels; a list stands for options that are their own labels."""


class Must(Model):
    """What must be true of a value, and the sentence people see when it is not."""

    if_: Cond
    otherwise: Text


class Rule(Must):
    """What must be true of several values together."""

    help: Text | None = None


class Cell(Model):
    """What holds one thing of a type, never a list."""

    type: ColumnType
    label: Text | None = None
    help: Text | None = None
    options: Options = Field(default_factory=dict)
    max: Bound = None
    min: Bound = None
    pattern: str | None = None


class Column(Cell):
    """One column of a field of rows."""

    required: Bool = False


class LinkField(Cell):
    """One thing that is known of each linked ticket, such as what was decided about it here."""


class FieldDef(Model):
    """One thing we know about a ticket."""

    type: FieldType
    label: Text | None = None
    help: Text | None = None
    options: Options = Field(default_factory=dict)
    by: FieldRef | None = Field(None, description="The choice field that decides which options are offered.")
    offer: dict[str, Annotated[tuple[str, ...], Many]] = Field(
        default_factory=dict,
        description="The options offered for each option of `by`; `else` for those not named.",
    )
    columns: dict[Key, Column] = Field(default_factory=dict, description="The columns of a field of rows.")
    default: Json = None
    compute: Expr | None = Field(
        None, description="Value derived from other fields; recomputed after every step."
    )
    must: tuple[Must, ...] = Field((), description="What must be true of a value that people give.")
    max: Bound = None
    min: Bound = None
    pattern: str | None = None
    internal: Bool = Field(default=False, description="Never shown to the requester.")


class StateFields(Model):
    """What a state does to fields: nobody sees them, nobody edits them, nobody leaves them empty."""

    hide: Annotated[tuple[FieldRef, ...], Many] = ()
    lock: Annotated[tuple[FieldRef, ...], Many] = ()
    require: Annotated[tuple[FieldRef, ...], Many] = ()
