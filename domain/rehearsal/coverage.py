"""Coverage: which parts of a process no case has exercised, read off the journals that the cases wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.engine.entries import Entry, Happening
from domain.language.definition import Definition
from domain.language.models import Approval, ApprovalRef, EscalationRef, Parallel, TaskRef
from domain.language.walker import parts

KINDS = ("state", "transition", "branch", "route", "threshold", "escalation step", "task", "approval")
"""What is counted, in the order it is told."""

_DONE = ("done", "failed", "handed_over")
"""What a task has to come to, to count: to be begun is not enough."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be exercised. `path` is dotted, `line` such as `incident.yaml:96`."""

    kind: str
    path: str
    name: str
    line: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """All that could be exercised, and what was."""

    items: tuple[Item, ...]
    exercised: frozenset[str]  # paths

    @property
    def missing(self) -> tuple[Item, ...]:
        """What no case came to, in the order of the file."""
        return tuple(item for item in self.items if item.path not in self.exercised)

    @property
    def percent(self) -> float:
        """How much was exercised, rounded down to a tenth; 100 only when it is all."""
        total = len(self.items)
        return (total - len(self.missing)) * 1000 // total / 10 if total else 100.0

    def of_kind(self, kind: str) -> tuple[int, int]:
        """How many of a kind were exercised, and how many there are."""
        items = [item for item in self.items if item.kind == kind]
        return sum(item.path in self.exercised for item in items), len(items)


def coverage(definition: Definition, journals: Iterable[Iterable[Entry]]) -> Coverage:
    """What these journals exercised of a definition."""
    items = tuple(_items(definition))
    known = {item.path for item in items}
    exercised: set[str] = set()
    for journal in journals:
        for entry in _under_test(journal):
            for happening in entry.happened:
                exercised.update(_exercised(definition, happening))
            exercised.update(effect.why for effect in entry.effects)  # such as escalations.on_call.steps.0
    return Coverage(items, frozenset(exercised & known))


def _under_test(journal: Iterable[Entry]) -> list[Entry]:
    """What happened on the version under test: of a ticket that was opened with an older one what came after."""
    entries = list(journal)
    moved = (
        index for index, entry in enumerate(entries) if any(one.what == "migrated" for one in entry.happened)
    )
    return entries[next(moved, 0) :]


def _items(definition: Definition) -> Iterator[Item]:
    for kind, path, name in (*_life(definition), *_clocks(definition), *_work(definition)):
        yield Item(kind, path, name, definition.line(path))


def _life(definition: Definition) -> Iterator[tuple[str, str, str]]:
    process = definition.process
    for name in process.states:
        yield "state", f"states.{name}", name
    for name, rule in process.transitions.items():
        yield "transition", f"transitions.{name}", name
        branches = rule.to or ()
        if len(branches) > 1:
            for index, branch in enumerate(branches):
                yield "branch", f"transitions.{name}.to.{index}", f"{name} to {branch.state}"
    if len(process.routing) > 1:
        for index, row in enumerate(process.routing):
            yield "route", f"routing.{index}", f"row {index + 1}, team {row.team}"


def _clocks(definition: Definition) -> Iterator[tuple[str, str, str]]:
    for name, clock in definition.process.clocks.items():
        for threshold in clock.at:
            yield "threshold", f"clocks.{name}.at.{threshold.label}", f"{name} {threshold.label}"
        if clock.overdue:
            yield "threshold", f"clocks.{name}.overdue", f"{name} overdue"


def _work(definition: Definition) -> Iterator[tuple[str, str, str]]:
    process, used = definition.process, _used(definition)
    for name, chain in process.escalations.items():
        for index in range(len(chain.steps) if name in used else 0):
            yield "escalation step", f"escalations.{name}.steps.{index}", f"{name}, step {index + 1}"
    for name in process.tasks:
        if name in used:
            yield "task", f"tasks.{name}", name
    for name, approval in process.approvals.items():
        if name in used:
            yield from _approval(name, approval)


def _approval(name: str, approval: Approval) -> Iterator[tuple[str, str, str]]:
    """Each way it can end, each stage, each of its timeouts."""
    for state in ("approved", "rejected"):
        yield "approval", f"approvals.{name}.{state}", f"{name}, {state}"
    for stage in approval.stages:
        for one in stage.parallel if isinstance(stage, Parallel) else (stage,):
            path = f"approvals.{name}.{one.id}"
            yield "approval", path, f"{name}, stage {one.id}"
            for index in range(len(one.lapses)):
                yield "approval", f"{path}.{index}", f"{name}, stage {one.id}, timeout {index + 1}"


def _used(definition: Definition) -> frozenset[str]:
    """Names of escalations, tasks and approvals that some rule uses: a library may give more than are wanted."""
    return frozenset(
        str(part)
        for _, part in parts(definition.process)
        if isinstance(part, EscalationRef | TaskRef | ApprovalRef)
    )


def _exercised(definition: Definition, happening: Happening) -> Iterator[str]:
    name, detail = happening.name, happening.detail
    match happening.what:
        case "opened":
            yield f"states.{definition.process.starts_in}"
        case "moved":
            yield f"transitions.{name}"
            if "to" in detail:
                yield f"states.{detail['to']}"
            yield from _branches(definition, happening)
        case "set":
            yield str(detail.get("by"))  # such as routing.2
        case "reached" if detail.get("acted"):
            yield f"clocks.{name}.at.{detail['threshold']}"
        case "overdue":
            yield f"clocks.{name}.overdue"
        case "escalation" if detail.get("what") == "stepped":
            yield f"escalations.{name}.steps.{int(str(detail['step'])) - 1}"
        case "approval" if detail.get("what") == "stage_ended":
            yield f"approvals.{name}.{detail['stage']}"
        case "approval" if detail.get("what") == "ended":
            yield f"approvals.{name}.{detail['state']}"
        case "approval" if detail.get("what") == "lapsed":
            yield f"approvals.{name}.{detail['stage']}.{detail['timeout']}"
        case "task" if detail.get("what") in _DONE:
            yield f"tasks.{name}"


def _branches(definition: Definition, happening: Happening) -> Iterator[str]:
    """The branch by which a transition went: the entry says it where several lead to one state."""
    name, target = happening.name, str(happening.detail.get("to", ""))
    if "branch" in happening.detail:
        yield f"transitions.{name}.to.{happening.detail['branch']}"
    elif name in definition.process.transitions:
        for index, branch in enumerate(definition.process.transitions[name].to or ()):
            if branch.state == target:
                yield f"transitions.{name}.to.{index}"
