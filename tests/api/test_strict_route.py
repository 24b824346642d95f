"""Who asks, and how the request is written, is settled before anything else."""

from __future__ import annotations

import pytest

from tests.api.client import NEW, ONE, TICKETS, Client, mistakes, problem

JSON = {"Content-Type": "application/json"}


def test_without_a_token_nothing_else_is_looked_at() -> None:
    client = Client()
    response = client.send("POST", TICKETS, by=None, content=b"\xff{nonsense", headers=JSON)
    problem(response, 401, "token_missing")
    assert response.headers["www-authenticate"] == 'Bearer realm="evertick"'
    assert client.desk.calls == 0, "the desk is not asked about a token that was not sent"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer nobody",
        "Bearer token-alice token-bob",
        "Bearer",
        "Bearer ",
        "token-alice",
        "Basic YWxpY2U6eA==",
        "Bearer t\u00f6ken".encode("latin-1"),
        "Bearer " + "x" * 10_000,
        "Bearer token-alice\t",
    ],
)
def test_an_invalid_token_is_refused_with_a_challenge(header: str | bytes) -> None:
    response = Client().send("GET", ONE, headers={"Authorization": header})
    problem(response, 401, "token_invalid")
    assert response.headers["www-authenticate"].startswith('Bearer realm="evertick", error="invalid_')


def test_the_scheme_is_read_in_any_case() -> None:
    response = Client().send("GET", "/api/v1/me", headers={"Authorization": "bearer  token-alice"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/jsonx"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": ""},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_a_body_that_is_not_json_is_refused_by_its_type(headers: dict[str, str]) -> None:
    client = Client()
    problem(client.send("POST", TICKETS, content=b"{}", headers=headers), 415, "media_type_unsupported")
    assert client.desk.kept == {}


def test_a_body_without_a_type_is_refused() -> None:
    client = Client()
    request = client.http.build_request(
        "POST", TICKETS, content=b"{}", headers={"Authorization": "Bearer token-alice"}
    )
    request.headers.pop("content-type", None)
    problem(client.http.send(request), 415, "media_type_unsupported")


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "application/json; charset=UTF-8",
        "application/vnd.api+json",
        'APPLICATION/JSON;charset="utf-8"',
    ],
)
def test_json_may_be_named_in_every_usual_way(media_type: str) -> None:
    body = b'{"process": "incident", "fields": {"title": "t", "category": "vpn"}}'
    response = Client().send("POST", TICKETS, content=body, headers={"Content-Type": media_type})
    assert response.status_code == 201


def test_no_body_at_all_is_a_missing_body() -> None:
    found = problem(Client().send("POST", TICKETS), 422, "form_invalid")
    assert mistakes(found) == {"body": "missing"}


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"text"', b"1", b"true"])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    found = problem(Client().send("POST", TICKETS, content=body, headers=JSON), 422, "form_invalid")
    assert set(mistakes(found)) == {"body"}


@pytest.mark.parametrize("body", [b"{", b'{"process": "incident",}', b"\xff\xfe", b'{"a": NaN}', b"{'a': 1}"])
def test_malformed_json_is_a_bad_request(body: bytes) -> None:
    client = Client()
    problem(client.send("POST", TICKETS, content=body, headers=JSON), 400, "json_invalid")
    assert client.desk.kept == {}


@pytest.mark.parametrize("text", ["nul \0", "escape \x1b[31m", "bell \a", "delete \x7f", "next line \x85"])
def test_control_characters_in_texts_are_a_bad_request_that_names_the_field(text: str) -> None:
    client = Client()
    found = problem(client.open(title=text), 400, "text_invalid")
    assert mistakes(found) == {"fields.title": "control"}
    assert client.desk.kept == {}


def test_every_writing_and_line_end_is_kept_as_it_came() -> None:
    title = "无法连接 VPN 😀\r\n\té"
    assert Client().open(title=title).json()["title"] == title


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "q=a%1bb", "%00=1"])
def test_addresses_are_texts_too(query: str) -> None:
    problem(Client().send("GET", f"{TICKETS}?{query}"), 400, "text_invalid")
    assert Client().send("GET", f"{TICKETS}?q=%E4%B8%AD%E6%96%87%0A").status_code == 200


@pytest.mark.parametrize("ref", ["INC%00", "INC%1B"])
def test_a_ticket_number_has_no_control_characters(ref: str) -> None:
    problem(Client().send("GET", f"{TICKETS}/{ref}"), 400, "text_invalid")


@pytest.mark.parametrize(
    "ref", ["x" * 101, "%F0%9F%98%80", "..%2f..", "'; drop table tickets; --", "INC-1%20"]
)
def test_a_ticket_number_that_is_none_is_an_unknown_ticket(ref: str) -> None:
    response = Client().send("GET", f"{TICKETS}/{ref}")
    assert response.status_code == 404
    assert response.json()["code"] in ("ticket_unknown", "not_found")


def test_the_desk_being_away_is_said_with_when_to_come_back() -> None:
    client = Client()
    client.desk.away = True
    response = client.send("POST", TICKETS, json=NEW)
    problem(response, 503, "unavailable")
    assert response.headers["retry-after"] == "5"
    assert client.desk.kept == {}
