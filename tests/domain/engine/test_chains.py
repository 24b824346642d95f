"""Escalations page step by step until somebody answers."""

from __future__ import annotations

from tests.builders import START, Story, a_definition, effects, happenings

TEXT = """
fields: {{taken: {{type: boolean}}, hot: {{type: boolean}}, log: {{type: note}}}}
states: {{new: {{category: new}}, fixed: {{category: done}}, gone: {{category: closed}}}}
transitions:
  climb: {{from: any, who: everyone, do: [{{escalate: up}}]}}
  down: {{from: any, who: everyone, do: [{{stand_down: up}}]}}
  take: {{from: any, who: everyone, do: [{{set: {{taken: true}}}}]}}
  fix: {{from: new, to: fixed, who: everyone}}
  reopen: {{from: fixed, to: new, who: everyone, do: [{{escalate: up}}]}}
  close: {{from: fixed, to: gone, who: everyone}}
  unheard: {{from: any, when: escalation.up.exhausted, do: [{{set: {{log: exhausted}}}}]}}
escalations:
  up:
    steps: [{steps}]
    repeat: {repeat}
    until: ticket.taken
    otherwise: [{{notify: nobody}}]
notifications:
  nobody: {{to: "group:chiefs", subject: Nobody, body: answered}}
"""
ONE, TWO, THREE = (
    f'{{page: "person:{name}", wait: {wait}m}}' for name, wait in (("a", 10), ("b", 20), ("c", 30))
)


def a_chain(*steps: str, repeat: int = 0) -> Story:
    story = Story(a_definition(TEXT.format(steps=", ".join(steps), repeat=repeat)))
    story.open()
    return story


def pages(story: Story) -> list[tuple[str, float]]:
    return [
        (effect.to[0][-1], (entry.at - START).total_seconds() / 60)
        for entry in story.journal
        for effect in effects(entry, "page")
    ]


def test_a_chain_pages_at_once_and_each_step_after_the_wait_of_the_one_before() -> None:
    story = a_chain(ONE, TWO, THREE)
    story.do("climb")
    story.until(story.at(hours=3))
    assert pages(story) == [("a", 0), ("b", 10), ("c", 30)]


def test_a_chain_repeats_its_rounds_and_then_says_that_nobody_answered() -> None:
    story = a_chain(ONE, TWO, repeat=2)
    story.do("climb")
    found = story.until(story.at(hours=3))
    assert pages(story) == [("a", 0), ("b", 10), ("a", 30), ("b", 40), ("a", 60), ("b", 70)]
    (told,) = effects(found, "notify")
    assert told.to == ("group:chiefs",) and told.why == "escalations.up.otherwise.0"
    assert story.ticket.fields["log"] == "exhausted" and story.ticket.chains == {}


def test_a_chain_ends_as_soon_as_somebody_answers() -> None:
    story = a_chain(ONE, TWO)
    story.do("climb")
    story.until(story.at(minutes=5))
    entry = story.do("take")
    assert happenings(entry, "escalation")[0].detail == {"what": "ended"}
    assert story.until(story.at(hours=3)) == []


def test_a_chain_that_runs_goes_on_as_it_is() -> None:
    story = a_chain(ONE, TWO)
    story.do("climb")
    story.until(story.at(minutes=5))
    assert effects(story.do("climb")) == []
    story.until(story.at(minutes=15))
    assert pages(story) == [("a", 0), ("b", 10)]


def test_a_chain_does_not_start_when_somebody_has_answered_already() -> None:
    story = a_chain(ONE)
    story.do("take")
    assert effects(story.do("climb")) == [] and story.ticket.chains == {}


def test_standing_down_ends_a_chain() -> None:
    story = a_chain(ONE, TWO)
    story.do("climb")
    assert happenings(story.do("down"), "escalation")[0].detail == {"what": "stood_down"}
    assert story.until(story.at(hours=1)) == []


def test_the_end_of_the_ticket_ends_its_chains_and_a_reopening_may_start_one() -> None:
    story = a_chain(ONE, TWO)
    story.do("climb")
    story.do("fix")
    assert story.ticket.chains == {}
    story.do("reopen")
    assert story.ticket.chains["up"].step == 0


