"""What each action asks of the outside, whole: to whom, by which channels, with which data, because of which rule."""

from __future__ import annotations

from typing import Any

import pytest

from domain.engine.entries import Effect, Entry
from domain.engine.events import Actor, News, Relink
from domain.engine.ticket import Link
from tests.builders import Story, a_definition, an_agent, effects, happenings
from tests.domain.engine.boards import Board, a_board

TEXT = """
locales: [en, zh-CN]
fields:
  hot: {type: boolean}
  skill: {type: text}
  impact: {type: choice, options: [big, small]}
forms: {create: {title: required, impact: optional}}
priority: {levels: [P1, P2], rows: impact, columns: impact,
           matrix: {big: {big: P1, small: P1}, small: {big: P2, small: P2}}}
roles: {agents: team:desk}
links: {cause: {process: problem, inverse: things}, parts: {process: problem, inverse: wholes}}
messages: {ping: {from: system, fields: {count: number, word: text}}}
states: {new: {category: new}, gone: {category: closed}}
transitions:
  end: {from: new, to: gone, who: everyone}
  notify: {from: any, who: everyone, do: [{notify: near}]}
  others:
    {from: any, who: everyone, do: [{notify: {template: near, to: [agents, requester, "person:bob", "team:desk"]}}]}
  page: {from: any, who: everyone, do: [{page: [agents, "on-call:desk"]}]}
  loud:
    {from: any, who: everyone, do: [{page: {who: "person:bob", message: {en: "Up! {{ ticket.ref }}", zh-CN: 起来},
     channels: {P1: [phone, sms], else: push}}}]}
  comment: {from: any, who: everyone, do: [{comment: "{{ ticket.title }} {{ ticket.hot }}"}]}
  note: {from: any, who: everyone, do: [{comment: {text: {en: Noted, zh-CN: 已记录}, internal: true}}]}
  create:
    {from: any, who: everyone, do: [{create: {process: problem, link: cause,
     fields: {title: "About {{ ticket.title }}", size: 3}}}]}
  given: {from: any, who: everyone, do: [{create: {process: problem, link: cause, fields: {title: x, requester: bob}}}]}
  tell:
    {from: any, who: everyone,
     do: [{tell: {link: cause, message: ping, with: {count: 2, word: "{{ ticket.title }}"}}}]}
  closed:
    {from: any, who: everyone, do: [{tell: {link: cause, where: linked.category == "closed", message: ping}}]}
  pick: {from: any, who: everyone, do: [{assign: {team: desk, pick: least_loaded, skills: "[ticket.skill]"}}]}
  person: {from: any, who: everyone, do: [{assign: "person:bob"}]}
notifications:
  near: {to: requester, channels: [email, chat], subject: "Near {{ ticket.title }}", body: "{{ ticket.hot }}"}
"""


def a_story() -> Story:
    story = Story(a_definition(TEXT), {"ann": Actor("ann"), **an_agent()}, published=("problem",))
    story.open(impact="big")
    return story


def shown(effect: Effect) -> dict[str, Any]:
    """What an effect says, without what is empty."""
    parts = ("to", "channels", "template", "texts", "data", "values", "why")
    return {"kind": effect.kind} | {name: one for name in parts if (one := getattr(effect, name))}


TITLE = {"ticket.title": "A thing"}
NEAR = {"channels": ("email", "chat"), "template": "near", "values": {**TITLE, "ticket.hot": None}}


