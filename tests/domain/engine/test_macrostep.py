"""One step from an event to rest: order of effects, events and timers (language.md section 6)."""

from __future__ import annotations

from datetime import timedelta

from domain.engine.advance import next_deadline
from domain.engine.draft import MOST_INTERNAL_EVENTS
from tests.builders import START, Story, a_definition, effects, happenings

LOG = """
fields: {log: {type: note}, hot: {type: boolean}, day: {type: date}, moment: {type: datetime}, other: {type: number}}
"""


def add(letter: str) -> str:
    return f'{{set: {{log: "{{{{ ticket.log }}}}{letter}"}}}}'


def opened(text: str, **more: object) -> Story:
    story = Story(a_definition(LOG + text))
    story.open(**more)
    return story


def log_of(story: Story) -> object:
    return story.ticket.fields.get("log")


# ---------------------------------------------------------------- taking a transition


def test_the_journal_names_the_branch_where_the_state_alone_does_not_tell() -> None:
    story = opened("""
states: {new: {category: new}, a: {category: active}, b: {category: active}, gone: {category: closed}}
transitions:
  go: {from: new, to: [{if: ticket.hot, state: a}, {if: ticket.other == 1, state: b}, {state: a}], who: everyone}
  stay: {from: any, to: [{if: ticket.hot, state: a}, {state: a}], who: everyone}
  plain: {from: a, to: [{if: ticket.hot, state: b}, {state: new}], who: everyone}
  heard: {from: any, when: done.stay, do: [{set: {log: "{{ event.from }}>{{ event.to }} {{ event.transition }}"}}]}
  end: {from: any, to: gone, who: everyone}
""")
    moved = [happenings(story.do(button), "moved")[0].detail for button in ("go", "stay", "plain")]
    story.edit(hot=True)
    moved += [happenings(story.do(button), "moved")[0].detail for button in ("go", "stay")]
    assert moved == [
        {"from": "new", "to": "a", "branch": 2},
        {"branch": 1},
        {"from": "a", "to": "new"},
        {"from": "new", "to": "a", "branch": 0},
        {"branch": 0},
    ]
    assert log_of(story) == "a>a stay"


def test_leaving_comes_before_doing_before_entering() -> None:
    story = opened(f"""
states:
  new: {{category: new, leave: [{add("l")}], enter: [{add("n")}]}}
  work: {{category: active, enter: [{add("e")}, {{if: ticket.log == "nlde", set: {{other: 1}}}}]}}
  gone: {{category: closed}}
transitions:
  go: {{from: new, to: work, who: everyone, do: [{add("d")}]}}
  end: {{from: work, to: gone, who: everyone}}
""")
    entry = story.do("go")
    assert log_of(story) == "nlde" and story.ticket.fields["other"] == 1
    assert [one.what for one in entry.happened] == ["set", "set", "moved", "set", "set"]


def test_the_first_branch_that_holds_is_the_target() -> None:
    story = opened("""
states: {new: {category: new}, a: {category: active}, b: {category: active}, gone: {category: closed}}
transitions:
  go:
    from: new
    to: [{if: ticket.hot, state: a}, {if: ticket.other == 1, state: gone}, {state: b}]
    who: everyone
    ask: {hot: optional}
  end: {from: any, to: gone, who: everyone}
""")
    story.do("go", hot=True)
    assert story.ticket.state == "a"


def test_a_transition_into_its_own_state_neither_leaves_nor_enters() -> None:
    story = opened(f"""
states:
  new: {{category: new, leave: [{add("l")}], enter: [{add("e")}]}}
  gone: {{category: closed}}
transitions:
  stay: {{from: new, to: new, who: everyone, do: [{add("s")}]}}
  slowly: {{from: new, after: 1h, do: [{add("t")}]}}
  end: {{from: new, to: gone, who: everyone}}
""")
    timers = story.ticket.timers
    story.now = story.at(minutes=30)
    story.do("stay")
    assert log_of(story) == "es" and story.ticket.timers == timers and story.ticket.entered_at == START


