"""`table.name.column` in expressions: the first row that fits the ticket as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from domain.durations import parse_duration
from domain.engine.scope import Known, Lazy, typed_field
from domain.engine.ticket import Json
from domain.language.definition import Definition
from domain.language.models import Column
from domain.language.tables import row_condition
from domain.local_time import instant, zone_named


class Reader(Protocol):
    """What tables need of a draft."""

    @property
    def definition(self) -> Definition: ...
    @property
    def known(self) -> Known: ...

    def holds(self, condition: str | None) -> bool: ...
    def text_value(self, text: str) -> object: ...


def conditions_of(definition: Definition) -> dict[str, tuple[str | None, ...]]:
    """The condition of every row, by table; None for a row that always fits."""
    return {
        name: tuple(row_condition(table, row) or None for row in table.rows)
        for name, table in definition.process.tables.items()
    }


def tables_scope(reader: Reader, conditions: Mapping[str, tuple[str | None, ...]]) -> Lazy:
    """The tables as expressions see them."""

    def table(name: str) -> object:
        rows = conditions.get(name)
        if rows is None:
            return None
        rule = reader.definition.process.tables[name]
        for condition, row in zip(rows, rule.rows, strict=True):
            if reader.holds(condition):
                return Lazy(_cells(reader, rule.columns, row))
        return None

    return Lazy(table)


def _cells(reader: Reader, columns: Mapping[str, Column], row: Mapping[str, Json]) -> Callable[[str], object]:
    def cell(name: str) -> object:
        written, column = row.get(name), columns.get(name)
        if written is None or column is None:
            return None
        if isinstance(written, str) and "{{" in written:
            return reader.text_value(written)
        return _typed(column.type, written, reader)

    return cell


def _typed(kind: str, written: Json, reader: Reader) -> object:
    if kind == "duration" and isinstance(written, str):
        return parse_duration(written)
    if kind == "datetime" and isinstance(written, str):
        at = datetime.fromisoformat(written)
        return at if at.tzinfo else instant(at, zone_named(reader.definition.zone))
    return typed_field(kind, written, reader.known)
