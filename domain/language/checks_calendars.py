"""Calendars, windows and time zones."""

from __future__ import annotations

from domain.calendars import ALWAYS_NAME, calendar_problems
from domain.language.checking import Checking
from domain.local_time import zone_named


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


def _check_zone(checking: Checking, path: tuple[str, ...], zone: str) -> None:
    try:
        zone_named(zone)
    except ValueError as error:
        checking.error(path, str(error))
