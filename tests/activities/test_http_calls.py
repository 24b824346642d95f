"""HTTP calls against a real server on this machine, and the refusal of private addresses."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from activities.http_calls import Call, CallFailed, make


class Server(ThreadingHTTPServer):
    """Answers as told, and keeps what it was asked."""

    status = 200
    body = b'{"id": 7}'
    kind = "application/json"
    asked: list[dict[str, Any]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.asked.append(
            {"path": self.path, "headers": dict(self.headers), "body": self.rfile.read(length)}
        )
        self.send_response(self.server.status)
        self.send_header("Content-Type", self.server.kind)
        if self.server.status == 302:
            self.send_header("Location", "http://169.254.169.254/latest")
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST  # noqa: N815 - the library's name

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.asked = []
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def a_call(server: Server, **more: Any) -> Call:
    url = f"http://localhost:{server.server_port}/api/incidents?x=1"
    given = {
        "method": "POST",
        "url": url,
        "headers": {},
        "body": {"name": "网络"},
        "expect": (200, 201),
        "timeout": 5.0,
    }
    return Call(**{**given, "key": "t/1/0/task/http", **more})


def test_the_key_the_secret_and_the_body_arrive(server: Server) -> None:
    assert make(a_call(server), allow_private=True, secret="s3cret") == {"id": 7}
    (asked,) = server.asked
    assert asked["path"] == "/api/incidents?x=1"
    assert asked["headers"]["Idempotency-Key"] == "t/1/0/task/http"
    assert asked["headers"]["Authorization"] == "Bearer s3cret"
    assert asked["headers"]["Host"] == f"localhost:{server.server_port}"
    assert json.loads(asked["body"]) == {"name": "网络"}


def test_private_addresses_are_refused_whatever_their_name(server: Server) -> None:
    for url in (
        a_call(server).url,
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://10.0.0.1/",
    ):
        with pytest.raises(CallFailed, match="private address"):
            make(a_call(server, url=url), allow_private=False, secret=None)
    assert not server.asked


def test_another_status_than_expected_is_a_failure_that_says_both(server: Server) -> None:
    server.status = 503
    with pytest.raises(CallFailed, match="answered 503, expected 200, 201"):
        make(a_call(server), allow_private=True, secret="s3cret")


def test_redirects_are_not_followed(server: Server) -> None:
    server.status = 302
    with pytest.raises(CallFailed, match="answered 302"):
        make(a_call(server), allow_private=True, secret=None)
    assert len(server.asked) == 1


def test_text_and_nothing_are_answers_too(server: Server) -> None:
    server.kind, server.body = "text/plain", b"done"
    assert make(a_call(server, method="GET", body=None), allow_private=True, secret=None) == "done"
    server.body = b""
    assert make(a_call(server, body=None), allow_private=True, secret=None) is None


def test_an_answer_without_end_is_cut_off(server: Server) -> None:
    server.body = b"x" * 300_000
    with pytest.raises(CallFailed, match="longer than"):
        make(a_call(server), allow_private=True, secret=None)


def test_what_cannot_be_called_says_why() -> None:
    for url, reason in (
        ("ftp://example.com/x", "begins with http"),
        ("http://no-such-host.invalid/", "no-such-host"),
    ):
        call = Call("GET", url, {}, None, (200,), 2.0, "k")
        with pytest.raises(CallFailed, match=reason):
            make(call, allow_private=True, secret=None)
