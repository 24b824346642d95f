"""The simulation: every ticket on one time line, moved by the engine, worked on by the same people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calendars import ALWAYS, Calendars, FrozenCalendar, due
from domain.engine.plan import plan_of
from domain.language.definition import Definition
from domain.local_time import zone_named
from domain.simulation.answers import Answers
from domain.simulation.candidates import Candidates
from domain.simulation.casework import Casework
from domain.simulation.conduct import Conduct, conducts
from domain.simulation.dice import Streams, weighted
from domain.simulation.jobs import Case, Job
from domain.simulation.measures import Measures
from domain.simulation.organisation import Organisation, Worker
from domain.simulation.profile import Profile
from domain.simulation.rates import arrival_times
from domain.simulation.staff import Staff
from domain.simulation.timeline import ANSWER, ARRIVAL, LATER, Timeline
from domain.simulation.words import NOTHING, REPLY

MOST_ACTS = 300
"""A ticket that people moved so often goes round in circles: nobody touches it any more."""

NOBODY = "nobody in the profile may do what comes next"
CIRCLES = f"people acted on it {MOST_ACTS} times: it goes round in circles"


@dataclass(frozen=True)
class Setting:
    """What is simulated: `profile` is filled (profile.py), `calendars` are those of definition and profile."""

    definition: Definition
    profile: Profile
    calendars: Mapping[str, FrozenCalendar]
    start: datetime
    days: int
    tickets: int | None  # None: as many as the rates of the profile give

    @property
    def end(self) -> datetime:
        """When the simulation stops."""
        return self.start + timedelta(days=self.days)


def simulate(setting: Setting, streams: Streams) -> Simulation:
    """Run a simulation to its end. The same setting and streams give the same."""
    simulation = Simulation(setting, streams)
    simulation.run()
    return simulation


class Simulation:
    """People and their work. The tickets themselves are the casework's."""

    def __init__(self, setting: Setting, streams: Streams) -> None:
        self.setting = setting
        self.definition = setting.definition
        self.streams = streams
        self.timeline = Timeline(setting.start)
        self.measures = Measures(setting.definition)
        self.calendars = Calendars(setting.calendars)
        self.conducts = conducts(setting.definition, setting.profile, self.calendars)
        self.organisation = Organisation(setting.profile, setting.start, self.calendars)
        self.cases: dict[int, Case] = {}
        self.candidates = Candidates(setting.definition, self.organisation, self.timeline)
        self.staff = Staff(
            organisation=self.organisation,
            calendars=self.calendars,
            timeline=self.timeline,
            measures=self.measures,
            start=setting.start,
            end=setting.end,
            taken=self._taken,
            finished=self._finished,
        )
        teams = list(setting.profile.teams)
        answers = Answers(setting.definition, self.organisation, setting.profile.fields, teams, streams)
        self.casework = Casework(
            definition=setting.definition,
            profile=setting.profile,
            conducts=self.conducts,
            organisation=self.organisation,
            answers=answers,
            streams=streams,
            timeline=self.timeline,
            measures=self.measures,
            working=self.staff.working,
            settled=self._settled,
            paged=self._paged,
        )

    def run(self) -> None:
        """Let everything happen, and count."""
        setting = self.setting
        self.staff.plan_shifts()
        arrivals = setting.profile.arrivals
        assert arrivals is not None, "a profile is filled before it is used"
        zone = zone_named(self.definition.zone)
        times = arrival_times(
            arrivals.per_hour, zone, setting.start, setting.days, setting.tickets, self.streams("arrivals")
        )
        for number, at in enumerate(times, start=1):
            self.timeline.plan(at, ARRIVAL, self._arrive, number)
        self.timeline.run(setting.end)
        for job in self._under_way():
            self.staff.count(job)
        self.measures.end(self.cases, setting.end)

    def _under_way(self) -> Iterator[Job]:
        for case in self.cases.values():
            for job in (case.job, *case.tasks.values()):
                if job is not None and job.live and job.worker is not None:
                    yield job

    def _arrive(self, number: int) -> None:
        case = self.casework.open(number)
        if case is not None:
            self.cases[number] = case

    # ---- what comes next for a ticket

    def _settled(self, case: Case) -> None:
        """The ticket changed: what was planned for it may no longer fit."""
        ticket = case.ticket
        over = ticket.parked or self.definition.process.states[ticket.state].category == "closed"
        self._count_for(case, over=bool(over))
        self._plan_tasks(case)
        visit = (ticket.state, ticket.entered_at)
        if over:
            self._drop(case)
            case.visit = visit
        elif visit != case.visit:
            self._drop(case)
            case.visit, case.turn = visit, 0
            case.visits[ticket.state] = case.visits.get(ticket.state, 0) + 1
            self._plan_next(case)
        elif case.stuck and case.stuck_revision != ticket.revision:
            self._plan_next(case)
        elif case.job is not None and case.job.worker is None:
            allowed = self.candidates.allowed(case, case.job.what)
            self.staff.move(case.job, allowed, self.candidates.queries(case, allowed))

    def _count_for(self, case: Case, *, over: bool) -> None:
        """Who has how many open tickets, for `least_loaded`."""
        assignee = case.ticket.fields.get("assignee")
        holder = str(assignee) if assignee and not over and not self._is_done(case) else ""
        if holder != case.holder:
            for name, change in ((case.holder, -1), (holder, 1)):
                if name in self.organisation.workers:
                    self.organisation.workers[name].assigned += change
            case.holder = holder

    def _is_done(self, case: Case) -> bool:
        return self.definition.process.states[case.ticket.state].category in ("done", "closed")

    def _drop(self, case: Case) -> None:
        case.plan += 1
        case.planned = False
        case.stuck = ""
        if case.job is not None:
            self.staff.cancel(case.job)
            case.job = None

    def _plan_next(self, case: Case, refused: Mapping[str, str] | None = None) -> None:
        """Decide what happens next in this state: a button by chance, of those that were not refused just now."""
        state = case.ticket.state
        conduct = self.conducts.states.get(state)
        case.stuck = ""
        case.plan += 1
        if conduct is None:
            return
        left = [(name, weight) for name, weight in conduct.then if name not in (refused or {})]
        case.turn += 1
        dice = self.streams(f"{case.number}/{state}/{case.visits[state]}/{case.turn}")
        while left:
            if case.acts >= MOST_ACTS:
                self._stick(case, CIRCLES)
                return
            choice = weighted(dice, left)
            if choice == NOTHING:
                return
            takes = self.conducts.transitions.get(choice, conduct.takes)
            if self._begin(case, conduct, choice, max(1.0, takes.draw(dice))):
                return
            left = [one for one in left if one[0] != choice]
        self._stick(case, "; ".join((refused or {}).values()) or NOBODY)

    def _stick(self, case: Case, why: str) -> None:
        case.stuck = why
        case.stuck_revision = case.ticket.revision

    def _begin(self, case: Case, conduct: Conduct, choice: str, seconds: float) -> bool:
        """Plan a button; False when nobody may press it."""
        allowed = self.candidates.allowed(case, choice)
        if conduct.busy and choice != REPLY:
            queries = self.candidates.queries(case, allowed)
            if queries:
                case.job = self._job(case, choice, seconds, allowed, queries)
                self.staff.offer(case.job)
                return True
        if choice != REPLY and self.candidates.anybody(case, allowed) is None:
            return False
        self._later(case, conduct.calendar, choice, seconds)
        return True

    def _later(self, case: Case, calendar: FrozenCalendar | None, choice: str, seconds: float) -> None:
        amount = timedelta(seconds=round(seconds))
        at = due(calendar or ALWAYS, self.timeline.now, amount)
        if at is not None:
            self.timeline.plan(at, LATER, self._happen, case, case.plan, choice)

    def _happen(self, case: Case, plan: int, choice: str) -> None:
        """What takes no agent's time: the requester, a supplier, whoever may."""
        if plan != case.plan:
            return
        if choice == REPLY:
            why = self.casework.reply(case, case.requester)
        else:
            person = self.candidates.anybody(case, self.candidates.allowed(case, choice))
            why = NOBODY if person is None else self.casework.press(case, person, choice)
        if plan == case.plan:
            self._plan_next(case, {choice: why} if why else None)

    # ---- jobs

    def _job(
        self,
        case: Case,
        what: str,
        seconds: float,
        allowed: tuple[str, ...],
        queries: tuple[str, ...],
        *,
        run: int | None = None,
    ) -> Job:
        """A job for those whom `queries` find; with `run` it is a task."""
        workers = self.organisation.workers_of(queries, self.timeline.now)
        return Job(
            case=case,
            what=what,
            is_task=run is not None,
            run=run or 0,
            seconds=seconds,
            allowed=allowed,
            queries=queries,
            team=workers[0].team if workers else "",
            state=case.ticket.state,
            queued_at=self.timeline.now,
        )

    def _taken(self, job: Job, worker: Worker) -> None:
        """Who takes a ticket up first may tell the requester so."""
        case = job.case
        if not case.replied:
            case.replied = True
            if self.streams(f"{case.number}/reply")() < self.conducts.first_reply:
                self.casework.reply(case, worker.id)

    def _finished(self, job: Job, worker: Worker) -> None:
        """A job is done: the button is pressed, or the task completed."""
        case = job.case
        if job.is_task:
            case.tasks.pop((job.what, job.run), None)
            conduct = self.conducts.tasks.get(job.what)
            dice = self.streams(f"{case.number}/{job.what}/{job.run}/fails")
            failed = conduct is not None and dice() < conduct.fails.part
            why = self.casework.complete(case, worker.id, job.what, failed=failed)
            if why and not case.stuck:
                self._stick(case, why)
        else:
            case.job = None
            self._press_any(case, worker, job.what)

    def _press_any(self, case: Case, worker: Worker, button: str) -> None:
        """Press the button; where the process says no, another one of those there are, by chance."""
        plan, refused = case.plan, dict[str, str]()
        choice: str | None = button
        dice = self.streams(f"{case.number}/{case.ticket.state}/{case.visits[case.ticket.state]}/otherwise")
        while choice is not None:
            why = self.casework.press(case, worker.id, choice)
            if case.plan != plan:
                return  # the ticket moved on
            if not why:
                self._plan_next(case)
                return
            refused[choice] = why
            left = [
                (name, weight)
                for name, weight in self.conducts.states[case.ticket.state].then
                if name not in refused
                and name not in (REPLY, NOTHING)
                and self.candidates.may(case, worker, name)
            ]
            choice = weighted(dice, left) if left and case.acts < MOST_ACTS else None
        self._plan_next(case, refused)

    # ---- tasks

    def _plan_tasks(self, case: Case) -> None:
        """Queue the tasks that are open for people, drop those that are not any more."""
        ticket = case.ticket
        if not ticket.tasks and not case.tasks:
            return
        wanted = {(name, task.run): task for name, task in ticket.tasks.items() if task.state == "open"}
        for key in [key for key in case.tasks if key not in wanted]:
            self.staff.cancel(case.tasks.pop(key))
        for (name, run), task in wanted.items():
            if (name, run) in case.tasks or (case.stuck and case.stuck_revision == ticket.revision):
                continue
            conduct = self.conducts.tasks.get(name)
            takes = (conduct.work or conduct.after) if conduct else None
            dice = self.streams(f"{case.number}/{name}/{run}")
            seconds = max(1.0, takes.draw(dice)) if takes else 1.0
            queries = tuple(
                query for query in task.assignees if self.organisation.workers_of((query,), self.timeline.now)
            )
            if queries:
                job = self._job(case, name, seconds, task.assignees, queries, run=run)
                case.tasks[name, run] = job
                self.staff.offer(job)
            elif (person := self.candidates.anybody(case, task.assignees)) is not None:
                case.tasks[name, run] = self._job(case, name, seconds, task.assignees, (), run=run)
                at = self.timeline.now + timedelta(seconds=round(seconds))
                self.timeline.plan(at, LATER, self._done_by, case.tasks[name, run], person)
            else:
                self._stick(case, f"nobody in the profile may do the task {name}")

    def _done_by(self, job: Job, person: str) -> None:
        if job.live:
            job.live = False
            self.casework.complete(job.case, person, job.what, failed=False)

    # ---- pages

    def _paged(self, case: Case, person: str) -> None:
        """Somebody is called, and answers after a while, or not."""
        if person in case.answering or not (self.conducts.answering or self.conducts.pages.work):
            return
        pages = self.conducts.pages
        dice = self.streams(f"{case.number}/page/{person}/{case.ticket.seq}")
        if dice() < pages.answered.part:
            case.answering.add(person)
            at = self.timeline.now + timedelta(seconds=max(1, round(pages.after.draw(dice))))
            self.timeline.plan(at, ANSWER, self._answer, case, person)

    def _answer(self, case: Case, person: str) -> None:
        case.answering.discard(person)
        if case.ticket.parked or self._is_done(case) or case.acts >= MOST_ACTS:
            return
        for name in self.conducts.answering:
            if case.ticket.state in plan_of(self.definition).by_name[name].states and not self.casework.press(
                case, person, name
            ):
                break
        worker, job = self.organisation.workers.get(person), case.job
        if worker is None or job is None or not self.conducts.pages.work:
            return
        if job.live and job.worker is None and self.candidates.may(case, worker, job.what):
            self.staff.call(job, worker)
