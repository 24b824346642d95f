"""The rows of tables as conditions of the expression language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from domain.language.models_tables import Table
from domain.language.words import Json

_COMPARED = re.compile(r"\s*(<=|>=|<|>|==|!=)\s*(\S.*)", re.DOTALL)


def cell_condition(expression: str, cell: Json) -> str:
    """A cell as a condition: a value is equal to, a list is one of, and `">= 500"` compares."""
    if isinstance(cell, list):
        return f"({expression}) in [{', '.join(_literal(one) for one in cell)}]"
    compared = _COMPARED.fullmatch(cell) if isinstance(cell, str) else None
    if compared is not None:
        return f"({expression}) {compared[1]} {compared[2]}"
    return f"({expression}) == {_literal(cell)}"


def _literal(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def row_condition(table: Table, row: Mapping[str, Json]) -> str:
    """A row as a condition; "" when it always fits."""
    cells = [cell_condition(table.inputs[name], row[name]) for name in table.inputs if name in row]
    return " and ".join(f"({cell})" for cell in cells)
