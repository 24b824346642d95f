"""Carrying out one row of the effects ledger: by mail, or into the built-in outbox."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.mail import Mail, Mailer, MailFailed, MailRefused
from store import ledger
from store.ledger import Delivery, LedgerKey, Status
from store.together import Together
from workflows.messages import Deliver, Delivered, DeliveryKey

log = logging.getLogger(__name__)

ATTEMPTS = 12
"""So often a delivery is tried, over about forty minutes, before it is parked for an operator."""

PAGE = "page"
EMAIL = "email"
TICKET = "ticket"

Tell = Callable[[Delivery], None]
"""Hands a message to a linked ticket (the row's recipient). Safe to repeat."""


class Deliveries:
    """The `deliver` activity. A row that was sent stays sent, however often it is asked for."""

    def __init__(
        self,
        writes: Together,
        clock: Callable[[], datetime],
        *,
        mailer: Mailer | None,
        address: str = "",
        tell: Tell | None = None,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._writes = writes
        self._clock = clock
        self._mailer = mailer
        self._address = address  # of the pages, for a link to the ticket
        self._tell = tell
        self._attempts = attempts

    @activity.defn(name="deliver")
    def deliver(self, request: Deliver) -> Delivered:
        """Send one delivery. Raises ApplicationError when it is worth trying again."""
        key = _ledger_key(request.key)
        with self._writes.database.reading() as session:
            row = ledger.read(session, request.ticket_id, key)
        if row is None:
            # Rows are written with the entry that caused them; without it there is nothing to send.
            raise ApplicationError(f"no delivery {request.key}", type="DeliveryUnknown", non_retryable=True)
        if row.status not in ledger.OWED:
            return Delivered(row.status)
        try:
            status, said = self._send(row), ""
        except MailRefused as error:
            status, said = "parked", str(error)
        except MailFailed as error:
            return self._failed(row, str(error))
        return self._mark(row, status, said)

    def _send(self, row: Delivery) -> Status:
        if row.key.channel == TICKET and self._tell is not None:
            self._tell(row)
            return "sent"
        if row.key.channel not in (PAGE, EMAIL) or self._mailer is None:
            return "kept"
        if not row.address:
            if row.key.channel == PAGE:
                return "kept"
            raise MailRefused(f"{row.recipient_name} has no mail address")
        mark = "[PAGE] " if row.key.channel == PAGE else ""
        body = (row.body or row.subject).rstrip() + self._link(row)
        self._mailer.send(Mail(row.name, row.address, row.recipient_name, mark + row.subject, body))
        return "sent"

    def _link(self, row: Delivery) -> str:
        """Where the ticket is; who was paged lands at its buttons, where one press acknowledges."""
        if not self._address:
            return ""
        return (
            f"\n\n{self._address}/tickets/{quote(row.ref)}{'#actions' if row.key.channel == PAGE else ''}\n"
        )

    def _failed(self, row: Delivery, reason: str) -> Delivered:
        if row.attempts + 1 >= self._attempts:
            return self._mark(row, "parked", reason)
        self._mark(row, "failed", reason)
        raise ApplicationError(f"{row.ref} to {row.key.recipient}: {reason}", type="DeliveryFailed")

    def _mark(self, row: Delivery, status: Status, error: str) -> Delivered:
        now = self._clock()
        self._writes.write(
            lambda session: ledger.mark(session, row.ticket, row.key, status, now, error=error)
        )
        level = logging.WARNING if status in ("failed", "parked") else logging.INFO
        facts = {"ticket": row.ref, "to": row.key.recipient, "channel": row.key.channel, "status": status}
        log.log(level, "delivery", extra=facts | ({"error": error} if error else {}))
        return Delivered(status)


def _ledger_key(key: DeliveryKey) -> LedgerKey:
    return LedgerKey(key.seq, key.index, key.recipient, key.channel)
