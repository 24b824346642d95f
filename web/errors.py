"""Errors as pages: what happened, and what to do next, in words; what was typed is never lost."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.errors import (
    Conflict,
    DefinitionUnknown,
    EvertickError,
    FactsMissing,
    FormInvalid,
    KeyReused,
    NotPermitted,
    Refused,
    RevisionMissing,
    RevisionStale,
    TicketUnknown,
    TransitionRefused,
    Unavailable,
)
from web.visit import Visit

_log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[EvertickError], int], ...] = (
    (NotPermitted, 403),
    (FormInvalid, 422),
    (TransitionRefused, 409),
    (FactsMissing, 409),
    (Refused, 409),
    (TicketUnknown, 404),
    (DefinitionUnknown, 404),
    (RevisionStale, 412),
    (RevisionMissing, 428),
    (KeyReused, 422),
    (Conflict, 409),
    (Unavailable, 503),
)
_DESIGNED = (400, 403, 404, 405, 409, 412, 413, 415, 422, 428, 500, 503)
_AGAIN = (500, 503)
_OWN = ("key", "revision")


def status_of(error: Exception) -> int:
    """The HTTP status of an error; 500 for what nobody expected."""
    if isinstance(error, HTTPException):
        return error.status_code
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


async def show_error(request: Request, error: Exception) -> Response:
    """The page for an error. A write that failed for our own reasons can be sent again: its key makes that safe."""
    status = status_of(error)
    if status >= 500:
        _log.error("page failed", extra={"path": request.url.path, "status": status}, exc_info=error)
    if "text/html" not in request.headers.get("accept", "text/html") and "*/*" not in request.headers.get(
        "accept", ""
    ):
        return JSONResponse({"status": status}, status_code=status, media_type="application/problem+json")
    visit: Visit | None = getattr(request.state, "visit", None)
    if visit is None:
        visit = Visit(request, request.app.state.tools)
    shown = status if status in _DESIGNED else 500 if status >= 500 else 400
    again = (
        [(name, value) for name, value in visit.form.multi_items()] if visit.form and shown in _AGAIN else []
    )
    typed = [value for name, value in again if name not in _OWN and len(value) > 20]
    detail = visit.texts.of(error.text) if isinstance(error, Refused) else ""
    response = visit.render("error.html", status, shown=shown, detail=detail, again=again, typed=typed)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response
