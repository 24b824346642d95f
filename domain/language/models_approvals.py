"""Approvals: who decides together, how many of them, in which order, and what happens when nobody answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from domain.language.models_actions import Effects
from domain.language.models_time import AnyCalendar
from domain.language.models_work import Ask
from domain.language.shorthand import Shorthand
from domain.language.words import (
    Bool,
    Cond,
    Dur,
    FieldRef,
    Ident,
    Int,
    Key,
    Many,
    Model,
    Selector,
    Selectors,
    Text,
    show,
)


class Remind(Model):
    """How often open approvers are reminded."""

    every: Dur
    calendar: AnyCalendar | None = None


class Timeout(Model):
    """What happens when nobody answers: more people are brought in, it is decided, or something is done."""

    after: Dur = Field(description="Counted from when the stage was opened.")
    calendar: AnyCalendar | None = None
    decide: Literal["approved", "rejected", "timed_out", "votes"] | None = Field(
        None,
        description="Decide without them. `timed_out` is neither yes nor no; `votes`: those given count alone.",
    )
    add: Selectors | None = Field(
        None, description="Bring in these people; they may answer for those who are silent."
    )
    do: Effects = ()


class Quorum(Model):
    """How much agreement a stage needs."""

    approve: str
    of: Literal["members", "votes"] = Field(
        "members", description="What a share is of: everybody asked, or the yes and no votes that were given."
    )


_AMOUNT = {"type": "string", "pattern": r"^(any|all|first|0*[1-9]\d*|0*([1-9]\d?|100)%)$"}


def _amount(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return str(value)
    percent = isinstance(value, str) and value.endswith("%") and value[:-1].isascii() and value[:-1].isdigit()
    number = isinstance(value, str) and value.isascii() and value.isdigit() and int(value) > 0
    if value in ("any", "all", "first") or number or (percent and 0 < int(value[:-1]) <= 100):
        return str(value)
    raise PydanticCustomError(
        "quorum",
        "{shown} should be any, all, first, a number, a percentage, or {approve: 60%, of: votes}",
        {"shown": show(value)},
    )


def _quorum(value: Any) -> Any:
    if isinstance(value, Quorum):
        return value
    if isinstance(value, dict):
        if "approve" in value:
            return {**value, "approve": _amount(value["approve"])}
        return value
    return {"approve": _amount(value)}


class Weight(Model):
    """Votes that count more than one."""

    who: Selectors
    weight: Int


class Answer(Model):
    """Something an approver may answer. `approve`, `reject` and `abstain` count as what they are called."""

    label: Text | None = None
    counts: Literal["approve", "reject", "abstain"] | None = Field(
        None, description="As what it counts; an answer of another name that says nothing here is no vote."
    )
    if_: Cond | None = Field(None, description="May be given only when this holds, its form filled in.")
    otherwise: Text | None = Field(None, description="Message shown when the condition does not hold.")
    ask: Ask | None = None
    comment: Literal["required", "optional"] = "optional"
    ends: Literal["stage"] | None = Field(None, description="One of these is enough to end the stage.")


class IfNobody(Model):
    """What happens when there is nobody to ask."""

    decide: Literal["approve", "reject"] | None = None
    ask: Selectors | None = Field(None, description="Ask these people instead.")


def _if_nobody(value: Any) -> Any:
    return {"decide": value} if isinstance(value, str) else value


class Stage(Model):
    """People who decide together."""

    id: Ident
    label: Text | None = None
    if_: Cond | None = None
    approvers: Selectors
    quorum: Annotated[Quorum, Shorthand(_quorum, _AMOUNT, {"type": "integer", "minimum": 1})] = Quorum(
        approve="any"
    )
    weights: tuple[Weight, ...] = ()
    veto: Selectors = Field((), description="Whose rejection ends it, approvers or not.")
    exclude: Selectors = Field(
        (Selector("requester"),), description="Never asked; `stage:x` are those who voted in that stage."
    )
    delegate: Bool = Field(True, description="Whether somebody may decide in the place of an approver.")
    may_add: Bool = Field(False, description="Whether approvers may bring in further approvers.")
    may_return: Bool = Field(True, description="Whether approvers may return it to an earlier stage.")
    ask: Ask | None = Field(None, description="What approving asks for.")
    answers: dict[Key, Answer] = Field(default_factory=dict)
    remind: Remind | None = None
    timeout: Timeout | None = None
    timeouts: tuple[Timeout, ...] = ()
    if_nobody: Annotated[IfNobody | None, Shorthand(_if_nobody, {"enum": ["approve", "reject"]})] = None

    @property
    def lapses(self) -> tuple[Timeout, ...]:
        """Every timeout, however it was written."""
        return (self.timeout,) if self.timeout is not None else self.timeouts

    @property
    def offered(self) -> dict[str, Answer]:
        """What may be answered: approve and reject always."""
        given = {name: _counted(name, answer) for name, answer in self.answers.items()}
        return {name: given.get(name) or Answer(counts=name) for name in ("approve", "reject")} | given


def _counted(name: str, answer: Answer) -> Answer:
    if answer.counts is None and name in ("approve", "reject", "abstain"):
        return answer.model_copy(update={"counts": name})
    return answer


class Parallel(Model):
    """Stages that run at the same time."""

    parallel: tuple[Stage, ...]


def _stage_kind(value: Any) -> str:
    return (
        "parallel"
        if isinstance(value, Parallel) or (isinstance(value, dict) and "parallel" in value)
        else "stage"
    )


class Skip(Model):
    """A case that needs no people."""

    if_: Cond
    decide: Literal["approved", "rejected"]
    because: Text


class Approval(Model):
    """Stages that run in order until one rejects or all approve."""

    label: Text | None = None
    skip: tuple[Skip, ...] = ()
    stages: tuple[
        Annotated[
            Annotated[Stage, Tag("stage")] | Annotated[Parallel, Tag("parallel")], Discriminator(_stage_kind)
        ],
        ...,
    ]
    void_if_changed: Annotated[tuple[FieldRef, ...], Many] = ()
    manage: Selectors = Field((), description="Who may add, replace, return and withdraw, approver or not.")
    withdraw: Selectors = Field((), description="Who may take the request back, such as the requester.")
