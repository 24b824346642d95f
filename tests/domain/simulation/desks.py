"""Little desks for simulations: a process of one state, its profile, and the shipped incident."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random

from domain.calendars import Calendars
from domain.language.definition import Definition
from domain.language.loader import Loaded, load_process
from domain.language.published import publish
from domain.simulation.dice import Streams
from domain.simulation.profile import Profile
from domain.simulation.profile_files import begins, load_profile
from domain.simulation.run import Setting, Simulation, simulate
from domain.simulation.study import whole_profile
from tests.domain.language.files import SomeHolidays, memory, reader

ONE_STATE = """\
kind: process
lang: 1
id: plain
version: 1
title: Plain
owner: team:desk
number: PL-{n}
starts_in: new
calendars:
  office: {time_zone: UTC, week: {mon-fri: "09:00-17:00"}}
states:
  new: {category: new}
  closed: {category: closed}
transitions:
  close: {from: new, to: closed, who: "team:desk"}
clocks:
  answer:
    target: 30m
    calendar: always
    stop: {in: closed}
"""

ONE_QUEUE = """\
kind: simulation
lang: 1
process: plain
arrivals: {per_hour: %s}
teams:
  desk: {people: %d, calendar: always}
states:
  new: {work: %s, then: {close: 1}}
"""


def streams(seed: int = 7) -> Streams:
    """Streams of chance from a seed."""
    return lambda name: Random(f"{seed}/{name}").random


@cache
def plain(text: str = ONE_STATE) -> Definition:
    """A process in memory."""
    return _published(load_process("p.yaml", memory({"p.yaml": text})))


@cache
def incident() -> Definition:
    """The shipped incident process."""
    return _published(load_process("incident.yaml", reader()))


def _published(loaded: Loaded) -> Definition:
    return Definition.from_published(publish(loaded, SomeHolidays(), date(2026, 1, 1)))


def profile(text: str, definition: Definition) -> Profile:
    """A profile without mistakes, filled."""
    loaded = load_profile("profile.yaml", text, definition)
    assert loaded.ok and loaded.profile is not None, "\n".join(map(str, loaded.problems))
    return whole_profile(loaded.profile, definition)


def run(
    definition: Definition,
    whole: Profile,
    *,
    days: int = 5,
    tickets: int | None = None,
    seed: int = 7,
    warm_up: int = 0,
) -> Simulation:
    """Simulate a profile."""
    calendars = Calendars(definition.calendars)
    start = begins(whole, definition)
    return simulate(Setting(definition, whole, calendars, start, days, tickets, warm_up), streams(seed))
