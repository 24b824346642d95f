"""From the text of a profile to a checked one: every problem at once, at its line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.calendars import calendar_problems, duration_problem
from domain.engine.plan import plan_of
from domain.errors import Problem
from domain.language.building import build
from domain.language.definition import Definition
from domain.language.models import FieldDef
from domain.language.places import Path, Places
from domain.language.suggest import did_you_mean, one_of
from domain.language.words import Json, show
from domain.language.yaml_source import Node, read_yaml
from domain.local_time import midnight, zone_named
from domain.simulation.answers import AMOUNTS
from domain.simulation.profile import Crew, InState, Profile, Time
from domain.simulation.rates import rate_problems
from domain.simulation.words import NOTHING, REPLY, SPECIAL

_VALUES = 1_000  # what one field can be answered with


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """A profile as far as it could be understood; None when too little of it is there."""

    profile: Profile | None
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """No errors; there may be warnings."""
        return self.profile is not None and all(problem.severity != "error" for problem in self.problems)


def load_profile(file: str, content: str | bytes, definition: Definition) -> LoadedProfile:
    """Read and check a profile for a definition. Never raises for bad content."""
    source = read_yaml(file, content)
    if source.root is None:
        return LoadedProfile(None, source.problems)
    kind = source.root.value.get("kind")
    if kind is not None and kind.value in ("process", "library", "tests", "organisation"):
        message = f'"{file}" is a {kind.value} file; a profile begins with `kind: simulation`'
        place: tuple[str, int, int] = kind.place
        return LoadedProfile(None, (Problem(*place, message, code="file"),))
    sources = {file: source.text}
    built = build(Profile, source.root, sources)
    problems = [*source.problems, *built.problems]
    if built.model is not None:
        problems += _Checks(built.model, built.root, sources, definition).run()
    ordered = sorted(set(problems), key=lambda one: (one.line, one.column, one.message))
    return LoadedProfile(built.model, tuple(ordered))


def begins(profile: Profile, definition: Definition) -> datetime:
    """When the simulated time begins: at midnight of `starts`, or of the first Monday of 2026."""
    return midnight(date.fromisoformat(profile.starts or FIRST_DAY), zone_named(definition.zone))


FIRST_DAY = "2026-01-05"


class _Checks:
    """Compares a profile with its definition."""

    def __init__(
        self, profile: Profile, root: Node, sources: Mapping[str, str], definition: Definition
    ) -> None:
        self.profile = profile
        self.definition = definition
        self.places = Places(root, sources)
        self.problems: list[Problem] = []
        self.calendars = [*definition.calendars, *profile.calendars]

    def run(self) -> list[Problem]:
        """Every problem."""
        profile, process = self.profile, self.definition.process
        if profile.process != process.id:
            self.say(
                ("process",), f'this profile is for "{profile.process}", not for "{process.id}"', "value"
            )
        if profile.starts is not None:
            self._starts(profile.starts)
        self._calendars()
        if profile.arrivals is not None:
            for path, message in rate_problems(profile.arrivals.per_hour):
                self.say(("arrivals", "per_hour", *path), message, "value", key=bool(path))
        for section in ("teams", "groups", "on_call"):
            for name, crew in getattr(profile, section).items():
                self._crew((section, name), crew)
        for name, chances in profile.fields.items():
            self._field(("fields", name), name, chances)
        self._work()
        return self.problems

    def _calendars(self) -> None:
        for name, calendar in self.profile.calendars.items():
            if name in self.definition.calendars:
                message = f'the definition has a calendar "{name}"; take another name'
                self.say(("calendars", name), message, "calendar", key=True)
            for path, message in calendar_problems(calendar):
                self.say(("calendars", name, *path), message, "calendar")

    def _work(self) -> None:
        profile, process = self.profile, self.definition.process
        self._named("states", process.states, "state")
        self._named("transitions", process.transitions, "transition")
        self._named("tasks", process.tasks, "task")
        self._named("approvals", process.approvals, "approval")
        for name, in_state in profile.states.items():
            if name in process.states:
                self._state(("states", name), name, in_state)
        for name, task in profile.tasks.items():
            if task.work is not None and task.after is not None:
                self.say(("tasks", name, "after"), "write either work or after", "value")
        for name, approval in profile.approvals.items():
            sittings = plan_of(self.definition).sittings.get(name, {})
            offered = dict.fromkeys(one for sitting in sittings.values() for one in sitting.rule.offered)
            for answer in approval.answers:
                if sittings and answer not in offered:
                    self._unknown(("approvals", name, "answers", answer), "answer", answer, offered)
            if not any(approval.answers.values()):
                self.say(("approvals", name, "answers"), "give at least one answer a weight above 0", "value")
            self._calendar(("approvals", name, "calendar"), approval.calendar)

    def say(self, path: Path, message: str, code: str, *, key: bool = False) -> None:
        self.problems.append(self.places.problem(path, message, key=key, code=code))

    def _unknown(self, path: Path, what: str, name: str, known: Iterable[str], *, key: bool = True) -> None:
        names = list(known)
        hint = did_you_mean(name, names) or (f"; there are: {one_of(names)}" if names else "")
        self.say(path, f'unknown {what} "{name}"{hint}', "unknown-name", key=key)

    def _named(self, section: str, known: Mapping[str, object], what: str) -> None:
        for name in getattr(self.profile, section):
            if name not in known:
                self._unknown((section, name), what, name, known)

    def _starts(self, text: str) -> None:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.say(("starts",), f"{show(text)} is not a date: write it like {FIRST_DAY}", "value")
            return
        if not 1971 <= day.year <= 2200:
            self.say(("starts",), f"{day} lies beyond the calendars: write a year from 1971 to 2200", "value")

    def _calendar(self, path: Path, name: str | None) -> None:
        if name is not None and name not in self.calendars:
            self._unknown(path, "calendar", name, self.calendars, key=False)

    def _crew(self, path: Path, crew: Crew) -> None:
        self._calendar((*path, "calendar"), crew.calendar)
        for index, shift in enumerate(crew.shifts):
            self._calendar((*path, "shifts", index, "calendar"), shift.calendar)
        if crew.of is not None and crew.of not in self.profile.teams:
            self._unknown((*path, "of"), "team of this profile", crew.of, self.profile.teams, key=False)

    # ---- states

    def _state(self, path: Path, state: str, in_state: InState) -> None:
        buttons = [
            button.name
            for button in plan_of(self.definition).buttons
            if state in button.states and button.rule.who is not None
        ]
        for name in in_state.then:
            if name in SPECIAL or name in buttons:
                continue
            place = (*path, "then", name)
            rule = self.definition.process.transitions.get(name)
            if rule is None:
                self._unknown(place, "button", name, [*buttons, *SPECIAL])
            elif rule.who is None:
                self.say(
                    place, f'nobody presses "{name}": it has no who, so a rule takes it', "value", key=True
                )
            else:
                known = one_of([*buttons, *SPECIAL])
                self.say(place, f'"{name}" does not start from {state}; here are: {known}', "value", key=True)
        if in_state.work is not None and not any(
            weight for name, weight in in_state.then.items() if name not in (REPLY, NOTHING)
        ):
            self.say(
                (*path, "work"), "an agent works towards a button; for reply and nothing write after", "value"
            )
        self._calendar((*path, "calendar"), in_state.calendar)
        calendar = self.definition.calendars.get(in_state.calendar or "")
        if in_state.after is not None and calendar is not None:
            for length in _lengths(in_state.after):
                problem = duration_problem(calendar, length)
                if problem:
                    self.say((*path, "after"), problem, "value")

    # ---- fields

    def _field(self, path: Path, name: str, chances: Json) -> None:
        declared = self.definition.fields.get(name)
        if declared is None:
            self._unknown(path, "field", name, self.definition.fields)
            return
        if declared.compute:
            self.say(path, f"{name} is computed; nobody writes it", "value", key=True)
        elif not isinstance(chances, dict):
            self._answer(path, declared, chances)
        elif set(chances) & set(AMOUNTS):
            self._amount(path, declared, chances)
        else:
            self._weights(path, declared, chances)

    def _weights(self, path: Path, declared: FieldDef, chances: Mapping[str, Json]) -> None:
        if len(chances) > _VALUES:
            self.say(path, f"more than {_VALUES} values", "value")
            return
        total = 0.0
        for value, weight in chances.items():
            if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 10**6:
                message = f"{show(weight)} should be a weight: a number from 0 on"
                self.say((*path, value), message, "value")
                continue
            total += weight
            self._answer((*path, value), declared, value, key=True)
        if not total and len(self.problems) == 0:
            self.say(path, "give at least one value a weight above 0", "value")

    def _answer(self, path: Path, declared: FieldDef, value: Json, *, key: bool = False) -> None:
        options: list[str] = list(declared.options or {})
        if declared.type == "choice" and value not in options:
            self._unknown(path, "option", str(value), options, key=key)
        elif declared.type == "boolean" and value not in (True, False, "true", "false"):
            self.say(path, f"{show(value)} should be true or false", "value", key=key)
        elif declared.type == "service" and value not in self.profile.services:
            services = self.profile.services
            if services:
                self._unknown(path, "service of this profile", str(value), services, key=key)

    def _amount(self, path: Path, declared: FieldDef, chances: Mapping[str, Json]) -> None:
        if declared.type not in ("number", "money"):
            self.say(
                path, f"{', '.join(AMOUNTS)} are for numbers; this field is of type {declared.type}", "value"
            )
            return
        how, numbers = next(iter(chances.items()))
        if len(chances) > 1 or how not in AMOUNTS:
            self.say(path, f"write exactly one of {', '.join(AMOUNTS)}", "value")
        elif not _is_amount(how, numbers):
            wanted = {
                "uniform": "uniform: [5, 200]",
                "exponential": "exponential: 40",
                "lognormal": "lognormal: {median: 20, p90: 200}",
            }
            self.say((*path, how), f"write it like {wanted[how]}", "value")


def _is_amount(how: str, numbers: Json) -> bool:
    if how == "uniform":
        return (
            isinstance(numbers, list)
            and len(numbers) == 2
            and all(_number(one) is not None for one in numbers)
            and float(numbers[0]) <= float(numbers[1])
        )
    if how == "lognormal":
        if not isinstance(numbers, dict) or set(numbers) != {"median", "p90"}:
            return False
        median, p90 = _number(numbers["median"]), _number(numbers["p90"])
        return median is not None and p90 is not None and 0 < median < p90
    mean = _number(numbers)
    return mean is not None and mean >= 0


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _lengths(time: Time) -> list[str]:
    lengths = [time.fixed, *(time.uniform or ()), time.exponential]
    if time.lognormal is not None:
        lengths += [time.lognormal.median, time.lognormal.p90]
    return [str(one) for one in lengths if one is not None]