@pytest.mark.parametrize(
    ("button", "asked"),
    [
        ("notify", {"kind": "notify", "to": ("person:ann",), **NEAR}),
        (
            "others",
            {"kind": "notify", "to": ("members:desk", "person:ann", "person:bob"), **NEAR},
        ),
        (
            "page",
            {
                "kind": "page",
                "to": ("members:desk", "on-call:desk"),
                "channels": ("page",),
                "texts": {"*": "{{ ticket.ref }} {{ ticket.priority }} {{ ticket.title }}"},
                "values": {"ticket.ref": "T-0001", "ticket.priority": "P1", **TITLE},
            },
        ),
        (
            "loud",
            {
                "kind": "page",
                "to": ("person:bob",),
                "channels": ("phone", "sms"),
                "texts": {"en": "Up! {{ ticket.ref }}", "zh-CN": "起来"},
                "values": {"ticket.ref": "T-0001"},
            },
        ),
        (
            "comment",
            {
                "kind": "comment",
                "texts": {"*": "{{ ticket.title }} {{ ticket.hot }}"},
                "data": {"public": True},
                "values": {**TITLE, "ticket.hot": None},
            },
        ),
        ("note", {"kind": "comment", "texts": {"en": "Noted", "zh-CN": "已记录"}, "data": {"public": False}}),
        (
            "create",
            {
                "kind": "create",
                "data": {
                    "process": "problem",
                    "link": "cause",
                    "inverse": "things",
                    "field.size": 3,
                    "field.requester": "ann",
                    "field.title": "About A thing",
                },
            },
        ),
        (
            "given",
            {
                "kind": "create",
                "data": {
                    "process": "problem",
                    "link": "cause",
                    "inverse": "things",
                    "field.title": "x",
                    "field.requester": "bob",
                },
            },
        ),
        (
            "tell",
            {
                "kind": "tell",
                "data": {
                    "link": "cause",
                    "message": "ping",
                    "tickets": ["p1", "p2"],
                    "with.count": 2,
                    "with.word": "A thing",
                },
            },
        ),
        ("closed", {"kind": "tell", "data": {"link": "cause", "message": "ping", "tickets": ["p2"]}}),
        (
            "pick",
            {"kind": "pick", "data": {"team": "desk", "how": "least_loaded", "skills": ["vpn"]}},
        ),
    ],
)
def test_an_action_asks_for_exactly_this(button: str, asked: dict[str, Any]) -> None:
    story = a_story()
    story.edit(skill="vpn")
    for id, category in (("p1", "active"), ("p2", "closed")):
        link_to(story, id, category)
    entry = story.do(button)
    (effect,) = [one for one in entry.effects if one.kind != "linked"]
    assert shown(effect) == {**asked, "why": f"transitions.{button}.do.0"}
    assert effect.line.startswith("thing.yaml:") and effect.index == 0
    (told,) = happenings(entry, "effect")
    assert (told.name, told.detail) == (asked["kind"], {"index": 0})


def link_to(story: Story, id: str, category: str) -> None:
    assert story.send(Relink("cause", id, id.upper()), "").result == "done"
    assert story.send(News(id, category), "").result == "done"
    assert Link(id, id.upper(), category) in story.ticket.links["cause"]


def test_assigning_a_person_and_picking_one_change_the_assignee() -> None:
    story = a_story()
    story.do("person")
    assert story.ticket.fields["assignee"] == "bob"
    entry = story.do("pick")
    assert (story.ticket.fields.get("assignee"), story.ticket.fields["team"]) == (None, "desk")
    changed = {one.name: one.detail for one in happenings(entry, "set")}
    assert changed["assignee"] == {"old": "bob", "new": None, "by": "transitions.pick.do.0"}
    assert changed["team"] == {"old": None, "new": "desk", "by": "transitions.pick.do.0"}


LETTERS = {
    "asked": (
        "{{ ticket.ref }}: please decide on “Board” for {{ ticket.title }}",
        "{{ ticket.ref }}：请审批“董事会”：{{ ticket.title }}",
    ),
    "reminded": (
        "{{ ticket.ref }} still waits for your decision on “Board”: {{ ticket.title }}",
        "{{ ticket.ref }} 仍在等待您审批“董事会”：{{ ticket.title }}",
    ),
    "released": (
        "{{ ticket.ref }}: your decision on “Board” is no longer needed",
        "{{ ticket.ref }}：“董事会”已无需您审批",
    ),
}


def letters(story: Board, entry: Entry | None = None) -> list[dict[str, Any]]:
    return [shown(one) for one in effects(entry or story.journal, "approval")]


def test_approvers_get_these_letters_and_no_others() -> None:
    text = """
label: {en: Board, zh-CN: 董事会}
stages: [{id: s, approvers: [person:a, person:b, person:c], quorum: 2, remind: {every: 1h}}]
"""
    story = a_board(text)
    story.vote("b")
    story.until(story.at(hours=1))
    story.vote("a")
    found = letters(story)
    to = {"asked": ("a", "b", "c"), "reminded": ("a", "c"), "released": ("c",)}
    for letter, (what, (english, chinese)) in zip(found, LETTERS.items(), strict=True):
        values = {"ticket.ref": "T-0001", **({"ticket.title": "A thing"} if what != "released" else {})}
        assert letter == {
            "kind": "approval",
            "to": tuple(f"person:{person}" for person in to[what]),
            "channels": ("email", "chat"),
            "texts": {"en": english, "zh-CN": chinese},
            "data": {"what": what, "approval": "board", "stage": "s"},
            "values": values,
            "why": "approvals.board.stages.0",
        }
    story = a_board("stages: [{id: s, label: {en: The chiefs, zh-CN: 领导}, approvers: person:a}]")
    assert "“The chiefs”" in letters(story)[0]["texts"]["en"]
    assert "“board”" in letters(a_board("stages: [{id: s, approvers: person:a}]"))[0]["texts"]["en"]


