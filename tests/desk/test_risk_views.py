"""Risk on a page and in a timeline: level, points and reasons, in both languages."""

from __future__ import annotations

from desk.names import Names
from desk.risk_views import risk_views
from desk.words import Words
from store import directory
from store.session import Database
from tests.builders import Story, happenings
from tests.domain.engine.test_risk import a_story as a_risky_story


def a_story() -> Story:
    story = a_risky_story()
    story.edit("bob", outage=True)
    return story


def test_level_points_and_reasons_are_three_fields() -> None:
    story = a_story()
    shown = [(view.name, view.value, view.display) for view in risk_views(story.definition, story.ticket)]
    assert shown == [
        ("risk", "medium", {"en": "Middling", "zh-CN": "中"}),
        ("risk_score", 30, {"*": "30"}),
        ("risk_reasons", ["Interruption"], {"en": "Interruption", "zh-CN": "中断"}),
    ]


def test_a_change_of_risk_is_told_in_words(sqlite_database: Database) -> None:
    story = a_story()
    with sqlite_database.reading() as session:
        words = Words(story.definition, Names(directory.current(session), "en"), "UTC", frozenset())
    entry = story.journal[-1]
    told = [words.say(one) for one in happenings(entry, "set") if one.name.startswith("risk")]
    assert [one and one["en"] for one in told] == [
        "Risk: Middling (before low)",
        "Risk points: 30 (before 0)",
        "Risk because of: Interruption",
    ]
    assert told[0] is not None and told[0]["zh-CN"] == "风险: 中 (原为 low)"
