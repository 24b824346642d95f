"""Tickets as one caller may see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from desk.approval_views import approval_views
from desk.clock_views import clock_views
from desk.facts import facts_for
from desk.field_views import field_view, form_views, said_views
from desk.names import Names
from desk.risk_views import risk_views
from desk.task_views import adding_form, task_views
from desk.tools import Tools
from desk.values import ActionView, Caller, CommentView, DeliveryView, LinkedView, LinkView, TicketView
from domain.engine.actions import actions
from domain.engine.events import Facts
from domain.engine.permissions import editable_fields, may, may_view, visible_fields
from domain.engine.serialise import ticket_from_json
from domain.engine.ticket import Ticket
from domain.errors import unknown
from domain.language.definition import Definition
from domain.language.models import text_in
from domain.language.state_names import targets
from store import directory, tickets
from store.comments import CommentRow
from store.ledger import Delivery
from store.session import Session
from store.tickets import Head


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket, and the one who looks at it."""

    head: Head
    ticket: Ticket
    definition: Definition
    caller: Caller
    facts: Facts
    names: Names
    now: datetime

    @property
    def visible(self) -> frozenset[str]:
        """The fields this caller may see."""
        return visible_fields(self.definition, self.ticket, self.facts.actor)

    @property
    def internal(self) -> bool:
        """Whether internal notes and everybody's deliveries are for this caller."""
        return may(self.definition, self.ticket, self.facts.actor, "comment_internal")


def see(
    session: Session, tools: Tools, caller: Caller, ref: str, now: datetime, *, answering: bool = False
) -> Seen:
    """Find a ticket for a caller. Raises TicketUnknown when it is not there or not for them.

    `answering`: it is the answer to their own command, which they get even when it made the ticket somebody else's.
    """
    found = tickets.find(session, ref)
    if found is None:
        raise unknown(ref)
    head, snapshot = found
    ticket = ticket_from_json(snapshot)
    definition = tools.definitions.get(session, head.hashes)
    here = directory.current(session)
    facts = facts_for(session, here, definition, ticket, caller.id, now)
    if not answering and not may_view(definition, ticket, facts.actor):
        raise unknown(ref)
    return Seen(head, ticket, definition, caller, facts, Names(here, caller.locale), now)


def ticket_view(seen: Seen) -> TicketView:
    """The whole ticket, without what is hidden from this caller."""
    definition, ticket, actor = seen.definition, seen.ticket, seen.facts.actor
    process = definition.process
    visible = seen.visible
    editable = editable_fields(definition, ticket, actor)
    names, zone = seen.names, seen.caller.time_zone
    shown = {
        name: value
        for name, value in ticket.fields.items()
        if name in visible or name not in definition.fields
    }
    state = process.states[ticket.state]
    return TicketView(
        ticket=replace(ticket, fields=shown),
        revision=ticket.revision,
        process_title=dict(process.title),
        state_label=dict(state.label or {"*": ticket.state}),
        category=state.category,
        priority_label=_priority_label(definition, ticket),
        priority_why=_priority_why(definition, ticket),
        requester_name=names.of("person", _text(ticket, "requester")),
        assignee_name=names.of("person", _text(ticket, "assignee")),
        team_name=names.of("team", _text(ticket, "team")),
        service_name=names.of("service", _text(ticket, "service")),
        fields=(
            *(
                field_view(name, declared, shown.get(name), names, zone, editable=name in editable)
                for name, declared in definition.fields.items()
                if name in visible
            ),
            *risk_views(definition, ticket),
        ),
        clocks=clock_views(definition, ticket, seen.now, seen.caller.locale),
        actions=tuple(
            ActionView(
                name=action.name,
                label=action.label,
                form=form_views(definition, action.form, {**action.defaults, **shown}, names, zone),
                available=action.available,
                why_not=action.why_not,
                to_category=_leads_to(definition, action.name),
            )
            for action in actions(definition, ticket, seen.facts, seen.now)
        ),
        tasks=task_views(definition, ticket, seen.facts, names, zone, seen.now),
        adding_task=adding_form(definition, ticket, seen.facts, names, zone, seen.now),
        may_comment=may(definition, ticket, actor, "comment") or actor.paged,
        may_comment_internal=seen.internal or actor.paged,
        pending_commands=seen.head.pending,
        approvals=approval_views(definition, ticket, seen.facts, names, zone, seen.now),
        links=_links(seen, names, zone),
    )


