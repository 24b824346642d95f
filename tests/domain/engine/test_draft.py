"""The draft of a step: what it reads of a ticket, what it keeps of what happens, and the one entry it ends with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.engine.draft import LATE, SYSTEM_FACTS, Draft, Internal
from domain.engine.entries import Cause, Effect, Entry, Happening
from domain.engine.events import SYSTEM, Actor, Facts
from domain.engine.ticket import Postponed
from tests.builders import START, Story, a_definition

TEXT = """
locales: [en, zh-CN]
time_zone: Asia/Shanghai
fields:
  owner: {type: person}
  owners: {type: people}
  day: {type: date}
  moment: {type: datetime}
  size: {type: number}
  log: {type: text}
  impact: {type: choice, options: {high: {en: High, zh-CN: 高}}}
roles: {agents: team:desk, mine: field:owner}
states: {new: {category: new}, gone: {category: closed}}
transitions:
  end: {from: new, to: gone, who: everyone}
  say: {from: new, who: everyone, do: [{raise: x}]}
  heard: {from: new, when: [raised.x, changed.size], do: [{set: {log: "{{ event.name }}"}}]}
notifications:
  near: {to: requester, subject: "{{ ticket.size }}", body: {en: "{{ ticket.owner }}", zh-CN: "{{ actor }}"}}
