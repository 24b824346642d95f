"""Temporal and its worker in memory: runs of tickets that use the real engine, path and activities.

What a run does by itself (due timers, recording, deliveries, picks) happens in `turn`; tests say when. `down` makes
every call fail as an absent server does; `lose_everything` is its data lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from activities.deliver import Deliveries
from activities.people import People
from activities.record import Records
from domain.engine import approvers
from domain.engine.advance import advance, next_deadline
from domain.engine.entries import Outcome
from domain.engine.events import Migrate, Picked
from domain.engine.handle import handle, handle_result, overtaken
from domain.engine.path import Rejection, RunHead, RunVerdict, SendHead, judge_send
from domain.engine.ticket import Ticket
from domain.language.definition import Definition
from domain.language.published import Hashes
from store import errands
from store.definitions import Definitions
from store.session import Database
from store.together import Together
from workflows.backlog import Backlog
from workflows.client import AlreadyRunning, NoRun, SendRejected, TemporalUnavailable
from workflows.messages import (
    Answer,
    Deliver,
    DeliveryKey,
    FindApprovers,
    Pick,
    Record,
    Send,
    TicketStart,
    Unresolved,
)


@dataclass
class Run:
    """One run: what the workflow keeps."""

    ticket: Ticket
    incarnation: int
    backlog: Backlog
    undelivered: list[DeliveryKey]
    unresolved: list[Unresolved]
    expects: int = 0
    disowned: bool = False
    answers: dict[str, Answer] = field(default_factory=dict)  # by update id, as the server keeps them

    @classmethod
    def of(cls, start: TicketStart) -> Run:
        """As `@workflow.init` builds it."""
        return cls(
            start.ticket,
            start.incarnation,
            Backlog(start.acked_seq, start.unrecorded),
            list(start.undelivered),
            list(start.unresolved),
            start.expects,
        )


class FakeTemporal:
    """Stands in for TicketClient and for the server and worker behind it."""

    def __init__(self, database: Database, definitions: Definitions, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._definitions = definitions
        self.clock = clock
        writes = Together(database)
        self.records = Records(writes, definitions, clock)
        self.deliveries = Deliveries(writes, clock, mailer=None)
        self.people = People(writes, clock)
        self.runs: dict[str, Run] = {}
        self.ever: set[str] = set()  # ids within retention
        self.down = False
        self.failing: dict[str, int] = {}  # runs that cannot get on
        self.without_workers = False
        self.sent: list[str] = []  # update ids, in the order they arrived
        self.ended = 0
        self._loaded: dict[Hashes, Definition] = {}

    # ---- the client's side

    async def start(self, ticket_id: str, start: TicketStart, *, claim: bool) -> None:
        """As TicketClient.start."""
        self._check()
        self.start_now(ticket_id, start, claim=claim)

    async def send(self, ticket_id: str, send: Send) -> Answer:
        """As TicketClient.send."""
        self._check()
        return self.send_now(ticket_id, send)

    async def tick(self, ticket_id: str) -> None:
        """As TicketClient.tick: a run that is told to look at the clock does."""
        self._check()
        if ticket_id not in self.runs:
            raise NoRun(ticket_id)
        self.turn(ticket_id)

    async def snapshot(self, ticket_id: str) -> TicketStart:
        """As TicketClient.snapshot."""
        self._check()
        run = self.runs.get(ticket_id)
        if run is None:
            raise NoRun(ticket_id)
        return TicketStart(
            run.ticket,
            run.incarnation,
            run.backlog.floor,
            run.backlog.entries,
            tuple(run.undelivered),
            tuple(run.unresolved),
            run.expects,
        )

    async def failures_in_a_row(self, ticket_id: str) -> int:
        """As TicketClient.failures_in_a_row."""
        self._check()
        return self.failing.get(ticket_id, 0)

    async def is_reachable(self) -> bool:
        """As TicketClient.is_reachable."""
        return not self.down

    async def has_workers(self) -> bool:
        """As TicketClient.has_workers."""
        return not self.down and not self.without_workers

    # ---- the same without waiting, for tests that decide who goes next

    def start_now(self, ticket_id: str, start: TicketStart, *, claim: bool) -> None:
        """REJECT_DUPLICATE for an opening; for a claim an older open run gives way."""
        running = self.runs.get(ticket_id)
        if not claim and (running is not None or ticket_id in self.ever):
            raise AlreadyRunning(ticket_id)
        if running is not None:
            if running.incarnation == start.incarnation:
                return
            if running.incarnation > start.incarnation:
                raise AlreadyRunning(ticket_id)
        self.ever.add(ticket_id)
        self.runs[ticket_id] = Run.of(start)

    def send_now(self, ticket_id: str, send: Send) -> Answer:
        """Validator, then handler; an update id that was accepted gets the same answer again."""
        run = self.runs.get(ticket_id)
        if run is None:
            raise NoRun(ticket_id)
        self.sent.append(send.command.id)
        if send.command.id in run.answers:
            return run.answers[send.command.id]
        verdict = judge_send(
            RunHead(run.incarnation, run.ticket.seq, run.ticket.handled, run.ticket.revision),
            SendHead(send.command.number, send.incarnation, send.acked_seq, send.revision),
        )
        if verdict is RunVerdict.HANDLE and overtaken(
            self._definition(run), run.ticket, send.command, self.clock()
        ):
            verdict = Rejection.OTHER_REVISION
        if isinstance(verdict, Rejection):
            raise SendRejected(verdict)
        answer = self._answer(run, send, verdict)
        run.answers[send.command.id] = answer
        if answer.run_ends:
            self._end(ticket_id, run)
        return answer

    def _answer(self, run: Run, send: Send, verdict: RunVerdict) -> Answer:
        if verdict is RunVerdict.END_RUN:
            run.disowned = True
            return Answer(False, run.incarnation, run.ticket.seq, (), run_ends=True)
        if verdict is RunVerdict.HANDLE:
            request = send.command.request
            onto = self._loaded_by(request.hashes) if isinstance(request, Migrate) else None
            outcome = handle(
                self._definition(run), run.ticket, send.command, send.facts, self._now(run), onto=onto
            )
            run.backlog.acknowledge(send.acked_seq)
            self._take(run, outcome)
        else:
            run.backlog.acknowledge(send.acked_seq)
        handled = verdict is RunVerdict.HANDLE
        return Answer(handled, run.incarnation, run.ticket.seq, run.backlog.above(send.acked_seq))

    # ---- the worker's side

    def turn(self, ticket_id: str) -> None:
        """Let a run do all it can now. Raises Unavailable when the database is away; repeating is harmless."""
        while (run := self.runs.get(ticket_id)) is not None and self.turn_once(ticket_id, run):
            pass

    def turn_all(self) -> None:
        """The same for every run."""
        for ticket_id in list(self.runs):
            self.turn(ticket_id)

    def turn_once(self, ticket_id: str, run: Run) -> bool:
        """One thing a run does by itself; False when there is nothing."""
        deadline = next_deadline(run.ticket)
        if deadline is not None and deadline <= self._now(run):
            self._take(run, advance(self._definition(run), run.ticket, self._now(run)))
            return True
        if run.backlog.wants_recording() or (self._is_closed(run) and run.backlog.entries):
            self.record(ticket_id, run)
            return True
        if run.undelivered:
            self.deliveries.deliver(Deliver(ticket_id, run.undelivered[0]))
            run.undelivered.pop(0)
            return True
        for wanted in run.unresolved:
            if wanted.seq <= run.backlog.floor:
                self._resolve(ticket_id, run, wanted)
                return True
        if self._is_closed(run) and run.ticket.handled >= run.expects:
            self._end(ticket_id, run)
        return False

    def record(self, ticket_id: str, run: Run) -> None:
        """The `record` activity and what the run makes of it."""
        self.recorded(
            ticket_id,
            run,
            Record(ticket_id, run.incarnation, run.backlog.unrecorded(), run.backlog.floor),
        )

    def recorded(self, ticket_id: str, run: Run, request: Record) -> None:
        """Carry out a `record` that was asked for, now or some time ago."""
        done = self.records.record(request)
        if done.ends or done.acked_seq > run.ticket.seq:
            run.disowned = True
            self._end(ticket_id, run)
            return
        run.backlog.recorded(done.acked_seq)
        run.undelivered.extend(key for key in done.deliveries if key not in run.undelivered)

    def _resolve(self, ticket_id: str, run: Run, wanted: Unresolved) -> None:
        data = wanted.effect.data
        if wanted.effect.kind == approvers.KIND:
            found = self.people.find_approvers(FindApprovers(ticket_id, wanted.at, data))
            run.unresolved.remove(wanted)
            self._take(run, handle_result(self._definition(run), run.ticket, found, self._now(run)))
            return
        assert wanted.effect.kind == "pick", "the tests' process has no scripts"
        skills = data.get("skills")
        picked = self.people.pick(
            Pick(
                ticket_id,
                wanted.seq,
                wanted.effect.index,
                str(data["team"]),
                str(data["how"]),
                tuple(str(one) for one in skills) if isinstance(skills, list) else (),
            )
        )
        run.unresolved.remove(wanted)
        result = Picked(
            wanted.seq, wanted.effect.index, str(data["team"]), picked.person, wanted.at, picked.known
        )
        self._take(run, handle_result(self._definition(run), run.ticket, result, self._now(run)))

    def lose_everything(self) -> None:
        """The server's data is gone: runs, answers, and which ids there ever were."""
        self.runs.clear()
        self.ever.clear()

    # ---- inside

    def _take(self, run: Run, outcome: Outcome) -> None:
        run.ticket = outcome.ticket
        run.backlog.add(outcome.entries)
        for entry in outcome.entries:
            for effect in entry.effects:
                if effect.kind in errands.KINDS:
                    run.unresolved.append(Unresolved(entry.seq, entry.at, effect))

    def _end(self, ticket_id: str, run: Run) -> None:
        if self.runs.get(ticket_id) is run:
            del self.runs[ticket_id]
            self.ended += 1

    def _is_closed(self, run: Run) -> bool:
        category = self._definition(run).process.states[run.ticket.state].category
        return category == "closed" and next_deadline(run.ticket) is None

    def _definition(self, run: Run) -> Definition:
        return self._loaded_by(run.ticket.hashes)

    def _loaded_by(self, hashes: Hashes) -> Definition:
        if hashes not in self._loaded:
            with self._database.reading() as session:
                self._loaded[hashes] = self._definitions.get(session, hashes)
        return self._loaded[hashes]

    def _now(self, run: Run) -> datetime:
        return self.clock()  # shifted already on a temporary desk; a real run adds the shift to the server's

    def _check(self) -> None:
        if self.down:
            raise TemporalUnavailable("Temporal is away")
