"""Forms: what is asked, what was typed, what it means."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from starlette.requests import Request

from desk.values import FieldView
from domain.errors import FieldError
from tests.web.sample import CREATE, RESOLVE
from web.forms import ask, explain, guard_of, parsed, tell
from web.security import Form
from web.texts import load_texts

EN, ZH = load_texts()["en"], load_texts()["zh-CN"]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def sent(body: str, path: str = "/new/incident") -> Form:
    request = Request({"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""})
    return Form(request, body.encode())


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("number", "800", 800),
        ("number", "1.5", 1.5),
        ("number", "many", "many"),
        ("number", "nan", "nan"),
        ("number", " ", None),
        ("boolean", "true", True),
        ("boolean", "", None),
        ("datetime", "2026-11-27T18:50", "2026-11-27T10:50:00Z"),
        ("datetime", "soon", "soon"),
        ("text", "  VPN  ", "VPN"),
        ("note", "a\r\nb ", "a\nb "),
        ("choice", "", None),
    ],
)
def test_what_is_typed_becomes_json_of_its_type_or_goes_on_as_it_is(
    kind: str, typed: str, value: object
) -> None:
    assert parsed(kind, (typed,), SHANGHAI) == value


def test_several_choices_are_a_list() -> None:
    assert parsed("choices", ("a", "", "b"), SHANGHAI) == ["a", "b"]


def test_a_field_whose_condition_does_not_hold_is_not_sent_on_but_stays_typed() -> None:
    told = tell(sent("f.title=x&f.impact=minor&f.affected_users=800"), CREATE, SHANGHAI)
    assert told.values == {"title": "x", "impact": "minor"}
    assert told.typed["affected_users"] == ("800",)


def test_a_field_whose_condition_holds_is_sent_on() -> None:
    told = tell(sent("f.impact=extensive&f.affected_users=800"), CREATE, SHANGHAI)
    assert told.values["affected_users"] == 800


def test_a_conditional_field_says_when_it_is_needed() -> None:
    asked = ask(CREATE, EN, SHANGHAI)
    affected = next(one for one in asked.inputs if one.view.name == "affected_users")
    assert affected.hint == "Only when Impact is: Whole company or all customers or A site or department."
    assert affected.when == '["in", "impact", ["extensive", "significant"]]'
    assert not affected.required, "the browser must not insist on a field that may not apply"
    assert ask(RESOLVE, ZH, SHANGHAI).inputs[2].hint == "仅当解决方式为提供临时方案时填写。"


def test_every_drawing_of_a_form_has_a_key_of_its_own() -> None:
    assert ask(CREATE, EN, SHANGHAI).key != ask(CREATE, EN, SHANGHAI).key


def test_a_mistake_of_a_field_that_is_not_in_the_form_is_not_lost() -> None:
    asked = ask(CREATE, EN, SHANGHAI, errors=[FieldError("channel", "forbidden", "not yours")])
    assert asked.errors == ("channel: You may not change this.",)


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("missing", "Please fill this in.", "请填写此项。"),
        ("type", "Please give a number.", "请填写数字。"),
        ("range", "Please give a number of at least 0.", "请填写不小于 0 的数。"),
        ("new_code", "The engine's sentence", "The engine's sentence"),
    ],
)
def test_mistakes_are_explained_in_the_readers_language(code: str, english: str, chinese: str) -> None:
    error = FieldError("affected_users", code, "the engine's sentence")
    assert (explain(error, CREATE, EN), explain(error, CREATE, ZH)) in (
        (english, chinese),
        (english, "The engine's sentence"),
    )
    assert explain(error, CREATE, ZH) == chinese


def test_the_digest_is_the_same_for_the_same_content_whatever_the_key() -> None:
    assert sent("a=1&b=2&key=x").digest == sent("b=2&a=1&key=y").digest
    assert sent("a=1").digest != sent("a=2").digest
    assert sent("a=1").digest != sent("a=1", "/new/other").digest


@pytest.mark.parametrize(("revision", "read"), [("4", 4), ("", None), ("x", None), ("-1", None)])
def test_a_revision_that_is_no_number_is_none(revision: str, read: int | None) -> None:
    assert guard_of(sent(f"revision={revision}&key=k"), guarded=True).revision == read


def test_a_value_that_is_known_is_filled_in() -> None:
    view = FieldView("at", {"en": "At"}, {}, "datetime", "2026-11-27T10:50:00Z", {})
    assert ask([view], EN, SHANGHAI).inputs[0].text == "2026-11-27T18:50"