"""
CAUSE = Cause("command", "x", "thing.yaml:1")


def a_story() -> Story:
    story = Story(a_definition(TEXT))
    story.open()
    return story


def a_draft(person: str = "ann", late: timedelta = timedelta(0), facts: Facts | None = None) -> Draft:
    story = a_story()
    at = story.at(hours=1)
    given = facts or Facts(Actor(person, teams=("desk",)), {"person:bob": {"id": "bob"}, "person:eve": None})
    return Draft(story.definition, story.ticket, at, at + late, CAUSE, given)


def entry_of(draft: Draft, **close: object) -> Entry:
    (entry,) = draft.close(**close).entries  # type: ignore[arg-type]  # of close
    return entry


def test_members_that_are_no_fields_are_read_of_the_draft_as_it_is() -> None:
    draft = a_draft()
    draft.state, draft.agreement, draft.entered_at = "gone", "gold", draft.at
    members = ("id", "ref", "process", "state", "entered_at", "opened_at", "agreement", "nothing")
    assert [draft.built_in(name) for name in members] == [
        draft.ticket.id,
        "T-0001",
        "thing",
        "gone",
        draft.at,
        START,
        "gold",
        None,
    ]
    draft.agreement = ""
    assert (draft.built_in("agreement"), draft.category) == (None, "closed")


def test_people_are_given_time_from_when_it_was_due_or_handled_when_that_is_late() -> None:
    draft = a_draft(late=LATE)
    assert draft.gives_from == draft.at and entry_of(draft).late_by == 0
    draft = a_draft(late=LATE + timedelta(seconds=1))
    assert draft.gives_from == draft.handled_at and entry_of(draft).late_by == 61


def test_moments_are_in_utc_whatever_zone_they_came_in() -> None:
    story, zone = a_story(), timezone(timedelta(hours=8))
    at = START.astimezone(zone)
    draft = Draft(story.definition, story.ticket, at, at, CAUSE, SYSTEM_FACTS)
    assert draft.at == START and draft.at.tzinfo is draft.handled_at.tzinfo is UTC
    draft.fields.update(day="2026-03-09", moment="2026-03-09T12:00:00+08:00", size=1)
    assert draft.moment_of("ticket.day") == datetime(2026, 3, 8, 16, tzinfo=UTC)
    found = draft.moment_of("ticket.moment")
    assert found == datetime(2026, 3, 9, 4, tzinfo=UTC)
    assert draft.moment_of("ticket.log") is None and draft.moment_of("ticket.nothing") is None


def test_roles_are_those_of_who_acts_and_are_looked_at_again_when_they_may_be_others() -> None:
    draft = a_draft()
    assert draft.roles() == {"agents", "everyone", "requester"}
    draft.fields["owner"] = "ann"
    assert "mine" not in draft.roles()
    draft.forget_roles()
    assert draft.roles() == {"agents", "everyone", "requester", "mine"}
    assert a_draft(facts=SYSTEM_FACTS).actor == SYSTEM


def test_an_owners_sentence_is_filled_in_for_every_language() -> None:
    draft = a_draft()
    draft.fields.update(size=2.0, impact="high")
    said = draft.sentence({"*": "{{ ticket.size }} {{ ticket.impact }}", "zh-CN": "“{{ ticket.size }}”"})
    assert said == {"en": "2 high", "zh-CN": "“2”"}
    assert draft.sentence(None) == draft.sentence({}) == {}


def test_a_text_that_is_one_part_has_its_value_and_any_other_is_text() -> None:
    draft = a_draft()
    draft.fields["size"] = 2
    assert draft.text_value("{{ ticket.size + 1 }}") == 3
    assert draft.text_value("{{ ticket.size }} {{ ticket.log }}!") == "2 !"
    assert draft.holds(None) and draft.holds("ticket.size == 2") and not draft.holds("ticket.size")
    assert draft.holds("extra.of == 3", {"extra": {"of": 3}}) and draft.value_of("ticket.size * 2") == 4


def test_a_field_is_typed_and_what_it_refers_to_is_learned_as_far_as_it_came_along() -> None:
    draft = a_draft()
    assert draft.typed("nothing", "x") == "x" and draft.typed("day", None) is None
    assert draft.typed("day", "2026-03-09") == datetime(2026, 3, 9, tzinfo=UTC).date()
    draft.stale = False
    draft.learn("owner", "eve")
    draft.learn("nothing", "bob")
    draft.learn("log", "bob")
    assert ("person:bob" in draft.known, draft.stale) == (False, False)
    draft.learn("owners", ["eve", "bob"])
    assert (draft.known["person:bob"], draft.stale) == ({"id": "bob"}, True)
    draft.fields["owners"] = ["bob"]
    assert set(draft.close().ticket.known) == {"person:ann", "person:bob"}
    draft.fields["owners"] = ["eve"]
    assert set(draft.close().ticket.known) == {"person:ann"}, "what nothing refers to is forgotten"


def test_only_what_a_rule_hears_is_raised() -> None:
    draft = a_draft()
    draft.announce("raised.y", more=1)
    draft.announce("raised.x", more=1)
    assert list(draft.queue) == [Internal("raised.x", {"name": "raised.x", "more": 1})]
    assert draft.listens("changed.size") and not draft.listens("changed.log")


def test_what_is_asked_of_the_outside_has_the_values_of_the_finished_step() -> None:
    draft = a_draft()
    draft.ask_outside("notify", "notifications.near", to=("person:a",), channels=("sms",), template="near")
    draft.ask_outside(
        "tell",
        "transitions.heard",
        data={"n": 1},
        texts_in_data={"t": "{{ ticket.size }}", "u": "a {{ ticket.size }}"},
    )
    draft.send(Effect(9, "notify", why="transitions.end", data={"x": 1}))
    draft.fields.update(size=3, owner="bob")
    entry = entry_of(draft)
    line = draft.definition.line
    values = {"ticket.size": 3, "ticket.owner": {"$person": "bob"}, "actor": {"$person": "ann"}}
    assert entry.effects == (
        Effect(
            0, "notify", ("person:a",), ("sms",), "near", values=values, why="notifications.near",
            line=line("notifications.near"),
        ),
        Effect(
            1, "tell", data={"n": 1, "t": 3, "u": "a 3"}, why="transitions.heard", line=line("transitions.heard")
        ),
        Effect(2, "notify", data={"x": 1}, why="transitions.end", line=line("transitions.end")),
    )  # fmt: skip
    assert entry.happened == tuple(
        Happening("effect", kind, {"index": index}) for index, kind in enumerate(("notify", "tell", "notify"))
    )
    assert all(effect.line for effect in entry.effects)


def test_a_postponed_notification_keeps_the_values_of_the_step_that_decided_it() -> None:
    draft = a_draft()
    draft.postpone(Postponed("near", START, draft.at, "office", ("person:a",), ("email",), why="x"))
    draft.fields["size"] = 3
    outcome = draft.close()
    (kept,) = outcome.ticket.postponed
    assert kept.values == {"ticket.size": 3, "ticket.owner": None, "actor": {"$person": "ann"}}
    (entry,) = outcome.entries
    assert entry.effects == ()
    assert entry.happened == (Happening("postponed", "near", {"until": "2026-03-02T09:00:00Z"}),)


@pytest.mark.parametrize(
    ("change", "revision"),
    [({}, 1), ({"state": "gone"}, 2), ({"fields": {"x": 1}}, 2), ({"clocks": {}}, 1), ({"parked": "why"}, 1)],
)
def test_a_step_ends_with_one_entry_that_carries_all_and_counts_what_forms_show(
    change: dict[str, object], revision: int
) -> None:
    draft = a_draft()
    for name, value in change.items():
        setattr(draft, name, value)
    draft.note("thing", "x", a=1)
    outcome = draft.close(command=7)
    (entry,) = outcome.entries
    assert (entry.seq, entry.revision, entry.command, entry.result) == (2, revision, 7, "done")
    assert (entry.at, entry.handled_at, entry.cause, entry.actor) == (draft.at, draft.at, CAUSE, "ann")
    assert entry.happened == (Happening("thing", "x", {"a": 1}),) and entry.refusal is None
    ticket = outcome.ticket
    assert (ticket.seq, ticket.revision, ticket.handled, ticket.last_at) == (2, revision, 7, draft.at)
    assert (draft.close().ticket.handled, draft.close(result="refused").entries[0].result) == (1, "refused")


def test_an_entry_is_never_before_the_one_before_it() -> None:
    draft = a_draft()
    draft.ticket = replace(draft.ticket, last_at=START + timedelta(hours=2))
    assert entry_of(draft).at == START + timedelta(hours=2)
