"""Puts the pages into an application: routes, headers, error pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache

import jinja2
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope

from domain.errors import EvertickError
from web.assets import Assets
from web.errors import show_error
from web.pages import new, outbox, queue, settings, sign_in, ticket, writes
from web.port import Desk
from web.security import SecurityHeaders
from web.texts import load_texts
from web.visit import DemoAccount, Handler, Tools, for_anybody, for_signed_in

__all__ = ["DemoAccount", "mount_web"]


def mount_web(
    app: FastAPI,
    desk: Desk,
    *,
    demo_accounts: Sequence[DemoAccount] = (),
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    site_zone: str = "UTC",
    reserved: Sequence[str] = ("/api", "/health"),
) -> None:
    """Put the pages at `/`. Paths under `reserved` are never answered here, whatever order things are mounted in.

    `demo_accounts`: offered at sign-in without any secret, so only for a desk on a loopback address.
    `clock`: the time pages are written at; `site_zone`: the zone for people who are not signed in.
    """
    tools = Tools(
        desk=desk,
        templates=_templates(),
        texts=load_texts(),
        assets=Assets(),
        clock=clock,
        demo_accounts=demo_accounts,
        site_zone=site_zone,
    )
    pages = Starlette(
        routes=_routes(tools),
        exception_handlers={EvertickError: show_error, HTTPException: show_error, Exception: show_error},
    )
    pages.state.tools = tools
    app.router.routes.append(_WebMount(SecurityHeaders(pages), tuple(reserved)))


def _routes(tools: Tools) -> list[BaseRoute]:
    def open_to_all(method: str, path: str, handler: Handler) -> Route:
        return Route(path, for_anybody(tools, handler), methods=[method])

    def page(path: str, handler: Handler) -> Route:
        return Route(path, for_signed_in(tools, handler), methods=["GET"])

    def write(path: str, handler: Handler) -> Route:
        return Route(path, for_signed_in(tools, handler), methods=["POST"])

    return [
        open_to_all("GET", "/sign-in", sign_in.show),
        open_to_all("POST", "/sign-in", sign_in.sign_in),
        open_to_all("POST", "/sign-out", sign_in.sign_out),
        open_to_all("POST", "/settings", settings.change),
        page("/", queue.show),
        page("/search", queue.search),
        page("/new", new.choose),
        page("/new/{process}", new.show),
        write("/new/{process}", new.open_ticket),
        page("/outbox", outbox.show),
        page("/tickets/{ref}", ticket.show),
        write("/tickets/{ref}/transitions/{transition}", writes.move),
        write("/tickets/{ref}/comments", writes.comment),
        write("/tickets/{ref}/fields/{field}", writes.edit),
        write("/tickets/{ref}/assignment", writes.assign),
        write("/tickets/{ref}/tasks", writes.add_task),
        write("/tickets/{ref}/tasks/{task}", writes.complete_task),
        write("/tickets/{ref}/tasks/{task}/cancel", writes.cancel_task),
        write("/tickets/{ref}/approvals/{approval}/{stage}", writes.vote),
        write("/tickets/{ref}/links", writes.link),
        Route("/static/{hash}/{name}", tools.assets.serve, methods=["GET"]),
    ]


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _WebMount(Mount):
    """Everything below `/` except what is reserved for the API: its wrong methods and paths stay its own."""

    def __init__(self, app: SecurityHeaders, reserved: tuple[str, ...]) -> None:
        super().__init__("/", app=app, name="web")
        self._reserved = reserved

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path: str = scope["path"]
        if any(path == one or path.startswith(one + "/") for one in self._reserved):
            return Match.NONE, {}
        return super().matches(scope)
