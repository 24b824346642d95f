"""Reminders and timeouts of a stage, on the clock of the ticket."""

from __future__ import annotations

from domain.engine.advance import next_deadline
from tests.builders import effects, happenings
from tests.domain.engine.boards import Board, a_board, stage


def reminded(story: Board) -> int:
    return sum(effect.data["what"] == "reminded" for effect in effects(story.journal, "approval"))


def test_those_who_have_not_answered_are_reminded_again_and_again() -> None:
    story = a_board(stage("quorum: 2, remind: {every: 4h, calendar: office}"))
    story.vote("a")
    story.until(story.at(hours=9))
    assert reminded(story) == 2  # Monday 13:00 and 17:00
    last = effects(story.journal, "approval")[-1]
    assert "person:a" not in last.to and "person:b" in last.to
    story.vote("b")
    assert next_deadline(story.ticket) is None


def test_nobody_answered_in_time_and_it_is_decided() -> None:
    story = a_board(stage("timeout: {after: 8h, calendar: office, decide: rejected}"))
    story.until(story.at(hours=7))
    assert story.ticket.state == "asked"
    story.until(story.at(hours=8))
    assert story.ticket.state == "no"
    assert "log" not in story.ticket.fields  # it was decided, and did not time out


def test_silence_in_several_steps() -> None:
    steps = """
quorum: 2, timeouts: [
  {after: 1h, do: [{set: {plan: told}}]},
  {after: 2h, add: group:more},
  {after: 3h, decide: approved}]"""
    story = a_board(stage(steps.replace("\n", " ")))
    story.until(story.at(hours=1))
    assert story.ticket.fields["plan"] == "told"
    story.until(story.at(hours=2))
    assert story.waiting == {"a", "b", "c", "d", "e", "x", "y"}
    assert "log" not in story.ticket.fields
    story.until(story.at(hours=3))
    assert story.ticket.state == "go"


def test_a_lapse_is_not_a_no() -> None:
    story = a_board(stage("timeout: {after: 1h, decide: timed_out}"))
    story.until(story.at(hours=1))
    assert (story.run.state, story.ticket.state) == ("timed_out", "asked")
    assert story.ticket.fields["log"] == "t"


def test_who_is_brought_in_last_is_asked_before_anything_times_out() -> None:
    story = a_board(stage("timeout: {after: 1h, add: group:chiefs, do: [{set: {plan: told}}]}"))
    story.until(story.at(hours=1))
    assert story.ticket.fields["plan"] == "told"
    assert "log" not in story.ticket.fields and "chief" in story.waiting
    story.vote("chief")
    assert (story.run.state, story.ticket.state) == ("approved", "go")


def test_it_times_out_when_the_last_timeout_neither_asks_nor_decides() -> None:
    steps = "timeouts: [{after: 1h, add: group:chiefs}, {after: 2h, do: [{set: {plan: told}}]}]"
    story = a_board(stage(steps))
    story.until(story.at(hours=1))
    assert "log" not in story.ticket.fields
    story.until(story.at(hours=2))
    assert (story.ticket.fields["plan"], story.ticket.fields["log"]) == ("told", "t")
    assert story.ticket.state == "asked"  # a vote still counts
    story.vote("chief")
    assert story.ticket.state == "go"


def test_who_is_brought_in_answers_for_those_who_are_silent() -> None:
    text = "stages: [{id: s, approvers: manager-of:requester, quorum: all, timeout: {after: 1h, add: group:chiefs}}]"
    story = a_board(text)
    story.until(story.at(hours=1))
    assert story.waiting == {"maria", "chief"}
    story.vote("chief")
    assert story.ticket.state == "go"


def test_at_the_end_only_the_votes_given_may_count() -> None:
    rest = "quorum: {approve: 60%, of: votes}, timeout: {after: 1h, decide: votes}"
    story = a_board(stage(rest))
    story.vote("a")
    story.until(story.at(hours=1))
    assert story.ticket.state == "go"
    story = a_board(stage(rest))
    story.until(story.at(hours=1))
    assert story.ticket.state == "no"


def test_after_an_outage_people_who_are_brought_in_have_the_time_they_were_meant_to_have() -> None:
    rest = "quorum: 2, remind: {every: 10m}, timeouts: [{after: 1h, add: group:more}, {after: 2h, decide: rejected}]"
    story = a_board(stage(rest))
    story.outage_until(story.at(hours=5))
    assert story.ticket.state == "asked"
    assert reminded(story) == 1  # missed reminders are one
    story.until(story.at(hours=5, minutes=59))
    assert story.ticket.state == "asked"
    story.until(story.at(hours=6))
    assert story.ticket.state == "no"


def test_on_hold_time_stands_still_for_approvers_too() -> None:
    story = a_board(stage("timeout: {after: 4h, calendar: office, decide: rejected}"))
    story.until(story.at(hours=1))
    story.do("hold")
    assert next_deadline(story.ticket) is None
    story.until(story.at(hours=6))
    story.do("release")
    assert story.stage().lapse_at == story.at(days=1, hours=1)  # two hours on Monday, one on Tuesday
    story.until(story.at(days=1, hours=1))
    assert story.ticket.state == "no"


def test_who_is_asked_again_has_the_whole_time_again() -> None:
    story = a_board(stage("timeout: {after: 4h, decide: rejected}", void_if_changed="plan"))
    story.until(story.at(hours=3))
    story.edit(plan="b")
    story.until(story.at(hours=6))
    assert story.ticket.state == "asked"
    assert happenings(story.journal, "approval")[0].detail["what"] == "requested"


def test_a_timeout_counts_in_the_calendar_of_the_tickets_site() -> None:
    choice = "{by: site, hq: office, else: always}"
    text = stage(f"quorum: 2, timeout: {{after: 10h, calendar: {choice}, decide: rejected}}")

    def decided(site: str) -> str:
        story = a_board(text, site=site)
        story.until(story.at(hours=12))
        return story.ticket.state

    assert (decided("hq"), decided("branch")) == ("asked", "no")
