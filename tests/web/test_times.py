"""Times in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from web.texts import load_texts
from web.times import ago, full, moment, span, zone_of

EN, ZH = load_texts()["en"], load_texts()["zh-CN"]
NOW = datetime(2026, 11, 27, 10, 37, tzinfo=UTC)
SHANGHAI = zone_of("Asia/Shanghai")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "< 1 min"),
        (59, "< 1 min"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (5_400, "1 h 30 min"),
        (-720, "12 min"),
        (100_800, "1 d 4 h"),
        (86_460, "1 d"),
        (1_000_000, "11 d 13 h"),
    ],
)
def test_a_length_is_said_in_at_most_two_units(seconds: float, words: str) -> None:
    assert span(seconds, EN) == words


def test_a_length_in_chinese() -> None:
    assert span(5_400, ZH) == "1 小时 30 分钟"


def test_what_was_and_what_will_be() -> None:
    assert ago(NOW - timedelta(minutes=12), NOW, EN) == "12 min ago"
    assert ago(NOW + timedelta(hours=3), NOW, ZH) == "3 小时后"
    assert ago(NOW, NOW, EN) == "just now"


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(minutes=13), "18:50"),
        (timedelta(days=1), "tomorrow 18:37"),
        (timedelta(days=-1), "yesterday 18:37"),
        (timedelta(days=3), "Mon 18:37"),
        (timedelta(days=20), "17 Dec 18:37"),
        (timedelta(days=60), "26 Jan 2027 18:37"),
    ],
)
def test_a_moment_is_as_short_as_it_can_be(away: timedelta, words: str) -> None:
    assert moment(NOW + away, NOW, SHANGHAI, EN) == words


def test_hovering_says_the_zone() -> None:
    assert full(NOW, SHANGHAI, ZH) == "周五 2026年11月27日 18:37:00 (Asia/Shanghai, UTC+8:00)"
    assert full(NOW, zone_of("America/St_Johns"), EN).endswith("(America/St_Johns, UTC-3:30)")


def test_a_zone_nobody_knows_is_utc() -> None:
    assert zone_of("Mars/Olympus").key == "UTC"
    assert zone_of("../etc/passwd").key == "UTC"
