"""Tables: every cell means something, and some row fits whatever comes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from domain.expressions import accepts, check_condition
from domain.language.checking import Checking, parsed, parsed_template
from domain.language.checks_values import as_field, literal_problem
from domain.language.models import Column, Table
from domain.language.places import Path
from domain.language.scope import type_of
from domain.language.tables import cell_condition
from domain.language.words import Json

MOST_CASES = 10_000


def check_tables(checking: Checking) -> None:
    """Everything about tables."""
    for name, table in checking.process.tables.items():
        path: Path = ("tables", name)
        for key in ("inputs", "columns", "rows"):
            if not getattr(table, key):
                checking.error((*path, key), f"a table needs at least one of its {key}")
        for both in sorted({*table.inputs} & {*table.columns}):
            checking.error((*path, "columns", both), f'"{both}" is an input too; take another name', key=True)
        for index, row in enumerate(table.rows):
            _check_row(checking, (*path, "rows", index), table, row)
        _check_reach(checking, path, table)


def _check_row(checking: Checking, path: Path, table: Table, row: Mapping[str, Json]) -> None:
    for name, cell in row.items():
        if name in table.inputs:
            _check_input(checking, (*path, name), str(table.inputs[name]), cell)
        elif name in table.columns:
            _check_output(checking, (*path, name), name, table.columns[name], cell)
        else:
            known = (*table.inputs, *table.columns)
            checking.unknown((*path, name), "input or column", name, known, key=True)


def _check_input(checking: Checking, path: Path, expression: str, cell: Json) -> None:
    if parsed(expression)[0] is None:
        return  # reported where it is written
    ast, error = parsed(cell_condition(expression, cell))
    if error is not None:
        checking.error(path, error.message)
        return
    assert ast is not None
    for finding in check_condition(ast, checking.scopes.at(path)):
        checking.error(path, finding.message)


def _check_output(checking: Checking, path: Path, name: str, column: Column, cell: Json) -> None:
    if not isinstance(cell, str) or "{{" not in cell:
        if problem := literal_problem(as_field(column), cell):
            checking.error(path, problem)
        return
    template, error = parsed_template(cell)
    if error is not None:
        checking.inside(path, cell, error.offset, error.message)
        return
    assert template is not None
    types, findings = template.check(checking.scopes.at(path))
    for finding in findings:
        checking.inside(path, cell, finding.offset, finding.message)
    wanted = type_of(column)
    if not findings and (not template.is_single or not accepts(wanted, types[0])):
        given = types[0].words if template.is_single else "text"
        checking.error(path, f'"{name}" is {wanted.words}; this gives {given}')


def _check_reach(checking: Checking, path: Path, table: Table) -> None:
    if not checking.whole or not table.rows:
        return
    for index, row in enumerate(table.rows[:-1]):
        if not row.keys() & table.inputs.keys():
            message = "this row always fits, so those below it are never reached; put it last"
            checking.error((*path, "rows", index), message, code="no-default-branch")
            return
    if table.rows[-1].keys() & table.inputs.keys() and not _covers(checking, table):
        message = "no row is left when none fits; end with one that has no inputs"
        checking.error((*path, "rows"), message, key=True, code="no-default-branch")


def _covers(checking: Checking, table: Table) -> bool:
    """Whether every combination of options has a row, as far as the inputs are choices that are compared plainly."""
    options = [_options(checking, str(expression)) for expression in table.inputs.values()]
    cases = 1
    for one in options:
        cases *= len(one)
    if not 0 < cases <= MOST_CASES:
        return False
    plain = [row for row in table.rows if all(_is_plain(row.get(name)) for name in table.inputs)]
    return all(
        any(
            all(
                name not in row or value in _values(row[name])
                for name, value in zip(table.inputs, case, strict=True)
            )
            for row in plain
        )
        for case in product(*options)
    )


def _options(checking: Checking, expression: str) -> tuple[Json, ...]:
    root, _, name = expression.partition(".")
    field = checking.names.field_defs.get(name) if root == "ticket" else None
    if field is None:
        return ()
    return (
        (True, False) if field.type == "boolean" else tuple(field.options) if field.type == "choice" else ()
    )


def _is_plain(cell: Json) -> bool:
    return not isinstance(cell, str) or cell.strip()[:1] not in ("<", ">", "=", "!")


def _values(cell: Json) -> list[Json]:
    return cell if isinstance(cell, list) else [cell]
