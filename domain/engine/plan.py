"""A definition as the engine walks it: indexes computed once per definition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from domain.engine.clock_time import BREACH
from domain.engine.derived import derived_from, derives_in_order, reads_none_of
from domain.engine.following import chains_in, named_in
from domain.engine.judged import rules_of
from domain.engine.tables import conditions_of
from domain.engine.task_rules import base_of, number_of
from domain.engine.values import REFERENCES, refers
from domain.expressions import names_read, parse
from domain.language.definition import Definition
from domain.language.models import (
    CATEGORIES,
    Clock,
    Expr,
    Parallel,
    Process,
    Stage,
    Threshold,
    Tmpl,
    Transition,
)
from domain.language.names import CHECKS
from domain.language.state_names import Status, status_in
from domain.language.walker import parts

_CHECK = re.compile(r"\bcheck\.(\w+)")
_TASKS = re.compile(r"\btasks\b")

PARTS = ("start", "pause", "stop", "resume", "reset")
"""The conditions a clock may have."""


_MOST_NUMBERS = 1_000_000
"""More than the tasks of a list, or those people added to a ticket, ever have."""


@dataclass(frozen=True, slots=True)
class Button:
    """A transition with its name and place in the file."""

    name: str
    order: int
    rule: Transition
    states: frozenset[str]  # states it may start from
    status: Status | None = None  # the choice field it asks for beside the state

    def fits(self, state: str, fields: Mapping[str, object]) -> bool:
        """Whether it may start from where a ticket is."""
        return state in self.states and (self.status is None or self.status.holds(fields))


@dataclass(frozen=True, slots=True)
class Sitting:
    """A stage of an approval with its place in the file."""

    id: str
    rule: Stage
    path: str  # approvals.cab.stages.0.parallel.1
    turn: int  # stages of the same turn run in parallel, one turn after the other


class Plan:
    """Indexes over one definition. Does not hold the definition itself, so that both can be forgotten."""

    def __init__(self, definition: Definition) -> None:
        process = definition.process
        self.buttons = tuple(
            Button(name, order, rule, _from(definition, rule), status_in(rule.from_))
            for order, (name, rule) in enumerate(process.transitions.items())
        )
        self.by_name = {button.name: button for button in self.buttons}
        self.by_event: dict[str, list[Button]] = {}
        for button in self.buttons:
            for event in button.rule.when or ():
                self.by_event.setdefault(event, []).append(button)
        self.references = {name: declared for name, declared in definition.fields.items() if refers(declared)}
        self.follows = chains_in(process)
        self.named = named_in(process, definition.fields)
        self.link_references = tuple(
            (link, name, field.type)
            for link, rule in process.links.items()
            for name, field in rule.fields.items()
            if field.type in REFERENCES
        )
        self.timed = tuple(one for one in self.buttons if one.rule.after or one.rule.every or one.rule.at)
        self.restarts: dict[str, list[Button]] = {}
        for button in self.timed:
            for event in button.rule.restart:
                self.restarts.setdefault(event, []).append(button)
        self.clock_order = {name: order for order, name in enumerate(process.clocks)}
        self.clock_states = {
            name: {
                part: definition.states_in(condition.in_)
                for part in PARTS
                if (condition := getattr(clock, part)) is not None and condition.in_
            }
            for name, clock in process.clocks.items()
        }
        self.clock_status = {
            name: {
                part: status
                for part in PARTS
                if (condition := getattr(clock, part)) is not None
                and (status := status_in(condition.in_ or ())) is not None
            }
            for name, clock in process.clocks.items()
        }
        self.thresholds = {name: _with_breach(clock) for name, clock in process.clocks.items()}
        self.places = {state: _places(definition, state) for state in process.states}
        self.listened = (
            self.by_event.keys()
            | self.restarts.keys()
            | {
                event
                for clock in process.clocks.values()
                for part in PARTS
                if (condition := getattr(clock, part)) is not None
                for event in condition.when or ()
            }
        )
        self.chain_order = {name: order for order, name in enumerate(process.escalations)}
        self.task_order = {name: order for order, name in enumerate(process.tasks)}
        self.lists = tuple(name for name, task in process.tasks.items() if task.for_each is not None)
        self._needed_by_element = {
            name: any(path[0] == str(task.as_) for path in names_read(parse(str(task.if_))))
            for name, task in process.tasks.items()
            if task.for_each is not None and task.if_ is not None
        }
        self.counts_tasks = any(
            _TASKS.search(part) for _, part in parts(process) if isinstance(part, Expr | Tmpl)
        )
        self.reads_replies = any(
            "event.text" in part
            for one in process.transitions.values()
            if any(event.startswith("replied") for event in one.when or ())
            for _, part in parts(one)
            if isinstance(part, Expr | Tmpl)
        )
        self.dated_tasks = frozenset(
            name
            for name, task in process.tasks.items()
            if (task.wait is not None and task.wait.until) or (task.due is not None and task.due.at)
        )
        self.read_checks = _read_checks(process)
        self.approval_order = {name: order for order, name in enumerate(process.approvals)}
        self.sittings = {name: _sittings(definition, name) for name in process.approvals}
        self.computed = _computed(definition)
        self.derived_from = derived_from(definition)
        self.derives_in_order = derives_in_order(definition, [name for name, _ in self.computed])
        self.rules = rules_of(definition)
        self.tables = conditions_of(definition)
        self.offered = tuple(
            (name, str(declared.by)) for name, declared in definition.fields.items() if declared.by
        )
        self.offers_by_derived = any(
            name in self.derived_from for choice_and_by in self.offered for name in choice_and_by
        )
        self.expected = tuple(
            name
            for name, declared in definition.fields.items()
            if isinstance(declared.default, str) and "{{" in declared.default
        )
        self.preset = tuple(
            (name, declared.default)
            for name, declared in definition.fields.items()
            if declared.default is not None and not declared.compute and name not in self.expected
        )
        self._reads_derived: dict[str, bool] = {}

    def place_of_task(self, name: str) -> int:
        """Where a task stands among all: as in the file, those of a list and those people added by number."""
        order = self.task_order.get(base_of(name), len(self.task_order))
        return order * _MOST_NUMBERS + number_of(name)

    def reads_derived(self, condition: str) -> bool:
        """Whether a condition may read what is derived from the ticket's fields, or who fills a role by them."""
        found = self._reads_derived.get(condition)
        if found is None:
            found = not reads_none_of(names_read(parse(condition)), self.derived_from)
            self._reads_derived[condition] = found
        return found

    def reads_element(self, task: str) -> bool:
        """Whether each element of its list decides whether a task is needed."""
        return self._needed_by_element.get(task, False)


