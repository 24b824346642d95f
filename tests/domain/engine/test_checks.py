"""What checks find for a request: freezes, maintenance windows, conflicting plans and duplicates, as they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from domain.engine.checks import MOST_FOUND, Other, as_it_would_be, assets_of, look_up
from domain.engine.events import Actor, AddTask, Comment, CompleteTask, Edit, Facts, Move, Open, Request, Vote
from domain.engine.findings import Finding, checks_scope
from domain.engine.ticket import Json
from domain.engine.windows import MOST_WEEKS, stretches
from domain.language.models import Window
from tests.builders import START, TICKET_ID, Story, a_definition

TEXT = """
fields:
  planned_start: {type: datetime}
  planned_end: {type: datetime}
  urgent: {type: boolean, default: false}
  asset: {type: asset}
  twice: {type: text, compute: ticket.title + ticket.title}
forms: {create: {title: required, service: optional, assets: optional}}
roles: {chiefs: group:chiefs}
freezes:
  sales:
    label: {en: Sales freeze, zh-CN: 封网}
    start: 2026-03-04
    end: 2026-03-05
    time_zone: Asia/Shanghai
    if: ticket.service.id == "shop"
    allow_if: ticket.urgent
  nights:
    {start: sun 22:00, end: mon 04:00, time_zone: Asia/Shanghai, approvers: chiefs, if: 'ticket.service.id == "erp"'}
maintenance:
  sundays: {start: sun 02:00, end: sun 06:00, time_zone: UTC, if: 'ticket.service.id != "erp"'}
  once: {label: {"*": Big one}, start: 2026-03-07 10:00, end: 2026-03-08 10:00, time_zone: UTC}
