"""Outside facts: what a rule reads of them is looked up, and can be."""

from __future__ import annotations

from collections.abc import Sequence

from domain.expressions import names_read
from domain.language.checking import Checking, parsed, parsed_template
from domain.language.models import Expr, Model, Tmpl, Word
from domain.language.names import CHECKS
from domain.language.places import Path

PLANNED = ("planned_start", "planned_end")
CODE = "check-not-made"


def check_outside(checking: Checking, parts: Sequence[tuple[Path, Model | Word]]) -> None:
    """A check is made for somebody who presses a button, and reads the planned window."""
    process = checking.process
    asked: dict[Path, tuple[str, ...]] = {("create",): process.create.check}
    asked |= {("transitions", name): transition.check for name, transition in process.transitions.items()}
    for place, checks in asked.items():
        if "conflicts" in checks:
            _check_window(checking, (*place, "check"))
    for path, part in parts:
        if isinstance(part, Expr | Tmpl):
            for check in _read(part):
                _check_read(checking, asked, path, check)


def _check_read(checking: Checking, asked: dict[Path, tuple[str, ...]], path: Path, check: str) -> None:
    if path[0] == "transitions":
        rule = checking.process.transitions[str(path[1])]
        if rule.who is None:
            message = f"nobody presses a button here, so check.{check} is never looked up; it is always null"
            checking.error(path, message, code=CODE)
        elif check not in asked[path[:2]]:
            checking.error(path, f"check.{check} is not looked up here; add `check: {check}`", code=CODE)
    elif path[0] == "create":
        if check not in asked[("create",)]:
            checking.error(path, f"check.{check} is not looked up here; add `check: {check}`", code=CODE)
    elif check == "conflicts":
        _check_window(checking, path)


def _check_window(checking: Checking, path: Path) -> None:
    missing = [
        name
        for name in PLANNED
        if (field := checking.names.field_defs.get(name)) is None or field.type != "datetime"
    ]
    if missing:
        fields = " and ".join(f"{name}: {{type: datetime}}" for name in missing)
        checking.error(
            path, f"conflicts are found by the planned window; declare the fields {fields}", code=CODE
        )


def _read(part: Expr | Tmpl) -> list[str]:
    """The checks that an expression or a text reads."""
    if "check." not in part:
        return []
    if isinstance(part, Expr):
        ast = parsed(str(part))[0]
        read = names_read(ast) if ast is not None else frozenset()
    else:
        template = parsed_template(str(part))[0]
        read = template.names_read() if template is not None else frozenset()
    return [name for name in CHECKS if any(path[:2] == ("check", name) for path in read)]
