"""What clients send about approvals, and what they get."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from api.schemas import Name, Sent, Values
from api.schemas_answers import FormField
from api.shapes import Given, Named, Text

Stage = Annotated[
    str, Field(max_length=100, description="A stage's id; empty: the one that is meant.", examples=[""])
]
Whose = Annotated[
    str, Field(max_length=100, description="Whose decision, when it is not one's own.", examples=[""])
]
Said = Annotated[str, Field(max_length=2_000, examples=["After the tests of Tuesday."])]


class NewVote(Sent):
    """An approver's answer."""

    answer: Annotated[Name, Field(description="From `ballots` of the approval.", examples=["approve"])]
    comment: Said = ""
    stage: Stage = ""
    fields: Annotated[Values, Field(examples=[{}])] = {}  # noqa: RUF012 - pydantic copies a default
    hash: Annotated[
        str,
        Field(
            max_length=64,
            description="`hash` of the approval as it was shown: refused when it has changed.",
            examples=[""],
        ),
    ] = ""


class NewApprover(Sent):
    """A further approver."""

    person: Annotated[Name, Field(description="A person's id.", examples=["li.wei"])]
    stage: Stage = ""
    comment: Said = ""


class Handover(Sent):
    """Who decides instead, for good."""

    to: Annotated[Name, Field(description="A person's id.", examples=["li.wei"])]
    person: Whose = ""
    stage: Stage = ""
    comment: Said = ""


class Delegation(Sent):
    """Who decides in one's place, from when to when."""

    to: Annotated[Name, Field(description="A person's id.", examples=["li.wei"])]
    from_at: Annotated[AwareDatetime | None, Field(strict=False, description="null: from now on.")] = None
    until_at: Annotated[AwareDatetime | None, Field(strict=False, description="null: for good.")] = None
    person: Whose = ""
    stage: Stage = ""


class Return(Sent):
    """Back to an earlier stage, and why."""

    stage: Annotated[Name, Field(examples=["peer"])]
    comment: Annotated[str, Field(min_length=1, max_length=2_000, examples=["The plan has changed."])]


class Withdrawal(Sent):
    """Why the request is taken back."""

    comment: Said = ""


class Seat(Given):
    """One person's place in a stage."""

    person: Named | None
    kind: Annotated[str, Field(description="member, extra (brought in later) or veto.", examples=["member"])]
    asked: Annotated[Named | None, Field(description="Who is asked now: the person, or who stands in.")]
    answer: str | None
    answer_label: Text | None
    by: Annotated[Named | None, Field(description="Who gave the answer.")]
    at: datetime | None
    comment: str | None


class StageOfApproval(Given):
    """A stage that was reached."""

    id: str
    label: Text
    state: Annotated[str, Field(description="looking, open, skipped, withdrawn, or how it ended.")]
    lapses_at: Annotated[datetime | None, Field(description="When its next timeout passes.")]
    seats: list[Seat]


class AnswerOffered(Given):
    """Something this caller may answer."""

    answer: str
    label: Text
    comment_required: bool
    form: list[FormField]


class Ballot(Given):
    """A decision this caller may take now."""

    stage: str
    person: Annotated[Named | None, Field(description="Whose decision it is.")]
    given: Annotated[str | None, Field(description="What was answered already; it may be changed.")]
    answers: list[AnswerOffered]
    may_delegate: bool
    may_add: bool
    may_return: bool


class ApprovalOfTicket(Given):
    """An approval that was requested."""

    name: Annotated[str, Field(examples=["cab"])]
    label: Text
    state: Annotated[
        str,
        Field(
            description="pending, approved, rejected, timed_out, voided, withdrawn, or an answer that ended it."
        ),
    ]
    requested_at: datetime
    decided_at: datetime | None
    decided_by: Named | None
    comment: str | None
    hash: Annotated[str | None, Field(description="Of what is decided on; send it with a vote.")]
    stages: list[StageOfApproval]
    ballots: list[Ballot]
    may_manage: bool
    may_withdraw: bool


class ApprovalList(Given):
    """Every approval of a ticket that was requested."""

    approvals: list[ApprovalOfTicket]
