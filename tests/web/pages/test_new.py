"""Opening a ticket, and the outbox."""

from __future__ import annotations

import pytest

from tests.web.fake_desk import FakeDesk
from tests.web.visitors import hidden, text_of, visitor

NEW = "/new/incident"
WHOLE = {
    "f.title": "VPN is down",
    "f.description": "Since 17:45",
    "f.category": "vpn",
    "f.impact": "extensive",
    "f.urgency": "critical",
    "f.affected_users": "800",
}


def test_with_one_process_new_leads_straight_to_its_form() -> None:
    assert visitor("alice").get("/new").headers["location"] == NEW


def test_a_ticket_is_opened_once_however_often_the_form_is_sent() -> None:
    desk = FakeDesk()
    client = visitor("alice", desk)
    data = hidden(client.get(NEW).text, NEW) | WHOLE
    answers = [client.post(NEW, data=data) for _ in range(2)]
    assert [one.headers["location"] for one in answers] == ["/tickets/INC-000147"] * 2
    assert desk.calls == [
        ("open", {key.removeprefix("f."): value for key, value in WHOLE.items()} | {"affected_users": 800})
    ]
    assert "Its clocks are running" in client.get("/tickets/INC-000147").text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("4 fields need another look", "Please fill this in.", "Please give a number.")),
        ("zh-CN", ("有 4 个字段需要修改", "请填写此项。", "请填写数字。")),
    ],
)
def test_every_mistake_is_shown_at_once_beside_its_field(language: str, words: tuple[str, ...]) -> None:
    client = visitor("alice", language=language)
    data = {
        "f.title": "  ",
        "f.description": "kept <i>text</i>",
        "f.impact": "extensive",
        "f.affected_users": "many",
    }
    answer = client.post(NEW, data=data)
    assert answer.status_code == 422
    page = text_of(answer.text)
    assert all(word in page for word in words)
    assert "kept &lt;i&gt;text&lt;/i&gt;" in answer.text
    assert '<option value="extensive" selected>' in answer.text
    assert 'value="many"' in answer.text


def test_without_javascript_a_conditional_field_is_shown_with_a_hint_and_not_insisted_on() -> None:
    page = visitor("alice").get(NEW).text
    assert "Only when Impact is: Whole company or all customers or A site or department." in text_of(page)
    assert 'name="f.affected_users" required' not in page


def test_an_option_nobody_offered_is_refused_and_kept() -> None:
    client = visitor("alice")
    answer = client.post(NEW, data=WHOLE | {"f.impact": "<galaxy>"})
    assert answer.status_code == 422
    assert "&lt;galaxy&gt;" in answer.text
    assert "<galaxy>" not in answer.text


def test_the_outbox_shows_everything_to_agents_and_their_own_to_others() -> None:
    everything = visitor("wang").get("/outbox").text
    assert "nobody to reach" in everything
    assert "chat.example.com answered 502" in everything
    own = visitor("victor", language="zh-CN").get("/outbox").text
    assert "INC-000035 已解决" in own
    assert "INC-000042" not in own


def test_an_empty_outbox_says_what_it_is_for() -> None:
    assert "还没有发出任何消息" in visitor("victor", Quiet(), language="zh-CN").get("/outbox").text


class Quiet(FakeDesk):
    """A desk that has not sent anything."""

    async def outbox(self, *_: object, **__: object) -> tuple[()]:
        return ()
