"""What routes ask for: the desk, who asks, and what guards a write."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Header, Path
from starlette.requests import Request

from api import strict_json
from api.errors import HttpRefused
from api.etags import parse_if_match
from api.ports import Desk
from desk.values import Caller, Guard
from domain.errors import RevisionMissing, TicketUnknown

_VISIBLE = re.compile(r"[\x21-\x7e]{1,255}")
_MAX_REF = 100


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller  # settled by StrictRoute
    return caller


async def _ref(
    ref: Annotated[
        str, Path(description="The ticket's number (`INC-000042`) or its id.", examples=["INC-000042"])
    ],
) -> str:
    if len(ref) > _MAX_REF:
        raise TicketUnknown(f"no ticket has a number as long as this: {len(ref)} characters")
    return ref


TheDesk = Annotated[Desk, Depends(_desk)]
Actor = Annotated[Caller, Depends(_caller)]
TicketRef = Annotated[str, Depends(_ref)]

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="1 to 255 visible ASCII characters of your own choice, such as a UUID. The same key and "
        "request give the same result however often they are sent; with another request: 422.",
        examples=["0d5a1c4e-6d0e-4c39-9d2e-2f5d4b8f0b1a"],
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description='The ticket\'s `ETag` as you have seen it, such as `"3"`. `*` means any revision.',
        examples=['"3"'],
    ),
]


async def _once(request: Request, key: IdempotencyKey = None) -> Guard:
    """Guards a write that no earlier sight of the ticket can make wrong: opening, commenting."""
    if key is None:
        return Guard()
    if _VISIBLE.fullmatch(key) is None or len(request.headers.getlist("idempotency-key")) > 1:
        raise HttpRefused("header_invalid", "Idempotency-Key: send one, 1 to 255 visible ASCII characters.")
    return Guard(key=key, request_hash=await _request_hash(request))


async def _on_sight(request: Request, key: IdempotencyKey = None, if_match: IfMatch = None) -> Guard:
    """Guards a write that is decided on sight of the ticket: `If-Match` has to come with it."""
    if if_match is None:
        raise RevisionMissing("Send the ticket's ETag as If-Match, or `*` for any revision.")
    return replace(await _once(request, key), revision=parse_if_match(if_match))


OnceGuard = Annotated[Guard, Depends(_once)]
SightGuard = Annotated[Guard, Depends(_on_sight)]


async def _request_hash(request: Request) -> str:
    """What makes two requests the same: method, address and what the body says, however it is spelled."""
    said = strict_json.canonical(await request.json()) if await request.body() else b""
    head = f"{request.method} {request.scope['path']}\n".encode()
    return hashlib.sha256(head + said).hexdigest()
