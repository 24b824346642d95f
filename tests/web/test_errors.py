"""Error pages."""

from __future__ import annotations

import pytest

from domain.errors import (
    DefinitionUnknown,
    EngineFault,
    EvertickError,
    FormInvalid,
    KeyReused,
    NotPermitted,
    RevisionMissing,
    RevisionStale,
    TicketUnknown,
    TransitionRefused,
    Unavailable,
)
from tests.web.fake_desk import FakeDesk
from tests.web.visitors import anybody, text_of, visitor
from web.errors import status_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotPermitted("no"), 403),
        (FormInvalid([]), 422),
        (TransitionRefused("no"), 409),
        (TicketUnknown("x"), 404),
        (DefinitionUnknown("x"), 404),
        (RevisionStale("x"), 412),
        (RevisionMissing("x"), 428),
        (KeyReused("x"), 422),
        (EngineFault("x"), 500),
        (Unavailable("x"), 503),
        (EvertickError("x"), 500),
    ],
)
def test_every_error_has_its_status(error: EvertickError, status: int) -> None:
    assert status_of(error) == status


@pytest.mark.parametrize(
    ("language", "words"), [("en", "There is nothing here"), ("zh-CN", "这里什么也没有")]
)
@pytest.mark.parametrize("path", ["/tickets/INC-999999", "/nowhere", "/new/nothing"])
def test_what_is_not_there_has_a_page_that_says_what_to_do(path: str, language: str, words: str) -> None:
    answer = visitor("alice", language=language).get(path)
    assert answer.status_code == 404
    assert words in answer.text


def test_a_ticket_of_somebody_else_is_not_there_for_a_requester() -> None:
    assert visitor("victor").get("/tickets/INC-000042").status_code == 404


def test_while_the_desk_is_away_a_write_keeps_what_was_typed_and_can_be_sent_again() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    desk.away = True
    note = 'Half an hour of typing <b>"quoted"</b> about the RADIUS servers.'
    data = {"text": note, "visibility": "internal", "key": "one-key"}
    answer = client.post("/tickets/INC-000042/comments", data=data)
    assert answer.status_code == 503
    assert note in text_of(answer.text) or note.replace('"', "&#34;") in answer.text
    assert '<input type="hidden" name="key" value="one-key">' in answer.text
    assert "<b>" not in answer.text
    desk.away = False
    again = client.post("/tickets/INC-000042/comments", data=data)
    assert again.status_code == 303
    assert ("comment", (note, False)) in desk.calls


def test_a_page_that_breaks_is_a_designed_500_and_in_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeDesk):
        async def outbox(self, *_: object, **__: object) -> tuple[()]:
            raise RuntimeError("secret detail")

    client = visitor("wang", Broken())
    client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]  # httpx has no public way
    answer = client.get("/outbox")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret detail" not in answer.text
    assert "page failed" in caplog.messages


def test_programs_get_a_problem_not_a_page() -> None:
    answer = anybody().get("/nowhere", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_wrong_method_has_a_page() -> None:
    answer = visitor("wang").get("/sign-out")
    assert answer.status_code == 405
    assert "takes no such request" in answer.text
