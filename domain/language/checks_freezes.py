"""Freezes: windows that end, and a way out of them for what cannot wait."""

from __future__ import annotations

from domain.expressions.outcomes import constant
from domain.language.checking import Checking
from domain.language.checks_conditions import SURE, limits, tree
from domain.language.models import Window


def check_freezes(checking: Checking) -> None:
    """Only where transitions ask for freezes: elsewhere they stop nothing."""
    if checking.asks_for_freezes:
        for name, window in checking.process.freezes.items():
            _check_window(checking, name, window)


def _check_window(checking: Checking, name: str, window: Window) -> None:
    once = window.once
    if once is not None and once[0] >= once[1]:
        message = "this freeze ends before it starts; exchange `start` and `end`, or correct them"
        checking.error(("freezes", name, "end"), message, code="calendar")
    if window.approvers:
        return
    if window.allow_if is None:
        message = "nothing gets through this freeze, not even an emergency; add `allow_if` or `approvers`"
        checking.warn(("freezes", name), message, key=True, code="freeze-without-way-out")
    elif constant(tree(window.allow_if), checking.scopes.base, sure=SURE, limits=limits(checking)) is False:
        message = "nothing gets through this freeze: this is never true; correct it, or add `approvers`"
        checking.warn(("freezes", name, "allow_if"), message, code="freeze-without-way-out")
