"""The golden random lives: whatever happens to a ticket, an engine number decides as it did when it was released."""

from __future__ import annotations

import pytest

from domain.engine.ticket import ENGINE
from tests.domain.engine.golden.random_lives import golden_random_lives, journals, stored_lives

PROCESSES = [
    pytest.param(engine, number, id=f"{engine}-{number}")
    for engine in range(1, ENGINE + 1)
    for number in range(len(stored_lives(golden_random_lives(engine))))
]


@pytest.mark.parametrize(("engine", "number"), PROCESSES)
def test_tickets_live_as_they_lived_when_it_was_written(engine: int, number: int) -> None:
    one = stored_lives(golden_random_lives(engine))[number]
    for written, expected in zip(journals(one), one["journals"], strict=True):
        for entry, was in zip(written, expected, strict=False):
            assert entry == was, (
                "this engine number writes something else: raise ENGINE and keep the old branch"
            )
        assert len(written) == len(expected)
