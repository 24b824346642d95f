"""What went wrong, as `application/problem+json` (RFC 9457): here alone domain errors become HTTP."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from api import schema_errors
from api.languages import negotiate, say
from api.problems import KINDS, Kind
from domain.errors import EvertickError, FieldError, FormInvalid, Refused

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"  # seconds; long enough for a failover, short enough for a person who waits

_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 500: "internal_error"}


class HttpRefused(HTTPException):
    """A request that is refused for how it is written, before it means anything to the desk."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(KINDS[code].status, detail or KINDS[code].next, headers)
        self.code = code
        self.errors = tuple(errors)


def language_of(scope: Scope) -> str:
    """The language this request is answered in."""
    accept = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    caller = scope.get("state", {}).get("caller")
    return negotiate(accept.decode("latin-1"), caller.locale if caller is not None else "")


def problem(
    scope: Scope,
    kind: Kind,
    detail: str,
    *,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
) -> Response:
    """The answer for one problem, in the client's language."""
    language = language_of(scope)
    body: dict[str, object] = {
        "type": kind.type,
        "title": say(kind.title, language),
        "status": kind.status,
        "detail": detail,
        "instance": f"urn:evertick:request:{scope.get('state', {}).get('request_id', '')}",
        "code": kind.code,
        **(extra or {}),
    }
    if errors:
        body["errors"] = [_field_error(error, language) for error in errors]
    scope.setdefault("state", {})["problem"] = kind.code
    # A detail may quote what the client sent, and that may hold what UTF-8 cannot: it is escaped then.
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    answer = Response(content, kind.status, dict(headers or {}), MEDIA_TYPE)
    answer.headers["Content-Language"] = language
    answer.headers["Vary"] = "Accept-Language"
    return answer


def refusal_body(error: EvertickError, language: str) -> dict[str, object]:
    """A refused command as a member of an operation: the problem without the request around it."""
    kind = KINDS[error.code]
    body: dict[str, object] = {"type": kind.type, "title": say(kind.title, language), "status": kind.status}
    body |= {"detail": _detail(error, language), "code": kind.code}
    if isinstance(error, FormInvalid):
        body["errors"] = [_field_error(one, language) for one in error.errors]
    return body


def unexpected(scope: Scope, error: Exception) -> Response:
    """The answer for a mistake of ours: its id is in the log beside the traceback; nothing else is told."""
    error_id = secrets.token_hex(6)
    state = scope.get("state", {})
    facts = {"error_id": error_id, "request": state.get("request_id"), "path": scope.get("path")}
    log.error("unexpected error", exc_info=error, extra=facts)
    detail = f"An operator finds this in the log as {error_id}."
    return problem(scope, KINDS["internal_error"], detail, extra={"error_id": error_id})


def _field_error(error: FieldError, language: str) -> dict[str, str]:
    return {"field": error.field, "code": error.code, "message": _sentence(error, language)}


def _sentence(error: FieldError, language: str) -> str:
    """What is wrong with a field: the owner's own sentence in the client's language, where there is one."""
    return say(dict(error.texts), language) or error.message


def _detail(error: EvertickError, language: str) -> str:
    if isinstance(error, FormInvalid):
        sentences = ((one.field, _sentence(one, language)) for one in error.errors)
        return "; ".join(f"{field}: {sentence}" if field else sentence for field, sentence in sentences)
    if isinstance(error, Refused):
        return say(error.text, language) or str(error)
    return str(error)


async def _on_evertick_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, EvertickError)
    kind = KINDS.get(error.code) or KINDS["internal_error"]
    errors = error.errors if isinstance(error, FormInvalid) else ()
    headers = {"Retry-After": RETRY_AFTER} if kind.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    if kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        facts = {"code": error.code, "reason": str(error), "path": request.url.path}
        log.error("request failed", extra=facts | {"request": request.scope["state"].get("request_id")})
    detail = _detail(error, language_of(request.scope))
    return problem(request.scope, kind, detail, errors=errors, headers=headers)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if isinstance(error, HttpRefused):
        kind = KINDS[error.code]
        return problem(request.scope, kind, error.detail, errors=error.errors, headers=headers)
    kind, detail = KINDS[_BY_STATUS.get(error.status_code, "bad_request")], error.detail
    if kind.code == "method_not_allowed":
        headers["Allow"] = allowed = _allowed_methods(request)
        detail = f"{request.method} is not possible here; possible: {allowed}."
    elif kind.code == "not_found":
        detail = f"There is nothing at {request.url.path}."
    return problem(request.scope, kind, detail, headers=headers)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = schema_errors.field_errors(error.errors())
    detail = "; ".join(f"{one.field}: {one.message}" for one in errors)
    return problem(request.scope, KINDS["form_invalid"], detail, errors=errors)


def _allowed_methods(request: Request) -> str:
    """Every method this address has. Starlette alone would name those of the first route that fits only."""
    methods: set[str] = set()
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    for route in request.app.routes:
        if isinstance(route, Route) and route.path_regex.match(path):
            methods |= route.methods or set()
    return ", ".join(sorted(methods))


def install(app: FastAPI) -> None:
    """Let every error of this app be answered as a problem; unexpected ones are `Envelope`'s business."""
    app.add_exception_handler(EvertickError, _on_evertick_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
