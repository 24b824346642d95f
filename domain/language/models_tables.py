"""Tables: rows of conditions and what they give, for approvers by amount, waits by reason and the like."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from domain.language.models_fields import Column
from domain.language.shorthand import TEXTS, Shorthand
from domain.language.words import Expr, Json, Key, Model, Text


def _inputs(value: Any) -> Any:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return value
    return {name: f"ticket.{name}" for name in value}


class Table(Model):
    """The first row whose inputs fit gives its columns; read as `table.name.column`."""

    help: Text | None = None
    inputs: Annotated[dict[Key, Expr], Shorthand(_inputs, TEXTS)] = Field(
        description="Fields of the ticket, or names with the expressions they stand for."
    )
    columns: dict[Key, Column]
    rows: tuple[dict[str, Json], ...]
