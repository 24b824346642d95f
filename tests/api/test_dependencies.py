"""Writes are guarded: by idempotency keys and by revisions."""

from __future__ import annotations

import asyncio

import pytest
from httpx2 import ASGITransport, AsyncClient

from api.app import create_api
from tests.api.client import NEW, ONE, TICKETS, Client, problem
from tests.api.fake_desk import FakeDesk

KEY = {"Idempotency-Key": "0d5a1c4e"}


def test_the_same_key_and_request_give_the_same_answer_and_one_ticket() -> None:
    client = Client()
    first = client.send("POST", TICKETS, json=NEW, headers=KEY)
    # The same request, spelled differently.
    spelled = b'{"fields":\n{"category":"vpn","title":"VPN \\u0075nusable"},"process":"incident"}'
    again = client.send("POST", TICKETS, content=spelled, headers=KEY | {"Content-Type": "application/json"})
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert first.headers["location"] == again.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(client.desk.kept) == 1


def test_a_key_sent_fifty_times_at_once_opens_one_ticket() -> None:
    async def ask() -> None:
        desk = FakeDesk()
        headers = KEY | {"Authorization": "Bearer token-alice"}
        async with AsyncClient(transport=ASGITransport(create_api(desk)), base_url="http://test") as http:
            answers = await asyncio.gather(
                *(http.post(TICKETS, json=NEW, headers=headers) for _ in range(50))
            )
        assert {one.status_code for one in answers} == {201}
        assert len({one.content for one in answers}) == 1
        assert sum("idempotency-replayed" not in one.headers for one in answers) == 1
        assert len(desk.kept) == 1

    asyncio.run(ask())


def test_the_same_key_with_another_request_is_refused() -> None:
    client = Client()
    client.send("POST", TICKETS, json=NEW, headers=KEY)
    other = NEW | {"channel": "chat"}
    problem(client.send("POST", TICKETS, json=other, headers=KEY), 422, "key_reused")
    comment = {"text": "x", "public": True}
    problem(client.send("POST", f"{ONE}/comments", json=comment, headers=KEY), 422, "key_reused")
    assert len(client.desk.kept) == 1


def test_the_same_words_to_another_ticket_are_another_request() -> None:
    client = Client()
    client.open()
    client.open()
    comment = {"text": "x", "public": True}
    assert client.send("POST", f"{ONE}/comments", json=comment, headers=KEY).status_code == 201
    elsewhere = client.send("POST", f"{TICKETS}/INC-000002/comments", json=comment, headers=KEY)
    problem(elsewhere, 422, "key_reused")


def test_a_key_belongs_to_one_person() -> None:
    client = Client()
    client.send("POST", TICKETS, json=NEW, headers=KEY)
    assert client.send("POST", TICKETS, by="bob", json=NEW, headers=KEY).headers["location"] != ONE
    assert len(client.desk.kept) == 2


def test_a_refusal_is_repeated_for_its_key() -> None:
    client = Client()
    bad = {"process": "incident", "fields": {}}
    first = client.send("POST", TICKETS, json=bad, headers=KEY | {"X-Request-ID": "same"})
    again = client.send("POST", TICKETS, json=bad, headers=KEY | {"X-Request-ID": "same"})
    problem(again, 422, "form_invalid")
    assert first.content == again.content


