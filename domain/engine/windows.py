"""Windows: the freezes a stretch of time runs into and for whom they do not count; the maintenance it lies in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from domain.engine.draft import Draft
from domain.engine.people import is_among, lower
from domain.engine.ticket import Json
from domain.engine.values import instant_json
from domain.language.models import Window
from domain.local_time import instant, wall_time, zone_named

_WEEK = timedelta(days=7)
MOST_WEEKS = 60
"""A window is looked at so far for freezes that come every week; a longer one runs into each of them anyway."""


def in_the_way(
    draft: Draft, freezes: Mapping[str, Window], start: datetime, end: datetime
) -> Iterator[dict[str, Json]]:
    """The freezes that a time from `start` to before `end` runs into, as the ticket and the actor are now."""
    for name, freeze in freezes.items():
        hit = next((one for one in stretches(freeze, start, end) if one[0] < end and one[1] > start), None)
        if hit is not None and draft.holds(freeze.if_) and not _let_through(draft, freeze):
            yield _found(name, freeze, hit)


def around(
    draft: Draft, maintenance: Mapping[str, Window], start: datetime, end: datetime
) -> Iterator[dict[str, Json]]:
    """The maintenance windows that a time from `start` to `end` lies in whole, as the ticket is now."""
    for name, window in maintenance.items():
        hit = next((one for one in stretches(window, start, end) if one[0] <= start and end <= one[1]), None)
        if hit is not None and draft.holds(window.if_):
            yield _found(name, window, hit)


def _found(name: str, window: Window, stretch: tuple[datetime, datetime]) -> dict[str, Json]:
    return {
        "id": name,
        "label": dict(window.label or {"*": name}),
        "start": instant_json(stretch[0]),
        "end": instant_json(stretch[1]),
    }


def _let_through(draft: Draft, freeze: Window) -> bool:
    if freeze.allow_if is not None and draft.holds(freeze.allow_if):
        return True
    who = lower(draft.definition, freeze.approvers or (), draft.fields, draft.known)
    return is_among(draft.actor, who)


def stretches(window: Window, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When a window is, around a stretch of time: once, or in every week."""
    zone = zone_named(window.time_zone)
    once = window.once
    if once is not None:
        yield instant(once[0], zone), instant(once[1], zone)
        return
    weekly = window.weekly
    if weekly is None:
        return  # reported when the file is checked
    first, last = weekly
    length = (last - first) % _WEEK or _WEEK
    monday = wall_time(start, zone).date() - timedelta(days=wall_time(start, zone).weekday() + 7)
    for week in range(MOST_WEEKS):
        begins = datetime.combine(monday, datetime.min.time()) + week * _WEEK + first
        opens = instant(begins, zone)
        if opens >= end:
            return
        yield opens, instant(begins + length, zone)
