"""What holds for tests of the core."""

from __future__ import annotations

import os
from functools import cache

import pytest

from domain.engine import clock_time, plan
from domain.expressions import standard_functions
from domain.language import checking
from tests.domain.engine.golden import cases

REMEMBERED = (
    standard_functions,
    clock_time.length,
    checking.parsed,
    checking.parsed_template,
    cases.definition,
)


@pytest.fixture(autouse=True)
def _nothing_remembered_under_mutation() -> None:
    """What was computed once, before a line of code was changed, would hide the change (`make mutants`)."""
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    if mutant == "stats":  # it is noted what each test reaches: each goes all the way
        _forget.cache_clear()
    _forget(mutant)


@cache
def _forget(mutant: str) -> None:
    if mutant:
        for work in REMEMBERED:
            work.cache_clear()
        plan._plans.clear()  # of definitions that stay: to read them again for each mutant would take too long
