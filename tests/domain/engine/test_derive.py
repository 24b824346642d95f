"""What follows from the fields: computed values, priority, agreement, routing and picks."""

from __future__ import annotations

import pytest

from domain.engine.events import Actor, Picked
from domain.engine.ticket import Json
from tests.builders import Story, a_definition, an_agent, effects, happenings

TEXT = """
fields:
  impact: {type: choice, options: [high, low]}
  urgency: {type: choice, options: [high, low]}
  kind: {type: choice, options: [net, mail, misc]}
  size: {type: number}
  double: {type: number, compute: ticket.quadruple / 2}
  quadruple: {type: number, compute: ticket.size * 4}
  label: {type: text, compute: 'if ticket.priority == "P1" then "hot" else "cold"'}
  log: {type: note}
forms:
  create: {title: required, impact: optional, urgency: optional, kind: optional, size: optional, service: optional}
roles: {agents: team:desk}
priority:
  levels: [P1, P2, P3]
  rows: impact
  columns: urgency
  matrix: {high: {high: P1, low: P2}, low: {high: P3, low: P3}}
  adjust:
    - {if: ticket.requester.vip, raise_by: 1}
    - {if: ticket.service.critical, at_least: P1}
  may_override: agents
agreements:
  gold: {if: 'ticket.service.tier == "gold"', targets: {}}
routing:
  - {if: ticket.kind == "net", team: network, skills: [lan, wan], pick: least_loaded}
  - {if: ticket.kind == "mail", team: "{{ ticket.service.team }}", pick: on_call}
  - {if: ticket.kind == "misc", team: desk, pick: nobody}
states: {new: {category: new}, fixed: {category: done}, gone: {category: closed}}
transitions:
  take: {from: any, who: agents, do: [{set: {assignee: "{{ actor }}"}}]}
  hand: {from: any, who: agents, ask: {team: required, assignee: optional}}
  fix: {from: new, to: fixed, who: everyone}
  close: {from: fixed, to: gone, who: everyone}
  major: {from: any, who: agents, do: [{set: {priority: P1}}]}
  normal: {from: any, who: agents, do: [{set: {priority: null}}]}
  repick: {from: any, who: agents, do: [{assign: {pick: round_robin, skills: '["lan"]'}}]}
  to_bob: {from: any, who: agents, do: [{assign: "person:bob"}]}
  to_desk: {from: any, who: agents, do: [{assign: "team:desk"}]}
  to_many: {from: any, who: agents, do: [{assign: {person: "members-of:team"}}]}
  changed: {from: any, when: changed.priority, do: [{set: {log: "{{ ticket.log }}{{ event.old }}>{{ event.new }} "}}]}
"""
PEOPLE = {"ann": Actor("ann"), **an_agent(), **an_agent("cho")}
THINGS: dict[str, dict[str, object] | None] = {
    "service:vpn": {"id": "vpn", "tier": "gold", "critical": True, "team": "vpn-team"},
    "service:wiki": {"id": "wiki", "tier": "tin", "critical": False},
    "person:vic": {"id": "vic", "vip": True},
    "team:desk": {"id": "desk"},
    "team:network": {"id": "network"},
}


def a_story(**fields: object) -> Story:
    story = Story(a_definition(TEXT), PEOPLE, dict(THINGS))
    story.open(**fields)
    return story


def field(story: Story, name: str) -> object:
    return story.ticket.fields.get(name)


# ---------------------------------------------------------------- computed, priority, agreement


def test_computed_fields_follow_in_the_order_in_which_they_need_each_other() -> None:
    story = a_story(size=3)
    assert (field(story, "quadruple"), field(story, "double")) == (12, 6)
    story.edit("bob", size=None)
    assert field(story, "quadruple") is None and field(story, "double") is None


def test_computed_fields_follow_the_priority() -> None:
    story = a_story(impact="high", urgency="low")
    assert field(story, "label") == "cold"
    story.edit("bob", urgency="high")
    assert field(story, "label") == "hot"


