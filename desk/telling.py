"""Messages to linked tickets: a `tell` effect's delivery becomes a Message command in the other ticket's log."""

from __future__ import annotations

import logging
from collections.abc import Callable

from desk.tools import Writing
from domain.engine.entries import Effect
from domain.engine.events import ChildDone, ChildDropped, Command, Message, News, Relink, Request
from domain.engine.ticket import Json
from store import commands, journal, tickets
from store.ledger import Delivery
from store.session import Database, Session

log = logging.getLogger(__name__)

SYSTEM = ""
_FIELD = "with."


class Teller:
    """Hands messages over. Safe to repeat: the delivery's key is the command's idempotency key.

    `told` is called with the other ticket's id, which has a command to be sent; without it the sweeper sends it.
    """

    def __init__(
        self, database: Database, tools: Writing, told: Callable[[str], None] = lambda ticket: None
    ) -> None:
        self._database = database
        self._tools = tools
        self._told = told

    def __call__(self, delivery: Delivery) -> None:
        """Log the message. Raises Unavailable; a ticket that is not there any more is not told."""
        with self._database.transaction() as session:
            logged = tell_in(session, self._tools, delivery)
        if logged:
            self._told(delivery.key.recipient)


def tell_in(session: Session, tools: Writing, delivery: Delivery) -> bool:
    """Log the message of a delivery on its recipient; False when it was there before, or nobody is."""
    found = tickets.lock(session, delivery.key.recipient)
    if found is None:
        log.warning("linked ticket is gone", extra={"ticket": delivery.ref, "linked": delivery.key.recipient})
        return False
    if commands.by_key(session, SYSTEM, delivery.name) is not None:
        return False
    entry = journal.one(session, delivery.ticket, delivery.key.seq)
    assert entry is not None, "a delivery comes with its entry"
    head, sender = found[0], tickets.head(session, delivery.ticket)
    request = request_of(entry.effects[delivery.key.effect], delivery.ticket, sender.ref if sender else "")
    number = commands.take_number(session, head.id)
    command = Command(number, tools.new_id(), request, tools.clock(), SYSTEM)
    commands.log(session, head.id, command, key=delivery.name, request_hash="")
    return True


def request_of(effect: Effect, ticket: str, ref: str) -> Request:
    """What a ticket tells another: a message, a link made or let go, news of itself."""
    data = effect.data
    if effect.kind == "child_done":
        return ChildDone(str(data["task"]), int(str(data["run"])), ref, str(data["state"]))
    if effect.kind == "child_dropped":
        return ChildDropped(str(data["task"]), int(str(data["run"])), ref)
    if effect.kind == "link":
        shown = data.get("values")
        return Relink(
            link=str(data["link"]),
            ticket=str(data["ticket"]),
            ref=str(data["ref"]),
            add=bool(data["add"]),
            mirror=bool(data["mirror"]),
            category=str(data.get("category") or ""),
            values=dict(shown) if isinstance(shown, dict) else {},
        )
    if effect.kind == "news":
        values = data["values"]
        return News(ticket, str(data["category"]), dict(values) if isinstance(values, dict) else {})
    fields = {
        name.removeprefix(_FIELD): untagged(value) for name, value in data.items() if name.startswith(_FIELD)
    }
    return Message(str(data["message"]), fields, ticket, ref)


def untagged(value: Json) -> Json:
    """The plain JSON of a value that an effect carries with its kind (`{"$at": …}`)."""
    if isinstance(value, list):
        return [untagged(one) for one in value]
    if isinstance(value, dict) and len(value) == 1:
        kind, inner = next(iter(value.items()))
        if kind == "$row" and isinstance(inner, dict):
            return {name: untagged(one) for name, one in inner.items()}
        return inner if kind.startswith("$") else value
    return value
