"""A command as the log has it (architecture.md, rule 5): time first, then the step, then exactly one entry."""

from __future__ import annotations

import logging
from datetime import datetime

from domain.engine.advance import advance, next_deadline
from domain.engine.children import child_opened
from domain.engine.draft import Draft
from domain.engine.entries import Cause, Outcome, Refusal
from domain.engine.events import (
    ApproversFound,
    ChildOpened,
    Command,
    Facts,
    Migrate,
    Move,
    Picked,
    Result,
    TaskFinished,
)
from domain.engine.migrating import migrate
from domain.engine.needs import needs
from domain.engine.results import approvers_found, picked, task_finished
from domain.engine.step import step
from domain.engine.ticket import Ticket
from domain.errors import FormInvalid, Refused
from domain.language.definition import Definition

log = logging.getLogger(__name__)


def command_time(ticket: Ticket, command: Command, now: datetime) -> datetime:
    """When a command counts: when it was received, but never before what is already in the journal."""
    return max(ticket.last_at, min(command.received_at, now))


def open_ticket(definition: Definition, command: Command, facts: Facts, now: datetime) -> Outcome:
    """Open a ticket: entry 1 names command 1. Raises Refused; then nothing is stored."""
    at = min(command.received_at, now)
    return step(definition, None, command.request, at, facts, handled_at=now, command=command.number)


def handle(
    definition: Definition,
    ticket: Ticket,
    command: Command,
    facts: Facts,
    now: datetime,
    *,
    onto: Definition | None = None,
) -> Outcome:
    """Everything due by the command's time, then one entry that names the command: done, refused or faulted.

    Overtaken checks: no entry names it; runs do not take such a command, and a dry run says nothing of it. `onto` is
    the definition that a Migrate names, and comes with that alone.

    What `advance` did is kept whatever becomes of the command. An exception in `advance` comes out: the workflow
    task fails and alerts. One in `step` is a refusal `engine_fault` with the ticket untouched.
    """
    at = command_time(ticket, command, now)
    advanced = advance(definition, ticket, now, until=at)
    before = advanced.ticket
    if before.revision != ticket.revision and _has_checks(definition, ticket, command):
        return advanced
    at = max(at, before.last_at)
    try:
        if isinstance(command.request, Migrate):
            assert onto is not None, "it comes with the definition it names"
            outcome = migrate(
                definition,
                onto,
                before,
                command.request,
                at,
                facts,
                handled_at=now,
                command=command.number,
            )
        else:
            outcome = step(
                definition, before, command.request, at, facts, handled_at=now, command=command.number
            )
    except Refused as refused:
        outcome = _refuse(definition, before, command, facts, at, now, refusal_of(refused))
    except Exception:  # what the engine does not know must not block the commands behind it
        log.exception("step failed", extra={"ticket": ticket.ref, "command": command.id})
        fault = Refusal(
            "engine_fault",
            {
                "en": "This could not be carried out; operators were told.",
                "zh-CN": "无法执行该操作，已通知运维人员。",
            },
        )
        outcome = _refuse(definition, before, command, facts, at, now, fault, faulted=True)
    return Outcome(outcome.ticket, advanced.entries + outcome.entries)


def overtaken(definition: Definition, ticket: Ticket, command: Command, now: datetime) -> bool:
    """Whether what is due before a command changes the ticket that its checks were made for.

    They are made anew when that has happened: no button is pressed on what stood in the way, or did not, before.
    """
    at, due = command_time(ticket, command, now), next_deadline(ticket)
    if due is None or due > at or not _has_checks(definition, ticket, command):
        return False
    return advance(definition, ticket, now, until=at).ticket.revision != ticket.revision


def _has_checks(definition: Definition, ticket: Ticket, command: Command) -> bool:
    return bool(needs(definition, ticket, command.request).checks)


def refusal_of(refused: Refused) -> Refusal:
    """A refusal as the journal keeps it."""
    errors = refused.errors if isinstance(refused, FormInvalid) else ()
    return Refusal(
        refused.code,
        dict(refused.text),
        tuple(
            {"field": error.field, "code": error.code, "message": error.message}
            | {f"message.{locale}": text for locale, text in error.texts}
            for error in errors
        ),
    )


def _refuse(
    definition: Definition,
    ticket: Ticket,
    command: Command,
    facts: Facts,
    at: datetime,
    now: datetime,
    refusal: Refusal,
    *,
    faulted: bool = False,
) -> Outcome:
    request = command.request
    name = request.transition if isinstance(request, Move) else type(request).__name__.lower()
    draft = Draft(definition, ticket, at, now, Cause("command", name), facts)
    return draft.close(command=command.number, result="faulted" if faulted else "refused", refusal=refusal)


def handle_result(definition: Definition, ticket: Ticket, result: Result, now: datetime) -> Outcome:
    """The result of an activity, counted at the time it was asked for (a pick) or completed (a task).

    Everything due by then comes first. An outdated result gives no entry of its own, so repeating one is harmless.
    """
    told_at = result.completed_at if isinstance(result, TaskFinished) else result.asked_at
    at = max(ticket.last_at, min(told_at, now))
    advanced = advance(definition, ticket, now, until=at)
    before = advanced.ticket
    at = max(at, before.last_at)
    if isinstance(result, Picked):
        outcome = picked(definition, before, result, now, at)
    elif isinstance(result, ApproversFound):
        outcome = approvers_found(definition, before, result, now, at)
    elif isinstance(result, ChildOpened):
        outcome = child_opened(definition, before, result, now, at)
    else:
        outcome = task_finished(definition, before, result, now, at)
    return Outcome(outcome.ticket, advanced.entries + outcome.entries)