def test_the_matrix_gives_the_priority_and_nothing_without_both_values() -> None:
    assert field(a_story(impact="high"), "priority") is None
    assert field(a_story(impact="high", urgency="low"), "priority") == "P2"


def test_adjustments_raise_the_priority_and_are_named() -> None:
    story = a_story(impact="high", urgency="low")
    story.edit("bob", requester="vic")
    assert field(story, "priority") == "P1" and story.ticket.priority_because == ("priority.adjust.0",)
    story = a_story(impact="low", urgency="low", service="vpn")
    assert field(story, "priority") == "P1" and story.ticket.priority_because == ("priority.adjust.1",)
    story = a_story(impact="high", urgency="high", service="vpn")
    assert story.ticket.priority_because == (), "it is at the top already"


def test_what_a_rule_sets_stays_until_it_is_given_back() -> None:
    story = a_story(impact="low", urgency="low")
    story.do("major", "bob")
    story.edit("bob", impact="high")
    assert field(story, "priority") == "P1" and "priority" in story.ticket.overridden
    assert story.ticket.priority_because == ()
    story.do("normal", "bob")
    assert field(story, "priority") == "P2" and not story.ticket.overridden
    assert field(story, "log") == "P3>P1 P1> >P2 "


def test_the_agreement_follows_the_service() -> None:
    story = a_story(service="vpn")
    assert story.ticket.agreement == "gold"
    entry = story.edit("bob", service="wiki")
    assert story.ticket.agreement == ""
    assert happenings(entry, "set", "agreement")[0].detail == {"old": "gold", "new": None, "by": "agreements"}


def test_attributes_are_kept_of_what_the_fields_refer_to_and_of_nothing_else() -> None:
    story = a_story(service="vpn")
    assert set(story.ticket.known) == {"service:vpn", "person:ann"}
    story.edit("bob", service="wiki")
    assert set(story.ticket.known) == {"service:wiki", "person:ann"}


def test_attributes_are_those_of_when_the_field_was_set() -> None:
    story = a_story(service="vpn", impact="low", urgency="low")
    story.things["service:vpn"] = {"id": "vpn", "critical": False}
    story.reply("bob")
    assert field(story, "priority") == "P1"
    story.edit("bob", service="vpn")
    assert field(story, "priority") == "P3", "it was set again, with what is known now"


# ---------------------------------------------------------------- routing and picks


def test_the_first_routing_row_that_fits_gives_the_team_and_asks_for_a_pick() -> None:
    story = a_story(kind="net")
    (pick,) = effects(story.journal)
    assert field(story, "team") == "network" and pick.kind == "pick"
    assert pick.data == {"team": "network", "how": "least_loaded", "skills": ["lan", "wan"]}
    assert effects(a_story(kind="misc").journal) == []


def test_a_row_whose_team_is_unknown_leaves_the_team_as_it_is() -> None:
    assert field(a_story(kind="mail"), "team") is None
    assert field(a_story(kind="mail", service="vpn"), "team") == "vpn-team"


def test_a_pick_becomes_the_assignee_with_what_is_known_of_them() -> None:
    story = a_story(kind="net")
    (entry,) = story.pick("wang", story.journal[0], "network", vip=True)
    assert field(story, "assignee") == "wang" and story.ticket.known["person:wang"] == {
        "id": "wang",
        "vip": True,
    }
    assert story.ticket.overridden == () and entry.cause.kind == "result" and entry.cause.name == "pick"
    assert happenings(entry, "picked")[0].detail == {"person": "wang", "team": "network"}


def test_nobody_to_pick_is_said_and_leaves_the_ticket_with_the_team() -> None:
    story = a_story(kind="net")
    (entry,) = story.pick(None, story.journal[0], "network")
    assert happenings(entry, "picked") and field(story, "assignee") is None


