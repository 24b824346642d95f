"""Rows, times, several teams, options that depend: asked for and read back without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping

from desk.values import Caller, FieldView, Guard, Settled
from domain.engine.ticket import Json
from domain.errors import FieldError, FormInvalid
from tests.web.fake_desk import FakeDesk
from tests.web.visitors import hidden, text_of, visitor

NEW = "/new/incident"


def a_field(name: str, type_: str, *options: str, **more: object) -> FieldView:
    labelled = tuple((one, {"*": one.capitalize()}) for one in options)
    return FieldView(name, {"*": name.capitalize()}, {}, type_, None, {}, labelled, **more)  # type: ignore[arg-type]  # members of FieldView


FIELDS = (
    a_field("title", "text"),
    a_field("opens", "time"),
    a_field("price", "money"),
    a_field("helpers", "teams"),
    a_field("asset", "asset"),
    a_field("brand", "choice", "apple", "lenovo"),
    a_field(
        "model", "choice", "air", "x1", offered_by="brand", offers={"apple": ("air",), "lenovo": ("x1",)}
    ),
    a_field(
        "lines",
        "rows",
        max=4,
        columns=(
            a_field("item", "text", required=True),
            a_field("count", "number"),
            a_field("for", "person"),
        ),
    ),
)


class Desk(FakeDesk):
    refusing = False

    async def create_form(self, caller: Caller, process: str) -> tuple[FieldView, ...]:
        return FIELDS

    async def open(
        self, caller: Caller, process: str, fields: Mapping[str, Json], *, channel: str, guard: Guard
    ) -> Settled:
        if self.refusing:
            sentence = (("en", "The end lies before the start."), ("zh-CN", "结束早于开始。"))
            raise FormInvalid([FieldError("", "rule", sentence[0][1], sentence)])
        self.calls.append(("open", dict(fields)))
        return await super().open(caller, process, {"title": "x"}, channel=channel, guard=guard)


SENT = {
    "f.title": "New laptops",
    "f.opens": "09:30",
    "f.price": "12.5",
    "f.asset": "NB-0816",
    "f.brand": "apple",
    "f.model": "air",
    "f.lines.0.item": "Laptop",
    "f.lines.0.count": "2",
    "f.lines.0.for": "alice",
    "f.lines.1.item": "",
    "f.lines.2.item": "Mouse",
    "f.lines.2.count": "many",
    "f.lines.99.item": "too far",
    "f.lines.0.nope": "x",
}


def test_every_kind_of_field_has_a_control_and_rows_are_a_table_with_some_empty_lines() -> None:
    page = visitor("alice", Desk()).get(NEW).text
    assert re.search(r'name="f\.opens"[^>]* type="time"', page)
    assert page.count('type="checkbox" name="f.helpers"') > 1
    assert '<option value="NB-0816">ThinkPad X1 (NB-0816)</option>' in page
    assert '<optgroup label="Apple"><option value="air">Air</option></optgroup>' in page
    assert [f'name="f.lines.{row}.item"' in page for row in range(5)] == [True, True, True, False, False]
    assert re.search(r'<select id="lines\.0\.for" name="f\.lines\.0\.for"', page)


def test_rows_are_read_back_with_their_types_and_empty_ones_left_out() -> None:
    desk = Desk()
    client = visitor("alice", desk)
    client.post(NEW, data=hidden(client.get(NEW).text, NEW) | SENT)
    assert desk.calls[0][1] == {
        "title": "New laptops",
        "opens": "09:30",
        "price": 12.5,
        "asset": "NB-0816",
        "brand": "apple",
        "model": "air",
        "lines": [
            {"item": "Laptop", "count": 2, "for": "alice"},
            {"item": "Mouse", "count": "many", "for": None},
        ],
    }


def test_a_broken_rule_shows_its_sentence_in_the_readers_language_and_what_was_typed() -> None:
    desk = Desk()
    desk.refusing = True
    client = visitor("alice", desk, language="zh-CN")
    answer = client.post(NEW, data=hidden(client.get(NEW).text, NEW) | SENT)
    assert answer.status_code == 422
    assert "结束早于开始。" in text_of(answer.text)
    assert 'value="Mouse"' in answer.text and 'name="f.lines.3.item"' in answer.text
