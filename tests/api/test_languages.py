"""Which language an answer is in."""

from __future__ import annotations

import pytest

from api.languages import negotiate, say


@pytest.mark.parametrize(
    ("accept", "own", "best"),
    [
        ("", "", "en"),
        ("", "zh-CN", "zh-CN"),
        ("zh", "en", "zh-CN"),
        ("zh-Hans-CN", "en", "zh-CN"),
        ("zh-TW;q=0.3, en-GB;q=0.8", "zh-CN", "en"),
        ("de, fr;q=0.9", "zh-CN", "zh-CN"),
        ("en;q=0, zh", "en", "zh-CN"),
        ("en;q=nonsense, zh;q=0.1", "en", "zh-CN"),
        ("*", "zh-CN", "zh-CN"),
        (",;=,;q,", "en", "en"),
    ],
)
def test_the_best_of_our_languages_is_chosen(accept: str, own: str, best: str) -> None:
    assert negotiate(accept, own) == best


def test_a_text_that_is_not_translated_is_shown_in_english_or_in_what_there_is() -> None:
    assert say({"en": "New", "zh-CN": "新建"}, "zh-CN") == "新建"
    assert say({"en": "New"}, "zh-CN") == "New"
    assert say({"zh-CN": "新建"}, "en") == "新建"
    assert say({}, "en") == ""
