"""Who gets a ticket."""

from __future__ import annotations

import pytest

from store.picks import Candidate, choose

ANN = Candidate("ann", False, ("network", "mail"))
BEN = Candidate("ben", False, ("network",))
CLEO = Candidate("cleo", False, ())
DAN = Candidate("dan", True, ("network",))
TEAM = (ANN, BEN, CLEO, DAN)


@pytest.mark.parametrize(
    ("how", "skills", "load", "last", "on_call", "expected"),
    [
        ("least_loaded", (), {}, "", (), "ann"),
        ("least_loaded", (), {"ann": 2, "ben": 1, "cleo": 1}, "", (), "ben"),
        ("least_loaded", ("mail",), {"ann": 9}, "", (), "ann"),
        ("least_loaded", ("cobol",), {"ann": 1}, "", (), "ben"),
        ("round_robin", (), {}, "", (), "ann"),
        ("round_robin", (), {}, "ann", (), "ben"),
        ("round_robin", (), {}, "cleo", (), "ann"),
        ("round_robin", (), {}, "somebody who left", (), "ann"),
        ("round_robin", ("network",), {}, "ben", (), "ann"),
        ("on_call", (), {}, "", ("zoe",), "zoe"),
        ("on_call", (), {}, "", (), None),
    ],
)
def test_the_one_chosen(
    how: str,
    skills: tuple[str, ...],
    load: dict[str, int],
    last: str,
    on_call: tuple[str, ...],
    expected: str,
) -> None:
    assert choose(TEAM, how, skills, load=load, last=last, on_call=on_call) == expected


def test_nobody_of_a_team_that_is_all_away() -> None:
    assert choose((DAN,), "least_loaded", (), load={}, last="", on_call=()) is None
