"""The profile of a simulation as its author writes it: arrivals, what tickets say, people, how long things take."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from domain.calendars import CalendarDef
from domain.durations import parse_duration
from domain.language.shorthand import TEXT, Shorthand
from domain.language.words import Dur, Ident, Int, Json, Model, Number, Word, show
from domain.simulation.dice import Dice, exponential, lognormal, lognormal_mean, uniform


def _number_within(low: float, high: float) -> Callable[[float], float]:
    def check(value: float) -> float:
        if not low <= value <= high:
            raise PydanticCustomError(
                "range", "{value} should be from {low} to {high}", {"value": value, "low": low, "high": high}
            )
        return value

    return check


Weight = Annotated[Number, AfterValidator(_number_within(0, 1_000_000))]
Head = Annotated[Int, AfterValidator(_number_within(0, 2_000))]


class Share(Word):
    """A share such as `80%`."""

    __slots__ = ()
    pattern = re.compile(r"(\d{1,2}(\.\d+)?|100(\.0+)?)%")
    expected = "a share such as 80%"

    @property
    def part(self) -> float:
        """0 to 1."""
        return float(self.removesuffix("%")) / 100


class Lognormal(Model):
    """Half within the median, nine of ten within p90."""

    median: Dur
    p90: Dur

    @model_validator(mode="after")
    def _in_order(self) -> Lognormal:
        if seconds(self.p90) <= seconds(self.median) or seconds(self.median) <= 0:
            raise PydanticCustomError("lognormal", "p90 should be longer than the median, and both above 0")
        return self


HOW = ("fixed", "uniform", "lognormal", "exponential")


class Time(Model):
    """How long something takes: a length such as `20m`, or by chance in one of three ways."""

    fixed: Dur | None = None
    uniform: Annotated[tuple[Dur, Dur] | None, Field(description="Between these two, all alike.")] = None
    lognormal: Lognormal | None = None
    exponential: Dur | None = Field(None, description="By chance, this long on average.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Time:
        if sum(getattr(self, name) is not None for name in HOW) != 1:
            raise PydanticCustomError(
                "time", f"write a length such as 20m, or exactly one of {', '.join(HOW)}"
            )
        if self.uniform and seconds(self.uniform[0]) > seconds(self.uniform[1]):
            raise PydanticCustomError("time", "uniform: the first of the two should be the shorter")
        return self

    def draw(self, dice: Dice) -> float:
        """A length in seconds."""
        if self.fixed is not None:
            return seconds(self.fixed)
        if self.uniform is not None:
            return uniform(dice, seconds(self.uniform[0]), seconds(self.uniform[1]))
        if self.lognormal is not None:
            return lognormal(dice, seconds(self.lognormal.median), seconds(self.lognormal.p90))
        return exponential(dice, seconds(self.exponential or Dur("0s")))

    @property
    def mean(self) -> float:
        """What `draw` gives on average, in seconds."""
        if self.fixed is not None:
            return seconds(self.fixed)
        if self.uniform is not None:
            return (seconds(self.uniform[0]) + seconds(self.uniform[1])) / 2
        if self.lognormal is not None:
            return lognormal_mean(seconds(self.lognormal.median), seconds(self.lognormal.p90))
        return seconds(self.exponential or Dur("0s"))


def seconds(length: str) -> float:
    """A length of time in seconds."""
    return parse_duration(length).total_seconds()


def _time(value: Any) -> Any:
    if value is not None and not isinstance(value, str | dict | Time):
        raise PydanticCustomError(
            "time", "{shown} should be a length of time such as 20m", {"shown": show(value)}
        )
    return {"fixed": value} if isinstance(value, str) else value


Takes = Annotated[Time, Shorthand(_time, TEXT)]
Weights = dict[str, Weight]


def _rates(value: Any) -> Any:
    return {"mon-sun": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


def _hours(value: Any) -> Any:
    return {"else": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


Rates = dict[str, Annotated[dict[str, Weight], Shorthand(_hours, {"type": "number"})]]


class Arrivals(Model):
    """When tickets come: how many an hour, by days of the week and hours of the day."""

    per_hour: Annotated[Rates, Shorthand(_rates, {"type": "number"})]


class Shift(Model):
    """Some people who work by one calendar."""

    people: Head
    calendar: str


class Crew(Model):
    """The people of a team, a group or a roster. `of` takes them from a team instead."""

    people: Head | None = None
    calendar: str | None = None
    shifts: tuple[Shift, ...] = ()
    of: str | None = Field(None, description="These are people of this team.")
    away: Share | None = Field(
        None, description="So much of the time each of them is away: on holiday, ill. Left out: never."
    )
    away_for: Dur | None = Field(
        None, description="So long at a time; days are whole days, weekends too. Left out: 5d."
    )

    @property
    def absent(self) -> tuple[float, float]:
        """The share of the time each of them is away, and for how many seconds at a time."""
        return (self.away.part if self.away else 0.0), seconds(self.away_for or "5d")

    @model_validator(mode="after")
    def _one_way(self) -> Crew:
        ways = (self.people is not None or self.calendar is not None, bool(self.shifts), self.of is not None)
        if sum(ways) != 1 and not (self.of is not None and self.calendar is None and not self.shifts):
            raise PydanticCustomError("crew", "write people and calendar, or shifts, or of")
        if ways[0] and self.of is None and (self.people is None or self.calendar is None):
            raise PydanticCustomError("crew", "people and calendar belong together")
        if self.of is not None and (self.away or self.away_for):
            raise PydanticCustomError("crew", "these are people of a team; say there how often they are away")
        if self.away_for is not None and seconds(self.away_for) <= 0:
            raise PydanticCustomError("crew", "away_for should be longer than nothing")
        return self


class Requesters(Model):
    """Who opens tickets."""

    people: Annotated[Int, AfterValidator(_number_within(1, 100_000))] = 100
    vip: Share = Share("0%")


class InState(Model):
    """What happens to a ticket in a state: somebody works on it, or it waits; then a button, by weight."""

    work: Takes | None = Field(None, description="An agent is busy with it for so long.")
    after: Takes | None = Field(None, description="It happens after so long, and nobody is busy meanwhile.")
    calendar: str | None = Field(None, description="`after` counts in this calendar.")
    then: Weights = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> InState:
        if self.work is not None and self.after is not None:
            raise PydanticCustomError(
                "state", "write either work (an agent is busy) or after (it just takes time)"
            )
        if self.then and self.work is None and self.after is None:
            raise PydanticCustomError("state", "say how long it takes until then: work or after")
        if (self.work or self.after) and not any(self.then.values()):
            raise PydanticCustomError("state", "say what happens then: a button and its weight")
        if self.calendar is not None and self.after is None:
            raise PydanticCustomError("state", "calendar belongs to after; people who work have their own")
        return self


class OfTransition(Model):
    """A button that takes longer, or less long, than its state says."""

    work: Takes


class OfTask(Model):
    """A task: an agent is busy with it (`work`), or its result comes after a while."""

    work: Takes | None = None
    after: Takes | None = None
    fails: Share = Share("0%")


class OfApproval(Model):
    """An approval: how long each approver takes, and what they answer, by weight."""

    after: Takes
    calendar: str | None = None
    answers: Weights


class Pages(Model):
    """Who is called: how often they answer, how soon, and whether they then work outside their hours."""

    answered: Share = Share("80%")
    after: Takes = Time(exponential=Dur("5m"))
    work: bool = True


class Profile(Model):
    """A simulation profile. What is left out is derived from the definition."""

    kind: Literal["simulation"]
    lang: Literal[1]
    process: Ident
    starts: str | None = None
    calendars: dict[str, CalendarDef] = Field(default_factory=dict)
    arrivals: Arrivals | None = None
    requesters: Requesters | None = None
    services: dict[str, dict[str, Json]] = Field(default_factory=dict)
    fields: dict[str, Json] = Field(default_factory=dict)
    teams: dict[str, Crew] = Field(default_factory=dict)
    groups: dict[str, Crew] = Field(default_factory=dict)
    on_call: dict[str, Crew] = Field(default_factory=dict)
    states: dict[str, InState] = Field(default_factory=dict)
    transitions: dict[str, OfTransition] = Field(default_factory=dict)
    tasks: dict[str, OfTask] = Field(default_factory=dict)
    approvals: dict[str, OfApproval] = Field(default_factory=dict)
    pages: Pages | None = None
    first_reply: Share | None = None


SECTIONS = ("services", "fields", "teams", "groups", "on_call", "states", "transitions", "tasks", "approvals")
SINGLE = ("arrivals", "requesters", "pages", "first_reply", "starts")


def filled(profile: Profile, missing: Profile) -> Profile:
    """The profile with what it leaves out taken from another, name by name."""
    merged: dict[str, Any] = {"calendars": {**missing.calendars, **profile.calendars}}
    for section in SECTIONS:
        merged[section] = {**getattr(missing, section), **getattr(profile, section)}
    for name in SINGLE:
        own = getattr(profile, name)
        merged[name] = getattr(missing, name) if own is None else own
    return profile.model_copy(update=merged)


__all__ = [
    "Arrivals",
    "Crew",
    "InState",
    "Lognormal",
    "OfApproval",
    "OfTask",
    "OfTransition",
    "Pages",
    "Profile",
    "Requesters",
    "Share",
    "Shift",
    "Time",
    "filled",
    "seconds",
]
