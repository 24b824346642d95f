"""Answers of the API: JSON written once, with the headers that go with it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from api import bodies
from api.etags import etag
from desk.values import Pending, Settled, TicketView

POLL_AFTER = "1"  # seconds; a command that took longer than 3 s is waiting for something


class Json(Response):
    """A JSON answer of plain values."""

    media_type = "application/json"

    def __init__(self, body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(
            json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(),
            status,
            headers,
        )


def ticket(view: TicketView) -> Response:
    """A ticket with its entity tag."""
    return Json(bodies.ticket(view), headers={"ETag": etag(view.revision)})


def opened(request: Request, settled: Settled) -> Response:
    """201: where the new ticket is, and the ticket."""
    headers = _settled_headers(request, settled)
    headers["Location"] = address(request, f"tickets/{settled.ticket.ticket.ref}")
    return Json(bodies.ticket(settled.ticket), 201, headers)


def settled_or_pending(request: Request, outcome: Settled | Pending) -> Response:
    """200 with the ticket as the command left it, or 202 with the operation to poll."""
    if isinstance(outcome, Pending):
        return accepted(request, outcome)
    return Json(bodies.ticket(outcome.ticket), 200, _settled_headers(request, outcome))


def commented(request: Request, outcome: Settled | Pending, text: str) -> Response:
    """201 with the comment, or 202 with the operation to poll."""
    if isinstance(outcome, Pending):
        return accepted(request, outcome)
    told = next(one.detail for one in outcome.entry.happened if one.what == "commented")
    caller = request.state.caller
    body = {
        "id": told["comment"],
        "author": {"id": caller.id, "name": caller.name},
        "public": told["public"],
        "text": text,
        "at": bodies.plain(outcome.entry.at),
    }
    return Json(body, 201, _settled_headers(request, outcome))


def accepted(request: Request, pending: Pending) -> Response:
    """202: the command is committed and will be carried out; the operation tells its outcome."""
    request.state.ticket = pending.ref
    where = address(request, f"operations/{pending.operation}")
    body = {"operation": pending.operation, "status": "pending", "ticket_ref": pending.ref}
    return Json(body, 202, {"Location": where, "Retry-After": POLL_AFTER})


def address(request: Request, path: str) -> str:
    """The address of a resource, also where the API is mounted below another path."""
    return f"{request.scope.get('root_path', '')}/api/v1/{path}"


def _settled_headers(request: Request, settled: Settled) -> dict[str, str]:
    request.state.ticket, request.state.command = settled.ticket.ticket.ref, settled.command
    headers = {"ETag": etag(settled.ticket.revision)}
    if settled.replayed:
        headers["Idempotency-Replayed"] = "true"
    return headers