def test_left_entered_and_done_are_raised_in_this_order_after_what_the_effects_raise() -> None:
    story = opened(f"""
groups: {{both: [new, work]}}
states: {{new: {{category: new}}, work: {{category: active, enter: [{{raise: inside}}]}}, gone: {{category: closed}}}}
transitions:
  go: {{from: new, to: work, who: everyone, do: [{{set: {{other: 1}}}}]}}
  end: {{from: work, to: gone, who: everyone}}
  a: {{from: any, when: changed.other, do: [{add("c")}]}}
  b: {{from: any, when: raised.inside, do: [{add("i")}]}}
  c: {{from: any, when: left.new, do: [{add("l")}]}}
  d: {{from: any, when: left.both, do: [{add("X")}]}}
  e: {{from: any, when: entered.work, do: [{add("e")}]}}
  f: {{from: any, when: entered.active, do: [{add("a")}]}}
  g: {{from: any, when: entered.both, do: [{add("Y")}]}}
  h: {{from: any, when: entered.any, do: [{add("*")}]}}
  i: {{from: any, when: done.go, do: [{add("d")}]}}
""")
    assert log_of(story) == "Y*", "opening enters its groups"
    story.do("go")
    assert log_of(story) == "Y*cilea*d"


def test_a_state_named_like_its_category_is_entered_once() -> None:
    story = opened(f"""
states: {{new: {{category: new}}, gone: {{category: closed}}}}
transitions:
  end: {{from: new, to: gone, who: everyone}}
  hear: {{from: any, when: entered.new, do: [{add("e")}]}}
""")
    assert log_of(story) == "e"


# ---------------------------------------------------------------- internal events


def test_internal_events_are_handled_first_in_first_out() -> None:
    story = opened(f"""
states: {{new: {{category: new}}, gone: {{category: closed}}}}
transitions:
  end: {{from: new, to: gone, who: everyone}}
  go: {{from: new, who: everyone, do: [{{raise: one}}, {{raise: two}}]}}
  first: {{from: new, when: raised.one, do: [{add("1")}, {{raise: three}}]}}
  second: {{from: new, when: raised.two, do: [{add("2")}]}}
  third: {{from: new, when: raised.three, do: [{add("3")}]}}
""")
    story.do("go")
    assert log_of(story) == "123"


def test_of_several_transitions_for_an_event_the_first_in_the_file_that_fits_is_taken() -> None:
    story = opened(f"""
states: {{new: {{category: new}}, work: {{category: active}}, gone: {{category: closed}}}}
transitions:
  end: {{from: any, to: gone, who: everyone}}
  go: {{from: new, who: everyone, do: [{{raise: it}}]}}
  elsewhere: {{from: work, when: raised.it, do: [{add("w")}]}}
  not_now: {{from: new, when: raised.it, if: ticket.hot, do: [{add("h")}]}}
  this: {{from: new, when: raised.it, do: [{add("t")}]}}
  never: {{from: new, when: raised.it, do: [{add("n")}]}}
""")
    story.do("go")
    assert log_of(story) == "t"


def test_what_no_transition_fits_is_ignored() -> None:
    story = opened("""
states: {new: {category: new}, work: {category: active}, gone: {category: closed}}
transitions:
  end: {from: any, to: gone, who: everyone}
  go: {from: new, who: everyone, do: [{raise: it}]}
  elsewhere: {from: work, when: raised.it, to: gone}
""")
    story.do("go")
    assert story.ticket.state == "new"


def test_changed_events_carry_old_and_new_as_the_field_is_typed() -> None:
    story = opened("""
states: {new: {category: new}, gone: {category: closed}}
transitions:
  end: {from: new, to: gone, who: everyone}
  later: {from: any, when: changed.moment, if: event.new > event.old, do: [{set: {other: 1}}]}
""")
    story.edit(moment="2026-03-03T00:00:00Z")
    assert "other" not in story.ticket.fields, "there was no old value"
    story.edit(moment="2026-03-04T00:00:00+08:00")
    assert story.ticket.fields["other"] == 1


