"""Operations and the outbox."""

from __future__ import annotations

from desk.values import Pending
from domain.errors import EngineFault, FieldError, FormInvalid, TransitionRefused
from tests.api.client import Client, problem

OPERATION = "/api/v1/operations/op-9"


def test_a_pending_operation_says_so_and_when_to_ask_again() -> None:
    client = Client()
    client.desk.operations["op-9"] = Pending("op-9", "INC-000001")
    response = client.send("GET", OPERATION)
    assert response.json() == {"operation": "op-9", "status": "pending", "ticket_ref": "INC-000001"}
    assert response.headers["retry-after"] == "1"


def test_a_refused_operation_is_an_outcome_not_a_failure_to_read_it() -> None:
    client = Client()
    client.desk.operations["op-9"] = TransitionRefused("no", text={"en": "Too late.", "zh-CN": "太晚了。"})
    response = client.send("GET", OPERATION, headers={"Accept-Language": "zh"})
    assert response.status_code == 200
    told = response.json()
    assert told["status"] == "refused"
    assert (told["problem"]["code"], told["problem"]["detail"]) == ("transition_refused", "太晚了。")


def test_a_refused_form_keeps_its_mistakes() -> None:
    client = Client()
    client.desk.operations["op-9"] = FormInvalid([FieldError("title", "missing", "is required")])
    told = client.send("GET", OPERATION).json()["problem"]
    assert told["errors"] == [{"field": "title", "code": "missing", "message": "is required"}]
    client.desk.operations["op-9"] = EngineFault("the engine stumbled")
    assert client.send("GET", OPERATION).json()["problem"]["status"] == 500


def test_an_unknown_operation_is_not_found() -> None:
    assert Client().send("GET", OPERATION).status_code == 404


def test_the_outbox_is_listed() -> None:
    client = Client()
    assert len(client.send("GET", "/api/v1/outbox").json()["deliveries"]) == 1
    problem(client.send("GET", "/api/v1/outbox?limit=0"), 422, "form_invalid")
