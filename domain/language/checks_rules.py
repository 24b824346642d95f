"""What fields ask of their values: rules with a sentence, options that depend, columns, and what a state demands."""

from __future__ import annotations

from domain.expressions import names_read
from domain.language.builtin_fields import DERIVED
from domain.language.checking import Checking, parsed
from domain.language.models import Cell, FieldDef, Must, StateFields
from domain.language.patterns import PatternError, pattern
from domain.language.places import Path
from domain.language.suggest import one_of

MOST_COLUMNS = 20


def check_rules(checking: Checking) -> None:
    """Everything a value must be besides being of its type."""
    process = checking.process
    for name, field in process.fields.items():
        path: Path = ("fields", name)
        for index, must in enumerate(field.must):
            _check_reads(checking, (*path, "must", index), must, name)
        _check_offer(checking, path, name, field)
        _check_columns(checking, path, field)
    for name, rule in process.rules.items():
        _check_reads(checking, ("rules", name), rule, "")
    for name, state in process.states.items():
        if state.fields is not None:
            _check_state_fields(checking, ("states", name, "fields"), name, state.fields)


def _check_reads(checking: Checking, path: Path, must: Must, field: str) -> None:
    ast, _ = parsed(str(must.if_))
    if ast is None:
        return  # reported with the other expressions
    reads = {read[1] for read in names_read(ast) if read[0] == "ticket" and len(read) > 1}
    if field and field not in reads:
        message = f"this does not read ticket.{field}, so it says nothing about it; write it under `rules`"
        checking.error((*path, "if"), message)
    elif not reads - set(DERIVED):
        checking.error((*path, "if"), "this reads no field that people give, so it would never be judged")


def _check_offer(checking: Checking, path: Path, name: str, field: FieldDef) -> None:
    if not field.offer and field.by is None:
        return
    if field.type not in ("choice", "choices"):
        checking.error(
            (*path, "by" if field.by else "offer"), "only choice and choices have options to offer"
        )
        return
    if field.by is None or not field.offer:
        message = "`by` names the field that decides, `offer` says what it decides: give both"
        checking.error(path, message, key=True)
        return
    decider = checking.names.field_defs.get(field.by)
    if decider is None:
        return  # unknown: reported with the other names
    if decider.type != "choice":
        checking.error(
            (*path, "by"), f'"{field.by}" is {decider.type}; only a choice can decide what is offered'
        )
        return
    if field.by == name:
        checking.error((*path, "by"), "a field cannot decide over its own options")
    for value, options in field.offer.items():
        if value != "else" and value not in decider.options:
            checking.unknown(
                (*path, "offer", value), f"option of {field.by}", value, (*decider.options, "else"), key=True
            )
        for option in options:
            if option not in field.options:
                checking.unknown((*path, "offer", value), f"option of {name}", option, field.options)
    missing = [value for value in decider.options if value not in field.offer]
    if missing and "else" not in field.offer:
        message = f"nothing is said about {field.by} {one_of(missing)}; add it, or `else`"
        checking.error((*path, "offer"), message, key=True)
    offered = {option for options in field.offer.values() for option in options}
    for option in field.options:
        if option not in offered:
            checking.warn((*path, "options", option), f'"{option}" is offered nowhere', key=True)


def _check_columns(checking: Checking, path: Path, field: FieldDef) -> None:
    if field.type == "rows" and checking.lacks(path, "columns"):
        checking.error(path, "rows need `columns`, such as columns: {item: {type: text}}", key=True)
    if field.columns and field.type != "rows":
        checking.error((*path, "columns"), f"only rows have columns, and this is {field.type}", key=True)
    if len(field.columns) > MOST_COLUMNS:
        checking.error(
            (*path, "columns"), f"{len(field.columns)} columns; at most {MOST_COLUMNS} fit", key=True
        )
    for name, column in field.columns.items():
        check_cell(checking, (*path, "columns", name), name, column)


def check_cell(checking: Checking, path: Path, name: str, column: Cell) -> None:
    """A column of a field of rows, or a field of a link."""
    if column.type == "choice" and checking.lacks(path, "options"):
        checking.error(path, f'"{name}" is a choice without options', key=True)
    if column.options and column.type != "choice":
        checking.error((*path, "options"), f"only a choice has options, and this is {column.type}", key=True)
    if column.min is not None and column.max is not None and column.min > column.max:
        checking.error((*path, "min"), f"min {column.min} is more than max {column.max}")
    if column.pattern is not None:
        try:
            pattern(column.pattern)
        except PatternError as error:
            checking.error((*path, "pattern"), f"this pattern cannot be used: {error}")


def _check_state_fields(checking: Checking, path: Path, state: str, rules: StateFields) -> None:
    process = checking.process
    for key in ("hide", "lock", "require"):
        for name in getattr(rules, key):
            field = checking.names.field_defs.get(name)
            if key == "require" and field is not None and field.compute is not None:
                checking.error((*path, key), f'"{name}" is computed; nobody can be asked for it')
    for name in sorted({*rules.hide} & {*rules.require}):
        checking.error((*path, "require"), f'"{name}" is hidden here, so nobody could fill it in')
    if state != process.starts_in or not checking.whole:
        return
    form = process.opening_form
    for name in rules.require:
        field = checking.names.field_defs.get(name)
        given = field is None or field.default is not None or name in ("requester", "channel", "title")
        if name not in form and not given:
            message = (
                f'"{name}" is required from the start, and the form that opens a ticket does not ask for it'
            )
            checking.error((*path, "require"), message)
