"""Expressions and templates: they parse, read what is there, and give the type that is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.expressions import (
    DATETIME,
    DURATION,
    TEXT,
    Scope,
    Type,
    accepts,
    check,
    check_condition,
    list_of,
)
from domain.language.checking import Checking, parsed, parsed_template
from domain.language.checks_values import check_json, check_value
from domain.language.models import (
    Cond,
    CreateTicket,
    Effect,
    Expr,
    Http,
    Model,
    Script,
    Tell,
    TicketTask,
    TimeExpr,
    Tmpl,
    Word,
)
from domain.language.places import Path
from domain.language.scope import type_of
from domain.language.suggest import did_you_mean

Parts = Iterable[tuple[Path, Model | Word]]


_ALMOST = re.compile(
    r"(?P<single>(?<![{$])\{\s*(?:ticket|clock|approval|actor|task|event)(?:\.\w+)+\s*\}(?!\}))"
    r"|(?P<dollar>\$\{\{|\$\{\s*[a-z])|(?P<wide>｛)"
)
"""What is nearly a {{ }}, and would be sent to people as it stands."""


def check_expressions(checking: Checking, parts: Parts) -> None:
    """Mistakes in conditions, times, values and texts."""
    for path, part in parts:
        kind = type(part)
        if kind is Tmpl:
            _check_braces(checking, path, str(part))
            if "{{" in part:
                check_text(checking, path, str(part))
        elif isinstance(part, Expr):
            _check_expression(checking, path, part)
        elif isinstance(part, Effect):
            if part.set is not None:
                _check_set(checking, (*path, "set"), part.set)
        elif isinstance(part, CreateTicket | TicketTask):
            for name, value in part.fields.items():
                check_json(checking, (*path, "fields", name), value)
        elif isinstance(part, Tell | Script):
            for name, value in part.with_.items():
                check_json(checking, (*path, "with", name), value)
        elif isinstance(part, Http):
            check_json(checking, (*path, "body"), part.body)


def check_text(checking: Checking, path: Path, text: str) -> None:
    """Mistakes in the {{ }} of a text."""
    template, error = parsed_template(text)
    if error is not None:
        checking.inside(path, text, error.offset, error.message)
    elif template is not None:
        for finding in template.check(checking.scopes.at(path))[1]:
            checking.inside(path, text, finding.offset, finding.message)


def _check_expression(checking: Checking, path: Path, text: Expr) -> None:
    ast, error = parsed(str(text))
    if error is not None:
        checking.inside(path, str(text), error.offset, error.message)
        return
    assert ast is not None
    scope = checking.scopes.at(path)
    if isinstance(text, Cond):
        for finding in check_condition(ast, scope):
            checking.inside(path, str(text), finding.offset, _explain(finding.message, scope))
        return
    given, findings = check(ast, scope)
    for finding in findings:
        checking.inside(path, str(text), finding.offset, _explain(finding.message, scope))
    wanted = DATETIME if isinstance(text, TimeExpr) else _wanted(checking, path)
    if wanted is None or findings:
        return
    if not accepts(wanted, given) and not (isinstance(text, TimeExpr) and given.kind == "date"):
        checking.error(path, f"this gives {given.words}; {wanted.words} is wanted here")
    elif wanted.options and given.options and not set(given.options) <= set(wanted.options):
        _check_options(checking, path, given, wanted)


def _check_options(checking: Checking, path: Path, given: Type, wanted: Type) -> None:
    wrong = next(option for option in given.options if option not in wanted.options)
    checking.error(
        path, f'"{wrong}" is not one of: {", ".join(wanted.options)}{did_you_mean(wrong, wanted.options)}'
    )


def _explain(message: str, scope: Scope) -> str:
    """Names that mean something elsewhere deserve a reason."""
    if message.startswith('unknown name "event"') and "event" not in scope.names:
        return "`event` can only be read by transitions with `when`"
    if message.startswith('unknown name "old"'):
        return "`old` can only be read by transitions, routing and `migrate`"
    if message.startswith('unknown name "response"'):
        return "`response` can only be read by `save` of a task"
    return message


def _wanted(checking: Checking, path: Path) -> Type | None:
    """The type an expression must give, by its place."""
    if path[-1] == "compute":
        name = str(path[-2])
    elif len(path) >= 2 and path[-2] in ("save", "fields"):
        name = str(path[-1])
    elif path[-1] == "skills":
        return list_of(TEXT)
    elif path[-1] == "expression":  # the length of a timer
        return DURATION
    else:
        return None
    field = checking.names.field_defs.get(name)
    return type_of(field) if field else None


def _check_set(checking: Checking, path: Path, values: dict[str, object]) -> None:
    for name, value in values.items():
        check_value(checking, (*path, name), name, value)


def _check_braces(checking: Checking, path: Path, text: str) -> None:
    """People would read the braces of what is meant to be looked up."""
    for found in _ALMOST.finditer(text):
        if found["single"]:
            message = f"people read {found[0]} as it stands: write {{{found[0]}}}"
        elif found["dollar"]:
            message = "people read the $: values are looked up in {{ }}, without a $ before"
        else:
            message = "people read ｛ as it stands: write {{ }} with ordinary braces"
        checking.doubt(path, text, found.start(), message, code="text")
