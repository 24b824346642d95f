"""Clocks for the eye."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from desk.values import QueueFilter, QueueRow
from tests.web.fake_desk import FakeDesk
from tests.web.sample import NOW, PEOPLE
from web.clocks import deed, dial, row_face, tone_of
from web.texts import load_texts
from web.times import zone_of

EN, ZH = load_texts()["en"], load_texts()["zh-CN"]
ZONE = zone_of("Asia/Shanghai")


def row(**changes: object) -> QueueRow:
    page = asyncio.run(FakeDesk().queue(PEOPLE["wang"], QueueFilter(text="INC-000042")))
    return replace(page.rows[0], **changes)  # type: ignore[arg-type]  # the keywords are QueueRow's own


@pytest.mark.parametrize(
    ("minutes", "tone"),
    [(61, "calm"), (60, "calm"), (59, "amber"), (30, "amber"), (29, "red"), (0, "red"), (-1, "late")],
)
def test_a_clock_gets_louder_as_its_time_runs_out(minutes: int, tone: str) -> None:
    assert tone_of(timedelta(minutes=minutes)) == tone


def test_a_breached_row_counts_on_below_zero() -> None:
    face = row_face(row(due_at=NOW - timedelta(minutes=12), clock_status="breached"), NOW, EN, ZONE)
    assert face is not None
    assert (face.tone, face.words, face.share) == ("late", "−12 min", 100.0)


def test_a_paused_row_says_why() -> None:
    face = row_face(row(clock_status="paused", state_label={"en": "Waiting for requester"}), NOW, EN, ZONE)
    assert face is not None
    assert (face.tone, face.icon, face.due) == ("paused", "pause", None)
    assert "Waiting for requester" in face.title


def test_outside_its_hours_a_row_says_when_it_is_due_and_does_not_tick() -> None:
    due = NOW + timedelta(days=3)
    face = row_face(row(due_at=due, clock_status="outside_hours"), NOW, EN, ZONE)
    assert face is not None
    assert (face.tone, face.words, face.due) == ("outside", "Mon 18:37", None)


def test_a_row_without_a_deadline_has_no_clock() -> None:
    assert row_face(row(due_at=None, clock_status="none"), NOW, EN, ZONE) is None


def test_a_dial_tells_what_was_reached_and_what_comes_next() -> None:
    view = asyncio.run(FakeDesk().ticket(PEOPLE["wang"], "INC-000042")).clocks[0]
    shown = dial(view, NOW, EN)
    assert shown.face.words == "13 min left"
    assert [(mark.label, mark.reached) for mark in shown.marks] == [
        ("50%", True),
        ("75%", True),
        ("100%", False),
    ]
    assert [step.what for step in shown.upcoming] == ["on call, step 3", "100%", "overdue, reminder 1"]
    assert [(line.what, line.worked, line.line) for line in shown.ledger] == [
        ("Started", "46 min", "incident.yaml:286")
    ]


def test_a_stopped_clock_says_whether_it_was_met() -> None:
    views = asyncio.run(FakeDesk().ticket(PEOPLE["wang"], "INC-000040")).clocks
    assert [dial(one, NOW, EN).face.tone for one in views] == ["late", "missed", "idle"]


@pytest.mark.parametrize(
    ("effect", "english", "chinese"),
    [
        ("page duty_manager", "page duty manager", "呼叫 duty manager"),
        (
            'escalate on_call if ticket.priority == "P1"',
            'escalate: on call, if ticket.priority == "P1"',
            '启动升级：on call（若 ticket.priority == "P1"）',
        ),
        ("comment", "write a note", "添加备注"),
        ("teleport somebody", "teleport somebody", "teleport somebody"),
    ],
)
def test_effects_are_said_in_words(effect: str, english: str, chinese: str) -> None:
    assert (deed(effect, EN), deed(effect, ZH)) == (english, chinese)
