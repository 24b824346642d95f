"""A ticket moves to another version of its process: one entry, nothing entered or left, no rule reacts.

What the new version has no place for stays behind. Unless whoever moves the ticket agrees to that, it is refused, and
the ticket stays as it was; where it finds no state it is always refused. `domain/comparing/open_tickets.py` tells of
the same before anything moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.engine import approvals, clocks, timers
from domain.engine.derive import derive, set_field
from domain.engine.draft import Draft
from domain.engine.entries import Cause, Outcome
from domain.engine.events import Facts, Migrate
from domain.engine.forms import Invalid, fit, parse_value
from domain.engine.macrostep import run_to_rest
from domain.engine.task_rules import base_of, find_rule, is_group
from domain.engine.tasks import OPEN
from domain.engine.ticket import Held, Json, StateTimer, Ticket
from domain.engine.values import things_of, untyped
from domain.errors import Refused
from domain.language.builtin_fields import DERIVED
from domain.language.checks_values import as_field
from domain.language.definition import Definition
from domain.language.models import FieldDef, Process
from domain.language.models import Migrate as Line

BY = "migrate"


@dataclass(frozen=True, slots=True)
class _Way:
    """From one version to another, as the new one says."""

    old: Definition
    new: Definition
    line: Line | None
    path: str

    def state(self, name: str) -> str:
        """The state that a state of the old version leads to; "" when there is none."""
        said = str(self.line.states.get(name) or name) if self.line else name
        return said if said in self.new.process.states else ""

    def clock(self, name: str) -> str:
        """The clock that one becomes."""
        return self.line.clocks.get(name, name) if self.line else name

    def task(self, name: str) -> str:
        """The task that one becomes; one of several for the same task keeps its place among them."""
        task, dot, which = name.partition(".")
        said = str(self.line.tasks.get(task) or task) if self.line else task
        return f"{said}{dot}{which}"


def line_for(old: Process, new: Process) -> int | None:
    """The place of the `migrate` line of the new version that speaks of the old one."""
    return next((index for index, line in enumerate(new.migrate) if line.from_ == old.version), None)


def migrate(
    old: Definition,
    new: Definition,
    ticket: Ticket,
    event: Migrate,
    now: datetime,
    facts: Facts,
    *,
    handled_at: datetime,
    command: int | None = None,
) -> Outcome:
    """Move a ticket at `now`. Everything due before must have been handled under the old version.

    Returns the ticket under the new version and one entry. Raises Refused with every reason at once.
    """
    index = line_for(old.process, new.process)
    way = _Way(
        old,
        new,
        None if index is None else new.process.migrate[index],
        BY if index is None else f"{BY}.{index}",
    )
    _admit(way, ticket, facts)
    cause = Cause("command", BY, new.line(way.path))
    draft = Draft(new, ticket, now, handled_at, cause, facts, before=old)
    _say(draft, way)
    left = [
        *_fields(draft, way),
        *_tasks(draft, way),
        *_links(draft, way),
        *_chains(draft),
        *_approvals(draft, way),
    ]
    _states(draft, way)
    _clocks(draft, way)
    draft.postponed = tuple(
        one if one.calendar in new.calendars else replace(one, calendar="always") for one in draft.postponed
    )
    draft.stale = True
    derive(draft)
    if left and not event.leave_behind:
        raise Refused("; ".join(left))
    draft.queue.clear()  # being moved is no event: what changed with it is no change that rules wait for
    _timers(draft, way)
    _bind_votes(draft, way)
    _ask_again(draft, way)
    draft.parked = ""
    run_to_rest(draft, was=str(old.process.states[ticket.state].category))
    clocks.recount(draft, why=way.path)
    return draft.close(command=command)


def _admit(way: _Way, ticket: Ticket, facts: Facts) -> None:
    if facts.actor.kind != "system":
        raise Refused("only who runs the desk moves tickets to another version")
    if ticket.hashes == way.new.hashes:
        raise Refused("it is on this version already")
    if way.old.process.id != way.new.process.id:
        raise Refused(f"{way.new.process.id} is another process than {way.old.process.id}")
    if way.old.process.states[ticket.state].category == "closed":
        raise Refused("it is closed, and stays on its version")
    places = [ticket.state, *([ticket.held.state] if ticket.held else [])]
    lost = [state for state in places if not way.state(state)]
    if lost:
        raise Refused("; ".join(f"there is no state for tickets in {state}" for state in lost))


def _say(draft: Draft, way: _Way) -> None:
    note = dict(way.line.note) if way.line and way.line.note else {}
    detail: dict[str, Json] = {"from": way.old.process.version, "to": way.new.process.version}
    draft.hashes = way.new.hashes
    draft.note("migrated", str(way.new.process.id), **detail, **({"note": note} if note else {}))


# ---------------------------------------------------------------- fields


def _fields(draft: Draft, way: _Way) -> Iterator[str]:
    """Carry the values over; gives what finds no place."""
    said = dict(way.line.fields) if way.line else {}
    read = " ".join(map(str, said.values()))
    for name, value in list(draft.fields.items()):
        declared, before = way.new.fields.get(name), way.old.fields.get(name)
        if name in said:
            continue
        if name in DERIVED and way.new.process.risk is not None:
            continue  # the risk is found anew
        if name in DERIVED or (name == "priority" and declared is None):
            _drop(draft, name)  # the new version knows no such thing
            continue
        if declared is None:
            if f"old.{name}" not in read and (before is None or not before.compute):
                yield f"the field {name} is gone, and this ticket has a value there"
            _drop(draft, name)
        elif not declared.compute and (why := _misfit(before, declared, value)):
            yield f"{name}: {why}"
            _drop(draft, name)
    for name, expression in said.items():
        value = untyped(draft.value_of(expression))
        fitted = fit(draft, name, value)
        if fitted is None and value not in (None, "", []):
            yield f"{name}: what migrate says gives {value!r}, which does not fit"
            if name in draft.fields:
                _drop(draft, name)  # what it was does not have to fit either
        elif fitted != draft.fields.get(name):
            set_field(draft, name, fitted, by=f"{way.path}.fields.{name}")


def _drop(draft: Draft, name: str) -> None:
    value = draft.fields.pop(name)
    draft.overridden.discard(name)
    draft.forget_roles()
    draft.note("set", name, old=value, new=None, by=BY)


def _misfit(before: FieldDef | None, declared: FieldDef, value: Json) -> str:
    """Why a value cannot stay in its field; "" when it can. Bounds are for the next edit."""
    options = declared.options
    if before is not None and before.type == declared.type:
        chosen = {"choice": [value], "choices": value}.get(declared.type, [])
        gone = [one for one in chosen if one not in options] if isinstance(chosen, list) else []
        return f"there is no option {gone[0]} any more" if gone else ""
    known: dict[str, dict[str, Json] | None] = {thing: {} for thing in things_of(declared, value)}
    try:
        return "" if parse_value(declared, value, Facts(things=known)) == value else "it is of another type"
    except Invalid as invalid:
        return f"it is of another type: {invalid}"


# ---------------------------------------------------------------- states and what hangs on them


def _states(draft: Draft, way: _Way) -> None:
    """The ticket is where it was: nothing is entered or left, even where the state has another name."""
    old = draft.state
    draft.state = way.state(old)
    if draft.state != old:
        draft.note("moved", "", **{"from": old, "to": draft.state})
    if draft.held is not None:
        draft.held = replace(draft.held, state=way.state(draft.held.state))
    for name, task in draft.tasks.items():
        if task.of_state:
            draft.tasks[name] = replace(task, of_state=way.state(task.of_state))
    for name, run in draft.approvals.items():
        if run.of_state:
            draft.approvals[name] = replace(run, of_state=way.state(run.of_state))


def _timers(draft: Draft, way: _Way) -> None:
    """Timers whose rule is the same go on; the others are counted anew from when the state was entered."""
    draft.timers = _counted(draft, way, draft.timers, draft.state, draft.entered_at)
    if draft.held is not None:
        held = draft.held
        draft.held = replace(
            held, timers=_counted(draft, way, held.timers, held.state, held.entered_at, held)
        )


def _counted(
    draft: Draft,
    way: _Way,
    before: Mapping[str, StateTimer],
    state: str,
    entered_at: datetime,
    held: Held | None = None,
) -> dict[str, StateTimer]:
    found: dict[str, StateTimer] = {}
    for button in draft.plan.timed:
        name = button.name
        if not button.fits(state, draft.fields):
            continue
        was = way.old.process.transitions.get(name)
        same = was is not None and timers.same_time(was, button.rule)
        if same and name in before:
            found[name] = before[name]
        elif not same:
            # What events begin anew counts from now: nobody knows any more when the last one was.
            since = draft.at if button.rule.restart and held is None else entered_at
            if (timer := timers.counted_from(draft, button, since)) is not None:
                found[name] = timer
    return found


def _tasks(draft: Draft, way: _Way) -> Iterator[str]:
    kept = {}
    for name, task in draft.tasks.items():
        other = way.task(name)
        several = is_group(way.old, base_of(name)) == is_group(way.new, base_of(other))
        if several and find_rule(way.new, other) is not None:
            kept[other] = task
        elif task.state in OPEN:
            yield f"the task {name} is gone, and it is open here"
            draft.note("task", name, what="cancelled")
    draft.tasks = kept


def _links(draft: Draft, way: _Way) -> Iterator[str]:
    for name in [name for name in draft.links if name not in way.new.process.links]:
        if draft.links.pop(name):
            yield f"the link {name} is gone, and tickets are linked by it"
    for name, links in list(draft.links.items()):
        rule, was = way.new.process.links[name], way.old.process.links.get(name)
        kept = []
        for link in links:
            fields = dict(link.fields)
            for field, value in link.fields.items():
                declared, before = rule.fields.get(field), was.fields.get(field) if was else None
                if declared is None:
                    why = f"the field {field} of the link {name} is gone"
                elif misfit := _misfit(as_field(before) if before else None, as_field(declared), value):
                    why = f"{field} of the link {name}: {misfit}"
                else:
                    continue
                yield f"{why}, and it is said of {link.ref}"
                draft.note(
                    "link_set", name, ticket=link.ticket, ref=link.ref, field=field, old=value, new=None
                )
                del fields[field]
            kept.append(link if fields == link.fields else replace(link, fields=fields))
        draft.links[name] = tuple(kept)


def _chains(draft: Draft) -> Iterator[str]:
    for name, chain in list(draft.chains.items()):
        rule = draft.definition.process.escalations.get(name)
        if rule is None:
            yield f"the escalation {name} is gone, and it is under way here"
            del draft.chains[name]
            draft.note("escalation", name, what="ended")
        elif chain.step >= len(rule.steps):
            draft.chains[name] = replace(chain, step=len(rule.steps) - 1)


# ---------------------------------------------------------------- approvals


def _approvals(draft: Draft, way: _Way) -> Iterator[str]:
    """Those decided are history; those under way go on as they are, are asked for anew, or have nobody any more."""
    for name, run in list(draft.approvals.items()):
        rule = draft.definition.process.approvals.get(name)
        if rule is None:
            if run.state == approvals.PENDING:
                yield f"the approval {name} is gone, and it is under way here"
                draft.note("approval", name, what="withdrawn", why=BY, comment="")
            del draft.approvals[name]
        elif run.state == approvals.PENDING and rule != way.old.process.approvals[name]:
            if way.line is None:
                yield (
                    f"the approval {name} has changed, and it is under way here: "
                    "say `approvals: keep` or `restart` under migrate"
                )
            stages_gone = any(stage not in draft.plan.sittings[name] for stage in run.stages)
            if stages_gone or (way.line is not None and way.line.approvals == "restart"):
                draft.approvals[name] = replace(run, state="withdrawn", stages={}, held_at=None)
                draft.note("approval", name, what="withdrawn", why=BY, comment="")
        elif run.state != approvals.PENDING:
            known = {id: stage for id, stage in run.stages.items() if id in draft.plan.sittings[name]}
            draft.approvals[name] = replace(run, stages=known)


def _bind_votes(draft: Draft, way: _Way) -> None:
    """Votes stay bound to the fields as they are now: that a field is called or computed differently voids none."""
    for name, run in draft.approvals.items():
        fields = way.old.process.approvals[name].void_if_changed
        if run.hash == (approvals.hash_of(draft.ticket.fields, fields) if fields else ""):
            draft.approvals[name] = replace(run, hash=approvals.content_hash(draft, name))


def _ask_again(draft: Draft, way: _Way) -> None:
    """Ask anew for what was under way and is not any more; for one that is gone, the approval of its state."""
    stopped = [
        (name, run.of_state)
        for name, run in draft.ticket.approvals.items()
        if run.state == approvals.PENDING
        and (name not in draft.approvals or draft.approvals[name].state != approvals.PENDING)
    ]
    for name, of_state in stopped:
        state = way.state(of_state) if of_state else ""
        if name in draft.approvals:
            approvals.request(draft, name, of_state=state)
        elif state and (other := draft.definition.process.states[state].approval) is not None:
            approvals.request(draft, other, of_state=state)


# ---------------------------------------------------------------- clocks


def _clocks(draft: Draft, way: _Way) -> None:
    """Clocks keep what they counted. One that is gone stays in the journal."""
    kept = {}
    for name, clock in draft.clocks.items():
        other = way.clock(name)
        if other in draft.plan.clock_order:
            known = clock.calendar in way.new.calendars
            kept[other] = clock if known else replace(clock, calendar="")
    draft.clocks = kept