def _links(seen: Seen, names: Names, zone: str) -> tuple[LinkView, ...]:
    """The links of the process; those that lead nowhere only for who may link."""
    may_link = may(seen.definition, seen.ticket, seen.facts.actor, "link")
    found = []
    for name, rule in seen.definition.process.links.items():
        linked = seen.ticket.links.get(name, ())
        if linked or may_link:
            label = dict(rule.label or {"*": name.replace("_", " ").capitalize()})
            tickets = tuple(
                LinkedView(
                    one.ref,
                    one.category,
                    said_views(rule.fields, one.fields, names, zone, editable=may_link),
                )
                for one in linked
            )
            found.append(LinkView(name, label, tickets, may_link))
    return tuple(found)


def _leads_to(definition: Definition, transition: str) -> str:
    """The category all branches of a transition lead to; "" when it stays, or they differ."""
    process = definition.process
    found = {process.states[state].category for state in targets(process, process.transitions[transition])}
    return found.pop() if len(found) == 1 else ""


def comment_view(row: CommentRow, names: Names, locale: str) -> CommentView:
    """A comment; one a definition wrote in the reader's language."""
    text = text_in(row.texts, locale) if row.texts else row.text
    author = names.of("person", row.author) if row.author else ""
    return CommentView(row.id, row.author, author, row.public, text, row.at)


def delivery_view(row: Delivery) -> DeliveryView:
    """A delivery of the ledger."""
    return DeliveryView(
        key=row.name,
        seq=row.key.seq,
        kind=row.kind,
        recipient=row.key.recipient,
        recipient_name=row.recipient_name,
        channel=row.key.channel,
        status=row.status,
        subject=row.subject,
        body=row.body,
        created_at=row.created_at,
        sent_at=row.sent_at,
        attempts=row.attempts,
        error=row.error,
    )


def _text(ticket: Ticket, name: str) -> str:
    value = ticket.fields.get(name)
    return value if isinstance(value, str) else ""


def _priority_label(definition: Definition, ticket: Ticket) -> dict[str, str]:
    rules, level = definition.process.priority, _text(ticket, "priority")
    if rules is None or not level:
        return {}
    return dict(rules.levels.get(level) or {"*": level})


def _priority_why(definition: Definition, ticket: Ticket) -> tuple[dict[str, str], ...]:
    """Where the priority comes from: the matrix, then every rule that moved it; or a person."""
    rules = definition.process.priority
    if rules is None or not _text(ticket, "priority"):
        return ()
    if "priority" in ticket.overridden:
        return ({"en": "set by hand", "zh-CN": "人工设定"},)
    parts = [_labelled(definition, ticket, name) for name in (rules.rows, rules.columns)]
    matrix = {
        locale: " × ".join(f"{text_in(label, locale)}: {text_in(value, locale)}" for label, value in parts)
        for locale in ("en", "zh-CN")
    }
    adjusted = [rules.adjust[int(path.rpartition(".")[2])].because for path in ticket.priority_because]
    return (matrix, *(dict(because) for because in adjusted if because))


def _labelled(definition: Definition, ticket: Ticket, name: str) -> tuple[dict[str, str], dict[str, str]]:
    declared = definition.fields[name]
    value = _text(ticket, name)
    return dict(declared.label or {"*": name}), dict(declared.options.get(value) or {"*": value})
