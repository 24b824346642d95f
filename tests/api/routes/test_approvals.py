"""Approvals: votes and what else approvers do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.engine.events import (
    AddApprover,
    ApprovalRequest,
    Delegate,
    HandOver,
    ReturnTo,
    Vote,
    WithdrawApproval,
)
from tests.api.client import ONE, Client, mistakes, problem

SEEN = {"If-Match": '"1"'}
AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("what", "body", "expected"),
    [
        ("votes", {"answer": "approve"}, Vote("cab", "approve")),
        (
            "votes",
            {"answer": "reject", "comment": "no", "stage": "peer", "fields": {"code": "K"}, "hash": "f00"},
            Vote("cab", "reject", "no", "peer", {"code": "K"}, "f00"),
        ),
        ("approvers", {"person": "wang"}, AddApprover("cab", "wang")),
        ("handovers", {"to": "wang", "comment": "yours"}, HandOver("cab", "wang", comment="yours")),
        (
            "delegations",
            {"to": "wang", "until_at": "2026-11-27T17:00:00+08:00"},
            Delegate("cab", "wang", None, AT),
        ),
        ("returns", {"stage": "peer", "comment": "again"}, ReturnTo("cab", "peer", "again")),
        ("withdrawal", {}, WithdrawApproval("cab")),
    ],
)
def test_what_approvers_do_reaches_the_desk(
    what: str, body: dict[str, Any], expected: ApprovalRequest
) -> None:
    client = Client()
    client.open()
    response = client.send("POST", f"{ONE}/approvals/cab/{what}", by="wang", json=body, headers=SEEN)
    assert response.status_code == 200, response.text
    assert client.desk.about_approvals == [expected]


def test_a_vote_needs_the_revision_that_was_seen() -> None:
    client = Client()
    client.open()
    problem(
        client.send("POST", f"{ONE}/approvals/cab/votes", json={"answer": "approve"}), 428, "revision_missing"
    )
    stale = {"If-Match": '"7"'}
    found = client.send("POST", f"{ONE}/approvals/cab/votes", json={"answer": "approve"}, headers=stale)
    problem(found, 412, "revision_stale")


def test_a_vote_says_what_it_is() -> None:
    client = Client()
    client.open()
    found = client.send("POST", f"{ONE}/approvals/cab/votes", json={"comment": "hm"}, headers=SEEN)
    assert mistakes(problem(found, 422, "form_invalid")) == {"answer": "missing"}


def test_an_approval_that_waits_for_nobody_is_refused() -> None:
    client = Client()
    client.open()
    found = client.send("POST", f"{ONE}/approvals/ecab/votes", json={"answer": "approve"}, headers=SEEN)
    problem(found, 409, "transition_refused")


def test_approvals_are_listed() -> None:
    client = Client()
    client.open()
    response = client.send("GET", f"{ONE}/approvals")
    assert (response.json(), response.headers["etag"]) == ({"approvals": []}, '"1"')
