"""Steps about approvals: who votes how, and what else people do with an approval."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from domain.engine.events import (
    AddApprover,
    ApprovalRequest,
    Delegate,
    HandOver,
    ReturnTo,
    Vote,
    WithdrawApproval,
)
from domain.engine.ticket import Json
from domain.language.models_tests import Step

Moment = Callable[[str], datetime]


def approval_act(step: Step, given: dict[str, Json], moment: Moment) -> ApprovalRequest | None:
    """The request of a step about an approval; None when it is about something else. `given` is its `with`."""
    for answer in ("approve", "reject", "abstain"):
        name = getattr(step, answer)
        if name is not None:
            return _vote(name, answer, given)
    if step.answer is not None:
        return _vote(step.answer, _text(given, "answer"), given)
    stage, comment = _text(given, "stage"), _text(given, "comment")
    if step.add_approver is not None:
        return AddApprover(step.add_approver, _text(given, "person"), stage, comment)
    if step.hand_over is not None:
        return HandOver(step.hand_over, _text(given, "to"), _text(given, "person"), stage, comment)
    if step.delegate is not None:
        from_at, until_at = (
            moment(text) if (text := _text(given, name)) else None for name in ("from", "until")
        )
        return Delegate(step.delegate, _text(given, "to"), from_at, until_at, _text(given, "person"), stage)
    if step.return_to is not None:
        return ReturnTo(step.return_to, stage, comment)
    if step.withdraw is not None:
        return WithdrawApproval(step.withdraw, comment)
    return None


def _vote(name: str, answer: str, given: dict[str, Json]) -> Vote:
    fields = {key: value for key, value in given.items() if key not in ("answer", "stage", "comment")}
    return Vote(name, answer, _text(given, "comment"), _text(given, "stage"), fields)


def _text(given: dict[str, Json], name: str) -> str:
    value = given.get(name)
    return "" if value is None else str(value)