def test_the_key_comes_before_the_revision() -> None:
    """A client that lost the answer sends the same again, with the revision it had seen."""
    client = Client()
    client.open()
    body, headers = {"transition": "start", "fields": {}}, KEY | {"If-Match": '"1"'}
    first = client.send("POST", f"{ONE}/transitions", by="wang", json=body, headers=headers)
    again = client.send("POST", f"{ONE}/transitions", by="wang", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
def test_every_write_takes_a_key(method: str) -> None:
    client = Client()
    client.open()
    path, body = {
        "POST": (f"{ONE}/comments", {"text": "hello", "public": True}),
        "PATCH": (ONE, {"fields": {"title": "New"}}),
        "PUT": (f"{ONE}/assignment", {"team": "service-desk", "assignee": "wang"}),
    }[method]
    for replayed in (None, "true", "true"):
        response = client.send(method, path, by="wang", json=body, headers=KEY | {"If-Match": "*"})
        assert response.headers.get("idempotency-replayed") == replayed
    assert client.desk.kept["INC-000001"].ticket.seq == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b", "t\u00f6n".encode("latin-1"), "tab\there"])
def test_a_key_that_is_none_is_refused(key: str | bytes) -> None:
    client = Client()
    response = client.send("POST", TICKETS, json=NEW, headers={"Idempotency-Key": key})
    problem(response, 400, "header_invalid")
    assert client.desk.kept == {}


def test_two_keys_are_refused() -> None:
    client = Client()
    headers = [("Authorization", "Bearer token-alice"), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    problem(client.http.post(TICKETS, json=NEW, headers=headers), 400, "header_invalid")


def test_the_longest_key_is_taken() -> None:
    headers = {"Idempotency-Key": "~" * 255}
    assert Client().send("POST", TICKETS, json=NEW, headers=headers).status_code == 201


WRITES_ON_SIGHT = [
    ("PATCH", ONE, {"fields": {"title": "New"}}),
    ("POST", f"{ONE}/transitions", {"transition": "start"}),
    ("PUT", f"{ONE}/assignment", {"team": "service-desk", "assignee": "wang"}),
    ("POST", f"{ONE}/tasks/review/completion", {"failed": False}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES_ON_SIGHT)
def test_edits_and_transitions_want_the_revision_that_was_seen(
    method: str, path: str, body: dict[str, object]
) -> None:
    client = Client()
    client.open()
    before = client.desk.kept["INC-000001"].ticket
    problem(client.send(method, path, by="wang", json=body), 428, "revision_missing")
    for stale in ('"0"', '"2"', 'W/"1"', '"abc"'):
        response = client.send(method, path, by="wang", json=body, headers={"If-Match": stale})
        problem(response, 412, "revision_stale")
    for malformed in ("1", '"1', '"1", "2"'):
        response = client.send(method, path, by="wang", json=body, headers={"If-Match": malformed})
        problem(response, 400, "header_invalid")
    assert client.desk.kept["INC-000001"].ticket is before, "nothing has changed"
    response = client.send(method, path, by="wang", json=body, headers={"If-Match": '"1"'})
    assert response.status_code == 200
    assert response.headers["etag"] == '"2"'
    assert response.json()["revision"] == 2


@pytest.mark.parametrize(("method", "path", "body"), WRITES_ON_SIGHT)
def test_a_star_takes_the_ticket_as_it_is(method: str, path: str, body: dict[str, object]) -> None:
    client = Client()
    client.open()
    client.send("PATCH", ONE, json={"fields": {"title": "Meanwhile"}}, headers={"If-Match": '"1"'})
    response = client.send(method, path, by="wang", json=body, headers={"If-Match": "*"})
    assert (response.status_code, response.headers["etag"]) == (200, '"3"')


@pytest.mark.parametrize(("method", "path", "body"), WRITES_ON_SIGHT)
def test_a_star_on_a_ticket_one_may_not_see_is_an_unknown_ticket(
    method: str, path: str, body: dict[str, object]
) -> None:
    client = Client()
    client.open()
    response = client.send(method, path, by="bob", json=body, headers={"If-Match": "*"})
    problem(response, 404, "ticket_unknown")


def test_two_edits_of_one_revision_are_one_edit_and_one_refusal() -> None:
    async def ask() -> None:
        desk = FakeDesk()
        headers = {"Authorization": "Bearer token-alice", "If-Match": '"1"'}
        async with AsyncClient(
            transport=ASGITransport(create_api(desk)), base_url="http://test", headers=headers
        ) as http:
            await http.post(TICKETS, json=NEW)
            edits = (http.patch(ONE, json={"fields": {"title": f"Title {n}"}}) for n in range(8))
            answers = await asyncio.gather(*edits)
        assert sorted(one.status_code for one in answers) == [200] + [412] * 7

    asyncio.run(ask())
