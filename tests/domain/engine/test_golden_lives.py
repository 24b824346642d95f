"""The golden lives: what an engine number wrote of the rarer things, word for word, it writes for ever."""

from __future__ import annotations

import pytest

from domain.engine.ticket import ENGINE
from tests.domain.engine.golden.lives import LIVES, journal, stored


@pytest.mark.parametrize("life", LIVES)
def test_a_golden_life_goes_as_it_went_when_it_was_written(life: str) -> None:
    expected = stored(ENGINE)[life]
    written = journal(life)
    for entry, was in zip(written, expected, strict=False):
        assert entry == was, "this engine number writes something else: raise ENGINE and keep the old branch"
    assert len(written) == len(expected)


def test_every_golden_life_is_lived() -> None:
    assert stored(ENGINE).keys() == LIVES.keys()
