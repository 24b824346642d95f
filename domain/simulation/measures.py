"""What is counted and timed while a simulation runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from domain.engine.entries import Entry
from domain.language.definition import Definition
from domain.simulation.jobs import Case, Job
from domain.simulation.organisation import Worker

Change = tuple[datetime, int]
OVERDUE = "overdue"


@dataclass(slots=True)
class Cycle:
    """One life of a clock from its start to its stop or reset."""

    stopped: bool = False
    breached: bool = False


@dataclass(slots=True)
class Visit:
    """All stays in one state."""

    stays: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Outcomes:
    """How cycles of a clock ended: in time, too late, not yet."""

    met: int = 0
    missed: int = 0
    running: int = 0


@dataclass(slots=True)
class Measures:
    """Everything seen, raw; `results.py` makes figures of it."""

    definition: Definition
    arrived: list[datetime] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)  # openings
    states: defaultdict[str, Visit] = field(default_factory=lambda: defaultdict(Visit))
    entered: dict[int, tuple[str, datetime]] = field(
        default_factory=dict
    )  # ticket → its state and since when
    clocks: dict[tuple[str, str], Outcomes] = field(default_factory=dict)  # clock and level
    cycles: dict[tuple[int, str], Cycle] = field(default_factory=dict)
    thresholds: Counter[tuple[str, str]] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[str] = field(default_factory=Counter)  # moves that no person made
    steps: Counter[tuple[str, int]] = field(default_factory=Counter)  # escalation and step
    chains: Counter[tuple[str, str]] = field(default_factory=Counter)  # escalation and what became of it
    approvals: Counter[tuple[str, str]] = field(default_factory=Counter)  # approval and what became of it
    requested: dict[tuple[int, str], datetime] = field(default_factory=dict)
    decided_after: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    pages: Counter[str] = field(default_factory=Counter)  # by rule
    effects: Counter[str] = field(default_factory=Counter)
    reopened: set[int] = field(default_factory=set)
    done_after: dict[int, float] = field(
        default_factory=dict
    )  # seconds from opening to the first time it is done
    waits: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # by team
    waits_in: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # by state
    queues: defaultdict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))
    open: defaultdict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))  # by category
    busy: list[tuple[Worker, datetime, datetime, bool]] = field(
        default_factory=list
    )  # True: outside their hours
    refusals: dict[str, set[int]] = field(default_factory=dict)  # "button: why" → tickets
    stuck: Counter[tuple[str, str]] = field(default_factory=Counter)  # state and why
    parked: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    begun: datetime | None = None  # when counting began, after a warm-up
    done_before: set[int] = field(default_factory=set)  # tickets that were done once before that

    def begin(self, at: datetime) -> None:
        """Count from now on. What is open, waits or runs is known; what it came from is not counted."""
        fresh = Measures(self.definition, begun=at, done_before={*self.done_before, *self.done_after})
        fresh.requested = self.requested
        fresh.cycles = {key: cycle for key, cycle in self.cycles.items() if not cycle.stopped}
        fresh.entered = {number: (state, max(since, at)) for number, (state, since) in self.entered.items()}
        for changes, left in ((self.queues, fresh.queues), (self.open, fresh.open)):
            for name, found in changes.items():
                left[name] = [(at, sum(change for _, change in found))]
        for one in fields(self):
            setattr(self, one.name, getattr(fresh, one.name))

    def said_no(self, case: Case, what: str, why: str) -> None:
        """The process refused what somebody wanted."""
        self.refusals.setdefault(f"{what}: {why}", set()).add(case.number)

    # ---- people

    def queued(self, job: Job, at: datetime) -> None:
        """A job waits."""
        self.queues[job.team].append((at, 1))

    def unqueued(self, job: Job, at: datetime) -> None:
        """A job waits no longer."""
        self.queues[job.team].append((at, -1))

    def started(self, job: Job, at: datetime) -> None:
        """Somebody takes a job up."""
        self.unqueued(job, at)
        waited = (at - job.queued_at).total_seconds()
        self.waits[job.team].append(waited)
        self.waits_in[job.state].append(waited)

    def worked(self, worker: Worker, start: datetime, end: datetime, *, overtime: bool) -> None:
        """Somebody was busy; pauses of their calendar count as none."""
        self.busy.append((worker, max(start, self.begun) if self.begun else start, end, overtime))

    # ---- tickets

    def opened(self, case: Case, at: datetime) -> None:
        """A ticket came."""
        self.arrived.append(at)
        state = str(self.definition.process.starts_in)
        self.entered[case.number] = (state, at)
        self._category(state, at, 1)

    def _category(self, state: str, at: datetime, change: int) -> None:
        self.open[self.definition.process.states[state].category].append((at, change))

    def saw(self, case: Case, entry: Entry) -> None:
        """One entry of a ticket's journal."""
        for happening in entry.happened:
            name, detail = happening.name, happening.detail
            match happening.what:
                case "moved":
                    self.moves[name] += 1
                    if not entry.actor:
                        self.by_rule[name] += 1
                    if "to" in detail:
                        self._entered(case, str(detail["to"]), entry.at)
                case "clock":
                    self._clock(case, name, str(detail["what"]))
                case "reached":
                    self.thresholds[name, str(detail["threshold"])] += 1
                case "breached":
                    self._cycle(case, name).breached = True
                case "overdue":
                    self.thresholds[name, OVERDUE] += 1
                case "escalation":
                    self._escalation(name, detail)
                case "approval":
                    self._approval(case, name, detail, entry.at)
                case "parked":
                    self.parked[str(detail["reason"])] += 1
        for effect in entry.effects:
            self.effects[effect.kind] += 1
            if effect.kind == "page":
                self.pages[effect.why] += 1
        if entry.result == "faulted":
            self.faults += 1

    def _entered(self, case: Case, state: str, at: datetime) -> None:
        before, since = self.entered[case.number]
        self._stayed(before, since, at)
        self.entered[case.number] = (state, at)
        self._category(before, at, -1)
        self._category(state, at, 1)
        states = self.definition.process.states
        was_over = states[before].category in ("done", "closed")
        is_over = states[state].category in ("done", "closed")
        if is_over and case.number not in self.done_after and case.number not in self.done_before:
            self.done_after[case.number] = (at - case.opened_at).total_seconds()
        if was_over and not is_over:
            self.reopened.add(case.number)

    def _stayed(self, state: str, since: datetime, until: datetime) -> None:
        visit = self.states[state]
        visit.stays += 1
        visit.seconds += (until - since).total_seconds()

    def _escalation(self, name: str, detail: Mapping[str, object]) -> None:
        what = str(detail["what"])
        self.chains[name, what] += 1
        if what == "started":
            self.steps[name, 1] += 1
        elif what == "stepped":
            self.steps[name, int(str(detail["step"]))] += 1

    def _approval(self, case: Case, name: str, detail: Mapping[str, object], at: datetime) -> None:
        what = str(detail["what"])
        if what == "requested":
            self.requested[case.number, name] = at
        elif what == "ended" and (begun := self.requested.pop((case.number, name), None)) is not None:
            self.decided_after[name].append((at - begun).total_seconds())
        if what in ("requested", "reminded", "lapsed", "nobody", "voided", "reopened", "withdrawn"):
            self.approvals[name, what] += 1
        elif what == "ended":
            self.approvals[name, str(detail["state"])] += 1

    def _cycle(self, case: Case, clock: str) -> Cycle:
        return self.cycles.setdefault((case.number, clock), Cycle())

    def _clock(self, case: Case, clock: str, what: str) -> None:
        if what == "reset":
            self._ended(case, clock, self.cycles.pop((case.number, clock), None), over=True)
        elif what in ("started", "resumed"):
            self._cycle(case, clock).stopped = False
        elif what == "stopped":
            self._cycle(case, clock).stopped = True

    def _ended(self, case: Case, clock: str, cycle: Cycle | None, *, over: bool) -> None:
        if cycle is None:
            return
        rule = self.definition.process.clocks[clock]
        level = str(case.ticket.fields.get(rule.by) or "")
        outcomes = self.clocks.setdefault((clock, level), Outcomes())
        if cycle.breached:
            outcomes.missed += 1
        elif cycle.stopped or over:
            outcomes.met += 1
        else:
            outcomes.running += 1

    # ---- the end

    def end(self, cases: Mapping[int, Case], at: datetime) -> None:
        """Time is over: what still runs is counted as it stands."""
        for (number, clock), cycle in self.cycles.items():
            self._ended(cases[number], clock, cycle, over=False)
        for number, (state, since) in self.entered.items():
            if self.definition.process.states[state].category != "closed":
                self._stayed(state, since, max(since, at))
            case = cases[number]
            if case.stuck and not case.ticket.parked:
                self.stuck[state, case.stuck] += 1