def _read_checks(process: Process) -> tuple[str, ...]:
    """The checks that conditions and texts read besides those of buttons, which name theirs: `skip` of an approval."""
    found: dict[str, None] = {}
    for path, part in parts(process):
        if isinstance(part, Expr | Tmpl) and path[0] not in ("transitions", "create"):
            found.update(dict.fromkeys(_CHECK.findall(str(part))))
    return tuple(name for name in found if name in CHECKS)


def _computed(definition: Definition) -> tuple[tuple[str, str], ...]:
    """Computed fields with their expressions, each after those it reads."""
    pending = {
        name: str(declared.compute) for name, declared in definition.fields.items() if declared.compute
    }
    reads = {
        name: {path[1] for path in names_read(parse(compute)) if path[0] == "ticket" and len(path) > 1}
        for name, compute in pending.items()
    }
    order: list[str] = []
    while len(order) < len(pending):
        ready = [n for n in pending if n not in order and not (reads[n] & pending.keys()) - set(order) - {n}]
        order.extend(ready or [n for n in pending if n not in order])  # a circle: the loader reports it
    return tuple((name, pending[name]) for name in order)


def _sittings(definition: Definition, approval: str) -> dict[str, Sitting]:
    """The stages of an approval by id, in the order of the file."""
    found: dict[str, Sitting] = {}
    for turn, entry in enumerate(definition.process.approvals[approval].stages):
        path = f"approvals.{approval}.stages.{turn}"
        if isinstance(entry, Parallel):
            for index, stage in enumerate(entry.parallel):
                found[stage.id] = Sitting(str(stage.id), stage, f"{path}.parallel.{index}", turn)
        else:
            found[entry.id] = Sitting(str(entry.id), entry, path, turn)
    return found


def _from(definition: Definition, rule: Transition) -> frozenset[str]:
    """The states a transition may start from. Nothing leads out of a closed one, whatever `from: any` says."""
    states = definition.states_in(rule.from_)
    return states - definition.states_in(("closed",)) if rule.to else states


def _places(definition: Definition, state: str) -> tuple[str, ...]:
    """The groups and categories a state belongs to, besides its own name."""
    names = ("open", *CATEGORIES, *definition.process.groups)
    return tuple(name for name in names if name != state and state in definition.states_in((name,)))


def _with_breach(clock: Clock) -> tuple[Threshold, ...]:
    """Thresholds in order of their place; the breach is one even when the owner wrote nothing for it."""
    written = clock.at
    if not any(one.label == BREACH for one in written):
        written = (*written, Threshold(label=BREACH, percent=100, do=()))
    return tuple(written)


_plans: WeakKeyDictionary[Definition, Plan] = WeakKeyDictionary()


def plan_of(definition: Definition) -> Plan:
    """The plan of a definition, made once."""
    plan = _plans.get(definition)
    if plan is None:
        plan = _plans[definition] = Plan(definition)
    return plan
