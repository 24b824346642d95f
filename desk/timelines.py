"""The timeline: journal entries in words, with the comment and the deliveries each one brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from desk.values import CommentView, DeliveryView, TimelineView
from desk.views import Seen, comment_view, delivery_view
from desk.words import BUILT_IN, Words, late
from domain.engine.entries import Entry, Happening
from store import comments, journal, ledger
from store.session import Session


def timeline(session: Session, seen: Seen, *, after_seq: int, limit: int) -> tuple[TimelineView, ...]:
    """The next `limit` entries above `after_seq`, in order. What this caller may not see of them is left out."""
    internal, hidden = seen.internal, _hidden(seen)
    words = Words(seen.definition, seen.names, seen.caller.time_zone, hidden)
    notes = _comments(session, seen, internal=internal)
    sent = _deliveries(session, seen, internal=internal)
    found: list[TimelineView] = []
    for entry in _entries(session, seen.ticket.id, after_seq, batch=limit):
        if len(found) == limit:
            break
        if not internal and _is_internal(entry, seen.caller.id):
            continue
        shown = _redacted(entry, seen, hidden)
        said = [(one.what, words.say(one)) for one in shown.happened]
        told = [(kind, sentence) for kind, sentence in said if sentence is not None]
        if entry.refusal is not None:
            told.append(("refused", dict(entry.refusal.text)))
        if entry.late_by:
            told.append(("late", late(entry.late_by)))
        found.append(
            TimelineView(
                entry=shown,
                actor_name=seen.names.of("person", entry.actor) if entry.actor else "",
                words=tuple(sentence for _, sentence in told),
                kinds=tuple(kind for kind, _ in told),
                comment=next(iter(notes[entry.seq]), None),
                deliveries=tuple(sent.get(entry.seq, ())),
            )
        )
        # A ticket that another was converted into begins with the comments of that one.
        found += [
            replace(found[-1], words=(), kinds=(), comment=one, deliveries=()) for one in notes[entry.seq][1:]
        ]
    return tuple(found)


def _entries(session: Session, ticket: str, after_seq: int, *, batch: int) -> Iterator[Entry]:
    """The journal above `after_seq`, read as far as somebody asks: hidden entries must not make a page short."""
    while entries := journal.read(session, ticket, after_seq=after_seq, limit=batch):
        yield from entries
        after_seq = entries[-1].seq


def visible_deliveries(session: Session, seen: Seen) -> list[DeliveryView]:
    """All deliveries for those who work on the ticket; their own for everybody else."""
    return [view for views in _deliveries(session, seen, internal=seen.internal).values() for view in views]


def visible_comments(session: Session, seen: Seen) -> list[CommentView]:
    """Replies, and internal notes for those who may read them."""
    rows = comments.of_ticket(session, seen.ticket.id, internal=seen.internal)
    return [comment_view(row, seen.names, seen.caller.locale) for row in rows]


def _comments(session: Session, seen: Seen, *, internal: bool) -> dict[int, list[CommentView]]:
    found: dict[int, list[CommentView]] = defaultdict(list)
    for row in comments.of_ticket(session, seen.ticket.id, internal=internal):
        found[row.entry_seq].append(comment_view(row, seen.names, seen.caller.locale))
    return found


def _deliveries(session: Session, seen: Seen, *, internal: bool) -> dict[int, list[DeliveryView]]:
    found: dict[int, list[DeliveryView]] = defaultdict(list)
    for row in ledger.of_ticket(session, seen.ticket.id):
        if internal or row.key.recipient == seen.caller.id:
            found[row.key.seq].append(delivery_view(row))
    return found


def _hidden(seen: Seen) -> frozenset[str]:
    return frozenset(seen.definition.fields) - seen.visible


def _is_internal(entry: Entry, reader: str) -> bool:
    """Internal notes, and what somebody else tried in vain."""
    if entry.result != "done":
        return entry.actor != reader
    return any(one.what == "commented" and not one.detail.get("public") for one in entry.happened)


def _redacted(entry: Entry, seen: Seen, hidden: frozenset[str]) -> Entry:
    """Without the values of hidden fields: they stand in what happened, in the patch, in effects' texts.

    Why a script or a call failed is for those who work on the ticket.
    """
    if seen.internal and not hidden:
        return entry
    happened = tuple(
        one if seen.internal else _without_error(one)
        for one in entry.happened
        if not _tells(one, seen, hidden) and (seen.internal or one.what != "postponed")
    )
    return replace(entry, happened=happened, patch=(), effects=())


def _without_error(one: Happening) -> Happening:
    if one.what != "task" or "error" not in one.detail:
        return one
    return replace(one, detail={name: value for name, value in one.detail.items() if name != "error"})


def _tells(one: Happening, seen: Seen, hidden: frozenset[str]) -> bool:
    """Whether it says the value of a hidden field. Of one that only an older version had nobody can say any more who
    saw it: it is for those who work on the ticket.
    """
    gone = one.name not in seen.definition.fields and one.name not in BUILT_IN
    return one.what == "set" and (one.name in hidden or (gone and not seen.internal))
