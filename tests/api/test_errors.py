"""Every error becomes a problem with a stable code, in both languages, and tells no secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.routing import Match, Mount
from starlette.types import Scope

from api.problems import KINDS
from domain import errors
from domain.errors import (
    Conflict,
    DefinitionInvalid,
    DefinitionUnknown,
    EngineFault,
    EvertickError,
    FactsMissing,
    FormInvalid,
    KeyReused,
    NotPermitted,
    Refused,
    RevisionMissing,
    RevisionStale,
    TicketUnknown,
    TransitionRefused,
    Unavailable,
)
from domain.errors import FieldError as Mistake
from tests.api.client import ONE, Client, mistakes, problem

STATUSES: dict[type[EvertickError], int] = {
    Refused: 409,
    NotPermitted: 403,
    FormInvalid: 422,
    TransitionRefused: 409,
    FactsMissing: 503,
    TicketUnknown: 404,
    DefinitionUnknown: 404,
    DefinitionInvalid: 500,
    Conflict: 409,
    RevisionStale: 412,
    RevisionMissing: 428,
    KeyReused: 422,
    EngineFault: 500,
    Unavailable: 503,
}


def _tree(root: type[EvertickError]) -> Iterator[type[EvertickError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _tree(kind)


def _an(kind: type[EvertickError]) -> EvertickError:
    if kind is FormInvalid:
        return FormInvalid(
            [Mistake("title", "missing", "is required"), Mistake("x", "unknown", "is unknown")]
        )
    if kind is DefinitionInvalid:
        return DefinitionInvalid([errors.Problem("incident.yaml", 3, 1, "unknown state")])
    return kind("that is how it is")


def test_every_error_of_the_tree_has_its_kind_of_problem() -> None:
    ours = {kind for kind in _tree(EvertickError) if kind.__module__ == errors.__name__}
    assert ours == set(STATUSES)
    for kind in ours:
        assert KINDS[kind.code].status == STATUSES[kind], kind


@pytest.mark.parametrize("kind", STATUSES)
def test_an_error_of_the_desk_becomes_its_problem(kind: type[EvertickError]) -> None:
    client = Client()
    client.desk.broken = _an(kind)
    response = client.send("GET", ONE, promised=False)
    body = problem(response, STATUSES[kind], kind.code)
    assert ("errors" in body) == (kind is FormInvalid)
    assert ("retry-after" in response.headers) == (STATUSES[kind] == 503)


def test_every_kind_is_said_in_both_languages_and_says_what_to_do() -> None:
    for kind in KINDS.values():
        assert set(kind.title) == {"en", "zh-CN"}
        assert all(kind.title.values())
        assert kind.next


def test_a_refusal_is_told_in_the_language_asked_for() -> None:
    client = Client()
    client.desk.broken = TransitionRefused("no", text={"en": "Not now.", "zh-CN": "现在不行。"})
    chinese = client.send("GET", ONE, promised=False, headers={"Accept-Language": "zh-CN, en;q=0.5"})
    assert chinese.json()["detail"] == "现在不行。"
    assert chinese.json()["title"] == "当前无法执行该流转"
    assert chinese.headers["content-language"] == "zh-CN"
    english = client.send("GET", ONE, promised=False, headers={"Accept-Language": "en"})
    assert english.json()["detail"] == "Not now."
    assert english.headers["vary"] == "Accept-Language"


def test_the_owners_sentence_about_a_value_is_told_in_the_language_asked_for() -> None:
    client = Client()
    texts = (("en", "Not in a freeze."), ("zh-CN", "封网期内不可。"))
    client.desk.broken = FormInvalid(
        [Mistake("", "rule", "Not in a freeze.", texts), Mistake("title", "missing", "is required")]
    )
    body = client.send("GET", ONE, promised=False, headers={"Accept-Language": "zh-CN"}).json()
    assert body["detail"] == "封网期内不可。; title: is required"
    assert [error["message"] for error in body["errors"]] == ["封网期内不可。", "is required"]


def test_without_a_wish_the_callers_own_language_is_spoken() -> None:
    client = Client()
    client.desk.broken = NotPermitted("no", text={"en": "No.", "zh-CN": "不可以。"})
    assert client.send("GET", ONE, by="wang", promised=False).json()["detail"] == "不可以。"
    assert client.send("GET", ONE, by="bob", promised=False).json()["detail"] == "No."


def test_an_unexpected_error_is_a_500_whose_id_is_in_the_log_and_which_tells_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = Client()
    client.desk.broken = ZeroDivisionError("password=hunter2")
    with caplog.at_level(logging.ERROR):
        response = client.send("GET", ONE)
    body = problem(response, 500, "internal_error")
    assert "hunter2" not in response.text
    assert "ZeroDivision" not in response.text
    (line,) = [record for record in caplog.records if getattr(record, "error_id", None) == body["error_id"]]
    assert line.exc_info is not None
    assert line.exc_info[0] is ZeroDivisionError
    assert client.desk.kept == {}


def test_an_unknown_address_and_method_are_problems_too() -> None:
    client = Client()
    problem(client.send("GET", "/api/v1/nothing"), 404, "not_found")
    problem(client.send("GET", "/"), 404, "not_found")
    problem(client.send("GET", "/api/v1/tickets/"), 404, "not_found")
    response = client.send("DELETE", ONE)
    problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "GET, PATCH"


def test_pages_mounted_beside_the_api_do_not_change_its_answers() -> None:
    client = Client()
    client.app.router.routes.append(_Pages("/", Starlette()))
    problem(client.send("DELETE", ONE), 405, "method_not_allowed")
    problem(client.send("GET", "/api/v1/nothing"), 404, "not_found")
    assert client.send("GET", "/no-page").headers["x-request-id"]


class _Pages(Mount):
    """Everything but the API's own addresses, as the web puts its pages there."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.NONE, {}) if scope["path"].startswith("/api") else super().matches(scope)


def test_every_mistake_of_a_body_is_named_at_once() -> None:
    body = {"proces": "incident", "fields": [], "channel": "Sehr Laut"}
    response = Client().send("POST", "/api/v1/tickets", json=body)
    found = problem(response, 422, "form_invalid")
    assert mistakes(found) == {
        "process": "missing",
        "fields": "type",
        "channel": "pattern",
        "proces": "unknown",
    }


def test_a_detail_with_what_utf8_cannot_hold_is_still_json() -> None:
    client = Client()
    client.desk.broken = Refused("half a character: \ud800")
    response = client.send("GET", ONE, promised=False)
    assert response.status_code == 409
    assert json.loads(response.content)["detail"] == "half a character: \ud800"
