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
    plain,
    request_from_json,
    request_to_json,
    ticket_from_json,
    ticket_to_json,
)
from domain.engine.ticket import Clock, Hashes, Stretch, Task, Ticket
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


AT = "2026-03-02T09:00:00Z"
FULL = replace(
    BLANK,
    seq=3,
    fields={"a": [1], "b": {"c": 1}},
    clocks={"c": Clock("running", 1, "4h", "office", stretches=(Stretch(START),))},
    tasks={"t": Task("open", START, assignees=("everyone",))},
)


@pytest.mark.parametrize(
    ("changes", "patch"),
    [
        ({"state": "x"}, [{"op": "replace", "path": "/state", "value": "x"}]),
        ({"parked": "why"}, [{"op": "add", "path": "/parked", "value": "why"}]),
        ({"clocks": {}}, [{"op": "remove", "path": "/clocks"}]),
        ({"fields": {"a": [1, 2], "b": {}}}, [
            {"op": "add", "path": "/fields/a/-", "value": 2},
            {"op": "remove", "path": "/fields/b/c"},
        ]),
        ({"fields": {"b": {"c": 1}, "z": None}}, [
            {"op": "remove", "path": "/fields/a"},
            {"op": "add", "path": "/fields/z", "value": None},
        ]),
        (
            {"clocks": {"c": replace(FULL.clocks["c"], stretches=(Stretch(START, START), Stretch(START)))}},
            [
                {"op": "add", "path": "/clocks/c/stretches/0/to_at", "value": AT},
                {"op": "add", "path": "/clocks/c/stretches/-", "value": {"from_at": AT}},
            ],
        ),
        (
            {"clocks": {"c": replace(FULL.clocks["c"], stretches=(), target="", due_at=START)}},
            [
                {"op": "remove", "path": "/clocks/c/target"},
                {"op": "remove", "path": "/clocks/c/stretches"},
                {"op": "add", "path": "/clocks/c/due_at", "value": AT},
            ],
        ),
        ({"tasks": {"t": Task("open", START, assignees=())}}, [{"op": "remove", "path": "/tasks/t/assignees"}]),
        (
            {"tasks": {"t": Task("done", START, assignees=("a", "b"))}},
            [
                {"op": "replace", "path": "/tasks/t/state", "value": "done"},
                {"op": "replace", "path": "/tasks/t/assignees/0", "value": "a"},
                {"op": "add", "path": "/tasks/t/assignees/-", "value": "b"},
            ],
        ),
        ({"hashes": Hashes("p", "c", "x")}, [{"op": "replace", "path": "/hashes/agreements", "value": "x"}]),
        ({"overridden": ("team",)}, [{"op": "add", "path": "/overridden", "value": ["team"]}]),
        ({"seq": 4, "revision": 9, "handled": 7, "last_at": START.replace(hour=11)}, []),
    ],
)  # fmt: skip
def test_a_change_of_a_ticket_is_this_patch_and_leads_there(
    changes: dict[str, object], patch: list[dict[str, object]]
) -> None:
    new = replace(FULL, **changes)  # type: ignore[arg-type]  # of Ticket
    assert list(patch_between(FULL, new)) == patch
    written = Entry(
        new.seq, new.last_at, START, Cause("command", "x"), revision=new.revision, patch=tuple(patch)
    )
    folded = fold(ticket_to_json(FULL), replace(written, command=new.handled or None))
    assert folded == ticket_to_json(new)


def test_the_first_patch_adds_every_member_in_the_order_of_names() -> None:
    patch = patch_between(None, FULL)
    assert [one["path"] for one in patch] == [
        f"/{name}"
        for name in (
            "clocks", "entered_at", "fields", "hashes", "id", "opened_at", "process", "ref", "state", "tasks",
        )
    ]  # fmt: skip
    assert {str(one["op"]) for one in patch} == {"add"} and patch[4]["value"] == "id"


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ({"op": "remove", "path": "/a/1"}, {"a": [1, 3]}),
        ({"op": "replace", "path": "/a/0", "value": 9}, {"a": [9, 2, 3]}),
        ({"op": "add", "path": "/a/-", "value": 9}, {"a": [1, 2, 3, 9]}),
        ({"op": "remove", "path": "/a"}, {}),
        ({"op": "add", "path": "/b~1~0", "value": 9}, {"a": [1, 2, 3], "b/~": 9}),
    ],
)
def test_an_operation_of_a_patch_is_applied(operation: dict[str, object], left: dict[str, object]) -> None:
    before: dict[str, object] = {"a": [1, 2, 3]}
    folded = fold(before, replace(entry([operation]), seq=7, revision=0))
    assert folded == {**left, "seq": 7, "last_at": AT} and before == {"a": [1, 2, 3]}


def test_a_patch_changes_copies_of_what_it_touches_and_each_once() -> None:
    inner = {"deep": [1]}
    before: dict[str, object] = {"a": inner, "other": inner}
    patch = [{"op": "add", "path": "/a/deep/-", "value": n} for n in (2, 3)]
    folded = fold(before, entry(patch))
    assert folded["a"] == {"deep": [1, 2, 3]} and folded["other"] is inner and inner == {"deep": [1]}


def test_a_value_of_a_ticket_is_plain_as_in_its_snapshot() -> None:
    assert plain(FULL.clocks) == ticket_to_json(FULL)["clocks"]
    assert plain((START, {"a": (1,)}, None)) == [AT, {"a": [1]}, None]


def test_a_request_says_its_kind() -> None:
    assert request_to_json(Edit({"a": 1})) == {"kind": "Edit", "fields": {"a": 1}}
    assert request_from_json({"kind": "Move", "transition": "x", "novelty": 1}) == Move("x")
    with pytest.raises(KeyError, match="replace"):
        fold({}, entry([{"op": "replace", "path": "/replace", "value": 1}]))
