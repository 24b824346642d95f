"""The OpenAPI document is whole: what it names exists, and every route says what can become of a request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.problems import KINDS
from tests.api.client import Client

DOCUMENT: dict[str, Any] = Client().send("GET", "/api/v1/openapi.json", by=None).json()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def test_it_is_openapi_3_1() -> None:
    assert re.fullmatch(r"3\.1\.\d+", DOCUMENT["openapi"])
    assert DOCUMENT["info"]["title"] == "Evertick"
    assert DOCUMENT["info"]["version"]
    assert DOCUMENT["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert DOCUMENT["security"] == [{"bearer": []}]


def test_every_reference_leads_somewhere() -> None:
    found = set(_references(DOCUMENT))
    assert found, "there are references"
    for reference in found:
        place: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_every_operation_has_its_own_name_a_tag_and_a_description() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(names) == len(set(names)) >= 25
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    for address, operation in OPERATIONS.items():
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", operation["operationId"]), address
        assert operation["tags"][0] in tags, address
        assert all((operation["summary"], operation["description"])), address


@pytest.mark.parametrize("address", OPERATIONS)
def test_a_path_declares_its_parameters(address: str) -> None:
    path_parameters = {
        one["name"]
        for one in OPERATIONS[address].get("parameters", ())
        if one["in"] == "path" and one["required"]
    }
    assert path_parameters == set(re.findall(r"{(\w+)}", address))


@pytest.mark.parametrize("address", OPERATIONS)
def test_every_failure_is_told_as_a_problem(address: str) -> None:
    method, path = address.split()
    answers = OPERATIONS[address]["responses"]
    assert "HTTPValidationError" not in str(answers), "FastAPI's own shape of errors is never sent"
    failures = {status for status in answers if status >= "400"}
    if path.startswith("/health/"):
        assert OPERATIONS[address]["security"] == []
        return
    assert {"400", "401", "500", "503"} <= failures
    for status in failures:
        assert list(answers[status]["content"]) == ["application/problem+json"], status
        codes = re.findall("`([a-z_]+)`", answers[status]["description"])
        assert codes
        assert all(KINDS[code].status == int(status) for code in codes)
    assert "WWW-Authenticate" in answers["401"]["headers"]
    assert "Retry-After" in answers["503"]["headers"]
    if "{ref}" in path:
        assert "404" in failures
    if method != "GET":
        assert {"403", "413", "415", "422"} <= failures
        headers = {one["name"] for one in OPERATIONS[address]["parameters"] if one["in"] == "header"}
        assert "Idempotency-Key" in headers


@pytest.mark.parametrize("name", ["editTicket", "takeTransition", "assignTicket", "completeTask"])
def test_writes_on_sight_require_a_revision(name: str) -> None:
    (operation,) = (one for one in OPERATIONS.values() if one["operationId"] == name)
    (if_match,) = (one for one in operation["parameters"] if one["name"] == "If-Match")
    assert if_match["required"]
    assert if_match["schema"]["type"] == "string"
    assert {"412", "428", "409", "202"} <= set(operation["responses"])


def test_bodies_have_examples() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if name.startswith("New"):
            assert all("examples" in member for member in schema["properties"].values()), name


def test_the_document_is_public_and_may_be_kept_for_a_while() -> None:
    response = Client().send("GET", "/api/v1/openapi.json", by=None)
    assert response.headers["cache-control"] == "public, max-age=300"