def test_an_outdated_pick_is_ignored() -> None:
    story = a_story(kind="net")
    asked = story.journal[0]
    story.do("take", "bob")
    assert story.pick("wang", asked, "network") == [], "somebody has taken it"
    story = a_story(kind="net")
    story.edit("bob", kind="misc")
    assert story.pick("wang", asked, "network") == [], "another team has it"
    story = a_story(kind="net")
    story.do("fix")
    assert story.pick("wang", asked, "network") == [], "it is done"
    story = a_story(kind="net")
    story.pick("wang", asked, "network")
    assert story.pick("liu", asked, "network") == [], "told twice, counted once"


def test_a_late_pick_counts_when_it_was_asked_for_but_never_before_what_came_since() -> None:
    story = a_story(kind="net")
    story.now = story.at(minutes=5)
    story.edit("bob", size=1)
    story.now = story.at(minutes=9)
    (entry,) = story.answer(Picked(1, 0, "network", "wang", story.at(minutes=0)))
    assert entry.at == story.at(minutes=5) and entry.handled_at == story.at(minutes=9)


def test_routing_goes_on_until_a_person_takes_over() -> None:
    story = a_story(kind="net")
    story.pick("wang", story.journal[0], "network")
    entry = story.edit("bob", kind="misc")
    assert field(story, "team") == "desk" and field(story, "assignee") is None, (
        "a foreign assignee does not come along"
    )
    assert effects(entry) == []
    story.do("take", "bob")
    story.edit("bob", kind="net")
    assert (field(story, "team"), field(story, "assignee")) == ("desk", "bob")
    assert story.ticket.overridden == ("assignee",)


def test_a_team_set_by_hand_stays_and_given_back_is_routed_again() -> None:
    story = a_story(kind="net")
    story.edit("bob", team="desk")
    story.edit("bob", kind="net", size=1)
    assert field(story, "team") == "desk" and story.ticket.overridden == ("team",)
    entry = story.edit("bob", team=None)
    assert field(story, "team") == "network" and effects(entry, "pick")


def test_handing_over_takes_the_ticket_from_its_assignee_unless_one_is_named() -> None:
    story = a_story(kind="misc")
    story.do("take", "bob")
    story.do("hand", "bob", team="network")
    assert (field(story, "team"), field(story, "assignee")) == ("network", None)
    story.do("hand", "bob", team="desk", assignee="cho")
    assert (field(story, "team"), field(story, "assignee")) == ("desk", "cho")
    story.do("hand", "bob", team="desk")
    assert field(story, "assignee") == "cho", "the same team keeps its assignee"


def test_assigning_by_rule() -> None:
    story = a_story(kind="net")
    story.do("to_bob", "bob")
    assert field(story, "assignee") == "bob"
    entry = story.do("repick", "bob")
    assert field(story, "assignee") is None and effects(entry, "pick")[0].data["skills"] == ["lan"]
    story.pick("cho", entry, "network")
    assert field(story, "assignee") == "cho"
    story.do("to_desk", "bob")
    assert (field(story, "team"), field(story, "assignee")) == ("desk", None)
    entry = story.do("to_many", "bob")
    assert field(story, "assignee") is None and happenings(entry, "unavailable", "assign")


ADJUSTED = """
fields:
  impact: {type: choice, options: [big, small]}
  flags: {type: choices, options: [two, second, one, third]}
forms: {create: {title: required, flags: optional, impact: optional}}
priority:
  levels: [P1, P2, P3, P4]
  rows: impact
  columns: impact
  matrix: {big: {big: P2, small: P1}, small: {big: P1, small: P4}}
  may_override: everyone
  adjust:
    - {if: '"two" in ticket.flags', raise_by: 2}
    - {if: '"second" in ticket.flags', at_least: P2}
    - {if: '"one" in ticket.flags', raise_by: 1}
    - {if: '"third" in ticket.flags', at_least: P3}
states: {new: {category: new}, gone: {category: closed}}
transitions: {end: {from: new, to: gone, who: everyone}}
"""


