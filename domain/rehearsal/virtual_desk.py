"""A desk without a server: the engine on a virtual clock, effects answered by the world of a test file."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime

from domain.engine import approvers, schedules
from domain.engine.advance import advance, next_deadline
from domain.engine.checks import look_up
from domain.engine.entries import Effect, Entry, Outcome
from domain.engine.events import (
    ChildDone,
    ChildOpened,
    Command,
    Comment,
    CompleteTask,
    Facts,
    Migrate,
    News,
    Open,
    Picked,
    Request,
    Result,
    TaskFinished,
)
from domain.engine.following import chains_of, known_of
from domain.engine.handle import handle, handle_result, open_ticket
from domain.engine.needs import COMMENT, LONGEST_TEXT, needs
from domain.engine.permissions import may_view
from domain.engine.task_rules import find_rule
from domain.engine.ticket import Json, Ticket
from domain.errors import unknown
from domain.language.definition import Definition
from domain.rehearsal.link_steps import LinkStep, request_of
from domain.rehearsal.script import Act, Moving, Opening, Reply
from domain.rehearsal.world import WorldDirectory

TICKET_ID = "00000000-0000-4000-8000-000000000001"


class VirtualDesk:
    """One ticket, its whole journal, and who was paged for it."""

    def __init__(
        self,
        definition: Definition,
        directory: WorldDirectory,
        published: tuple[str, ...] = (),
        *,
        onto: Definition | None = None,
    ) -> None:
        """`onto`: the version that its ticket moves to when a case says so."""
        self.definition = definition
        self._onto = onto
        self.directory = directory
        self.published = published
        self.ticket: Ticket | None = None
        self.journal: list[Entry] = []
        self.paged: set[str] = set()
        self.waits_since: datetime | None = None  # for the ticket to open by a schedule of its process
        self._commands = 0
        self._children = 0

    def advance_to(self, at: datetime) -> None:
        """Let time pass, deadline by deadline, as the workflow's timer does."""
        if self.ticket is None and self.waits_since is not None:
            self._open_scheduled(self.waits_since, at)
        while self.ticket is not None:
            deadline = next_deadline(self.ticket)
            if deadline is None or deadline > at:
                return
            now = max(deadline, self.ticket.last_at)
            self._keep(advance(self.definition, self.ticket, now, until=deadline))

    def act(self, person: str | None, act: Act, at: datetime) -> Entry:
        """Do something at `at` (time has come there before) and return the command's entry.

        Raises Refused when a ticket cannot be opened, TicketUnknown when this person may not see it: like a desk.
        """
        number = self._commands + 1
        request = self._request(act, number, person)
        if isinstance(request, ChildDone | News | Migrate):
            person = None  # the other ticket tells, or who runs the desk moves it, whoever did it
        command = Command(number, f"command-{number}", request, at, person or "")
        if isinstance(command.request, Open):
            outcome = open_ticket(self.definition, command, self.facts(person, command.request, at), at)
        else:
            assert self.ticket is not None, "a case begins with create"
            facts = self.facts(person, command.request, at)
            if facts.actor.kind == "person" and not may_view(self.definition, self.ticket, facts.actor):
                raise unknown(self.ticket.ref)
            if isinstance(act, Reply):
                said: dict[str, Json] = {"text": act.text[:LONGEST_TEXT]}
                facts = replace(facts, things={**facts.things, f"{COMMENT}comment-{number}": said})
            onto = self._onto if isinstance(request, Migrate) else None
            outcome = handle(self.definition, self.ticket, command, facts, at, onto=onto)
            if onto is not None and outcome.ticket.hashes == onto.hashes:
                self.definition = onto
        self._commands = number
        self._keep(outcome)
        self.advance_to(at)  # what became due by it happens at once, as in the workflow
        return next(entry for entry in reversed(self.journal) if entry.command == command.number)

    def _open_scheduled(self, since: datetime, until: datetime) -> None:
        """Open the ticket whose turn comes first, when it has come."""
        names = self.definition.process.schedule
        turns = [turn for name in names if (turn := schedules.upcoming(self.definition, name, since))]
        turn = min(turns, key=lambda one: one.due_at, default=None)
        if turn is not None and turn.due_at <= until:
            fields = schedules.fields_of(self.definition, turn)
            self.act(None, Opening(fields, schedules.CHANNEL), turn.due_at)

    def facts(self, person: str | None, request: Request | None = None, at: datetime | None = None) -> Facts:
        """What a request of this person at a moment needs from outside."""
        wanted = needs(self.definition, self.ticket, request)
        facts = self.directory.facts(person, wanted, self.published, paged=person in self.paged)
        if request is None or at is None or not wanted.checks:
            return facts
        said = {name: self.directory.answered(name) for name in wanted.checks}
        found = look_up(
            self.definition,
            self.ticket,
            request,
            facts,
            at,
            wanted=[name for name, answer in said.items() if answer is None],
            windows=self.definition.windows,
            others=self.directory,
        )
        return replace(
            facts,
            checks={name: answer if answer is not None else found[name] for name, answer in said.items()},
        )

    def _request(self, act: Act, number: int, person: str | None) -> Request:
        if isinstance(act, Opening):
            ref = self.definition.process.number.partition("{")[0] + "000001"
            return Open(TICKET_ID, ref, self.definition.hashes, act.fields, act.channel)
        if isinstance(act, Moving):
            assert self._onto is not None, "the file says which version the ticket is opened with"
            return Migrate(self._onto.hashes, act.leave_behind)
        if isinstance(act, CompleteTask) and self._is_ticket(act.task):
            return self._done(act)
        if isinstance(act, LinkStep):
            assert self.ticket is not None, "a case begins with create"
            return request_of(act, self.ticket, person=person is not None)
        if isinstance(act, Reply):
            return Comment(f"comment-{number}", "", public=True)
        return act

    def _is_ticket(self, task: str) -> bool:
        rule = find_rule(self.definition, task)
        return rule is not None and rule.ticket is not None

    def _done(self, act: CompleteTask) -> Request:
        """To complete a task that is a ticket says that that ticket is done."""
        task = self.ticket.tasks.get(act.task) if self.ticket else None
        return ChildDone(act.task, task.run if task else 0, "", "failed" if act.failed else "done")

    def _keep(self, outcome: Outcome) -> None:
        """Keep entries, and carry out what they ask for; results come back at once."""
        asked = deque(outcome.entries)
        self._store(outcome)
        while asked:
            entry = asked.popleft()
            for effect in entry.effects:
                if effect.kind == "page":
                    self.paged.update(self.directory.called(entry, effect))
                result = self._result_of(entry, effect)
                if result is not None:
                    assert self.ticket is not None, "an entry belongs to a ticket"
                    now = max(entry.at, self.ticket.last_at)
                    after = handle_result(self.definition, self.ticket, result, now)
                    self._store(after)
                    asked.extend(after.entries)

    def _store(self, outcome: Outcome) -> None:
        self.ticket = outcome.ticket
        self.journal.extend(outcome.entries)

    def _result_of(self, entry: Entry, effect: Effect) -> Result | None:
        """What an activity would answer; None for effects that nobody answers."""
        if effect.kind == "pick":
            person = self.directory.pick(effect)
            known = known_of(person, chains_of(effect.data.get("follow")), self.directory.thing)
            return Picked(entry.seq, effect.index, str(effect.data["team"]), person, entry.at, known)
        if effect.kind == approvers.KIND:
            return approvers.answer(effect.data, self.directory, entry.at)
        if effect.kind == "create":
            self._children += 1
            return child_opened(entry, effect, self._children)
        if effect.kind in ("script", "http"):
            ok, response, error = self.directory.answer(effect)
            task, run = str(effect.data["task"]), int(str(effect.data["run"]))
            return TaskFinished(task, run, ok, entry.at, response, error)
        return None


def child_opened(entry: Entry, effect: Effect, number: int) -> ChildOpened:
    """The answer to a `create` effect where there is only one ticket: another is made up."""
    data = effect.data
    run = data.get("run")
    return ChildOpened(
        seq=entry.seq,
        index=effect.index,
        asked_at=entry.at,
        link=str(data["link"]),
        process=str(data["process"]),
        ticket=f"00000000-0000-4000-8000-{number + 1:012}",
        ref=f"{str(data['process']).upper()}-{number}",
        task=str(data.get("task") or ""),
        run=run if isinstance(run, int) else 0,
        category="new",
        to=str(data.get("to") or ""),
        by=str(data.get("by") or ""),
    )


def comparable(entry: Entry) -> Entry:
    """An entry without what differs between a virtual clock and a real one: when it was really handled."""
    return replace(entry, handled_at=entry.at, late_by=0.0)
