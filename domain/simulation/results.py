"""Figures of a simulation: what the reports show, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.calendars import open_spans
from domain.language.places import spelled
from domain.language.words import Json
from domain.local_time import wall_time, zone_named
from domain.simulation.levels import at_hours, longest, means
from domain.simulation.measures import OVERDUE, Measures, Outcomes
from domain.simulation.organisation import Worker
from domain.simulation.run import Simulation

CATEGORIES = ("new", "active", "waiting", "done")


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds: how many there were, mean, median, nine of ten, longest."""

    count: int
    mean: float
    median: float
    p90: float
    longest: float


@dataclass(frozen=True, slots=True)
class ClockResult:
    """How often a clock was kept, for one level (priority, or what the clock goes by); "" for all together."""

    clock: str
    level: str
    met: int
    missed: int
    running: int

    @property
    def share(self) -> float | None:
        """The part of the finished cycles that was in time; None when none finished."""
        finished = self.met + self.missed
        return self.met / finished if finished else None


@dataclass(frozen=True, slots=True)
class TeamResult:
    """The people of one team, group or roster."""

    team: str
    people: int
    jobs: int
    load: float | None  # busy time of the time they were there; None when they never were
    busy_hours: float
    overtime_hours: float
    waited: Spread | None
    longest_queue: int
    by_hour: tuple[tuple[float | None, ...], ...]  # load by weekday (Monday first) and hour


@dataclass(frozen=True, slots=True)
class StateResult:
    """The stays in one state."""

    state: str
    stays: int
    hours: float
    mean_hours: float
    waited: Spread | None  # for somebody to take it up


