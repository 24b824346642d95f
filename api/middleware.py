"""What every request passes, in plain ASGI: its id, its size, its answer's headers, its line in the log."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import HttpRefused, problem, unexpected
from api.problems import KINDS

log = logging.getLogger("api.access")

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",  # an answer is one person's view of a ticket
}
"""Set where a route has not set its own."""

_RAW_HEADERS = tuple((name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items())


class Envelope:
    """Outermost: gives the request its id, answers what nobody caught, sets headers, writes the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_at = time.perf_counter()
        state = scope.setdefault("state", {})
        state["request_id"] = request_id = _request_id(scope)
        status = 0

        async def send_enveloped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"] = list(message.get("headers", ()))
                present = {name for name, _ in headers}
                headers.append((b"x-request-id", request_id.encode()))
                headers.extend(header for header in _RAW_HEADERS if header[0] not in present)
            await send(message)

        try:
            await self._app(scope, receive, send_enveloped)
        # Whatever nobody foresaw is answered as a 500 with an id, and logged with its traceback.
        except Exception as error:
            if status:  # half an answer is on its way: only cutting the connection tells the client
                raise
            await unexpected(scope, error)(scope, receive, send_enveloped)
        finally:
            _write_access_log(scope, status, time.perf_counter() - started_at)


def _request_id(scope: Scope) -> str:
    """The client's own id, so that its log and ours can be laid side by side; else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    return secrets.token_hex(8)


def _write_access_log(scope: Scope, status: int, seconds: float) -> None:
    level = logging.DEBUG if scope["path"].startswith("/health/") else logging.INFO
    if not log.isEnabledFor(level):
        return
    state = scope["state"]
    caller = state.get("caller")
    facts = {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        "request": state["request_id"],
        "caller": caller.id if caller is not None else None,
        "ticket": state.get("ticket") or scope.get("path_params", {}).get("ref"),
        "command": state.get("command"),
        "problem": state.get("problem"),
    }
    log.log(level, "request", extra={name: value for name, value in facts.items() if value is not None})


class BodyLimit:
    """Refuses a body that is too large: by its declared length at once, else once it has grown too large."""

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self._app = app
        self._max = max_body
        self._detail = f"At most {max_body} bytes are accepted."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        total = int(declared) if declared.isdigit() and len(declared) < 20 else self._max + 1
        if total > self._max:
            answer = problem(scope, KINDS["body_too_large"], self._detail, headers=_CLOSE)
            await answer(scope, receive, _lingering(receive, send))
            return
        total, more = 0, True

        async def receive_counted() -> Message:
            nonlocal total, more
            message = await receive()
            more = message.get("more_body", False)
            total += len(message.get("body", b""))
            if total > self._max:
                raise HttpRefused("body_too_large", self._detail, headers=_CLOSE)
            return message

        async def send_counted(message: Message) -> None:
            await (_lingering(receive, send) if more and total > self._max else send)(message)

        await self._app(scope, receive_counted, send_counted)


# The rest of the body is still on its way: a connection that went on would have to read it all.
_CLOSE = {"Connection": "close"}
_LINGER_BYTES = 16 * 1024 * 1024
_LINGER_SECONDS = 2.0


def _lingering(receive: Receive, send: Send) -> Send:
    """Sends the answer whole, then for a while throws away what still comes in, before it closes.

    Closed at once, it would be reset, and a client that is busy sending would see that and never the answer.
    """

    async def send_and_linger(message: Message) -> None:
        if message["type"] != "http.response.body" or message.get("more_body", False):
            await send(message)
            return
        await send({**message, "more_body": True})
        left = _LINGER_BYTES
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                while left > 0:
                    part = await receive()
                    if part["type"] != "http.request" or not part.get("more_body", False):
                        break
                    left -= len(part["body"])
        await send({"type": "http.response.body", "body": b""})

    return send_and_linger