def test_a_step_whose_condition_does_not_hold_is_left_out() -> None:
    story = a_chain(ONE, '{page: "person:h", wait: 1h, if: ticket.hot}', THREE)
    story.do("climb")
    story.until(story.at(hours=1))
    assert pages(story) == [("a", 0), ("c", 10)]


def test_a_chain_without_anybody_to_page_is_unanswered_at_once() -> None:
    story = a_chain('{page: "person:h", wait: 1h, if: ticket.hot}')
    entry = story.do("climb")
    assert effects(entry, "notify") and story.ticket.fields["log"] == "exhausted"


def test_a_page_without_a_message_says_number_priority_and_title() -> None:
    story = a_chain(ONE)
    (effect,) = effects(story.do("climb"))
    assert effect.texts == {"*": "{{ ticket.ref }} {{ ticket.priority }} {{ ticket.title }}"}
    assert effect.values["ticket.ref"] == "T-0001" and effect.channels == ("page",)


def test_chains_that_start_each_other_and_have_nobody_to_page_come_to_an_end() -> None:
    """Each says once in a step that nobody answered; before, that step failed."""
    text = """
fields: {hot: {type: boolean}}
states: {new: {category: new}, gone: {category: closed}}
transitions:
  climb: {from: any, who: everyone, do: [{escalate: up}]}
  heat: {from: any, who: everyone, do: [{set: {hot: true}}]}
  close: {from: new, to: gone, who: everyone}
escalations:
  up: {steps: [{page: "person:a", wait: 1h, if: ticket.hot}], until: false, otherwise: [{escalate: over}]}
  over: {steps: [{page: "person:b", wait: 1h, if: ticket.hot}], until: false, otherwise: [{escalate: up}]}
"""
    story = Story(a_definition(text))
    story.open()
    for _ in range(2):  # each step anew
        entry = story.do("climb")
        told = [(one.name, one.detail["what"]) for one in happenings(entry, "escalation")]
        assert told == [("up", "started"), ("up", "exhausted"), ("over", "started"), ("over", "exhausted")]
    story.do("heat")
    story.do("climb")
    assert pages(story) == [("a", 0)]


def test_the_journal_says_each_step_of_a_chain_and_that_nobody_answered() -> None:
    story = a_chain(ONE, TWO, repeat=1)
    entry = story.do("climb")
    told = [
        (one.name, one.detail) for one in happenings([entry, *story.until(story.at(hours=3))], "escalation")
    ]
    assert told == [
        ("up", {"what": "started", "by": "transitions.climb.do.0"}),
        ("up", {"what": "stepped", "step": 2, "round": 1, "missed": 0}),
        ("up", {"what": "stepped", "step": 1, "round": 2, "missed": 0}),
        ("up", {"what": "stepped", "step": 2, "round": 2, "missed": 0}),
        ("up", {"what": "exhausted"}),
    ]


def test_waits_count_in_a_calendar_which_may_depend_on_a_field() -> None:
    text = TEXT.replace("up:\n", "up:\n    calendar: {{by: site, de: office, else: always}}\n")
    text = text.replace("fields: {{", "fields: {{site: {{type: choice, options: [de, cn]}}, ")
    text += 'calendars: {{office: {{time_zone: UTC, week: {{mon-fri: "09:00-12:00"}}}}}}\n'

    def paged(site: str) -> list[tuple[str, float]]:
        step = '{page: "person:z", wait: 1h, calendar: always}'
        story = Story(a_definition(text.format(steps=f'{{page: "person:a", wait: 4h}}, {step}', repeat=1)))
        story.open()
        story.edit(site=site)
        story.do("climb")
        story.until(story.at(hours=26))
        return pages(story)

    assert paged("de") == [("a", 0), ("z", 25 * 60), ("a", 26 * 60)]  # 4 h of office time, then 1 h of any
    assert paged("cn")[:3] == [("a", 0), ("z", 4 * 60), ("a", 5 * 60)]
