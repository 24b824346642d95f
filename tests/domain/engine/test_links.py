"""Links: asked for in forms, made and moved by rules, mirrored, and what linked tickets tell."""

from __future__ import annotations

import pytest

from domain.engine.events import Actor, Message, Move, News, Relink
from domain.engine.needs import needs
from domain.engine.ticket import Json, Link
from domain.errors import FormInvalid
from tests.builders import Story, a_definition, accepted, effects, happenings, refused

PROBLEM = """
id: problem
links:
  incidents: {process: incident, inverse: problem, reads: {impact: text, weight: number}}
  duplicate_of: {process: problem, inverse: duplicates, many: false}
  duplicates: {process: problem, inverse: duplicate_of, shows: fix}
fields:
  fix: {type: note}
  heavy: {type: number, compute: "sum(links.incidents.map(x, x.weight))"}
  seen: {type: text}
messages:
  suspicion: {from: linked, fields: {reason: text}}
  finished: {from: linked}
forms: {create: {title: required, incidents: optional}}
states: {new: {category: new}, known: {category: active}, done: {category: done}, closed: {category: closed}}
transitions:
  merge:
    from: new
    to: closed
    who: everyone
    ask: {duplicate_of: required}
    do: [{move_links: {link: incidents, to: duplicate_of}}]
  suspect: {from: new, when: message.suspicion, do: [{link: {link: incidents, from: sender}}]}
  drop: {from: any, who: everyone, do: [{unlink: {link: incidents, where: linked.impact == "minor"}}]}
  fixed: {from: new, to: known, who: everyone, do: [
    {set: {fix: Reboot}},
    {tell: {link: incidents, where: linked.category != "closed", message: problem_resolved}}]}
  all_done:
    from: any
    to: done
    when: link.incidents.entered.done
    if: links.incidents.all(x, x.category == "done")
  again: {from: done, to: new, when: link.incidents.reopened, do: [{set: {seen: "{{ event.ticket.ref }}"}}]}
  close:
    from: done
    to: closed
    who: everyone
    if: link.duplicate_of == null or link.duplicate_of.category == "closed"
permissions: [{who: everyone, can: [view, link], edit: all}]
"""
TICKETS: dict[str, dict[str, Json] | None] = {
    "ticket:INC-1": {"id": "i1", "ref": "INC-1", "process": "incident"},
    "ticket:INC-2": {"id": "i2", "ref": "INC-2", "process": "incident"},
    "ticket:PRB-9": {"id": "p9", "ref": "PRB-9", "process": "problem"},
    "ticket:PRB-8": {"id": "p8", "ref": "PRB-8", "process": "problem"},
    "ticket:INC-3": None,
}


def a_problem(**fields: Json) -> Story:
    story = Story(a_definition(PROBLEM), things=TICKETS)
    story.open(**fields)
    return story


def linked(story: Story, name: str) -> list[str]:
    return [one.ref for one in story.ticket.links.get(name, ())]


def news(story: Story, ticket: str, category: str, **values: Json) -> None:
    accepted(story.send(News(ticket, category, values), ""))


def test_a_form_links_tickets_and_the_other_ends_are_told() -> None:
    story = a_problem(incidents=["INC-1", "INC-2"])
    assert linked(story, "incidents") == ["INC-1", "INC-2"]
    (mirror, second) = effects(story.journal[0], "link")
    assert mirror.data == {
        "link": "problem", "add": True, "tickets": ["i1"], "ticket": story.ticket.id, "ref": "T-0001", "mirror": False,
        "category": "new", "values": {},
    }  # fmt: skip
    assert second.data["tickets"] == ["i2"]
    assert not effects(story.journal[0], "news"), "news could come there before the link"


def test_a_link_tells_how_the_ticket_is_when_the_step_is_complete() -> None:
    story = a_problem()
    accepted(story.send(Relink("duplicates", "p8", "PRB-8", add=True, category="new", values={"x": 1}), ""))
    assert story.ticket.links["duplicates"] == (Link("p8", "PRB-8", "new", {"x": 1}),)
    accepted(story.send(Relink("duplicates", "p8", "PRB-8", add=True, category="done"), ""))
    assert story.ticket.links["duplicates"][0].category == "done", "one that is linked already is told too"
    story.do("fixed")
    accepted(story.send(Relink("duplicate_of", "p9", "PRB-9"), "ann"))
    (told,) = effects(story.journal[-1], "link")
    assert (told.data["category"], told.data["values"]) == ("active", {})


@pytest.mark.parametrize(
    ("given", "code"),
    [("INC-3", "unknown"), ("INC-4", "unknown"), ("PRB-9", "option"), (["INC-1"] * 51, "too_long")],
)
def test_what_cannot_be_linked_is_refused_with_everything_else(given: Json, code: str) -> None:
    with pytest.raises(FormInvalid) as caught:
        a_problem(incidents=given, title="")
    assert [(error.field, error.code) for error in caught.value.errors] == [
        ("incidents", code),
        ("title", "missing"),
    ]


def test_what_names_no_ticket_links_none_and_fifty_fit() -> None:
    assert linked(a_problem(incidents=["", 3, "INC-1", None]), "incidents") == ["INC-1"]
    assert linked(a_problem(incidents="INC-1"), "incidents") == ["INC-1"]
    assert linked(a_problem(incidents=["INC-1"] * 50), "incidents") == ["INC-1"]


def test_what_a_form_links_is_looked_up_before() -> None:
    definition = a_definition(PROBLEM)
    assert needs(definition, None, Move("merge", {"duplicate_of": "PRB-9"})).things == ("ticket:PRB-9",)


