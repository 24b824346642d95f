"""The route class of the API: first who asks, then how the request is written, then what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api import strict_json
from api.errors import HttpRefused
from api.ports import Desk
from domain.errors import FieldError

_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]{1,512}=*) *")
_JSON = re.compile(r'application/(?:json|[a-z0-9.+-]+\+json) *(?:; *charset="?utf-8"? *)?', re.IGNORECASE)
_CHALLENGE = 'Bearer realm="evertick"'

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """A request whose JSON is read by our own strict reader."""

    async def json(self) -> object:
        if not hasattr(self, "_strict_json"):
            try:
                self._strict_json = strict_json.read(await self.body())
            except strict_json.JsonInvalid as error:
                raise HttpRefused("json_invalid", str(error)) from error
            except strict_json.TextInvalid as error:
                raise HttpRefused("text_invalid", str(error), errors=error.errors) from error
        return self._strict_json


class StrictRoute(APIRoute):
    """A route for people with a token."""

    def get_route_handler(self) -> Handler:
        """Wraps FastAPI's own handler, which would judge the body before it knows who sent it."""
        handle = super().get_route_handler()
        takes_body = self.body_field is not None

        async def handle_strictly(request: Request) -> Response:
            desk: Desk = request.app.state.desk
            request.state.caller = await desk.caller_by_token(_token(request))
            if request.state.caller is None:
                challenge = f'{_CHALLENGE}, error="invalid_token"'
                raise HttpRefused("token_invalid", headers={"WWW-Authenticate": challenge})
            _check_address(request)
            if takes_body:
                _check_media_type(request)
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly


def _token(request: Request) -> str:
    header = request.headers.get("authorization")
    if header is None:
        raise HttpRefused("token_missing", headers={"WWW-Authenticate": _CHALLENGE})
    if (found := _BEARER.fullmatch(header)) is None:
        challenge = f'{_CHALLENGE}, error="invalid_request"'
        raise HttpRefused("token_invalid", headers={"WWW-Authenticate": challenge})
    return found[1]


def _check_address(request: Request) -> None:
    """Path and query are UTF-8 without control characters, as texts in a body are."""
    query: bytes = request.scope["query_string"]
    if b"%" not in query and strict_json.CONTROL.search(request.scope["path"]) is None and query.isascii():
        return
    try:
        address = request.scope["path"] + unquote_to_bytes(query).decode()
    except UnicodeDecodeError as error:
        raise HttpRefused("text_invalid", "the query is not UTF-8") from error
    if found := strict_json.CONTROL.search(address):
        detail = f"the character U+{ord(found.group()):04X} is not allowed in an address"
        raise HttpRefused("text_invalid", detail, errors=[FieldError("address", "control", detail)])


def _check_media_type(request: Request) -> None:
    headers = request.headers
    media_type = headers.get("content-type")
    if media_type is None and not _has_body(request):
        return  # that its fields are missing is the better complaint
    encoded = headers.get("content-encoding", "identity") != "identity"
    if encoded or media_type is None or _JSON.fullmatch(media_type.strip()) is None:
        raise HttpRefused("media_type_unsupported", headers={"Accept": "application/json"})


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
