"""Calendars, windows and time zones."""

from __future__ import annotations

from domain.calendars import ALWAYS_NAME, calendar_problems
from domain.language.checking import Checking
from domain.language.models import Window
from domain.local_time import weekly_moment, written_moment, zone_named


def check_calendars(checking: Checking) -> None:
    """What is wrong with the calendars themselves."""
    process = checking.process
    if process.time_zone is not None:
        _check_zone(checking, ("time_zone",), process.time_zone)
    for name, calendar in process.calendars.items():
        if name == ALWAYS_NAME:
            checking.error(
                ("calendars", name), f'the calendar "{name}" is built in; take another name', key=True
            )
        for where, message in calendar_problems(calendar):
            checking.error(("calendars", name, *where), message)
    for section in ("freezes", "maintenance"):
        for name, window in getattr(process, section).items():
            _check_zone(checking, (section, name, "time_zone"), window.time_zone)
            if window.once is None and window.weekly is None:
                _check_window(checking, (section, name), window)


def _check_window(checking: Checking, path: tuple[str, ...], window: Window) -> None:
    """A window is once, or every week; its beginning and end are written alike."""
    how = 'write a date and time such as "2026-11-08 18:00", or a day of the week such as "sat 22:00"'
    sound = True
    for key, text in (("start", window.start), ("end", window.end)):
        if written_moment(text) is None and weekly_moment(text) is None:
            checking.error((*path, key), f'cannot read "{text}": {how}')
            sound = False
    if sound:
        checking.error((*path, "end"), "one of `start` and `end` is a date, the other a day of the week")


def _check_zone(checking: Checking, path: tuple[str, ...], zone: str) -> None:
    try:
        zone_named(zone)
    except ValueError as error:
        checking.error(path, str(error))