@pytest.mark.parametrize(
    ("impact", "flags", "priority", "because"),
    [
        ("small", [], "P4", []),
        ("small", ["one"], "P3", [2]),
        ("small", ["two"], "P2", [0]),
        ("small", ["two", "one"], "P1", [0, 2]),
        ("small", ["second"], "P2", [1]),
        ("small", ["third"], "P3", [3]),
        ("small", ["two", "second", "third"], "P2", [0]),
        ("small", ["second", "one", "third"], "P1", [1, 2]),
        ("big", ["two"], "P1", [0]),
        ("big", ["second", "third"], "P2", []),
        ("big", ["two", "one"], "P1", [0]),
        (None, ["one"], None, []),
    ],
)
def test_each_adjustment_raises_what_the_ones_before_it_gave_and_is_named_where_it_did(
    impact: str | None, flags: list[str], priority: str | None, because: list[int]
) -> None:
    story = Story(a_definition(ADJUSTED))
    entry = story.open(impact=impact, flags=flags)
    assert story.ticket.fields.get("priority") == priority
    assert story.ticket.priority_because == tuple(f"priority.adjust.{index}" for index in because)
    given = [one.detail for one in happenings(entry, "set", "priority")]
    assert given == ([{"old": None, "new": priority, "by": "priority"}] if priority else [])
    story.edit(priority="P3")
    assert (story.ticket.fields["priority"], story.ticket.priority_because) == ("P3", ())


LISTS = """
fields: {who: {type: people}, tags: {type: choices, options: [a, b, c]}, size: {type: number}}
states: {new: {category: new}, gone: {category: closed}}
transitions:
  end: {from: new, to: gone, who: everyone}
  who:
    from: new
    when: changed.who
    do: [{comment: "{{ event.old }}|{{ event.new }}|{{ event.added }}|{{ event.removed }}"}]
  size: {from: new, when: changed.size, do: [{comment: "{{ event.old }}|{{ event.new }}"}]}
"""


def test_a_change_is_heard_with_what_was_there_before_and_what_a_list_got_and_lost() -> None:
    story = Story(a_definition(LISTS), {"ann": Actor("ann"), **an_agent()})
    story.open()

    def heard(**fields: Json) -> list[Json]:
        return [list(one.values.values()) for one in effects(story.edit(**fields), "comment")]

    ann, bob = {"$person": "ann"}, {"$person": "bob"}
    assert heard(who=["ann"]) == [[None, [ann], [ann], []]]
    assert heard(who=["bob", "ann"]) == [[[ann], [bob, ann], [bob], []]]
    assert heard(who=["bob"]) == [[[bob, ann], [bob], [], [ann]]]
    assert heard(tags=["a"]) == []
    assert heard(who=None, size=1) == [[[bob], None, [], [bob]], [None, 1]]
    assert heard(size=1.0) == [] and heard(size=0) == [[1, 0]]


ROUND = """
fields:
  impact: {type: choice, options: [big, small]}
  hot: {type: boolean, compute: ticket.priority == "P1"}
  grave: {type: boolean, compute: ticket.risk == "high"}
forms: {create: {title: required, impact: optional}}
priority: {levels: [P1, P2], rows: impact, columns: impact,
           matrix: {big: {big: P1, small: P1}, small: {big: P2, small: P2}}}
routing: [{if: ticket.hot, team: fire}, {team: desk}]
risk:
  score: [{if: ticket.team.id == "fire", add: 10, because: Fire}]
  levels: {low: 0, high: 10}
states: {new: {category: new}, gone: {category: closed}}
transitions: {end: {from: new, to: gone, who: everyone}}
"""


def test_what_is_derived_from_what_is_derived_later_is_right_within_the_same_step() -> None:
    def derived(story: Story) -> list[Json]:
        return [story.ticket.fields.get(name) for name in ("priority", "hot", "team", "risk", "grave")]

    story = Story(a_definition(ROUND))
    story.open(impact="big")
    assert derived(story) == ["P1", True, "fire", "high", True]
    story.edit(impact="small")
    assert derived(story) == ["P2", False, "desk", "low", False]
    story.edit(impact=None)
    assert derived(story) == [None, False, "desk", "low", False]
