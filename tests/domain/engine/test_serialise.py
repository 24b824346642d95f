"""Tickets, entries and requests as JSON; patches and their fold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

from domain.engine.entries import Cause, Entry
from domain.engine.events import Comment, CompleteTask, Edit, Message, Move, Open
from domain.engine.serialise import (
    diff,
    entry_from_json,
    entry_to_json,
    fold,
    patch_between,
    request_from_json,
    request_to_json,
    ticket_from_json,
    ticket_to_json,
)
from domain.engine.ticket import Hashes, Ticket
from domain.engine.values import instant_json
from tests.builders import START, Story, the_incident

HASHES = Hashes("p", "c", "a")
BLANK = Ticket("id", "T-1", "thing", HASHES, "new", START, START, START)


def entry(patch: object, seq: int = 1, **more: object) -> Entry:
    return Entry(seq, START, START, Cause("command", "x"), revision=1, patch=tuple(patch), **more)  # type: ignore[arg-type]  # what a test wants


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("ab/~", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("ab/~", max_size=2), inner, max_size=4)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text("ab/~-0", min_size=1, max_size=2), JSON, max_size=5)


@seed(20260302)
@given(OBJECTS, OBJECTS)
def test_a_patch_makes_the_new_of_the_old_and_leaves_the_old_alone(
    old: dict[str, object], new: dict[str, object]
) -> None:
    before = json.dumps(old)
    folded = fold(old, entry(diff(old, new)))
    del folded["seq"], folded["last_at"], folded["revision"]
    assert json.dumps(folded, sort_keys=True) == json.dumps(new, sort_keys=True)
    assert json.dumps(old) == before


def test_equal_values_need_no_patch_and_true_is_not_one() -> None:
    assert list(diff({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]})) == []
    assert list(diff({"a": 1}, {"a": True})) == [{"op": "replace", "path": "/a", "value": True}]
    assert list(diff({"a": [1]}, {"a": [True]})) != []
    one, true = replace(BLANK, seq=1, fields={"x": 1}), replace(BLANK, seq=1, fields={"x": True})
    assert patch_between(one, true) == ({"op": "replace", "path": "/fields/x", "value": True},)


def test_lists_are_compared_element_by_element_and_appended_to() -> None:
    assert list(diff({"a": [1, {"b": 1}]}, {"a": [1, {"b": 2}, 3]})) == [
        {"op": "replace", "path": "/a/1/b", "value": 2},
        {"op": "add", "path": "/a/-", "value": 3},
    ]
    assert list(diff({"a": [1, 2]}, {"a": [1]})) == [{"op": "replace", "path": "/a", "value": [1]}]


def test_names_with_slashes_and_tildes_survive() -> None:
    old, new = {"a/b": {"c~d": 1}}, {"a/b": {"c~d": 2}}
    assert list(diff(old, new)) == [{"op": "replace", "path": "/a~1b/c~0d", "value": 2}]
    assert fold(dict(old), entry(diff(old, new)))["a/b"] == {"c~d": 2}


def test_the_order_of_names_does_not_change_a_patch() -> None:
    old, new = {"b": 1, "a": 1}, {"c": 3, "a": 2}
    assert list(diff(old, new)) == list(diff({"a": 1, "b": 1}, {"a": 2, "c": 3}))


def test_a_patch_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(KeyError):
        fold({}, entry([{"op": "replace", "path": "/state", "value": "x"}]))
    with pytest.raises(KeyError):
        fold({}, entry([{"op": "remove", "path": "/clocks/a"}]))


def test_what_an_entry_carries_itself_is_in_no_patch() -> None:
    new = replace(BLANK, seq=4, revision=2, handled=3, last_at=START.replace(hour=10))
    assert patch_between(replace(BLANK, seq=3), new) == ()
    folded = fold(
        ticket_to_json(replace(BLANK, seq=3)), replace(entry((), 4), at=new.last_at, revision=2, command=3)
    )
    assert folded == ticket_to_json(new)


def test_a_patch_between_tickets_is_the_diff_of_their_snapshots() -> None:
    """The short way of finding a patch gives what the long way gives, over a whole life."""
    story = Story(the_incident())
    story.things["service:vpn"] = {"id": "vpn", "critical": True}
    from domain.engine.events import Actor

    story.people = {"ann": Actor("ann"), "bob": Actor("bob", teams=("service-desk", "network-l2"))}
    story.now = datetime(2026, 11, 27, 9, 50, tzinfo=UTC)
    story.open(
        description="x",
        service="vpn",
        category="vpn",
        impact="extensive",
        urgency="critical",
        affected_users=3,
    )
    tickets = [story.ticket]
    for act in (
        lambda: story.until(story.now.replace(hour=11)),
        lambda: story.do("start", "bob"),
        lambda: story.do("ask_requester", "bob", waiting_reason="?"),
        lambda: story.reply("ann"),
        lambda: story.edit("bob", impact="minor", urgency="low", service=None),
        lambda: story.do("resolve", "bob", resolution_code="fixed", resolution="done"),
        lambda: story.until(story.now.replace(month=12, day=10)),
    ):
        act()
        tickets.append(story.ticket)
    carried = ("seq", "handled", "revision", "last_at")
    for old, new in pairwise(tickets):
        snapshots = [{k: v for k, v in ticket_to_json(one).items() if k not in carried} for one in (old, new)]
        wanted = {json.dumps(one, sort_keys=True) for one in diff(snapshots[0], snapshots[1])}
        assert {json.dumps(one, sort_keys=True) for one in patch_between(old, new)} == wanted
    assert story.ticket.state == "closed"


@pytest.mark.parametrize("microsecond", [0, 1, 120_000, 999_999])
def test_instants_are_written_the_same_way_everywhere(microsecond: int) -> None:
    at = START.replace(microsecond=microsecond)
    assert ticket_to_json(replace(BLANK, opened_at=at))["opened_at"] == instant_json(at)


def test_entries_and_tickets_come_back_as_they_were() -> None:
    made = entry(
        [{"op": "add", "path": "/x", "value": 1}],
        happened=(),
        late_by=61.5,
        result="refused",
    )
    assert entry_from_json(json.loads(json.dumps(entry_to_json(made)))) == made
    assert ticket_from_json(json.loads(json.dumps(ticket_to_json(BLANK)))) == BLANK


def test_members_of_a_newer_engine_are_left_out() -> None:
    assert entry_from_json({**entry_to_json(entry(())), "novelty": 1}) == entry(())
    assert ticket_from_json({**ticket_to_json(BLANK), "novelty": 1}) == BLANK


@pytest.mark.parametrize(
    "request_",
    [
        Open("id", "T-1", HASHES, {"title": "x"}, "mail", 60.0),
        Move("start", {"a": [1, None, True]}),
        Edit({"a": None}),
        Comment("c", "0" * 64, public=False),
        CompleteTask("t", {"a": 1}, failed=True),
        Message("m", {"a": {"b": 1}}),
    ],
)
def test_requests_come_back_as_they_were(request_: object) -> None:
    data = json.loads(json.dumps(request_to_json(request_)))  # type: ignore[arg-type]  # every kind of request
    assert request_from_json(data) == request_


def test_a_request_of_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        request_from_json({"kind": "Approve"})