def test_a_link_to_one_ticket_lets_go_of_the_other_and_a_required_one_is_demanded() -> None:
    story = a_problem()
    assert refused(story.send(Move("merge"))) == "form_invalid"
    for ref in ("PRB-9", "PRB-8"):
        accepted(story.send(Relink("duplicate_of", ref, ref), "ann"))
    assert linked(story, "duplicate_of") == ["PRB-8"]
    assert [effect.data["add"] for effect in effects(story.journal[-1], "link")] == [False, True]


def test_whether_a_link_is_asked_for_is_seen_with_the_values_of_its_form() -> None:
    asks = PROBLEM.replace(
        "duplicate_of: required",
        "title: required, duplicate_of: {required: true, if: ticket.title != null and size(ticket.title) > 3}",
    )
    assert asks != PROBLEM
    story = Story(a_definition(asks), things=TICKETS)
    story.open(title="A")
    assert refused(story.send(Move("merge", {"title": "Longer"}))) == "form_invalid"
    assert refused(story.send(Move("merge", {"title": "B", "duplicate_of": "PRB-9"}))) == "form_invalid"
    story.do("merge", title="Longer", duplicate_of="PRB-9")
    assert linked(story, "duplicate_of") == ["PRB-9"]


def test_links_are_handed_to_another_ticket() -> None:
    story = a_problem(incidents=["INC-1"])
    entry = story.do("merge", duplicate_of="PRB-9")
    assert (linked(story, "incidents"), linked(story, "duplicate_of")) == ([], ["PRB-9"])
    moved = effects(entry, "link")[-1].data
    assert moved == {
        "link": "problem", "add": True, "tickets": ["i1"], "ticket": "p9", "ref": "PRB-9", "mirror": True,
    }  # fmt: skip


def test_the_sender_of_a_message_can_be_linked() -> None:
    story = a_problem()
    accepted(story.send(Message("suspicion", {"reason": "x"}, "i1", "INC-1"), ""))
    assert linked(story, "incidents") == ["INC-1"]
    story.tell("suspicion", reason="nobody")
    assert happenings(story.journal[-1], "unavailable", "link")


def test_the_other_end_links_without_being_told_again_and_hears_the_news() -> None:
    story = a_problem()
    entry = accepted(story.send(Relink("incidents", "i1", "INC-1"), ""))
    assert not effects(entry, "link")
    assert [effect.data["tickets"] for effect in effects(entry, "news")] == [["i1"]]
    accepted(story.send(Relink("incidents", "i1", "INC-1", add=False), ""))
    assert linked(story, "incidents") == []


def test_people_link_when_they_may_and_both_ends_know() -> None:
    story = a_problem()
    assert effects(accepted(story.send(Relink("incidents", "i1", "INC-1"), "ann")), "link")
    text = PROBLEM.replace("can: [view, link]", "can: view")
    other = Story(a_definition(text), things=TICKETS)
    other.open()
    assert refused(other.send(Relink("incidents", "i1", "INC-1"), "ann")) == "not_permitted"
    assert refused(other.send(News("i1", "done"), "ann")) == "not_permitted"
    assert refused(other.send(Relink("nothing", "i1", "INC-1"), "")) == "transition_refused"


def test_what_linked_tickets_show_can_be_read_and_counted() -> None:
    story = a_problem(incidents=["INC-1", "INC-2"])
    news(story, "i1", "active", impact="minor", weight=3, secret="x")
    news(story, "i2", "active", impact="major", weight=4)
    assert story.ticket.fields["heavy"] == 7
    story.do("drop")
    assert linked(story, "incidents") == ["INC-2"]
    assert story.ticket.links["incidents"][0] == Link(
        "i2", "INC-2", "active", {"impact": "major", "weight": 4}
    )


def test_what_becomes_of_linked_tickets_moves_this_one() -> None:
    story = a_problem(incidents=["INC-1", "INC-2"])
    for ticket in ("i1", "i2"):
        news(story, ticket, "active")
    news(story, "i1", "done")
    assert story.ticket.state == "new"
    news(story, "i2", "done")
    assert story.ticket.state == "done"
    news(story, "i1", "active")
    assert (story.ticket.state, story.ticket.fields["seen"]) == ("new", "INC-1")


def test_only_some_are_told_and_news_go_out_when_something_is_new() -> None:
    story = a_problem(incidents=["INC-1", "INC-2"])
    news(story, "i1", "closed")
    news(story, "i2", "active")
    assert not effects(story.journal[-1])
    entry = story.do("fixed")
    assert effects(entry, "tell")[0].data["tickets"] == ["i2"]
    assert effects(entry, "news")[0].data == {"tickets": ["i1", "i2"], "category": "active", "values": {}}
    accepted(story.send(Relink("duplicates", "p8", "PRB-8"), ""))
    assert effects(story.journal[-1], "news")[0].data == {
        "tickets": ["p8"],
        "category": "active",
        "values": {"fix": "Reboot"},
    }
    assert effects(story.edit(fix="Patch"), "news")[0].data["values"] == {"fix": "Patch"}
    assert not effects(story.edit(title="Other"), "news")


def test_a_link_to_one_ticket_is_that_ticket() -> None:
    story = a_problem(incidents=["INC-1"])
    news(story, "i1", "active")
    news(story, "i1", "done")
    accepted(story.send(Relink("duplicate_of", "p9", "PRB-9"), "ann"))
    assert refused(story.send(Move("close"))) == "transition_refused"
    news(story, "p9", "closed")
    story.do("close")


def test_an_actor_without_links_changes_nothing() -> None:
    story = Story(a_definition(PROBLEM), people={"bob": Actor("bob")})
    assert not effects(story.open())
