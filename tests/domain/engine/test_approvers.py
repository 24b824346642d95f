"""Who decides: the question to the directory, its answer, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from domain.engine.approval_state import StandIn
from domain.engine.approvers import answer, errand_of, nobody_found, stand_ins_of
from domain.engine.events import ApproversFound
from domain.engine.ticket import Json
from tests.builders import START

LATER = START + timedelta(hours=1)
MIA = StandIn("mia", START, LATER)


class Directory:
    """Everybody a query names is called like it, at one moment only."""

    def ids(self, queries: Sequence[str], now: datetime) -> list[str]:
        return [query.upper() for query in queries] if now == START else []

    def stand_ins(self, person: str, now: datetime) -> tuple[StandIn, ...]:
        return (MIA,) if person in ("A", "V") and now == START else ()


QUESTION: dict[str, Json] = {
    "approval": "board",
    "stage": "s",
    "lookup": 3,
    "approvers": ["a", "b"],
    "exclude": ["x"],
    "veto": ["a", "v"],
    "weights": [["a"], ["b", "c"]],
    "delegate": True,
}


def test_the_answer_says_who_is_asked_excluded_weighed_and_stood_in_for() -> None:
    whole = ApproversFound(
        "board",
        "s",
        3,
        START,
        approvers=("A", "B"),
        excluded=("X",),
        veto=("A", "V"),
        weights=(("A",), ("B", "C")),
        stand_ins={"A": (MIA,), "V": (MIA,)},
    )
    assert answer(QUESTION, Directory(), START) == whole
    alone: dict[str, Json] = {
        "approval": "board",
        "stage": "s",
        "lookup": "3",
        "approvers": "a",
        "weights": None,
    }
    assert answer(alone, Directory(), START) == ApproversFound("board", "s", 3, START)
    assert answer({**QUESTION, "delegate": False}, Directory(), START).stand_ins == {}


def test_where_the_directory_cannot_be_asked_there_is_nobody() -> None:
    assert nobody_found(QUESTION, LATER) == ApproversFound("board", "s", 3, LATER)
    assert errand_of("board", 3) == "approvers board 3"


MANAGERS = {"ann": "bob", "bob": "mia", "mia": "zoe", "loop": "ring", "ring": "loop", "self": "self"}
MANAGERS |= {f"p{n}": f"p{n + 1}" for n in range(12)}


@pytest.mark.parametrize(
    ("person", "away", "named", "found"),
    [
        ("ann", set(), [], []),
        ("ann", {"ann"}, [], ["bob", "mia", "zoe"]),
        ("ann", {"ann", "bob"}, [], ["mia", "zoe"]),
        ("ann", set(), [StandIn("x"), StandIn("y")], ["x", "y"]),
        ("ann", {"y"}, [StandIn("x"), StandIn("y")], ["x"]),
        ("ann", {"ann"}, [StandIn("x")], ["x", "bob", "mia", "zoe"]),
        ("ann", set(), [StandIn("x", until_at=START), StandIn("y", until_at=LATER)], ["y"]),
        ("ann", set(), [StandIn("x", from_at=LATER)], ["x"]),
        ("nobody", {"nobody"}, [], []),
        ("self", {"self"}, [], []),
        ("loop", {"loop"}, [], ["ring"]),
        ("p0", {"p0"}, [], [f"p{n}" for n in range(1, 9)]),
    ],
)
def test_who_stands_in_is_who_was_named_and_while_somebody_is_away_who_is_above(
    person: str, away: set[str], named: list[StandIn], found: list[str]
) -> None:
    stand_ins = stand_ins_of(
        person, named, away=lambda one: one in away, manager=lambda one: MANAGERS.get(one, ""), now=START
    )
    assert [one.person for one in stand_ins] == found
