"""What holds for tests of the core."""

from __future__ import annotations

import os

import pytest

from domain.engine import clock_time
from domain.expressions import standard_functions
from domain.language import checking

REMEMBERED = (standard_functions, clock_time.length, checking.parsed, checking.parsed_template)


@pytest.fixture(autouse=True)
def _nothing_remembered_under_mutation() -> None:
    """What was computed once, before a line of code was changed, would hide the change (`make mutants`)."""
    if "MUTANT_UNDER_TEST" in os.environ:
        for work in REMEMBERED:
            work.cache_clear()
