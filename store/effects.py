"""From an entry's effects to ledger rows and comments, in the transaction that writes the entry (rules 6 and 8).

Recipients are looked up, and texts said in their language and time zone, at that moment; both are kept.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime

from domain.engine import approver_letters, quiet_hours
from domain.engine.entries import Effect, Entry
from domain.engine.rendering import Reader, Rendered, render_effect
from domain.language.definition import Definition
from store import comments, directory, ledger, picks
from store.directory import Directory, Person
from store.session import Session

log = logging.getLogger(__name__)

TO_PEOPLE = frozenset({"page", "notify", "email", approver_letters.KIND})
TO_TICKETS = frozenset({"tell", "link", "news", "child_done", "child_dropped"})
TICKET_CHANNEL = "ticket"

_COMMENTS = uuid.UUID("6f0f6d5e-6a52-4c5e-9a55-2f3b6f4f1c10")  # names the ids of the engine's comments


Gateways = frozenset[str] | None
"""The channels by which something leaves this installation; None: whoever delivers finds out. What goes by another
channel is kept in the built-in outbox, and that is done when its row is written."""


def write_effects(
    session: Session,
    definition: Definition,
    ticket: str,
    entry: Entry,
    now: datetime,
    *,
    gateways: Gateways = None,
) -> None:
    """Write the ledger rows and comments of one new entry."""
    rows: list[dict[str, object]] = []
    for effect in entry.effects:
        if effect.kind in TO_PEOPLE:
            rows += _to_people(session, definition, ticket, entry, effect, now)
        elif effect.kind in TO_TICKETS:
            rows += _to_tickets(ticket, entry, effect, now)
        elif effect.kind == "comment":
            _comment(session, definition, ticket, entry, effect)
    rows = _merged(entry, rows)
    for row in rows:
        if gateways is not None and row["status"] == "pending" and row["channel"] not in gateways:
            row |= {"status": "kept", "sent_at": now}
    ledger.add(session, rows)


def _merged(entry: Entry, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """What was postponed until now and reaches the same person on the same channel is one message."""
    waited = {effect.index for effect in entry.effects if quiet_hours.POSTPONED_AT in effect.data}
    groups: dict[tuple[object, ...], list[dict[str, object]]] = {}
    for row in rows:
        together = row["effect"] in waited and row["status"] == "pending"
        place = (
            (row["recipient"], row["channel"])
            if together
            else (row["effect"], row["recipient"], row["channel"])
        )
        groups.setdefault(place, []).append(row)
    found = []
    for several in groups.values():
        text = quiet_hours.one_message(Rendered(str(row["subject"]), str(row["body"])) for row in several)
        found.append({**several[0], "subject": text.subject, "body": text.body})
    return found


def _to_people(
    session: Session, definition: Definition, ticket: str, entry: Entry, effect: Effect, now: datetime
) -> list[dict[str, object]]:
    known = directory.current(session)
    people, why_nobody = known.resolve(effect.to, entry.handled_at)
    if "pick" in effect.data:
        turn_of = f"{definition.process.id}/{effect.why}"
        one = picks.choose_to_call(session, people, str(effect.data["pick"]), turn_of)
        people = [person for person in people if person.id == one] or people  # a page is not lost to absences
    said = _once_per_language(known, definition, effect)
    rows = []
    for person in people:
        text = said(person)
        for channel in dict.fromkeys(effect.channels):
            rows.append(_row(ticket, entry, effect, person.id, channel, now, text=text))
    if not people:
        channel = next(iter(effect.channels), effect.kind)
        log.warning("nobody to tell", extra={"ticket": ticket, "entry": entry.seq, "why": why_nobody})
        text = _say(known, definition, effect, _locale(definition), known.time_zone)
        rows.append(
            _row(ticket, entry, effect, "", channel, now, text=text, status="nobody", error=why_nobody)
        )
    return rows


def _to_tickets(ticket: str, entry: Entry, effect: Effect, now: datetime) -> list[dict[str, object]]:
    """A message to linked tickets is delivered like any other: the recipient is the ticket's id."""
    linked = effect.data.get("tickets")
    wanted = [str(one) for one in linked] if isinstance(linked, list) else []
    text = Rendered(str(effect.data.get("message") or effect.kind), "")
    return [
        _row(ticket, entry, effect, other, TICKET_CHANNEL, now, text=text) for other in dict.fromkeys(wanted)
    ]


def _row(
    ticket: str,
    entry: Entry,
    effect: Effect,
    recipient: str,
    channel: str,
    now: datetime,
    *,
    text: Rendered,
    status: str = "pending",
    error: str = "",
) -> dict[str, object]:
    return {
        "ticket": ticket,
        "seq": entry.seq,
        "effect": effect.index,
        "recipient": recipient,
        "channel": channel,
        "kind": effect.kind,
        "status": status,
        "template": effect.template,
        "subject": text.subject,
        "body": text.body,
        "why": f"{effect.why} ({effect.line})" if effect.line else effect.why,
        "created_at": now,
        "sent_at": None,
        "attempts": 0,
        "error": error,
    }


def _comment(session: Session, definition: Definition, ticket: str, entry: Entry, effect: Effect) -> None:
    known = directory.current(session)
    locales = definition.process.locales or ("en",)
    texts = {locale: _say(known, definition, effect, locale, known.time_zone).body for locale in locales}
    comments.add(
        session,
        ticket,
        # Named by its effect, so that writing the entry again could never make a second comment.
        str(uuid.uuid5(_COMMENTS, f"{ticket}/{entry.seq}/{effect.index}")),
        author="",
        public=bool(effect.data.get("public")),
        text=texts[_locale(definition)],
        texts=texts,
        at=entry.at,
        entry_seq=entry.seq,
    )


def _once_per_language(
    known: Directory, definition: Definition, effect: Effect
) -> Callable[[Person], Rendered]:
    """Say a text once for all who read it the same way."""
    said: dict[tuple[str, str], Rendered] = {}

    def say(person: Person) -> Rendered:
        way = (person.locale, person.time_zone)
        if way not in said:
            said[way] = _say(known, definition, effect, *way)
        return said[way]

    return say


def _say(known: Directory, definition: Definition, effect: Effect, locale: str, zone: str) -> Rendered:
    reader = Reader(locale, zone, lambda kind, id: known.name_of(kind, id, locale))
    try:
        return render_effect(definition, effect, reader)
    except Exception:  # a text that cannot be said must hold up neither the page nor the journal
        log.exception("text not rendered", extra={"why": effect.why, "line": effect.line})
        return Rendered(effect.template or effect.kind, f"{effect.why} ({effect.line})")


def _locale(definition: Definition) -> str:
    return next(iter(definition.process.locales), "en")
