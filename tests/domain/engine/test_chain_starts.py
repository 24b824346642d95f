"""How escalations start: at a step, later, chosen by an expression; and by which channels people are called."""

from __future__ import annotations

from datetime import datetime

from tests.builders import Story, a_definition, effects, happenings

CHAINS = """
priority:
  levels: [P1, P2]
  rows: impact
  columns: urgency
  matrix: {big: {high: P1}, small: {high: P2}}
fields:
  impact: {type: choice, options: [big, small], default: big}
  urgency: {type: choice, options: [high], default: high}
  policy: {type: text}
  seen: {type: boolean, default: false}
forms: {create: {title: required, impact: optional, policy: optional}}
states: {new: {category: new}, closed: {category: closed}}
transitions:
  from_two: {from: any, who: everyone, do: [{escalate: {chain: fast, from: 2}}]}
  policy: {from: any, who: everyone, do: [{escalate: {by: ticket.policy, chain: fast}}]}
  further: {from: any, who: everyone, do: [{escalate: {chain: fast, next: true}}]}
  patient: {from: any, who: everyone, do: [{escalate: patient}]}
  seen: {from: any, who: everyone, do: [{set: {seen: true}}]}
  close: {from: new, to: closed, who: everyone}
escalations:
  fast:
    steps:
      - {page: person:one, wait: 10m, channels: {P1: [phone, sms], else: push}}
      - {page: person:two, wait: 10m, channels: chat}
      - {page: person:three, wait: 10m}
    until: ticket.seen
  patient:
    wait: 15m
    steps: [{page: person:one, wait: 10m}]
    until: ticket.seen
"""


def a_story(**fields: object) -> Story:
    story = Story(a_definition(CHAINS))
    story.open(**fields)
    return story


def paged(story: Story) -> list[tuple[str, tuple[str, ...], datetime]]:
    return [
        (effect.to[0].removeprefix("person:"), effect.channels, entry.at)
        for entry in story.journal
        for effect in effects(entry, "page")
    ]


def test_an_escalation_can_start_at_a_step() -> None:
    story = a_story()
    story.do("from_two")
    story.until(story.at(minutes=25))
    assert [(who, at) for who, _, at in paged(story)] == [
        ("two", story.at()),
        ("three", story.at(minutes=10)),
    ]


def test_its_next_step_can_be_taken_at_once_and_counts_from_then() -> None:
    story = a_story()
    story.do("further")  # it does not run yet: it starts
    story.until(story.at(minutes=2))
    story.do("further")
    story.until(story.at(minutes=12))
    assert [(who, at) for who, _, at in paged(story)] == [
        ("one", story.at()),
        ("two", story.at(minutes=2)),
        ("three", story.at(minutes=12)),
    ]
    story.do("further")
    assert happenings(story.journal[-1], "escalation")[0].detail["what"] == "exhausted"


def test_it_can_wait_before_it_pages_anybody() -> None:
    story = a_story()
    story.do("patient")
    assert paged(story) == []
    story.until(story.at(minutes=20))
    assert [(who, at) for who, _, at in paged(story)] == [("one", story.at(minutes=15))]
    story = a_story()
    story.do("patient")
    story.do("seen")
    story.until(story.at(hours=1))
    assert paged(story) == []


def test_an_expression_names_it_or_the_chain_written_does() -> None:
    for policy, name in (("patient", "patient"), (None, "fast")):
        story = a_story(policy=policy)
        story.do("policy")
        assert list(story.ticket.chains) == [name]
    story = a_story(policy="nothing")
    assert happenings(story.do("policy"), "unavailable", "escalate")


def test_channels_depend_on_the_priority() -> None:
    for impact, channels in (("big", ("phone", "sms")), ("small", ("push",))):
        story = a_story(impact=impact)
        story.do("further")
        story.until(story.at(minutes=25))
        assert [one for _, one, _ in paged(story)] == [channels, ("chat",), ("page",)]


def test_the_wait_before_the_first_page_counts_in_the_hours_of_the_escalation() -> None:
    patient = "patient:\n    wait: 15m\n    calendar: office\n"
    text = CHAINS.replace("patient:\n    wait: 15m\n", patient)
    text += 'calendars: {office: {time_zone: UTC, week: {mon-fri: "09:00-12:00, 13:00-17:00"}}}\n'
    story = Story(a_definition(text))
    story.open()
    story.now = story.at(hours=2, minutes=50)
    entry = story.do("patient")
    assert [(one.name, one.detail) for one in happenings(entry, "escalation")] == [
        ("patient", {"what": "started", "by": "transitions.patient.do.0"})
    ]
    chain = story.ticket.chains["patient"]
    assert (chain.step, chain.round, chain.started_at) == (-1, 0, story.at(hours=2, minutes=50))
    assert chain.next_at == story.at(hours=4, minutes=5)
    (stepped,) = story.until(story.at(hours=4, minutes=5))
    assert [one.detail for one in happenings(stepped, "escalation")] == [
        {"what": "stepped", "step": 1, "round": 1, "missed": 0}
    ]


def test_going_on_is_told_with_step_and_round_and_a_new_start_begins_the_count_anew() -> None:
    story = a_story()
    story.do("from_two")
    entry = story.do("further")
    assert [one.detail for one in happenings(entry, "escalation")] == [
        {"what": "stepped", "step": 3, "round": 1, "missed": 0}
    ]
    entry = story.do("further")
    assert [one.detail for one in happenings(entry, "escalation")] == [{"what": "exhausted"}]
    story.edit(policy="nothing")
    entry = story.do("policy")
    (told,) = happenings(entry, "unavailable")
    assert (told.name, told.detail) == (
        "escalate",
        {"chain": "nothing", "reason": "there is no such escalation"},
    )


def test_an_escalation_ends_with_a_ticket_that_is_closed_at_once() -> None:
    story = a_story()
    story.do("from_two")
    entry = story.do("close")
    assert [one.detail for one in happenings(entry, "escalation")] == [{"what": "ended"}]
    assert story.ticket.chains == {}
