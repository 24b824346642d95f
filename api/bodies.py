"""What the desk answers, as the plain JSON that clients get. `schemas_answers.py` describes the same shapes.

Written out by hand, not by a model's validation and dump: these run on every request. Values of fields are
taken from the views only, never from the ticket inside them, which holds what this caller may not see.
"""

from __future__ import annotations

from datetime import datetime

from desk.values import (
    ActionView,
    AssetView,
    Caller,
    ClockView,
    CommentView,
    DeliveryView,
    FieldView,
    PersonView,
    ProcessView,
    QueueRow,
    Readiness,
    ServiceView,
    TeamView,
    TicketView,
    TimelineView,
)
from domain.engine.entries import Entry, Refusal
from domain.engine.ticket import Json
from domain.engine.values import instant_json

Body = dict[str, object]


def ticket(view: TicketView) -> Body:
    """A ticket. Nothing in it moves by itself (no seconds left): it changes when the ticket does."""
    own = view.ticket
    fields = {one.name: one.value for one in view.fields}
    return {
        "id": own.id,
        "ref": own.ref,
        "process": own.process,
        "process_title": view.process_title,
        "title": fields.get("title"),
        "state": own.state,
        "state_label": view.state_label,
        "category": view.category,
        "priority": fields.get("priority"),
        "priority_label": view.priority_label,
        "priority_why": view.priority_why,
        "requester": _named(fields.get("requester"), view.requester_name),
        "assignee": _named(fields.get("assignee"), view.assignee_name),
        "team": _named(fields.get("team"), view.team_name),
        "service": _named(fields.get("service"), view.service_name),
        "opened_at": instant_json(own.opened_at),
        "entered_at": instant_json(own.entered_at),
        "updated_at": instant_json(own.last_at),
        "revision": view.revision,
        "fields": fields,
        "editable": [one.name for one in view.fields if one.editable],
        "clocks": [_clock_head(one) for one in view.clocks],
        "tasks": [task(one) for one in view.tasks],
        "links": {
            name: [
                {
                    "id": one.ticket,
                    "ref": one.ref,
                    "category": one.category or None,
                    "fields": dict(one.fields),
                }
                for one in links
            ]
            for name, links in own.links.items()
        },
        "may": {"comment": view.may_comment, "comment_internal": view.may_comment_internal},
        "pending_commands": view.pending_commands,
    }


def queue_row(row: QueueRow) -> Body:
    """One row of a queue."""
    return {
        "id": row.id,
        "ref": row.ref,
        "process": row.process,
        "title": row.title,
        "state": row.state,
        "state_label": row.state_label,
        "category": row.category,
        "priority": row.priority or None,
        "requester": row.requester or None,
        "assignee": _named(row.assignee, row.assignee_name),
        "team": _named(row.team, row.team_name),
        "service": row.service or None,
        "opened_at": instant_json(row.opened_at),
        "updated_at": instant_json(row.updated_at),
        "due_at": _at(row.due_at),
        "due_clock": row.due_clock or None,
        "due_label": row.due_label,
        "clock_status": row.clock_status,
        "elapsed_share": row.elapsed_share,
    }


def clock(view: ClockView) -> Body:
    """A clock as it stands now, without the story behind it."""
    return _clock_head(view) | {
        "elapsed_seconds": view.elapsed,
        "left_seconds": view.left,
        "paused_why": view.paused_why or None,
        "outside_why": view.outside_why or None,
        "opens_at": _at(view.opens_at),
    }


def clock_with_ledger(view: ClockView) -> Body:
    """A clock with everything that explains it: its ledger, its thresholds, and what happens next."""
    return clock(view) | {
        "ledger": [plain(line) for line in view.ledger],
        "thresholds": [plain(line) for line in view.thresholds],
        "upcoming": [plain(line) for line in view.upcoming],
    }


def action(view: ActionView) -> Body:
    """A transition: whether this caller may take it now, why not, and what it asks for."""
    return {
        "name": view.name,
        "label": view.label,
        "available": view.available,
        "why_not": view.why_not or None,
        "form": [field(one) for one in view.form],
    }


def field(view: FieldView) -> Body:
    """A field of a form."""
    return {
        "name": view.name,
        "label": view.label,
        "help": view.help,
        "type": view.type,
        "required": view.required,
        "condition": view.condition or None,
        "options": [{"value": value, "label": label} for value, label in view.options],
        "min": view.min,
        "max": view.max,
        "columns": [field(one) for one in view.columns],
        "offered_by": view.offered_by or None,
        "offers": {value: list(options) for value, options in view.offers.items()},
        "value": view.value,
    }