@dataclass(frozen=True, slots=True)
class Count:
    """So many of something."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ApprovalResult:
    """What became of an approval: requested, approved, rejected, reminded, lapsed …; and how long it took."""

    approval: str
    ends: tuple[Count, ...]
    decided_after: Spread | None


@dataclass(frozen=True, slots=True)
class Results:
    """All figures of one run."""

    process: str
    version: int
    start: datetime
    days: int
    zone: str
    warm_up: int  # days before that, which are not counted
    carried: int  # tickets that were open when counting began
    arrived: int
    refused: tuple[Count, ...]  # openings that the form did not take, with the reason
    closed: int
    done: int  # waiting to be closed
    open: int
    reopened: int
    time_to_done: Spread | None
    clocks: tuple[ClockResult, ...]
    thresholds: tuple[Count, ...]  # "resolve 50%"
    states: tuple[StateResult, ...]
    teams: tuple[TeamResult, ...]
    transitions: tuple[Count, ...]
    automatic: tuple[Count, ...]  # of those, what no person pressed
    never: tuple[str, ...]  # transitions nothing and nobody took
    escalations: tuple[Count, ...]  # "on_call step 2", "on_call exhausted"
    approvals: tuple[ApprovalResult, ...]
    pages: tuple[Count, ...]  # by the rule that called
    effects: tuple[Count, ...]
    refusals: tuple[Count, ...]  # "button: why", and on how many tickets; another button was tried then
    stuck: tuple[Count, ...]  # "state: why"
    parked: tuple[Count, ...]
    faults: int
    open_by_hour: Mapping[str, tuple[int, ...]]  # by category, at the end of each hour
    queue_by_hour: Mapping[str, tuple[float, ...]]  # by team, the mean of each hour

    def to_json(self) -> Json:
        """As JSON; shares and means rounded so that the same run always reads the same."""
        return _json(self)


def results_of(simulation: Simulation) -> Results:
    """The figures of a finished simulation."""
    setting, seen = simulation.setting, simulation.measures
    process = setting.definition.process
    counted = [
        case
        for number, case in simulation.cases.items()
        if case.opened_at >= setting.counted_from or number in simulation.carried
    ]
    categories = [process.states[case.ticket.state].category for case in counted]
    moves = seen.moves
    return Results(
        process=str(process.id),
        version=process.version,
        start=setting.counted_from,
        days=setting.days,
        zone=setting.definition.zone,
        warm_up=setting.warm_up,
        carried=len(simulation.carried),
        arrived=len(categories) - len(simulation.carried) + sum(seen.refused.values()),
        refused=_counts(seen.refused.items()),
        closed=categories.count("closed"),
        done=categories.count("done"),
        open=len(categories) - categories.count("closed") - categories.count("done"),
        reopened=len(seen.reopened),
        time_to_done=spread(seen.done_after.values()),
        clocks=_clocks(simulation),
        thresholds=_thresholds(simulation),
        states=_states(simulation),
        teams=_teams(simulation),
        transitions=tuple(Count(name, moves[name]) for name in process.transitions if moves[name]),
        automatic=tuple(
            Count(name, seen.by_rule[name]) for name in process.transitions if seen.by_rule[name]
        ),
        never=tuple(name for name in process.transitions if not moves[name]),
        escalations=_escalations(seen),
        approvals=tuple(
            ApprovalResult(
                name,
                tuple(Count(what, count) for (one, what), count in seen.approvals.items() if one == name),
                spread(seen.decided_after.get(name, ())),
            )
            for name in process.approvals
            if any(one == name for one, _ in seen.approvals)
        ),
        pages=_counts((_rule(path), seen.pages[path]) for path in seen.pages),
        effects=_counts(seen.effects.items()),
        refusals=_counts((what, len(tickets)) for what, tickets in seen.refusals.items()),
        stuck=_counts((f"{state}: {why}", count) for (state, why), count in seen.stuck.items()),
        parked=_counts(seen.parked.items()),
        faults=seen.faults,
        open_by_hour={
            category: at_hours(seen.open.get(category, []), setting.counted_from, setting.days)
            for category in CATEGORIES
        },
        queue_by_hour={
            team: means(changes, setting.counted_from, setting.days)
            for team, changes in sorted(seen.queues.items())
        },
    )


def _rule(path: str) -> str:
    """Where a rule stands, as people count: `escalations.on_call.steps[1]`."""
    return spelled(tuple(int(part) if part.isdecimal() else part for part in path.split(".")))


def _counts(items: Iterable[tuple[str, int]]) -> tuple[Count, ...]:
    """The most frequent first, of equal ones by name."""
    return tuple(Count(name, count) for name, count in sorted(items, key=lambda one: (-one[1], one[0])))


def spread(values: Iterable[float]) -> Spread | None:
    """The spread of some lengths; None without any."""
    ordered = sorted(values)
    if not ordered:
        return None
    count = len(ordered)
    return Spread(
        count=count,
        mean=sum(ordered) / count,
        median=ordered[(count - 1) // 2],
        p90=ordered[min(count - 1, count * 9 // 10)],
        longest=ordered[-1],
    )


# ---------------------------------------------------------------- clocks


def _clocks(simulation: Simulation) -> tuple[ClockResult, ...]:
    process = simulation.setting.definition.process
    found: list[ClockResult] = []
    for clock, rule in process.clocks.items():
        declared = simulation.setting.definition.fields.get(rule.by)
        order = list((declared.options if declared else None) or {})
        mine = {level: out for (name, level), out in simulation.measures.clocks.items() if name == clock}
        levels = sorted(mine, key=lambda level: (order.index(level) if level in order else len(order), level))
        if not levels:
            continue
        found.append(_clock(clock, "", mine.values()))
        if len(rule.target) > 1 or rule.calendar.fixed is None:
            found += [_clock(clock, level or "–", [mine[level]]) for level in levels]
    return tuple(found)


def _clock(clock: str, level: str, outcomes: Iterable[Outcomes]) -> ClockResult:
    several = list(outcomes)
    return ClockResult(
        clock,
        level,
        sum(one.met for one in several),
        sum(one.missed for one in several),
        sum(one.running for one in several),
    )


def _thresholds(simulation: Simulation) -> tuple[Count, ...]:
    seen = simulation.measures.thresholds
    found: list[Count] = []
    for clock, rule in simulation.setting.definition.process.clocks.items():
        labels = dict.fromkeys((*(one.label for one in rule.at), "100%", OVERDUE))
        found += [Count(f"{clock} {label}", seen[clock, label]) for label in labels if seen[clock, label]]
    return tuple(found)


def _escalations(seen: Measures) -> tuple[Count, ...]:
    steps = [Count(f"{name} step {step}", count) for (name, step), count in sorted(seen.steps.items())]
    ends = [
        Count(f"{name} {what}", count)
        for (name, what), count in sorted(seen.chains.items())
        if what not in ("started", "stepped")
    ]
    return (*steps, *ends)


# ---------------------------------------------------------------- states and people


def _states(simulation: Simulation) -> tuple[StateResult, ...]:
    seen = simulation.measures
    found = []
    for state in simulation.setting.definition.process.states:
        visit = seen.states.get(state)
        if visit is not None and visit.stays:
            hours = visit.seconds / 3600
            waited = spread(seen.waits_in.get(state, ()))
            found.append(StateResult(state, visit.stays, hours, hours / visit.stays, waited))
    return tuple(found)


def _teams(simulation: Simulation) -> tuple[TeamResult, ...]:
    """Those who had anything to do, in the order of the profile."""
    setting, seen = simulation.setting, simulation.measures
    zone = zone_named(setting.definition.zone)
    people: dict[str, list[Worker]] = {}
    for worker in simulation.organisation.workers.values():
        people.setdefault(worker.team, []).append(worker)
    there: dict[str, list[list[float]]] = {}
    by_calendar: dict[str, list[list[float]]] = {}
    for team, workers in people.items():
        there[team] = _week()
        for worker in workers:
            name = worker.calendar
            if name not in by_calendar:
                by_calendar[name] = _week()
                for opens, closes in open_spans(
                    simulation.calendars[name], setting.counted_from, setting.end
                ):
                    _spend(by_calendar[name], opens, closes, zone)
            _add(there[team], by_calendar[name])
            for goes, returns in worker.absences:
                away = max(goes, setting.counted_from)
                for opens, closes in open_spans(simulation.calendars[name], away, max(away, returns)):
                    _spend(there[team], opens, closes, zone, -1)
    busy = {team: _week() for team in people}
    overtime = dict.fromkeys(people, 0.0)
    jobs = dict.fromkeys(people, 0)
    for worker, start, end, outside in seen.busy:
        jobs[worker.team] += 1
        if outside:
            overtime[worker.team] += (end - start).total_seconds() / 3600
            continue
        for opens, closes in open_spans(simulation.calendars[worker.calendar], start, end):
            _spend(busy[worker.team], opens, closes, zone)
    return tuple(
        TeamResult(
            team=team,
            people=len(workers),
            jobs=jobs[team],
            load=_part(sum(map(sum, busy[team])), sum(map(sum, there[team]))),
            busy_hours=sum(map(sum, busy[team])) / 3600,
            overtime_hours=overtime[team],
            waited=spread(seen.waits.get(team, ())),
            longest_queue=longest(seen.queues.get(team, [])),
            by_hour=tuple(
                tuple(_part(one, of) for one, of in zip(busy[team][day], there[team][day], strict=True))
                for day in range(7)
            ),
        )
        for team, workers in people.items()
        if jobs[team] or seen.queues.get(team)
    )


def _week() -> list[list[float]]:
    return [[0.0] * 24 for _ in range(7)]


def _add(week: list[list[float]], other: list[list[float]]) -> None:
    for day, hours in enumerate(other):
        for hour, seconds in enumerate(hours):
            week[day][hour] += seconds


def _spend(week: list[list[float]], start: datetime, end: datetime, zone: ZoneInfo, times: int = 1) -> None:
    """Add a stretch of time, or take it away (-1), in the hours of the week in which it lies."""
    while start < end:
        wall = wall_time(start, zone)
        left = 3600 - wall.minute * 60 - wall.second - wall.microsecond / 1_000_000
        stop = min(end, start + timedelta(seconds=left))
        week[wall.weekday()][wall.hour] += (stop - start).total_seconds() * times
        start = stop


def _part(one: float, of: float) -> float | None:
    return one / of if of > 0 else None


# ---------------------------------------------------------------- JSON


def _json(value: object) -> Json:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _json(one) for name, one in value.items()}
    if is_dataclass(value):
        found: dict[str, Json] = {one.name: _json(getattr(value, one.name)) for one in fields(value)}
        if isinstance(value, ClockResult):
            found["share"] = _json(value.share)
        return found
    return value
