"""Small changes of words."""

from __future__ import annotations

import pytest

from domain.rehearsal.mutated_text import (
    changed_expressions,
    changed_lengths,
    changed_quorum,
    changed_threshold,
)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a == 1 and b", ["a != 1 and b", "a == 2 and b", "a == 1 or b"]),
        ("not a", ["a"]),
        ("a < 4h", ["a <= 4h", "a < 8h", "a < 2h"]),
        ('x in ["a", "b", "c"]', ['x in ["b", "c"]', 'x in ["a", "c"]', 'x in ["a", "b"]']),
        ('x in ["a"]', []),
        ('x == "a and b"', ['x != "a and b"']),
        (
            "a >= 1.5 || true",
            ["a > 1.5 || true", "a >= 2.5 || true", "a >= 1.5 && true", "a >= 1.5 || false"],
        ),
    ],
)
def test_one_thing_of_an_expression_is_changed_at_a_time(text: str, changed: list[str]) -> None:
    assert list(changed_expressions(text)) == changed


def test_what_is_no_expression_is_left_alone() -> None:
    assert list(changed_expressions("a == “b”")) == []


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("4h", ["8h", "2h"]),
        ("1h", ["2h", "30m"]),
        ("1m", ["2m", "30s"]),
        ("1d", ["2d"]),
        ("3d", ["6d", "1d"]),
        ("1s", ["2s"]),
        ("1h30m", ["2h60m", "1h"]),
    ],
)
def test_lengths_are_doubled_and_halved(text: str, changed: list[str]) -> None:
    assert list(changed_lengths(text)) == changed


def test_quorums_and_thresholds_are_moved() -> None:
    assert list(changed_quorum("any")) == ["all"]
    assert list(changed_quorum("2")) == ["1", "3"]
    assert list(changed_quorum("60%")) == ["35%", "85%"]
    assert list(changed_threshold("50%")) == ["40%", "60%"]
    assert list(changed_threshold("100%")) == ["90%"]
    assert list(changed_threshold("30m left")) == ["60m left", "15m left"]
