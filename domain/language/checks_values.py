"""Values written in a definition: they must fit the field they are for."""

from __future__ import annotations

from datetime import date, datetime, time

from domain.durations import parse_duration
from domain.expressions import accepts
from domain.language.builtin_fields import DERIVED
from domain.language.checking import Checking, parsed_template
from domain.language.models import Cell, FieldDef
from domain.language.patterns import PatternError, fits
from domain.language.places import Path
from domain.language.scope import type_of
from domain.language.suggest import did_you_mean, one_of
from domain.language.words import show

_TEXTS = ("text", "note", "email", "url")


def check_value(checking: Checking, path: Path, name: str, value: object) -> None:
    """A value that an action gives to a field: a literal or a template."""
    if name in DERIVED:
        checking.error(path, f'"{name}" is derived and cannot be set', key=True)
        return
    if name not in checking.names.fields:
        checking.unknown(path, "field", name, checking.names.fields, key=True)
        return
    field = checking.names.field_defs.get(name)
    if field is not None and field.compute is not None:
        checking.error(path, f'"{name}" is computed and cannot be set', key=True)
        return
    check_given(checking, path, name, field, value)


def check_given(checking: Checking, path: Path, name: str, field: FieldDef | None, value: object) -> None:
    """A value for a field that is known; None when it could not be understood."""
    if not isinstance(value, str) or "{{" not in value:
        problem = literal_problem(field, value) if field else None
        if problem:
            checking.error(path, problem)
        return
    template, error = parsed_template(value)
    if error is not None:
        checking.inside(path, value, error.offset, error.message)
        return
    assert template is not None
    types, findings = template.check(checking.scopes.at(path))
    for finding in findings:
        checking.inside(path, value, finding.offset, finding.message)
    if field is None or findings:
        return
    wanted = type_of(field)
    if not template.is_single:
        if field.type not in _TEXTS:
            checking.error(path, f'"{name}" is {wanted.words}; a text around {{{{ }}}} cannot give that')
        return
    given = types[0]
    if not accepts(wanted, given) and not (field.type in _TEXTS and given.kind not in ("object", "list")):
        checking.error(path, f'"{name}" is {wanted.words}; this gives {given.words}')
    elif wanted.options and given.options and not set(given.options) <= set(wanted.options):
        wrong = next(option for option in given.options if option not in wanted.options)
        checking.error(
            path, f'"{wrong}" is not one of: {one_of(wanted.options)}{did_you_mean(wrong, wanted.options)}'
        )


def check_json(checking: Checking, path: Path, value: object) -> None:
    """Templates anywhere inside a value that is sent elsewhere."""
    if isinstance(value, dict):
        for name, child in value.items():
            check_json(checking, (*path, name), child)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            check_json(checking, (*path, index), child)
    elif isinstance(value, str) and "{{" in value:
        template, error = parsed_template(value)
        if error is not None:
            checking.inside(path, value, error.offset, error.message)
        elif template is not None:
            for finding in template.check(checking.scopes.at(path))[1]:
                checking.inside(path, value, finding.offset, finding.message)


def literal_problem(field: FieldDef, value: object) -> str | None:
    """Why a value written down cannot be one of a field; None when it can."""
    if value is None:
        return None
    options = list(field.options)
    match field.type:
        case "boolean":
            return None if isinstance(value, bool) else f"{show(value)} should be true or false"
        case "number" | "money":
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return None if number else f"{show(value)} should be a number"
        case "choice" if options:
            if isinstance(value, str) and value in options:
                return None
            hint = did_you_mean(value, options) if isinstance(value, str) else ""
            return f"{show(value)} is not one of: {one_of(options)}{hint}"
        case "rows":
            return _rows_problem(field, value)
        case "choices" | "people" | "teams" | "services" | "assets" | "attachment":
            if not isinstance(value, list):
                return f"{show(value)} should be a list"
            single = field.model_copy(update={"type": "choice" if field.type == "choices" else "text"})
            return next((found for item in value if (found := literal_problem(single, item))), None)
        case "date" | "time" | "datetime":
            return (
                None if _is_time(value, field.type) else f"{show(value)} should be a {_EXAMPLES[field.type]}"
            )
        case "duration":
            return None if _is_duration(value) else f"{show(value)} should be a length of time such as 4h"
        case _:
            if not isinstance(value, str):
                return f"{show(value)} should be text; put it in quotes"
            if field.pattern is not None and not _fits(field.pattern, value):
                return f"{show(value)} does not fit the pattern {field.pattern}"
            return None


def _fits(written: str, value: str) -> bool:
    try:
        return fits(written, value)
    except PatternError:
        return True  # said of the pattern


_EXAMPLES = {
    "date": "date such as 2026-11-27",
    "time": "time of day such as 09:30",
    "datetime": "date and time such as 2026-11-27 18:00",
}


def _rows_problem(field: FieldDef, value: object) -> str | None:
    """Why a value cannot be the rows of a field."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return f"{show(value)} should be a list of rows such as {{{', '.join(f'{n}: …' for n in field.columns)}}}"
    for row in value:
        for name, cell in row.items():
            column = field.columns.get(name)
            if column is None:
                return f'unknown column "{name}"{did_you_mean(name, field.columns)}'
            if problem := literal_problem(as_field(column), cell):
                return f"{name}: {problem}"
    return None


def as_field(column: Cell) -> FieldDef:
    """A column, or a field of a link, as the field that one of its cells would be."""
    return FieldDef(
        type=column.type,
        options=column.options,
        max=column.max,
        min=column.min,
        pattern=column.pattern,
    )


def _is_time(value: object, type_: str) -> bool:
    if not isinstance(value, str):
        return False
    try:
        if type_ == "date":
            date.fromisoformat(value)
        elif type_ == "time":
            time.fromisoformat(value)
            return len(value) == len("09:30")
        else:
            datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_duration(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parse_duration(value)
    except ValueError:
        return False
    return True
