"""Every operator and function on values of every kind, and every condition, does what the tables say."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.domain.expressions import outcome_table, table
from tests.domain.expressions.sections import read

TABLES = (table, outcome_table)
SECTIONS = [
    pytest.param(one, name, id=f"{one.FILE.stem}-{name}") for one in TABLES for name in one.sections()
]


@pytest.mark.parametrize(("one", "name"), SECTIONS)
def test_everything_is_as_the_table_says(one: ModuleType, name: str) -> None:
    expected, found = read(one.FILE)[name], one.section(name)
    differing = [(was, now) for was, now in zip(expected, found, strict=False) if was != now]
    assert not differing[:10], f"`lang: 1` means something else now: see where {one.FILE.name} is written"
    assert len(found) == len(expected)


@pytest.mark.parametrize("one", TABLES, ids=lambda one: str(one.FILE.stem))
def test_a_table_has_no_section_that_is_not_asked_for(one: ModuleType) -> None:
    assert list(read(one.FILE)) == one.sections()
