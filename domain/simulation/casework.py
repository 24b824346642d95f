"""Tickets of a simulation: opened and moved by the engine, their effects answered at once or later."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.engine import approvers
from domain.engine.advance import advance, next_deadline
from domain.engine.entries import Effect, Entry, Outcome
from domain.engine.events import (
    ChildDone,
    ChildOpened,
    Command,
    Comment,
    CompleteTask,
    Facts,
    Move,
    Open,
    Picked,
    Request,
    Result,
    TaskFinished,
    Vote,
)
from domain.engine.following import chains_of, known_of
from domain.engine.handle import handle, handle_result, open_ticket
from domain.engine.needs import needs
from domain.engine.task_rules import base_of, find_rule
from domain.engine.ticket import Json
from domain.errors import FormInvalid, Refused
from domain.language.definition import Definition
from domain.language.models import FormEntry
from domain.simulation.answers import Answers, corrected, drawn
from domain.simulation.conduct import Conducts
from domain.simulation.dice import Streams
from domain.simulation.jobs import Case
from domain.simulation.measures import Measures
from domain.simulation.organisation import Organisation
from domain.simulation.profile import Profile
from domain.simulation.timeline import DEADLINE, RESULT, Timeline

MOST_ROUNDS = 4  # how often a form is mended before it counts as refused


@dataclass(slots=True)
class Casework:
    """What the engine does with tickets. `settled` is called after every change, `paged` for those who are called."""

    definition: Definition
    profile: Profile
    conducts: Conducts
    organisation: Organisation
    answers: Answers
    streams: Streams
    timeline: Timeline
    measures: Measures
    working: Mapping[str, bool]  # calendars that are open now
    settled: Callable[[Case], None]
    paged: Callable[[Case, str], None]

    # ---- opening

    def open(self, number: int) -> Case | None:
        """Open a ticket; None when its form refuses what the profile answers."""
        now, key = self.timeline.now, str(number)
        requesters = self.organisation.requesters
        requester = requesters[int(self.streams(f"{key}/requester")() * len(requesters))]
        form = self.definition.create_form
        values = self.answers.fill(form, None, f"{key}/create", now, requester)
        ref = f"{self.definition.process.number.partition('{')[0]}{number:06d}"
        for _ in range(MOST_ROUNDS):
            request = Open(key, ref, self.definition.hashes, values, self._channel(key))
            command = Command(1, f"{key}-1", request, now, requester)
            facts = self.organisation.facts(
                requester, needs(self.definition, None, request), now, paged=False
            )
            try:
                outcome = open_ticket(self.definition, command, facts, now)
            except FormInvalid as invalid:
                codes = {error.field: error.code for error in invalid.errors}
                mended = self._mended(values, codes, form, None, f"{key}/create", requester)
                if mended == values:
                    self.measures.refused[str(invalid)] += 1
                    return None
                values = mended
            except Refused as refused:
                self.measures.refused[str(refused)] += 1
                return None
            else:
                case = Case(number, requester, now, outcome.ticket, commands=1)
                self.measures.opened(case, now)
                self._keep(case, outcome)
                return case
        self.measures.refused["the form asks for more and more"] += 1
        return None

    def _channel(self, key: str) -> str:
        chances = self.profile.fields.get("channel")
        return "portal" if chances is None else str(drawn(chances, self.streams(f"{key}/channel")))

    def _mended(
        self,
        values: dict[str, Json],
        codes: Mapping[str, str],
        form: Mapping[str, FormEntry],
        case: Case | None,
        key: str,
        person: str,
    ) -> dict[str, Json]:
        """The values of a form after its complaints: what is missing is added, what does not apply is left out."""
        mended = corrected(values, codes)
        for name, code in codes.items():
            declared = self.definition.fields.get(name)
            if code == "missing" and declared is not None and name in form:
                ticket = case.ticket if case else None
                dice = self.streams(f"{key}/{name}")
                value = self.answers.value(name, declared, ticket, dice, self.timeline.now, mended)
                if value is not None:
                    mended[name] = value
        return mended

    # ---- acting

    def press(self, case: Case, person: str, button: str) -> str:
        """Take a transition; empty when it is done, else why not."""
        form = self.definition.form(self.definition.process.transitions[button].ask)
        why = self._submit(case, person, button, form, lambda values: Move(button, values))
        if why:
            self.measures.said_no(case, button, why)
        return why

    def complete(self, case: Case, person: str, task: str, *, failed: bool) -> str:
        """Do a task, or say that it cannot be done; empty when that was accepted, else why not."""
        rule = find_rule(self.definition, task)
        form = {} if failed or rule is None else self.definition.form(rule.ask)
        why = self._submit(case, person, task, form, lambda values: CompleteTask(task, values, failed))
        if why:
            self.measures.said_no(case, task, why)
        return why

    def vote(self, case: Case, person: str, vote: Vote, form: Mapping[str, FormEntry]) -> str:
        """Answer an approval; empty when it was accepted, else why not."""
        why = self._submit(case, person, vote.approval, form, lambda values: replace(vote, fields=values))
        if why:
            self.measures.said_no(case, f"{vote.approval} {vote.answer}", why)
        return why

    def _submit(
        self,
        case: Case,
        person: str,
        name: str,
        form: Mapping[str, FormEntry],
        request: Callable[[dict[str, Json]], Request],
    ) -> str:
        """Fill a form and send it, mended as long as the process complains about fields."""
        key = f"{case.number}/{name}/{case.acts}"
        values = self.answers.fill(form, case.ticket, key, self.timeline.now, person) if form else {}
        for _ in range(MOST_ROUNDS):
            entry = self.act(case, person, request(values))
            if entry.result == "done":
                return ""
            codes = {one["field"]: one["code"] for one in entry.refusal.errors} if entry.refusal else {}
            mended = self._mended(values, codes, form, case, key, person)
            if mended == values:
                return _words(entry)
            values = mended
        return f"the form of {name} asks for more and more"

    def reply(self, case: Case, person: str) -> str:
        """Write a public reply; empty when it was accepted, else why not."""
        entry = self.act(case, person, Comment(f"{case.number}-{case.commands}", "", public=True))
        return "" if entry.result == "done" else _words(entry)

    def act(self, case: Case, person: str, request: Request) -> Entry:
        """One command of a person, or of the system itself, now; its entry."""
        now = self.timeline.now
        case.commands += 1
        case.acts += 1
        number = case.commands
        command = Command(number, f"{case.number}-{number}", request, now, person)
        wanted = needs(self.definition, case.ticket, request)
        facts = (
            self.organisation.facts(person, wanted, now, paged=person in case.paged)
            if person
            else Facts(published=wanted.processes)
        )
        outcome = handle(self.definition, case.ticket, command, facts, now)
        self._keep(case, outcome)
        return next(entry for entry in outcome.entries if entry.command == number)

    # ---- time

    def come_due(self, case: Case) -> None:
        """A deadline of the ticket, if it still stands."""
        case.deadline = None
        deadline = next_deadline(case.ticket)
        if deadline is not None and deadline <= self.timeline.now:
            self._keep(case, advance(self.definition, case.ticket, self.timeline.now))
        else:
            self._wake(case)

    def _wake(self, case: Case) -> None:
        """Put the nearest deadline on the time line."""
        deadline = next_deadline(case.ticket)
        if deadline is not None and (case.deadline is None or deadline < case.deadline):
            case.deadline = deadline
            self.timeline.plan(deadline, DEADLINE, self._due, case, deadline)

    def _due(self, case: Case, planned: object) -> None:
        if case.deadline == planned:
            self.come_due(case)

    # ---- effects

    def _keep(self, case: Case, outcome: Outcome) -> None:
        """Keep what the engine decided, and carry out what it asks for."""
        case.ticket = outcome.ticket
        called: dict[str, None] = {}
        asked = deque(outcome.entries)
        while asked:
            entry = asked.popleft()
            self.measures.saw(case, entry)
            for effect in entry.effects:
                if effect.kind == "page":
                    called |= dict.fromkeys(self._called(entry, effect))
                elif effect.kind == "pick":
                    asked.extend(self._result(case, self._picked(entry, effect)))
                elif effect.kind == approvers.KIND:
                    found = approvers.answer(effect.data, self.organisation, entry.at)
                    asked.extend(self._result(case, found))
                elif effect.kind == "create":
                    asked.extend(self._result(case, self._opened_for(case, entry, effect)))
                elif effect.kind in ("script", "http"):
                    self._hand_out(case, effect)
        self._wake(case)
        self.settled(case)
        for person in called:
            case.paged.add(person)
            self.paged(case, person)

    def _result(self, case: Case, result: Result) -> tuple[Entry, ...]:
        """Tell the ticket a result, now."""
        outcome = handle_result(
            self.definition, case.ticket, result, max(self.timeline.now, case.ticket.last_at)
        )
        case.ticket = outcome.ticket
        return outcome.entries

    def _called(self, entry: Entry, effect: Effect) -> list[str]:
        found = dict.fromkeys(one for query in effect.to for one in self.organisation.people(query, entry.at))
        how = effect.data.get("pick")
        return self.organisation.one_of(list(found), str(how), effect.why) if how else list(found)

    def _picked(self, entry: Entry, effect: Effect) -> Picked:
        team = str(effect.data["team"])
        person = self.organisation.pick(team, str(effect.data["how"]), self.timeline.now, self.working)
        known = known_of(person, chains_of(effect.data.get("follow")), self.organisation.thing)
        return Picked(entry.seq, effect.index, team, person, entry.at, known)

    def _opened_for(self, case: Case, entry: Entry, effect: Effect) -> ChildOpened:
        """Another ticket is made up at once; one that a task waits for is done after a while."""
        data = effect.data
        process, task = str(data["process"]), str(data.get("task") or "")
        run = int(str(data.get("run") or 0))
        made = f"{case.number}-{entry.seq}-{effect.index}"
        if task:
            dice = self.streams(f"{case.number}/{task}/{run}")
            conduct = self.conducts.tasks.get(base_of(task))
            seconds = conduct.after.draw(dice) if conduct and conduct.after else 1.0
            state = "failed" if conduct and dice() < conduct.fails.part else "done"
            at = self.timeline.now + timedelta(seconds=max(1, round(seconds)))
            self.timeline.plan(at, RESULT, self.act, case, "", ChildDone(task, run, made, state))
        link = str(data["link"])
        ends, by = str(data.get("to") or ""), str(data.get("by") or "")
        return ChildOpened(
            entry.seq, effect.index, entry.at, link, process, made, made, task, run, to=ends, by=by
        )

    def _hand_out(self, case: Case, effect: Effect) -> None:
        """A script or a call: its result comes after a while."""
        task, run = str(effect.data["task"]), int(str(effect.data["run"]))
        dice = self.streams(f"{case.number}/{task}/{run}")
        conduct = self.conducts.tasks.get(base_of(task))
        seconds = conduct.after.draw(dice) if conduct and conduct.after else 1.0
        ok = not (conduct and dice() < conduct.fails.part)
        at = self.timeline.now + timedelta(seconds=max(1, round(seconds)))
        result = TaskFinished(task, run, ok, at, {}, "" if ok else "it failed")
        self.timeline.plan(at, RESULT, self._finished, case, result)

    def _finished(self, case: Case, result: TaskFinished) -> None:
        now = self.timeline.now
        self._keep(case, handle_result(self.definition, case.ticket, result, max(now, case.ticket.last_at)))


def _words(entry: Entry) -> str:
    """Why an entry was refused, in one line."""
    refusal = entry.refusal
    if refusal is None:
        return entry.result
    fields = "; ".join(f"{one['field']}: {one['message']}" for one in refusal.errors)
    return fields or refusal.text.get("en") or next(iter(refusal.text.values()), refusal.code)
