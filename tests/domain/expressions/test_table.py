"""Every operator and function on values of every kind, and every condition, does what the tables say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.domain.expressions import outcome_table, table


@pytest.mark.parametrize(
    ("file", "found"),
    [(table.FILE, table.table), (outcome_table.FILE, outcome_table.table)],
    ids=lambda one: one.name if isinstance(one, Path) else "",
)
def test_everything_is_as_the_table_says(file: Path, found: Callable[[], list[str]]) -> None:
    expected = file.read_text("utf-8").splitlines()
    lines = found()
    differing = [(was, now) for was, now in zip(expected, lines, strict=False) if was != now]
    assert not differing[:10], f"`lang: 1` means something else now: see where {file.name} is written"
    assert len(lines) == len(expected)
