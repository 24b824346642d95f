"""What stands between a browser and the pages: headers, same-origin writes, bounded forms, safe redirects."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, ImmutableMultiDict, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_FORM_BYTES = 1_048_576
MAX_FORM_FIELDS = 500
_SAFE = ("GET", "HEAD", "OPTIONS")

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class SecurityHeaders:
    """Puts the headers on every answer; pages with people's data are not to be kept by anybody."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if scope.get("scheme") == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def refuse_foreign_writes(request: Request) -> None:
    """403 unless an unsafe request comes from our own pages.

    Browsers say where a request comes from (`Sec-Fetch-Site`); older ones send `Origin` with a form. A request
    with neither is not from a browser and belongs to the API, which takes bearer tokens.
    """
    if request.method in _SAFE:
        return
    if not _is_ours(request.headers):
        raise HTTPException(403, "cross_site")


def _is_ours(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host", "")


class Form(ImmutableMultiDict[str, str]):
    """What a form sent. `digest` is the same for the same request: it goes beside the idempotency key."""

    def __init__(self, request: Request, body: bytes) -> None:
        try:
            pairs = parse_qsl(
                body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS, errors="strict"
            )
        except ValueError as error:
            raise HTTPException(400, "form_unreadable") from error
        super().__init__(pairs)
        self._said = f"{request.method} {request.url.path}"

    @property
    def digest(self) -> str:
        told = sorted((key, value) for key, value in self.multi_items() if key != "key")
        return hashlib.sha256(f"{self._said} {told!r}".encode()).hexdigest()


async def read_form(request: Request) -> Form:
    """The urlencoded form of a request. 413 above 1 MiB, 400 when it cannot be read, 415 for anything else."""
    kind = request.headers.get("content-type", "application/x-www-form-urlencoded").split(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415, "form_type")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(413, "form_too_large")
    return Form(request, bytes(body))


def local_path(target: str, otherwise: str = "/") -> str:
    """A redirect target of our own, never another site: `//evil`, `https:…` and control characters are refused."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or any(ord(one) < 32 for one in target):
        return otherwise
    return target
