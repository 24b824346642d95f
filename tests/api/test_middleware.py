"""Ids, sizes, headers, log lines."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from httpx2 import ASGITransport, AsyncClient
from starlette.types import Message, Scope

from api.app import MAX_BODY, create_api
from api.middleware import SECURITY_HEADERS
from tests.api.client import NEW, ONE, TICKETS, Client, problem
from tests.api.fake_desk import FakeDesk

AUTHORIZED = {"Authorization": "Bearer token-alice", "Content-Type": "application/json"}


def test_a_request_gets_an_id_and_keeps_the_one_it_came_with() -> None:
    client = Client()
    first, second = (client.send("GET", "/health/live").headers["x-request-id"] for _ in range(2))
    assert first
    assert second
    assert first != second
    own = client.send("GET", "/health/live", headers={"X-Request-ID": "trace-1.a_b"})
    assert own.headers["x-request-id"] == "trace-1.a_b"
    for bad in ("a b", "x" * 65, "", 'a"b'):
        own = client.send("GET", "/health/live", headers={"X-Request-ID": bad})
        assert own.headers["x-request-id"] != bad


@pytest.mark.parametrize(
    "path", [ONE, "/api/v1/nothing", "/health/live", "/api/docs", "/api/v1/openapi.json"]
)
def test_every_answer_has_the_security_headers(path: str) -> None:
    headers = Client().send("GET", path).headers
    assert set(map(str.lower, SECURITY_HEADERS)) <= set(headers)
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_a_request_leaves_one_line_in_the_log_with_ticket_and_command(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = Client()
    with caplog.at_level(logging.INFO, logger="api.access"):
        client.open()
        client.send("GET", f"{TICKETS}/INC-999999")
        client.send("GET", ONE, by=None)
    opened, unknown, stranger = (vars(record) for record in caplog.records if record.name == "api.access")
    assert opened["method"] == "POST"
    assert opened["path"] == TICKETS
    assert opened["status"] == 201
    assert (opened["ticket"], opened["command"], opened["caller"]) == ("INC-000001", 1, "alice")
    assert opened["milliseconds"] >= 0
    assert opened["request"]
    assert (unknown["ticket"], unknown["problem"], unknown["status"]) == ("INC-999999", "ticket_unknown", 404)
    assert "caller" not in stranger
    assert stranger["problem"] == "token_missing"
    assert not any("token-alice" in str(vars(record)) for record in caplog.records), "tokens are never logged"


def test_probes_do_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            client.send("GET", "/health/ready")
    ours = [record.message for record in caplog.records if record.name.startswith("api.")]
    assert ours == ["readiness changed"]


def test_a_body_that_says_it_is_too_large_is_refused_before_any_of_it_is_read() -> None:
    sent, read_before_answer = asyncio.run(_endless([(b"content-length", b"10485760")]))
    assert _status(sent) == 413
    headers = dict(sent[0]["headers"])
    assert headers[b"connection"] == b"close"
    assert headers[b"content-type"] == b"application/problem+json"
    assert read_before_answer == 0


def test_a_chunked_body_is_read_no_further_than_the_limit() -> None:
    sent, read_before_answer = asyncio.run(_endless([(b"transfer-encoding", b"chunked")]))
    assert _status(sent) == 413
    assert MAX_BODY < read_before_answer <= MAX_BODY + CHUNK


def test_a_false_length_does_not_get_a_body_past_the_limit() -> None:
    for length in (b"17", b"9" * 50, b"-1", b"1e3", "²".encode("latin-1")):
        sent, read_before_answer = asyncio.run(_endless([(b"content-length", length)]))
        assert _status(sent) == 413
        assert read_before_answer <= MAX_BODY + CHUNK


def test_who_never_stops_sending_is_cut_off() -> None:
    read = 0

    async def receive() -> Message:
        nonlocal read
        read += CHUNK
        return {"type": "http.request", "body": b" " * CHUNK, "more_body": True}

    async def send(message: Message) -> None:
        pass

    scope = _scope([(b"content-length", b"99999999999")])
    asyncio.run(create_api(FakeDesk())(scope, receive, send))
    assert read <= 17 * 1024 * 1024


def test_a_body_of_exactly_the_limit_is_read() -> None:
    client = Client(max_body=1000)
    text = '{"process": "incident", "fields": {"title": "t", "category": "vpn"}}'
    assert client.send("POST", TICKETS, content=text.ljust(1000), headers=AUTHORIZED).status_code == 201
    problem(client.send("POST", TICKETS, content=text.ljust(1001), headers=AUTHORIZED), 413, "body_too_large")
    chunked = (text.ljust(1001)[i : i + 100].encode() for i in range(0, 1001, 100))
    problem(client.send("POST", TICKETS, content=chunked, headers=AUTHORIZED), 413, "body_too_large")


def test_ten_megabytes_are_refused_by_a_real_server_and_it_goes_on_serving() -> None:
    async def ask() -> None:
        async with _serving() as address, AsyncClient(base_url=address, headers=AUTHORIZED) as http:
            declared = await http.post(TICKETS, content=b" " * 10_485_760)
            problem(declared, 413, "body_too_large")
            chunked = await http.post(TICKETS, content=_megabytes(10))
            problem(chunked, 413, "body_too_large")
            assert (await http.post(TICKETS, json=NEW)).status_code == 201

    asyncio.run(ask())


async def _megabytes(count: int) -> AsyncIterator[bytes]:
    for _ in range(count * 16):
        yield b" " * 65536


@asynccontextmanager
async def _serving() -> AsyncIterator[str]:
    """A real server on a free port, gone when the block ends."""
    server = uvicorn.Server(uvicorn.Config(create_api(FakeDesk()), log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


def test_a_hundred_requests_at_once_keep_their_ids_apart() -> None:
    async def ask() -> list[tuple[str, str]]:
        transport = ASGITransport(create_api(FakeDesk()))
        async with AsyncClient(transport=transport, base_url="http://test", headers=AUTHORIZED) as http:
            asked = [http.get(ONE, headers={"X-Request-ID": f"r{n}"}) for n in range(100)]
            answers = await asyncio.gather(*asked)
            return [(one.headers["x-request-id"], one.json()["instance"]) for one in answers]

    found = asyncio.run(ask())
    assert found == [(f"r{n}", f"urn:evertick:request:r{n}") for n in range(100)]


CHUNK = 65536


async def _endless(headers: list[tuple[bytes, bytes]]) -> tuple[list[Message], int]:
    """What is answered to a body without end, and how much of it was read before that answer was complete."""
    sent: list[Message] = []
    read = 0

    async def receive() -> Message:
        nonlocal read
        if any(message["type"] == "http.response.body" for message in sent):
            return {"type": "http.disconnect"}  # a client that stops once it has its answer
        read += CHUNK
        assert read < 8 * MAX_BODY, "nobody stops reading"
        return {"type": "http.request", "body": b" " * CHUNK, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    await create_api(FakeDesk())(_scope(headers), receive, send)
    return sent, read


def _status(sent: list[Message]) -> int:
    assert not sent[-1].get("more_body", False), "the answer was never ended"
    status: int = sent[0]["status"]
    return status


def _scope(headers: list[tuple[bytes, bytes]]) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": TICKETS,
        "raw_path": TICKETS.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(n.lower().encode(), v.encode()) for n, v in AUTHORIZED.items()] + headers,
        "server": ("test", 80),
        "client": ("test", 1),
    }
