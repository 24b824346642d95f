"""Notifications wait for their calendar to open, and pages do not."""

from __future__ import annotations

import json
from dataclasses import replace

from domain.engine.advance import next_deadline
from domain.engine.entries import Cause
from domain.engine.quiet_hours import one_message
from domain.engine.rendering import Rendered
from domain.engine.serialise import fold, ticket_from_json, ticket_to_json
from tests.builders import Story, a_definition, effects, happenings

TEXT = """
fields: {log: {type: text}, urgent: {type: choice, options: [yes, no], default: no}}
calendars: {office: {time_zone: UTC, week: {mon-fri: "09:00-17:00"}}}
states: {new: {category: new}, gone: {category: closed, enter: [{notify: over}]}}
transitions:
  tell: {from: any, who: everyone, do: [{notify: told}]}
  now: {from: any, who: everyone, do: [{notify: {template: told, calendar: always}}]}
  call: {from: any, who: everyone, do: [{page: "person:a"}]}
  close: {from: new, to: gone, who: everyone}
notifications:
  told: {to: "group:chiefs", calendar: {by: urgent, yes: always, else: office}, subject: "{{ ticket.log }}", body: x}
  over: {to: requester, calendar: office, subject: Over, body: over}
permissions: [{who: requester, can: [view, comment], edit: all}]
"""


def at_night(**fields: str) -> Story:
    """A ticket of 09:00, at 20:00."""
    story = Story(a_definition(TEXT))
    story.open(**fields)
    story.until(story.at(hours=11))
    story.now = story.at(hours=11)
    return story


def sent(story: Story) -> list[tuple[float, str, object]]:
    return [
        ((entry.at - story.at()).total_seconds() / 3600, effect.template, effect.values.get("ticket.log"))
        for entry in story.journal
        for effect in effects(entry, "notify")
    ]


def test_what_is_decided_in_quiet_hours_is_sent_at_the_opening_with_the_values_it_had() -> None:
    story = at_night()
    story.edit(log="before")
    entry = story.do("tell")
    assert effects(entry) == []
    assert happenings(entry, "postponed")[0].detail == {"until": "2026-03-03T09:00:00Z"}
    story.edit(log="after")
    assert next_deadline(story.ticket) == story.at(hours=24)
    (sending,) = story.until(story.at(hours=24))
    assert sent(story) == [(24, "told", "before")]
    (effect,) = effects(sending)
    assert (effect.to, effect.why) == (("group:chiefs",), "transitions.tell.do.0") and effect.line
    assert effect.data == {"postponed_at": "2026-03-02T20:00:00Z"}
    assert story.ticket.postponed == () and next_deadline(story.ticket) is None


def test_open_hours_an_urgent_ticket_always_and_a_page_are_not_held_back() -> None:
    story = Story(a_definition(TEXT))
    story.open()
    assert effects(story.do("tell"), "notify")
    story = at_night()
    assert effects(story.do("now"), "notify") and effects(story.do("call"), "page")
    story.edit(urgent="yes")
    assert effects(story.do("tell"), "notify") and story.ticket.postponed == ()


def test_several_are_sent_by_one_entry_and_a_closed_ticket_sends_too() -> None:
    story = at_night()
    story.do("tell")
    story.do("tell")
    story.do("close")
    assert len(story.ticket.postponed) == 3
    (sending,) = story.until(story.at(hours=24))
    assert [effect.index for effect in effects(sending)] == [0, 1, 2]
    assert [template for _, template, _ in sent(story)] == ["told", "told", "over"]


def test_after_an_outage_into_the_next_night_it_waits_on() -> None:
    story = at_night()
    story.do("tell")
    story.outage_until(story.at(hours=36))
    assert sent(story) == [] and next_deadline(story.ticket) == story.at(hours=48)
    story.until(story.at(hours=48))
    assert len(sent(story)) == 1


def test_a_restart_forgets_nothing_and_the_journal_folds_to_the_same() -> None:
    story = at_night()
    story.do("tell")
    again = ticket_from_json(json.loads(json.dumps(ticket_to_json(story.ticket))))
    assert again == story.ticket and again.postponed
    story.until(story.at(hours=24))
    snapshot: dict[str, object] = {}
    for entry in story.journal:
        snapshot = fold(snapshot, entry)
    assert snapshot == ticket_to_json(story.ticket)


def test_one_message_says_everything_once() -> None:
    one, other = Rendered("A", "a"), Rendered("B", "b")
    assert one_message([one, one]) == one
    assert one_message([one, other, one]) == Rendered("A (+1)", "A\na\n\nB\nb")


def test_one_message_of_several_keeps_each_text_as_it_is_written_and_ends_without_empty_lines() -> None:
    several = [Rendered("A", "  a\n\n"), Rendered("B", ""), Rendered("A", "other")]
    assert one_message(several) == Rendered("A (+2)", "A\n  a\n\nB\n\nA\nother")
    assert one_message([Rendered("A", "a\n")]) == Rendered("A", "a\n")


def test_what_a_newer_version_no_longer_has_is_told_and_the_rest_is_sent() -> None:
    story = at_night()
    story.do("tell")
    story.do("close")
    lost = replace(story.ticket.postponed[0], template="lost")
    story._ticket = replace(story.ticket, postponed=(lost, *story.ticket.postponed[1:]))
    story.snapshot = ticket_to_json(story.ticket)
    (entry,) = story.until(story.at(hours=24))
    (told,) = happenings(entry, "unavailable")
    assert (told.name, told.detail) == ("notify", {"reason": "there is no notification lost"})
    (effect,) = effects(entry)
    assert (effect.kind, effect.template, effect.to, effect.channels, effect.why) == (
        "notify",
        "over",
        ("person:ann",),
        ("email",),
        "states.gone.enter.0",
    )
    assert entry.cause == Cause("notification", "postponed")


def test_a_notification_decided_as_the_calendar_opens_is_sent_at_once() -> None:
    story = at_night()
    story.now = story.at(hours=24)
    assert effects(story.do("tell"), "notify") and story.ticket.postponed == ()