UNPUBLISHED = """
links: {cause: {process: problem, inverse: things}}
states: {new: {category: new}, gone: {category: closed}}
transitions:
  end: {from: new, to: gone, who: everyone}
  start: {from: new, who: everyone, do: [{raise: x}]}
  later: {from: new, after: 1h, do: [{raise: x}]}
  react:
    from: any
    when: raised.x
    do:
      - create: {process: problem, link: cause, fields: {title: x}}
      - convert: {process: problem, link: cause, to: gone, fields: {title: x}}
"""


def test_what_a_person_sets_off_for_a_process_that_is_not_published_is_told_and_left_out() -> None:
    story = Story(a_definition(UNPUBLISHED))
    story.open()
    entry = story.do("start")
    assert [(one.name, one.detail) for one in happenings(entry, "unavailable")] == [
        ("create", {"process": "problem", "reason": "not published"}),
        ("convert", {"process": "problem", "reason": "not published"}),
    ]
    assert effects(entry) == []
    (entry,) = story.until(story.at(hours=1))
    assert [effect.kind for effect in effects(entry)] == ["create", "create"], "time asks nobody"


GIVING = """
fields: {skill: {type: choices, options: [vpn, mail]}, helper: {type: person}, size: {type: number}}
links: {cause: {process: problem, inverse: things}}
states: {new: {category: new}, gone: {category: closed}}
transitions:
  end: {from: new, to: gone, who: everyone}
  team: {from: new, who: everyone, do: [{set: {team: desk}}]}
  both: {from: new, who: everyone, do: [{set: {team: ops, assignee: bob, size: "{{ ticket.size + 1 }}"}}]}
  helper: {from: new, who: everyone, do: [{assign: field:helper}]}
  many: {from: new, who: everyone, do: [{assign: {person: "members-of:team"}}]}
  skilled: {from: new, who: everyone, do: [{assign: {team: desk, pick: on_call, skills: ticket.skill}}]}
  again: {from: new, who: everyone, do: [{assign: {pick: round_robin}}]}
  open: {from: new, who: everyone, do: [{create: {process: problem, link: cause, fields: {size: 2}}}]}
  nobody: {from: new, who: everyone, do: [{page: field:helper}, {page: [field:helper, "person:a", "person:a"]}]}
"""


def test_a_team_takes_the_ticket_from_its_assignee_unless_one_is_named_with_it() -> None:
    story = Story(a_definition(GIVING), {"ann": Actor("ann"), **an_agent()}, published=("problem",))
    story.open()
    assert effects(story.do("again")) == [], "there is no team to pick from"

    def given(button: str) -> list[object]:
        entry = story.do(button)
        now = [story.ticket.fields.get(name) for name in ("team", "assignee", "size")]
        return [*now, *(one.detail for one in happenings(entry, "unavailable"))]

    nobody = "this names no single person"
    assert given("helper") == [None, None, None, {"person": "field:helper", "reason": nobody}]
    assert given("both") == ["ops", "bob", None]
    story.edit(size=4)
    assert given("team") == ["desk", None, 4]
    assert given("both") == ["ops", "bob", 5]
    assert given("many") == ["ops", "bob", 5, {"person": "members-of:team", "reason": nobody}]
    story.edit(helper="ann")
    assert given("helper") == ["ops", "ann", 5]
    (pick,) = effects(story.do("skilled"), "pick")
    assert pick.data == {"team": "desk", "how": "on_call", "skills": []}
    assert (story.ticket.fields["team"], "assignee" in story.ticket.fields) == ("desk", False)
    (pick,) = effects(story.do("again"), "pick")
    assert pick.data == {"team": "desk", "how": "round_robin", "skills": []}
    story.edit(skill=["vpn", "mail"])
    (pick,) = effects(story.do("skilled"), "pick")
    assert pick.data["skills"] == ["vpn", "mail"]


def test_a_ticket_opened_by_a_rule_has_the_requester_of_this_one_and_nobody_to_page_says_so() -> None:
    story = Story(a_definition(GIVING), {"ann": Actor("ann"), **an_agent()}, published=("problem",))
    story.open()
    (create,) = effects(story.do("open"))
    whole = {
        "process": "problem",
        "link": "cause",
        "inverse": "things",
        "field.size": 2,
        "field.requester": "ann",
    }
    assert create.data == whole
    pages = effects(story.do("nobody"))
    assert [page.to for page in pages] == [("nobody:field:helper",), ("person:a",)]
    assert [page.channels for page in pages] == [("page",)] * 2
    assert all(page.data == {} for page in pages)