def test_an_unchanged_field_raises_nothing() -> None:
    story = opened(f"""
states: {{new: {{category: new}}, gone: {{category: closed}}}}
transitions:
  end: {{from: new, to: gone, who: everyone}}
  heard: {{from: any, when: changed.other, do: [{add("c")}]}}
""")
    story.edit(other=1)
    story.edit(other=1)
    assert log_of(story) == "c"


CIRCLE = """
states: {new: {category: new}, gone: {category: closed}}
transitions:
  end: {from: new, to: gone, who: everyone}
  go: {from: new, who: everyone, do: [{raise: ping}]}
  ping:
    from: new
    when: raised.ping
    if: not ticket.hot
    do: [{raise: pong}, {set: {other: "{{ ticket.other + 1 }}"}}]
  pong: {from: new, when: raised.pong, do: [{raise: ping}]}
  slowly: {from: new, after: 1h, to: gone}
"""


def test_more_than_200_internal_events_park_the_ticket_until_a_person_acts() -> None:
    story = opened(CIRCLE)
    story.edit(other=0)
    entry = story.do("go")
    assert happenings(entry, "parked") and story.ticket.parked
    assert story.ticket.fields["other"] == MOST_INTERNAL_EVENTS / 2
    assert next_deadline(story.ticket) is None
    assert story.until(story.at(hours=2)) == [], "a parked ticket does nothing on its own"
    story.edit(hot=True)
    assert not story.ticket.parked
    assert next_deadline(story.ticket) == story.at(hours=1), "its timer was kept"
    story.outage_until(story.at(hours=3))
    assert story.ticket.state == "gone"


def test_exactly_200_events_are_no_reason_to_park() -> None:
    lines = "\n".join(
        f"  t{n}: {{from: new, when: raised.e{n}, do: [{{raise: e{n + 1}}}]}}"
        for n in range(MOST_INTERNAL_EVENTS - 1)
    )
    last = MOST_INTERNAL_EVENTS - 1
    story = opened(f"""
states: {{new: {{category: new}}, gone: {{category: closed}}}}
transitions:
  end: {{from: new, to: gone, who: everyone}}
  go: {{from: new, who: everyone, do: [{{raise: e0}}]}}
{lines}
  last: {{from: new, when: raised.e{last}, do: [{add("!")}]}}
""")
    story.do("go")
    assert log_of(story) == "!" and not story.ticket.parked


# ---------------------------------------------------------------- timers of states

TIMED = f"""
states: {{new: {{category: new}}, work: {{category: active}}, gone: {{category: closed}}}}
transitions:
  work: {{from: new, to: work, who: everyone}}
  back: {{from: work, to: new, who: everyone}}
  end: {{from: any, to: gone, who: everyone}}
  remind: {{from: new, after: 1h, do: [{add("r")}]}}
  only_hot: {{from: new, after: 2h, if: ticket.hot, do: [{add("h")}]}}
  give_up: {{from: new, after: 3h, to: gone}}
"""


def test_an_after_timer_starts_on_entry_and_fires_once() -> None:
    story = opened(TIMED)
    entry = story.until(story.at(hours=1))[-1]
    assert entry.at == story.at(hours=1) and entry.cause.kind == "timer" and entry.cause.name == "remind"
    assert entry.cause.line == "thing.yaml:9"
    story.until(story.at(hours=1, minutes=59))
    assert log_of(story) == "r"


def test_a_timer_whose_condition_is_false_when_it_fires_is_spent() -> None:
    story = opened(TIMED)
    found = story.until(story.at(hours=2))
    assert happenings(found, "timer", "only_hot")[0].detail == {"fired": False}
    story.edit(hot=True)
    story.until(story.at(hours=2, minutes=59))
    assert log_of(story) == "r"


def test_leaving_the_state_drops_its_timers_and_entering_starts_them_anew() -> None:
    story = opened(TIMED)
    story.until(story.at(minutes=50))
    story.do("work")
    assert story.ticket.timers == {}
    story.until(story.at(hours=5))
    story.do("back")
    assert story.until(story.at(hours=6))[-1].at == story.at(hours=6)
    assert log_of(story) == "r"


