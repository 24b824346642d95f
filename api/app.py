"""The API as an ASGI app: `create_api(desk)`. Its routes are below `/api` and `/health`."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware import Middleware

from api import errors, openapi, reference
from api.middleware import BodyLimit, Envelope
from api.ports import Desk
from api.routes import approvals, commands, directory, health, history, links, operations, tickets

MAX_BODY = 1024 * 1024  # bytes; attachments will have a way of their own

_TAGS = {
    "tickets": "Open, list, read, edit and assign.",
    "transitions": "What can be done next, and doing it.",
    "comments": "Public replies and internal notes.",
    "tasks": "Work items of a ticket.",
    "approvals": "Who is asked, votes, and what else approvers do.",
    "links": "Other tickets that this one has to do with.",
    "messages": "What other systems tell a ticket.",
    "journal": "What happened, and why.",
    "clocks": "Service-level clocks with the ledger behind them.",
    "deliveries": "Who was told what.",
    "operations": "Outcomes of accepted commands.",
    "processes": "Which tickets can be opened, and what they ask for.",
    "directory": "Who and what there is to choose from.",
    "health": "For load balancers and operators.",
}


def create_api(
    desk: Desk, *, title: str = "Evertick", version: str = "1", max_body: int = MAX_BODY
) -> FastAPI:
    """The API of a desk. It owns nothing: whoever built the desk closes it."""
    app = FastAPI(
        title=title,
        version=version,
        summary="IT service processes, one durable workflow per ticket.",
        docs_url=None,  # FastAPI's own pages load their scripts from elsewhere
        redoc_url=None,
        openapi_url=None,
        openapi_tags=[{"name": name, "description": words} for name, words in _TAGS.items()],
        redirect_slashes=False,
        middleware=[Middleware(Envelope), Middleware(BodyLimit, max_body=max_body)],
    )
    app.state.desk = desk
    for router in (tickets, commands, links, approvals, history, operations, directory, health):
        # Not include_router: it matches every request twice, and its prefixes are in our routes already.
        app.router.routes.extend(router.router.routes)
    errors.install(app)
    reference.install(app)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]  # FastAPI's way to extend it
    return app
