"""The decisions on a command's path: rules 4, 5, 6 and 10."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.engine.entries import Cause, Entry
from domain.engine.path import (
    AppendPlan,
    AppendRefusal,
    Rejection,
    RowHead,
    RunHead,
    RunVerdict,
    SendHead,
    judge_send,
    may_claim,
    plan_append,
)
from tests.builders import START

RUN = RunHead(incarnation=2, seq=10, handled=4, revision=7)
SEND = SendHead(number=5, incarnation=2, acked_seq=10, revision=7)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, RunVerdict.HANDLE),
        ({"acked_seq": 6}, RunVerdict.HANDLE),
        ({"incarnation": 3}, RunVerdict.END_RUN),
        ({"acked_seq": 11}, RunVerdict.END_RUN),
        ({"incarnation": 1}, Rejection.OTHER_INCARNATION),
        ({"incarnation": 1, "acked_seq": 11}, Rejection.OTHER_INCARNATION),
        ({"number": 4}, RunVerdict.SETTLED),
        ({"number": 4, "revision": 1}, RunVerdict.SETTLED),
        ({"number": 6}, Rejection.OUT_OF_TURN),
        ({"number": 6, "revision": 1}, Rejection.OUT_OF_TURN),
        ({"revision": 6}, Rejection.OTHER_REVISION),
    ],
)
def test_a_send_is_handled_settled_rejected_or_ends_the_run(
    change: dict[str, int], verdict: RunVerdict | Rejection
) -> None:
    assert judge_send(RUN, replace(SEND, **change)) is verdict


def entry(seq: int, name: str = "x") -> Entry:
    return Entry(seq, START, START, Cause("command", name), revision=1)


def test_entries_above_the_rows_are_new_in_order() -> None:
    plan = plan_append(RowHead(2, 3), 2, [entry(5), entry(4), entry(3)], [entry(3)])
    assert plan == AppendPlan((entry(4), entry(5)))


def test_a_gap_a_difference_and_a_foreign_run_are_refused() -> None:
    row = RowHead(2, 3)
    assert plan_append(row, 1, [entry(4)], []) is AppendRefusal.OTHER_INCARNATION
    assert plan_append(row, 2, [entry(5)], []) is AppendRefusal.GAP
    assert plan_append(row, 2, [entry(3, "y"), entry(4)], [entry(3)]) is AppendRefusal.DIFFERENT
    assert plan_append(row, 2, [entry(3)], []) is AppendRefusal.DIFFERENT
    assert plan_append(row, 2, [entry(2), entry(3)], [entry(2), entry(3)]) == AppendPlan(())


def test_of_racing_claims_the_one_that_read_the_present_incarnation_wins() -> None:
    assert may_claim(RowHead(2, 3), 2) and not may_claim(RowHead(3, 3), 2)