def test_a_closed_ticket_has_no_timers() -> None:
    story = opened(TIMED)
    story.until(story.at(hours=3))
    assert story.ticket.state == "gone" and next_deadline(story.ticket) is None


AT = f"""
calendars: {{office: {{time_zone: Asia/Shanghai, week: {{mon-fri: "09:00-18:00"}}}}}}
states: {{new: {{category: new}}, gone: {{category: closed}}}}
transitions:
  end: {{from: any, to: gone, who: everyone}}
  begin: {{from: new, at: ticket.moment, do: [{add("b")}]}}
  on_day: {{from: new, at: ticket.day, do: [{add("d")}]}}
"""


def test_an_at_timer_follows_its_moment() -> None:
    story = opened(AT)
    assert next_deadline(story.ticket) is None
    story.edit(moment="2026-03-02T12:00:00Z")
    assert next_deadline(story.ticket) == story.at(hours=3)
    story.edit(moment="2026-03-02T11:00:00Z")
    assert next_deadline(story.ticket) == story.at(hours=2)
    story.edit(moment=None)
    assert next_deadline(story.ticket) is None


def test_an_at_timer_that_was_spent_stays_spent_until_its_moment_moves() -> None:
    story = opened(AT)
    story.edit(moment="2026-03-02T10:00:00Z")
    story.until(story.at(hours=1))
    story.edit(other=1)
    story.until(story.at(hours=2))
    assert log_of(story) == "b"
    story.edit(moment="2026-03-02T12:00:00Z")
    story.until(story.at(hours=3))
    assert log_of(story) == "bb"


def test_an_at_already_past_fires_at_once() -> None:
    story = opened(AT)
    story.now = story.at(hours=4)
    story.edit(moment="2026-03-02T10:00:00Z")
    (entry,) = story.until(story.at(hours=4))
    assert log_of(story) == "b" and entry.at == story.at(hours=4)


def test_a_date_means_its_beginning_where_the_process_reads_days() -> None:
    story = opened(AT)
    story.edit(day="2026-03-05")
    assert next_deadline(story.ticket) == START.replace(day=4, hour=16)


# ---------------------------------------------------------------- the end of a step


def test_values_of_texts_are_those_of_the_finished_step() -> None:
    story = opened("""
states: {new: {category: new}, work: {category: active}, gone: {category: closed}}
transitions:
  go: {from: new, to: work, who: everyone, do: [{comment: "{{ ticket.state }} {{ ticket.other }}"}, {set: {other: 7}}]}
  end: {from: work, to: gone, who: everyone}
""")
    (effect,) = effects(story.do("go"))
    assert effect.values == {"ticket.state": "work", "ticket.other": 7} and effect.index == 0
    assert effect.why == "transitions.go.do.0"


def test_resolved_and_closed_are_stamped_and_taken_back() -> None:
    story = opened("""
states: {new: {category: new}, fixed: {category: done}, gone: {category: closed}}
transitions:
  fix: {from: new, to: fixed, who: everyone}
  reopen: {from: fixed, to: new, who: everyone}
  close: {from: fixed, to: gone, who: everyone}
""")
    story.do("fix")
    assert (
        story.ticket.fields["resolved_at"] == "2026-03-02T09:00:00Z"
        and "closed_at" not in story.ticket.fields
    )
    story.do("reopen")
    assert "resolved_at" not in story.ticket.fields
    story.now += timedelta(hours=1)
    story.do("fix")
    story.now += timedelta(hours=1)
    story.do("close")
    assert story.ticket.fields["resolved_at"] == "2026-03-02T10:00:00Z"
    assert story.ticket.fields["closed_at"] == "2026-03-02T11:00:00Z"


def test_a_rules_own_resolved_at_is_kept() -> None:
    story = opened("""
states: {new: {category: new}, fixed: {category: done}, gone: {category: closed}}
transitions:
  fix: {from: new, to: fixed, who: everyone, do: [{set: {resolved_at: "{{ now - 1h }}"}}]}
  close: {from: fixed, to: gone, who: everyone}
""")
    story.do("fix")
    assert story.ticket.fields["resolved_at"] == "2026-03-02T08:00:00Z"
