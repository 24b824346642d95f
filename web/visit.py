"""One request by one person: who it is, in which language and zone, and how a page is written for them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from desk.values import Caller, QueueFilter
from web.assets import Assets
from web.frame import Frame, Rail, TeamLine
from web.port import Desk
from web.security import Form, read_form, refuse_foreign_writes
from web.texts import LOCALES, Texts, choose_locale
from web.times import zone_of

SESSION = "evertick_session"
LANGUAGE = "evertick_language"
THEME = "evertick_theme"
NOTICE = "evertick_notice"
THEMES = ("light", "dark")
_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A person anybody may sign in as, on a desk that only this machine can reach."""

    id: str
    name: str
    role: str  # requester | agent | manager | process_owner | admin, or words with one: `agent of the network team`
    about: Mapping[str, str] = field(default_factory=dict)  # what they do, by locale


@dataclass(frozen=True, slots=True)
class Tools:
    """What the pages are built with."""

    desk: Desk
    templates: jinja2.Environment
    texts: Mapping[str, Texts]
    assets: Assets
    clock: Callable[[], datetime]
    demo_accounts: Sequence[DemoAccount] = ()
    site_zone: str = "UTC"  # for people who are not signed in


class Visit:
    """One request by one person. `caller` is None only on the pages that need no sign-in."""

    def __init__(self, request: Request, tools: Tools, caller: Caller | None = None) -> None:
        self.request = request
        self.tools = tools
        self.desk = tools.desk
        self.now = tools.clock()
        self.form: Form | None = None
        self.rail: Rail | None = None
        cookie = request.cookies.get(LANGUAGE, "")
        wishes = (cookie, caller.locale if caller else "", request.headers.get("accept-language", ""))
        self.texts = tools.texts[choose_locale(*wishes)]
        # What the desk says is said in the language of the page, which may not be the person's usual one.
        self._caller = replace(caller, locale=self.texts.locale) if caller else None

    @property
    def caller(self) -> Caller:
        if self._caller is None:
            raise RuntimeError("this page needs somebody who is signed in")
        return self._caller

    @property
    def signed_in(self) -> bool:
        return self._caller is not None

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self._caller.time_zone if self._caller else self.tools.site_zone)

    @property
    def works_here(self) -> bool:
        return self._caller is not None and bool(self._caller.roles)

    async def read_form(self) -> Form:
        self.form = await read_form(self.request)
        return self.form

    def frame(self, **more: Any) -> Frame:
        theme = self.request.cookies.get(THEME, "")
        notice = self.request.cookies.get(NOTICE, "")
        frame = Frame(
            texts=self.texts,
            zone=self.zone,
            now=self.now,
            assets=self.tools.assets,
            path=self.request.url.path,
            query=self.request.url.query,
            theme=theme if theme in THEMES else "",
            caller=self._caller,
            rail=self.rail,
            notice=notice if self.texts.has(f"notice.{notice}") else "",
        )
        return replace(frame, **more)

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """Write a page; a notice from the request before is shown once."""
        body = self.tools.templates.get_template(template).render(page=self.frame(), **context)
        response = HTMLResponse(body, status_code=status)
        if NOTICE in self.request.cookies:
            response.delete_cookie(NOTICE)
        return response

    def redirect(self, to: str, *, notice: str = "") -> Response:
        """303 to a page of ours, where the notice is shown once."""
        response = RedirectResponse(to, status_code=303)
        if notice:
            self.set_cookie(response, NOTICE, notice, seconds=60)
        return response

    def set_cookie(self, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
        """HttpOnly, SameSite=Lax, and Secure wherever the page itself came over https."""
        secure = self.request.url.scheme == "https"
        response.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/"
        )

    def remember(self, response: Response, name: str, value: str) -> None:
        self.set_cookie(response, name, value, seconds=_YEAR)

    async def load_rail(self) -> None:
        """The rail's teams and counts, for people who work here."""
        if not self.works_here:
            return
        teams = await self.desk.teams(self.caller)
        filters = [
            QueueFilter(states=("open",), assignee=self.caller.id),
            QueueFilter(states=("open",)),
            *(QueueFilter(states=("open",), team=team.id) for team in teams),
        ]
        counts = await asyncio.gather(*(self.desk.queue_counts(self.caller, one) for one in filters))
        lines = [
            TeamLine(team.id, team.name, told.get("open", 0), told.get("overdue", 0))
            for team, told in zip(teams, counts[2:], strict=True)
        ]
        self.rail = Rail(mine=counts[0], everything=counts[1], teams=lines)


Handler = Callable[[Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def for_anybody(tools: Tools, handler: Handler) -> Endpoint:
    """A page that needs no sign-in; who is signed in is known all the same."""

    async def endpoint(request: Request) -> Response:
        refuse_foreign_writes(request)
        visit = request.state.visit = Visit(request, tools, await _who(request, tools))
        return await handler(visit)

    return endpoint


def for_signed_in(tools: Tools, handler: Handler) -> Endpoint:
    """A page for people who are signed in; others are asked to sign in first and come back."""

    async def endpoint(request: Request) -> Response:
        refuse_foreign_writes(request)
        caller = await _who(request, tools)
        visit = request.state.visit = Visit(request, tools, caller)
        if caller is None:
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            back = f"?next={quote(here)}" if request.method in ("GET", "HEAD") and here != "/" else ""
            return visit.redirect(f"/sign-in{back}")
        return await handler(visit)

    return endpoint


async def _who(request: Request, tools: Tools) -> Caller | None:
    session = request.cookies.get(SESSION)
    return await tools.desk.caller_by_session(session) if session else None


def known_locale(wish: str) -> str | None:
    """A locale there is a catalogue for, exactly."""
    return wish if wish in LOCALES else None
