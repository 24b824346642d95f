"""Everything the desk is asked without anything changing. One transaction per question."""

from __future__ import annotations

from datetime import datetime

from desk import queues, timelines, views
from desk.clock_views import clock_view
from desk.facts import actor_of
from desk.field_views import form_views
from desk.names import Names
from desk.tools import Tools
from desk.values import (
    AssetView,
    Caller,
    ClockView,
    CommentView,
    DeliveryView,
    FieldView,
    Page,
    PersonView,
    ProcessView,
    QueueFilter,
    ServiceView,
    TeamView,
    TicketView,
    TimelineView,
)
from domain.engine.opening import may_open
from domain.errors import TicketUnknown
from domain.language.models import text_in
from store import definitions, directory, ledger
from store.session import Session

MOST_ENTRIES = 1_000
_BIGGEST = 2**31 - 1


class Reading:
    """Answers questions about tickets, queues, processes and the directory."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def ticket(self, caller: Caller, ref: str) -> TicketView:
        """A ticket as this caller may see it. Raises TicketUnknown."""
        return await self._tools.steps.read(
            lambda session: views.ticket_view(self._see(session, caller, ref))
        )

    async def timeline(
        self, caller: Caller, ref: str, *, after_seq: int = 0, limit: int = 200
    ) -> tuple[TimelineView, ...]:
        """The journal in words, above `after_seq`. Raises TicketUnknown."""

        def read(session: Session) -> tuple[TimelineView, ...]:
            return timelines.timeline(
                session,
                self._see(session, caller, ref),
                after_seq=min(after_seq, _BIGGEST),
                limit=max(1, min(limit, MOST_ENTRIES)),
            )

        return await self._tools.steps.read(read)

    async def clock(self, caller: Caller, ref: str, name: str) -> ClockView:
        """One clock. Raises TicketUnknown, also for a clock the process does not have."""

        def read(session: Session) -> ClockView:
            seen = self._see(session, caller, ref)
            if name not in seen.definition.process.clocks:
                raise TicketUnknown(f"{seen.ticket.ref} has no clock {name[:64]!r}")
            return clock_view(seen.definition, seen.ticket, name, seen.now, caller.locale)

        return await self._tools.steps.read(read)

    async def deliveries(self, caller: Caller, ref: str) -> tuple[DeliveryView, ...]:
        """What was sent for a ticket, in order. Raises TicketUnknown."""
        return await self._tools.steps.read(
            lambda session: tuple(timelines.visible_deliveries(session, self._see(session, caller, ref)))
        )

    async def comments(self, caller: Caller, ref: str) -> tuple[CommentView, ...]:
        """The comments of a ticket, the oldest first. Raises TicketUnknown."""
        return await self._tools.steps.read(
            lambda session: tuple(timelines.visible_comments(session, self._see(session, caller, ref)))
        )

    async def queue(
        self, caller: Caller, filter: QueueFilter, *, limit: int = 50, cursor: str | None = None
    ) -> Page:
        """One page of a queue. Raises FormInvalid for a cursor that no page gave."""
        now = self._tools.clock()
        return await self._tools.steps.read(
            lambda session: queues.queue_page(
                session, self._tools, caller, filter, now, limit=limit, cursor=cursor
            )
        )

    async def queue_counts(self, caller: Caller, filter: QueueFilter) -> dict[str, int]:
        """`open`, `overdue` and `due_within_hour` of a queue, each at most 1,001."""
        now = self._tools.clock()
        return await self._tools.steps.read(lambda session: queues.counts(session, caller, filter, now))

    async def outbox(
        self, caller: Caller, *, limit: int = 100, cursor: str | None = None
    ) -> tuple[DeliveryView, ...]:
        """The newest deliveries: everybody's for those who work here, their own for others.

        `cursor`: the key of the last one seen.
        """

        def read(session: Session) -> tuple[DeliveryView, ...]:
            own = None if queues.works_in_a_team(session, caller) else caller.id
            before = ledger.id_of(session, cursor) if cursor else None
            rows = ledger.newest(session, recipient=own, before_id=before, limit=max(1, min(limit, 500)))
            return tuple(views.delivery_view(row) for row in rows)

        return await self._tools.steps.read(read)

    async def processes(self, caller: Caller) -> tuple[ProcessView, ...]:
        """The published processes this person may open a ticket of, with the form of each."""

        def read(session: Session) -> tuple[ProcessView, ...]:
            actor = actor_of(session, directory.current(session), caller.id, None, self._now())
            return tuple(
                self._process(session, caller, version)
                for version in definitions.active_versions(session)
                if may_open(self._tools.definitions.get(session, version.hashes), actor)
            )

        return await self._tools.steps.read(read)

    async def create_form(self, caller: Caller, process: str) -> tuple[FieldView, ...]:
        """The form that opens a ticket. Raises DefinitionUnknown."""

        def read(session: Session) -> tuple[FieldView, ...]:
            version, _ = self._tools.definitions.active(session, process)
            return self._process(session, caller, version).create_form

        return await self._tools.steps.read(read)

    async def people(self, caller: Caller) -> tuple[PersonView, ...]:
        """Everybody who is active, by name."""

        def read(session: Session) -> tuple[PersonView, ...]:
            here = directory.current(session)
            return tuple(
                PersonView(one.id, one.name, here.teams_of(one.id))
                for one in here.people.values()
                if one.active
            )

        return await self._tools.steps.read(read)

    async def teams(self, caller: Caller) -> tuple[TeamView, ...]:
        """All teams."""
        return await self._tools.steps.read(
            lambda session: tuple(
                TeamView(one.id, text_in(one.name, caller.locale) or one.id, one.lead)
                for one in directory.current(session).teams.values()
            )
        )

    async def services(self, caller: Caller) -> tuple[ServiceView, ...]:
        """All services."""
        return await self._tools.steps.read(
            lambda session: tuple(
                ServiceView(one.id, text_in(one.name, caller.locale) or one.id, one.team)
                for one in directory.current(session).services.values()
            )
        )

    async def assets(self, caller: Caller) -> tuple[AssetView, ...]:
        """All assets, the caller's own first."""

        def read(session: Session) -> tuple[AssetView, ...]:
            found = directory.current(session).assets.values()
            return tuple(
                AssetView(one.id, text_in(one.name, caller.locale) or one.id, one.kind, one.owner)
                for one in sorted(found, key=lambda one: (one.owner != caller.id, one.id))
            )

        return await self._tools.steps.read(read)

    def _see(self, session: Session, caller: Caller, ref: str) -> views.Seen:
        return views.see(session, self._tools, caller, ref, self._now())

    def _now(self) -> datetime:
        return self._tools.clock()

    def _process(self, session: Session, caller: Caller, version: definitions.Version) -> ProcessView:
        definition = self._tools.definitions.get(session, version.hashes)
        names = Names(directory.current(session), caller.locale)
        return ProcessView(
            id=version.process,
            title=dict(definition.process.title),
            number=version.number,
            create_form=form_views(definition, definition.create_form, {}, names, caller.time_zone),
        )