states: {new: {category: new}, gone: {category: closed}}
transitions: {end: {from: new, to: gone, who: everyone, ask: {title: optional, urgent: optional}}}
"""
SALES: Json = {
    "id": "sales",
    "label": {"en": "Sales freeze", "zh-CN": "封网"},
    "start": "2026-03-03T16:00:00Z",
    "end": "2026-03-05T16:00:00Z",
}
NIGHT: Json = {
    "id": "nights",
    "label": {"*": "nights"},
    "start": "2026-03-08T14:00:00Z",
    "end": "2026-03-08T20:00:00Z",
}
SUNDAY: Json = {
    "id": "sundays",
    "label": {"*": "sundays"},
    "start": "2026-03-08T02:00:00Z",
    "end": "2026-03-08T06:00:00Z",
}
BIG: Json = {
    "id": "once",
    "label": {"*": "Big one"},
    "start": "2026-03-07T10:00:00Z",
    "end": "2026-03-08T10:00:00Z",
}


@dataclass
class Desk:
    """The other tickets of a desk, and what it was asked for."""

    tickets: Iterable[Other] = ()
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def planned(self, start: datetime, end: datetime) -> Iterable[Other]:
        """All of them."""
        self.asked.append((start, end))
        return self.tickets

    def about(self, process: str, service: str) -> Iterable[Other]:
        """All of them."""
        self.asked.append((process, service))
        return self.tickets


def a_story(**fields: Json) -> Story:
    """A ticket with these values."""
    story = Story(a_definition(TEXT), {"bob": Actor("bob", groups=("chiefs",))})
    for kind, ids in (("service", ("shop", "erp", "wiki")), ("asset", ("db1", "db2"))):
        story.things |= {f"{kind}:{id}": {"id": id} for id in ids}
    story.open(**{name: value for name, value in fields.items() if name in ("title", "service", "assets")})
    if rest := {name: value for name, value in fields.items() if name not in ("title", "service", "assets")}:
        story.edit(**rest)
    return story


def found(
    story: Story, *wanted: str, request: Request | None = None, person: str = "ann", desk: Desk | None = None
) -> dict[str, list[Json]]:
    """What these checks find when somebody sends this."""
    return look_up(
        story.definition,
        story.ticket,
        request or Move("end"),
        story.facts(person),
        story.now,
        wanted=wanted,
        windows=story.definition.windows,
        others=desk or Desk(),
    )


# ---------------------------------------------------------------- windows


@pytest.mark.parametrize(
    ("service", "start", "end", "freezes", "maintenance"),
    [
        ("shop", "2026-03-03T15:00:00Z", "2026-03-03T16:00:00Z", [], []),
        ("shop", "2026-03-03T15:00:00Z", "2026-03-03T16:00:01Z", [SALES], []),
        ("shop", "2026-03-05T15:59:59Z", "2026-03-05T17:00:00Z", [SALES], []),
        ("shop", "2026-03-05T16:00:00Z", "2026-03-05T17:00:00Z", [], []),
        ("wiki", "2026-03-04T10:00:00Z", "2026-03-04T11:00:00Z", [], []),
        ("erp", "2026-03-08T13:00:00Z", "2026-03-08T14:00:00Z", [], []),
        ("erp", "2026-03-08T13:00:00Z", "2026-03-08T14:00:01Z", [NIGHT], []),
        ("erp", "2026-03-08T19:59:59Z", "2026-03-08T21:00:00Z", [NIGHT], []),
        ("erp", "2026-03-08T20:00:00Z", "2026-03-08T21:00:00Z", [], []),
        ("wiki", "2026-03-08T02:00:00Z", "2026-03-08T06:00:00Z", [], [SUNDAY, BIG]),
        ("wiki", "2026-03-08T01:59:59Z", "2026-03-08T06:00:00Z", [], [BIG]),
        ("wiki", "2026-03-08T02:00:00Z", "2026-03-08T06:00:01Z", [], [BIG]),
        ("erp", "2026-03-08T02:00:00Z", "2026-03-08T03:00:00Z", [], [BIG]),
        ("wiki", "2026-03-07T10:00:00Z", "2026-03-08T10:00:00Z", [], [BIG]),
        ("wiki", "2026-03-07T09:59:59Z", "2026-03-08T10:00:00Z", [], []),
        ("wiki", "2026-03-07T10:00:00Z", "2026-03-08T10:00:01Z", [], []),
    ],
)
def test_a_plan_runs_into_freezes_and_lies_in_maintenance_windows(
    service: str, start: str, end: str, freezes: list[Json], maintenance: list[Json]
) -> None:
    story = a_story(service=service, planned_start=start, planned_end=end)
    assert found(story, "freezes", "maintenance") == {"freezes": freezes, "maintenance": maintenance}


def test_without_a_plan_this_moment_counts_and_an_end_before_the_start_is_none() -> None:
    story = a_story(service="shop")
    for moment, expected in (
        ("2026-03-03T15:59:59.999999+00:00", []),
        ("2026-03-03T16:00:00+00:00", [SALES]),
    ):
        story.now = datetime.fromisoformat(moment)
        assert found(story, "freezes") == {"freezes": expected}
    for plan in (
        {"planned_start": "2026-03-04T10:00:00Z", "planned_end": "2026-03-01T10:00:00Z"},
        {"planned_start": "2026-03-04T10:00:00Z"},
        {"planned_end": "2026-03-04T10:00:00Z"},
    ):
        assert found(a_story(service="shop", **plan), "freezes") == {"freezes": [SALES]}
    late = a_story(service="shop", planned_start="2026-03-03T15:59:59Z", planned_end="2026-03-01T10:00:00Z")
    assert found(late, "freezes") == {"freezes": []}


def test_who_may_allow_it_and_what_is_urgent_is_let_through() -> None:
    plan = {"planned_start": "2026-03-08T15:00:00Z", "planned_end": "2026-03-08T16:00:00Z"}
    assert found(a_story(service="erp", **plan), "freezes", person="bob") == {"freezes": []}
    plan = {"planned_start": "2026-03-04T10:00:00Z"}
    assert found(a_story(service="shop", **plan), "freezes", person="bob") == {"freezes": [SALES]}
    urgent = Move("end", {"urgent": True})
    assert found(a_story(service="shop", **plan), "freezes", request=urgent) == {"freezes": []}


def test_a_weekly_window_is_there_from_the_week_before_until_the_plan_ends() -> None:
    window = Window(start="sun 22:00", end="mon 04:00", time_zone="UTC")
    monday = datetime(2026, 3, 2, 1, tzinfo=UTC)
    hours = [
        tuple((moment - monday) / timedelta(hours=1) for moment in one)
        for one in stretches(window, monday, monday + timedelta(days=14))
    ]
    assert hours == [(-3, 3), (165, 171), (333, 339)]
    endless = list(stretches(window, monday, monday + timedelta(days=10_000)))
    assert len(endless) == MOST_WEEKS == 60
    whole = Window(start="mon 00:00", end="mon 00:00", time_zone="UTC")
    begins, ends = next(stretches(whole, monday, monday + timedelta(days=1)))
    assert ends - begins == timedelta(days=7), "a week that begins where it ends is whole"
    assert list(stretches(whole, monday, begins)) == [], "nothing begins when the plan is over"
    assert list(stretches(Window(start="x", end="y", time_zone="UTC"), monday, monday)) == []


# ---------------------------------------------------------------- other tickets


def other(id: str, **more: object) -> Other:
    """Another open ticket of the same service and title."""
    given = {"title": "A thing", "requester": "mia", "service": "wiki", "assets": ()} | more
    return Other(id, f"T-{id}", "thing", opened_at=START, **given)  # type: ignore[arg-type]  # fields of Other


def refs(found: dict[str, list[Json]]) -> list[str]:
    return [str(one["ref"]) for several in found.values() for one in several if isinstance(one, dict)]


def test_what_is_found_is_told_with_all_that_conditions_read() -> None:
    whole = other("7", start=START, end=START + timedelta(hours=2))
    bare = other("8", service="")
    expected: dict[str, Json] = {
        "id": "7", "ref": "T-7", "title": "A thing", "requester": "mia", "service": "wiki",
        "opened_at": "2026-03-02T09:00:00Z", "start": "2026-03-02T09:00:00Z", "end": "2026-03-02T11:00:00Z",
    }  # fmt: skip
    assert whole.found() == expected
    without = {name: value for name, value in expected.items() if name not in ("start", "end")}
    assert bare.found() == without | {"id": "8", "ref": "T-8", "service": ""}
    assert found(a_story(service="wiki"), "conflicts", desk=Desk([whole])) == {"conflicts": [expected]}


def test_a_conflict_shares_the_service_or_an_asset_and_is_another_ticket() -> None:
    desk = Desk(
        [
            other("1"),
            other("2", service="erp"),
            other("3", service="erp", assets=("db1", "x")),
            other("4", service="", assets=("db2",)),
            Other(TICKET_ID, "T-0001", "thing", "A thing", "ann", "wiki", (), START),
        ]
    )
    plan = {"planned_start": "2026-03-04T10:00:00Z", "planned_end": "2026-03-04T11:00:00Z"}
    assert refs(found(a_story(service="wiki", assets=["db1"], **plan), "conflicts", desk=desk)) == [
        "T-1",
        "T-3",
    ]
    assert refs(found(a_story(assets=["db1"], asset="db2"), "conflicts", desk=desk)) == ["T-3", "T-4"]
    assert refs(found(a_story(service="erp"), "conflicts", desk=desk)) == ["T-2", "T-3"]
    assert [(str(start), str(end)) for start, end in desk.asked] == [
        ("2026-03-04 10:00:00+00:00", "2026-03-04 11:00:00+00:00"),
        ("2026-03-02 09:00:00+00:00", "2026-03-02 09:00:00.000001+00:00"),
        ("2026-03-02 09:00:00+00:00", "2026-03-02 09:00:00.000001+00:00"),
    ]
    nobody = Desk([other("9", service="")])
    assert (found(a_story(), "conflicts", desk=nobody), nobody.asked) == ({"conflicts": []}, [])


def test_a_duplicate_has_the_same_title_read_aloud_and_the_same_assets() -> None:
    desk = Desk(
        [
            other("1", title=" a  THING "),
            other("2", title="Athing"),
            other("3", assets=("db1",)),
            other("4", assets=("db1", "db2")),
            Other(TICKET_ID, "T-0001", "thing", "A thing", "ann", "wiki", (), START),
        ]
    )
    assert refs(found(a_story(service="wiki"), "duplicates", desk=desk)) == ["T-1"]
    assert refs(found(a_story(assets=["db2"], asset="db1"), "duplicates", desk=desk)) == ["T-4"]
    assert desk.asked == [("thing", "wiki"), ("thing", "")]


@pytest.mark.parametrize("check", ["conflicts", "duplicates"])
def test_so_many_are_named_and_no_more(check: str) -> None:
    desk = Desk([other(str(number)) for number in range(25)])
    assert refs(found(a_story(service="wiki"), check, desk=desk)) == [f"T-{n}" for n in range(MOST_FOUND)]
    assert MOST_FOUND == 20


def test_the_assets_of_a_ticket_are_the_one_and_the_several() -> None:
    assert assets_of({"asset": "a", "assets": ["b", "", 3, "a"]}) == {"a", "b"}
    assert assets_of({"asset": "", "assets": "b"}) == assets_of({}) == frozenset()


# ---------------------------------------------------------------- what is asked


def test_each_check_is_made_once_and_none_when_none_is_wanted() -> None:
    story = a_story(service="wiki")
    assert list(found(story, "duplicates", "freezes", "duplicates")) == ["duplicates", "freezes"]
    assert found(story) == {}


@pytest.mark.parametrize(
    ("request_", "title"),
    [
        (Move("end", {"title": "New", "nothing": 1, "urgent": "x"}), "New"),
        (Edit({"title": "New"}), "New"),
        (CompleteTask("look", {"title": "New"}), "New"),
        (AddTask("x", fields={"title": "New"}), "New"),
        (Vote("board", "approve", fields={"title": "New"}), "New"),
        (Comment("comment", "0" * 64), "A thing"),
    ],
)
def test_checks_see_the_ticket_as_the_request_would_leave_it(request_: Request, title: str) -> None:
    story = a_story()
    draft = as_it_would_be(story.definition, story.ticket, request_, story.facts("ann"), story.at(hours=1))
    seen = {"title": title, "twice": title * 2, "urgent": False}
    assert {name: draft.fields[name] for name in seen} == seen
    assert (draft.at, draft.handled_at, draft.actor.id) == (story.at(hours=1), story.at(hours=1), "ann")


def test_checks_see_a_ticket_that_is_being_opened_with_its_defaults() -> None:
    definition = a_definition(TEXT)
    fields: dict[str, Json] = {"title": "New", "service": "shop", "nothing": 1, "planned_start": "x"}
    request = Open(TICKET_ID, "T-0001", definition.hashes, fields, "phone")
    facts = Facts(Actor("ann"), {"service:shop": {"id": "shop"}})
    draft = as_it_would_be(definition, None, request, facts, START)
    assert draft.fields == {
        "title": "New", "service": "shop", "twice": "NewNew", "urgent": False, "requester": "ann",
        "channel": "phone", "reopen_count": 0,
    }  # fmt: skip
    assert (draft.at, draft.handled_at, draft.state) == (START, START, "new")


# ---------------------------------------------------------------- findings in conditions


def test_what_was_found_is_read_with_its_types_and_shown_by_its_name() -> None:
    found = checks_scope({"freezes": [SALES], "conflicts": [other("7", start=START).found(), "CHG-1"]})
    freeze, (ticket, named) = found["freezes"][0], found["conflicts"]
    assert (freeze.kind, freeze.id, freeze.said) == (
        "freeze",
        "sales",
        {"en": "Sales freeze", "zh-CN": "封网"},
    )
    assert freeze.get("start") == datetime(2026, 3, 3, 16, tzinfo=UTC)
    assert (ticket.kind, ticket.id, ticket.said) == ("conflict", "T-7", {"*": "T-7"})
    things = [ticket.get(name) for name in ("requester", "service")]
    assert [(one.kind, one.id) for one in things] == [("person", "mia"), ("service", "wiki")]  # type: ignore[attr-defined]  # things
    assert [ticket.get(name) for name in ("title", "opened_at", "start", "end", "x")] == [
        "A thing", START, START, None, None,
    ]  # fmt: skip
    assert (named.id, named.get("id"), named.get("ref"), named.get("service")) == (
        "CHG-1",
        "CHG-1",
        "CHG-1",
        None,
    )
    empty = Finding("conflicts", {"id": "9", "service": ""})
    assert (empty.id, empty.get("service"), Finding("conflicts", {}).id) == ("9", None, "")


def test_two_findings_are_the_same_when_they_are_about_the_same() -> None:
    same = [Finding("conflicts", {"ref": "T-7", "title": title}) for title in "ab"]
    assert same[0] == same[1] and len(set(same)) == 1
    assert same[0] != Finding("conflicts", "T-8") and same[0] != Finding("duplicates", "T-7")
    assert same[0] != "T-7"
