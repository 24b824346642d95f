"""`evertick definition explain`: a part of a process in words, from the command line."""

from __future__ import annotations

import json

from cli.definition_explain import _wrapped
from tests.cli.command import evertick

INCIDENT = "definitions/incident.yaml"


def test_everything_of_that_name_is_explained() -> None:
    said = evertick("definition", "explain", "resolve", INCIDENT)
    assert said.code == 0, said.err
    heads = [line for line in said.out.splitlines() if line and not line.startswith(" ")]
    assert heads[0].startswith("Resolve   Transition resolve, incident.yaml:")
    assert heads[1].startswith("Resolution time   Clock resolve, incident.yaml:")
    assert max(map(len, said.out.splitlines())) <= 100
    assert "\x1b" not in said.out


def test_one_kind_can_be_asked_for_in_chinese_and_json_too() -> None:
    said = evertick("definition", "explain", "--clock", "resolve", INCIDENT, "--locale", "zh-CN")
    assert "处于等待用户时" in said.out
    assert "流转" not in said.out.splitlines()[0]
    [answer] = json.loads(
        evertick("definition", "explain", "--field", "impact", INCIDENT, "--format", "json").out
    )
    assert answer["section"] == "fields"
    assert answer["place"].startswith("common.yaml:")
    assert {"label": "Kind of value", "text": "one of several choices", "items": []} in answer["said"]


def test_a_language_without_texts_is_refused_with_those_there_are() -> None:
    for locale in ("fr", "zh"):
        said = evertick("definition", "explain", "resolve", INCIDENT, "--locale", locale)
        assert (said.code, said.out) == (2, "")
        assert f"there are no texts in {locale}; known: en, zh-CN" in said.err


def test_without_a_name_the_names_are_listed() -> None:
    said = evertick("definition", "explain", INCIDENT)
    assert said.code == 0
    assert "clocks: response, resolve, pickup, stakeholder_update" in said.out


def test_an_unknown_name_ends_with_two_and_a_suggestion() -> None:
    said = evertick("definition", "explain", "--clock", "respons", INCIDENT)
    assert said.code == 2
    assert 'no clock is called "respons"; did you mean "response"?' in said.err
    said = evertick("definition", "explain", "nothing_like_it", INCIDENT)
    assert (said.code, "no part is called" in said.err) == (2, True)
    assert evertick("definition", "explain", "a", "b", INCIDENT).code == 2


def test_chinese_lines_end_between_words_and_never_begin_with_a_mark() -> None:
    text = "「技术评审」（peer）：审批人为团队成员；改由：change manager；无人答复时：3 天（工作日）后，" * 3
    for most in range(12, 40):
        lines = _wrapped(text, most)
        assert all(line[0] not in "，；：、」）" for line in lines), lines
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert sum(line.count("manager") for line in lines) == 3