def task(view: dict[str, Json]) -> Body:
    """A task, with what completing it asks of the caller."""
    form = view.get("form")
    asked = (
        [field(one) for one in form if isinstance(one, FieldView)] if isinstance(form, list | tuple) else []
    )
    return {name: plain(value) for name, value in view.items() if name != "form"} | {"form": asked}


def approval(view: dict[str, Json]) -> Body:
    """An approval: its stages, who is asked, who answered what, what the caller may do."""
    ballots = view["ballots"]
    assert isinstance(ballots, list), "the desk made it"
    shown = [
        {
            **one,
            "answers": [
                {**answer, "form": [field(part) for part in answer["form"]]} for answer in one["answers"]
            ],
        }
        for one in ballots
    ]
    return {**view, "ballots": shown}


def process(view: ProcessView) -> Body:
    """A process one can open tickets of."""
    return {"id": view.id, "title": view.title, "version": view.number}


def comment(view: CommentView) -> Body:
    """A public reply or an internal note."""
    return {
        "id": view.id,
        "author": _named(view.author, view.author_name),
        "public": view.public,
        "text": view.text,
        "at": instant_json(view.at),
    }


def delivery(view: DeliveryView) -> Body:
    """One delivery of the ledger."""
    return {
        "key": view.key,
        "seq": view.seq,
        "kind": view.kind,
        "recipient": _named(view.recipient, view.recipient_name),
        "channel": view.channel,
        "status": view.status,
        "subject": view.subject,
        "body": view.body,
        "created_at": instant_json(view.created_at),
        "sent_at": _at(view.sent_at),
        "attempts": view.attempts,
        "error": view.error or None,
    }


def timeline_line(view: TimelineView) -> Body:
    """One entry of the journal, in words and in parts."""
    return journal_entry(view.entry, view.actor_name) | {
        "words": view.words,
        "comment": None if view.comment is None else comment(view.comment),
        "deliveries": [delivery(one) for one in view.deliveries],
    }


def journal_entry(entry: Entry, actor_name: str) -> Body:
    """One entry of the journal. Its patch stays inside: it names fields that not everyone may see."""
    return {
        "seq": entry.seq,
        "at": instant_json(entry.at),
        "handled_at": instant_json(entry.handled_at),
        "late_by_seconds": entry.late_by,
        "cause": {"kind": entry.cause.kind, "name": entry.cause.name, "line": entry.cause.line or None},
        "result": entry.result,
        "actor": _named(entry.actor, actor_name),
        "command": entry.command,
        "revision": entry.revision,
        "happened": [{"what": one.what, "name": one.name, "detail": one.detail} for one in entry.happened],
        "refusal": None if entry.refusal is None else _refusal(entry.refusal),
    }


def caller(who: Caller) -> Body:
    """The person behind the token."""
    return {
        "id": who.id,
        "name": who.name,
        "locale": who.locale,
        "time_zone": who.time_zone,
        "roles": who.roles,
    }


def person(view: PersonView) -> Body:
    """A person as a choice."""
    return {"id": view.id, "name": view.name, "teams": view.teams}


def team(view: TeamView) -> Body:
    """A team as a choice."""
    return {"id": view.id, "name": view.name, "lead": view.lead or None}


def service(view: ServiceView) -> Body:
    """A service as a choice."""
    return {"id": view.id, "name": view.name, "team": view.team or None}


def asset(view: AssetView) -> Body:
    """An asset as a choice."""
    return {"id": view.id, "name": view.name, "kind": view.kind or None, "owner": view.owner or None}


def readiness(state: Readiness) -> Body:
    """Whether requests are served, and by what they are limited."""
    status = "unready" if not state.ready else "degraded" if state.degraded else "ready"
    return {"status": status, "degraded": state.degraded, "checks": state.checks}


def plain(value: object) -> object:
    """A value that the desk made of JSON and instants, as JSON."""
    if isinstance(value, datetime):
        return instant_json(value)
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _clock_head(view: ClockView) -> Body:
    return {
        "name": view.name,
        "label": view.label,
        "kind": view.kind,
        "status": view.status,
        "target": view.target,
        "calendar": view.calendar,
        "due_at": _at(view.due_at),
        "breached_at": _at(view.breached_at),
    }


def _named(id: object, name: str) -> Body | None:
    return {"id": id, "name": name} if id else None


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else instant_json(moment)


def _refusal(refusal: Refusal) -> Body:
    return {"code": refusal.code, "text": refusal.text, "errors": refusal.errors}
