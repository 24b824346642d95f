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
from domain.simulation.dice import Dice, Streams, weighted
from domain.simulation.jobs import Case, Job
from domain.simulation.measures import Measures
from domain.simulation.organisation import Organisation, Worker
from domain.simulation.profile import Profile
from domain.simulation.rates import arrival_times
from domain.simulation.staff import Staff
from domain.simulation.taskwork import Taskwork
from domain.simulation.timeline import ANSWER, ARRIVAL, LATER, SHIFT, Timeline
from domain.simulation.votes import Votes
from domain.simulation.words import NOTHING, REPLY, SPECIAL

MOST_ACTS = 300
"""A ticket that people moved so often goes round in circles: nobody touches it any more."""

TRY_AGAIN = timedelta(hours=2)
MOST_TRIES = 200
"""Where the process says no to everything, people look again after a while, and some day no more."""

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
    warm_up: int = 0  # days before those that are counted, so that the desk is not empty

    @property
    def counted_from(self) -> datetime:
        """From when on everything is counted."""
        return self.start + timedelta(days=self.warm_up)

    @property
    def end(self) -> datetime:
        """When the simulation stops."""
        return self.counted_from + timedelta(days=self.days)


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
        self.organisation = Organisation(setting.profile, setting.start, setting.end, self.calendars, streams)
        self.cases: dict[int, Case] = {}
        self.carried: set[int] = set()  # tickets that the warm-up left
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
        self.taskwork = Taskwork(
            self.casework, self.candidates, self.staff, self.timeline, streams, self._stick
        )
        self.votes = Votes(
            setting.definition, self.organisation, self.casework, self.calendars, self.timeline, streams
        )

    def run(self) -> None:
        """Let everything happen, and count."""
        setting = self.setting
        self.staff.plan_shifts()
        self.staff.plan_absences()
        arrivals = setting.profile.arrivals
        assert arrivals is not None, "a profile is filled before it is used"
        zone = zone_named(self.definition.zone)
        whole = setting.warm_up + setting.days
        tickets = None if setting.tickets is None else round(setting.tickets * whole / setting.days)
        times = arrival_times(
            arrivals.per_hour, zone, setting.start, whole, tickets, self.streams("arrivals")
        )
        if setting.warm_up:
            self.timeline.plan(setting.counted_from, SHIFT, self._begin_counting)
        for number, at in enumerate(times, start=1):
            self.timeline.plan(at, ARRIVAL, self._arrive, number)
        self.timeline.run(setting.end)
        for job in self._under_way():
            self.staff.count(job)
        self.measures.end(self.cases, setting.end)

    def _begin_counting(self) -> None:
        """The warm-up is over: what happened until now is forgotten, what is under way goes on."""
        self.carried = {
            number
            for number, case in self.cases.items()
            if self.definition.process.states[case.ticket.state].category != "closed"
        }
        self.measures.begin(self.timeline.now)

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
        self.taskwork.plan(case)
        self.votes.plan(case)
        visit = (ticket.state, ticket.entered_at)
        if over:
            self._drop(case)
            case.visit = visit
        elif visit != case.visit:
            self._drop(case)
            case.visit, case.turn, case.tries = visit, 0, 0
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
        """Decide what happens next in this state: a button by chance. Where that was refused just now, nothing does."""
        state = case.ticket.state
        conduct = self.conducts.states.get(state)
        case.stuck = ""
        case.plan += 1
        if conduct is None:
            return
        left = [one for one in conduct.then if not (refused and one[0] == NOTHING)]
        case.turn += 1
        dice = self._dice(case, case.turn)
        while left and case.acts < MOST_ACTS:
            choice = weighted(dice, left)
            if choice == NOTHING:
                return
            if refused and choice in refused:
                break
            takes = self.conducts.transitions.get(choice, conduct.takes)
            if self._begin(case, conduct, choice, max(1.0, takes.draw(dice))):
                return
            left = [one for one in left if one[0] != choice]
        self._give_up(case, refused or {})

    def _give_up(self, case: Case, refused: Mapping[str, str]) -> None:
        """Nothing can be done for now. What the process refused may be possible after a while."""
        case.plan += 1
        if case.acts >= MOST_ACTS:
            self._stick(case, CIRCLES)
            return
        self._stick(case, "; ".join(refused.values()) or NOBODY)
        self._look_again_later(case, refused)

    def _look_again_later(self, case: Case, refused: Mapping[str, str]) -> None:
        if refused and case.tries < MOST_TRIES:
            at = self.timeline.now + TRY_AGAIN
            self.timeline.plan(at, LATER, self._try_again, case, case.plan, refused)

    def _stick(self, case: Case, why: str) -> None:
        case.stuck = why
        case.stuck_revision = case.ticket.revision

    def _try_again(self, case: Case, plan: int, refused: Mapping[str, str]) -> None:
        """What the process refused may be possible by now: a window opens, a date comes. Who has waited for it does it
        at once.
        """
        if plan != case.plan or not case.stuck:
            return
        case.tries += 1
        conduct = self.conducts.states[case.ticket.state]
        for name in refused:
            takes = self.conducts.transitions.get(name, conduct.takes)
            seconds = max(1.0, takes.draw(self._dice(case, "again"))) if conduct.busy else 1.0
            if self.candidates.could(case, name) and self._begin(case, conduct, name, seconds):
                case.stuck = ""
                return
        self._look_again_later(case, refused)

    def _dice(self, case: Case, what: object) -> Dice:
        """A stream for this visit of this state."""
        state = case.ticket.state
        return self.streams(f"{case.number}/{state}/{case.visits[state]}/{what}")

    def _begin(self, case: Case, conduct: Conduct, choice: str, seconds: float) -> bool:
        """Plan a button; False when nobody may press it."""
        allowed = self.candidates.allowed(case, choice)
        if conduct.busy and choice != REPLY:
            queries = self.candidates.queries(case, allowed)
            if queries:
                case.job = self.candidates.job(case, choice, seconds, allowed, queries)
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
            self._after(case, {choice: why} if why else {})

    def _after(self, case: Case, refused: Mapping[str, str]) -> None:
        """The ticket is where it was. At the first refusal perhaps another button: who cannot start does not cancel
        every time they look again.
        """
        if refused and case.tries:
            self._give_up(case, refused)
        else:
            self._plan_next(case, refused)

    # ---- jobs

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
            self.taskwork.finish(job, worker)
        else:
            case.job = None
            self._press_any(case, worker, job.what)

    def _press_any(self, case: Case, worker: Worker, button: str) -> None:
        """Press the button; where the process says no, perhaps another one at once."""
        plan, state = case.plan, case.ticket.state
        dice = self._dice(case, "otherwise")
        refused: dict[str, str] = {}
        while button not in refused and case.acts < MOST_ACTS:
            why = self.casework.press(case, worker.id, button)
            if case.plan != plan:
                return  # the ticket moved on
            if not why:
                self._plan_next(case)
                return
            refused[button] = why
            there = [
                (name, weight)
                for name, weight in self.conducts.states[state].then
                if name not in SPECIAL and self.candidates.may(case, worker, name)
            ]
            if there and not case.tries:
                button = weighted(dice, there)
        self._give_up(case, refused)

    # ---- pages

    def _paged(self, case: Case, person: str) -> None:
        """Somebody is called, and answers after a while, or not."""
        if self.organisation.is_away(person):
            return
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
