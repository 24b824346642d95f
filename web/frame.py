"""What surrounds every page, and what every template needs: words, times, icons, where we are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from desk.values import Caller
from web import times
from web.assets import Assets
from web.forms import as_instant
from web.icons import icon, mark
from web.port import TitledProcess
from web.texts import LOCALES, Texts

_HIGHEST_FIRST = ("admin", "process_owner", "manager", "agent")
_REF = re.compile(r"\b[A-Z]{2,5}-(?:\d{4}-)?\d{3,}\b")
_TIME = Markup('<time datetime="{}" title="{}">{}</time>')


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team in the rail with its counts."""

    id: str
    name: str
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Rail:
    """The left rail of people who work here."""

    mine: Mapping[str, int]
    everything: Mapping[str, int]
    teams: Sequence[TeamLine] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """One page being written for one reader."""

    texts: Texts
    zone: ZoneInfo
    now: datetime
    assets: Assets
    path: str
    query: str = ""
    theme: str = ""
    caller: Caller | None = None
    rail: Rail | None = None
    processes: Sequence[TitledProcess] = ()
    notice: str = ""

    @property
    def locale(self) -> str:
        return self.texts.locale

    @property
    def other_locales(self) -> tuple[str, ...]:
        return tuple(locale for locale in LOCALES if locale != self.locale)

    @property
    def works_here(self) -> bool:
        """Agents and above; everybody else sees the portal."""
        return self.caller is not None and bool(self.caller.roles)

    @property
    def role(self) -> str:
        """The highest role of whoever is signed in."""
        roles = self.caller.roles if self.caller else ()
        return next((one for one in _HIGHEST_FIRST if one in roles), "requester")

    @property
    def here(self) -> str:
        return self.path + (f"?{self.query}" if self.query else "")

    def t(self, key: str, **values: object) -> str:
        return self.texts(key, **values)

    def count(self, key: str, n: int) -> str:
        return self.texts.count(key, n)

    def of(self, text: Mapping[str, str]) -> str:
        return self.texts.of(text)

    def icon(self, name: str, label: str = "") -> Markup:
        return icon(name, label)

    def mark(self) -> Markup:
        return mark()

    def asset(self, name: str) -> str:
        return self.assets.url(name)

    def capped(self, n: int) -> str:
        return "1000+" if n > 1000 else str(n)

    def span(self, seconds: float) -> str:
        return times.span(seconds, self.texts)

    def ago(self, at: datetime) -> Markup:
        """Relative in text, absolute on hover."""
        return _time(at, self, times.ago(at, self.now, self.texts))

    def moment(self, at: datetime) -> Markup:
        """`Mon 13:50`, with everything on hover; the zone is shown too where the browser lives in another."""
        words = Markup('{}<span class="zone"> {}</span>').format(
            times.moment(at, self.now, self.zone, self.texts), self.zone.key
        )
        return _time(at, self, words)

    def full(self, at: datetime) -> str:
        return times.full(at, self.zone, self.texts)

    def instant(self, value: object) -> datetime | None:
        return as_instant(value)

    def linked(self, text: str) -> Markup:
        """A text with the ticket numbers in it made into links."""
        parts: list[Markup] = []
        end = 0
        for found in _REF.finditer(text):
            parts.append(escape(text[end : found.start()]))
            parts.append(Markup('<a href="{}">{}</a>').format(self.ticket_url(found[0]), found[0]))
            end = found.end()
        return Markup("").join([*parts, escape(text[end:])])

    def ticket_url(self, ref: str, *parts: str) -> str:
        return "/" + "/".join(quote(part, safe="") for part in ("tickets", ref, *parts))

    def query_url(self, path: str, **parts: str | int | Sequence[str]) -> str:
        told = {name: value for name, value in parts.items() if value != "" and value != ()}
        return f"{path}?{urlencode(told, doseq=True)}" if told else path


def _time(at: datetime, frame: Frame, words: str) -> Markup:
    return _TIME.format(at.isoformat(), frame.full(at), words)
