"""Writing a run's entries to its ticket's row, and learning which deliveries they caused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from temporalio import activity

from domain.engine.path import AppendRefusal
from domain.errors import TicketUnknown
from store import ledger
from store.append import append
from store.definitions import Definitions
from store.effects import Gateways
from store.session import Session
from store.together import Together
from workflows.messages import DeliveryKey, Record, Recorded

log = logging.getLogger(__name__)


class Records:
    """The `record` activity. Safe to repeat: what the row has is not written again."""

    def __init__(
        self,
        writes: Together,
        definitions: Definitions,
        clock: Callable[[], datetime],
        *,
        gateways: Gateways = None,
    ) -> None:
        self._gateways = gateways
        self._writes = writes
        self._definitions = definitions
        self._clock = clock

    @activity.defn(name="record")
    def record(self, request: Record) -> Recorded:
        """Append the entries. Raises Unavailable, which is tried again: the entries wait in the workflow."""
        try:
            return self._writes.write(lambda session: self._record(session, request))
        except TicketUnknown:
            # The row was purged, or the database is another one: nothing this run decides can be kept.
            log.error("run without a row ends", extra={"ticket": request.ticket_id})
            return Recorded(0, ends=True)

    def _record(self, session: Session, request: Record) -> Recorded:
        written = append(
            session,
            self._definitions,
            request.ticket_id,
            request.incarnation,
            request.entries,
            self._clock(),
            gateways=self._gateways,
        )
        if isinstance(written, AppendRefusal):
            # `append` has told: the row belongs to another run (usual after a claim), or two histories exist. In
            # either case the row is right, and this run can never write again.
            return Recorded(0, ends=True)
        owed = ledger.owed(session, request.ticket_id, after_seq=request.after_seq)
        keys = tuple(DeliveryKey(key.seq, key.effect, key.recipient, key.channel) for key in owed)
        return Recorded(written.seq, keys)
