"""What a new definition means for tickets that are open: what would be lost, and what they will notice.

An open ticket stays on its version until it is moved; all notes are about moving it. Where every note is safe, no
ticket is refused by `domain/engine/migrating.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.comparing.differences import Difference, Path
from domain.comparing.renames import Renames
from domain.language.models import Process
from domain.wording.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Note:
    """One consequence. Not `safe`: something is lost or left without a place as long as nothing is done about it."""

    safe: bool
    text: str


def notes(old: Process, new: Process, names: Renames, found: list[Difference]) -> Iterator[Note]:
    """The consequences of these differences, each once, what is not safe first."""
    looking = _Looking(old, new, names)
    said: dict[Note, None] = {}
    for one in found:
        said |= dict.fromkeys(looking.at(one))
    said |= dict.fromkeys(looking.renamed())
    yield from sorted(said, key=lambda note: note.safe)


class _Looking:
    def __init__(self, old: Process, new: Process, names: Renames) -> None:
        self.old = old
        self.new = new
        self.names = names
        self.before = Vocabulary(old)
        self.after = Vocabulary(new)
        lines = [line for line in new.migrate if line.from_ == old.version]
        self.states = {name: str(state) for line in lines for name, state in line.states.items()}
        self.fields = {name for line in lines for name in line.fields}
        self.expressions = " ".join(str(text) for line in lines for text in line.fields.values())
        self.called = {
            "clocks": {name: str(other) for line in lines for name, other in line.clocks.items()},
            "tasks": {name: str(other) for line in lines for name, other in line.tasks.items()},
        }
        self.approvals = lines[0].approvals if lines else ""

    def at(self, one: Difference) -> Iterator[Note]:
        """What one difference means."""
        look = _SECTIONS.get(one.path[0])
        if look is not None:
            yield from look(self, one, one.path[2:])

    def renamed(self) -> Iterator[Note]:
        """A rename is evident to a reader, not to the migration."""
        for name, other in self.names.get("states", {}).items():
            if name not in self.states:
                hint = f"write `states: {{{name}: {other}}}` under migrate, from: {self.old.version}"
                yield Note(False, f"tickets in {name} do not find {other} by themselves: {hint}")
        for name, other in self.names.get("fields", {}).items():
            if other not in self.fields:
                hint = f"write `fields: {{{other}: old.{name}}}` under migrate, from: {self.old.version}"
                yield Note(False, f"values of {name} do not go to {other} by themselves: {hint}")
        for section, kind in (("clocks", "clock"), ("tasks", "task"), ("approvals", "approval")):
            for name, other in self.names.get(section, {}).items():
                if name in self.called.get(section, {}):
                    continue
                hint = f": write `{section}: {{{name}: {other}}}` under migrate, from: {self.old.version}"
                yield Note(
                    False,
                    f"the {kind} {name} of a ticket does not become {other} by itself, and what it had is left "
                    f"behind{hint if section in self.called else ''}",
                )

    # ---- sections

    def state(self, one: Difference, inside: Path) -> Iterator[Note]:
        if len(one.path) < 2:
            return
        name = one.path[1]
        if one.kind == "removed" and not inside:
            if name not in self.states:
                hint = f"say where under migrate: `- from: {self.old.version}`, `states: {{{name}: …}}`"
                yield Note(False, f"tickets in {self.before.state(name)} have no place any more: {hint}")
            else:
                target = self.after.state(self.states[name])
                yield Note(True, f"tickets in {self.before.state(name)} go to {target}, as migrate says")
        elif inside[:1] == ("category",):
            yield Note(
                True, f"tickets in {name} count as {one.new} instead of {one.old}: clocks and rights follow"
            )
        elif inside[:1] == ("tasks",):
            yield Note(True, f"tasks of tickets that are in {name} already stay as they were started")
        elif inside[:1] == ("approval",):
            yield Note(True, f"tickets that are in {name} already are not asked for the approval again")
        elif inside[:1] == ("fields",):
            yield Note(True, f"the next edit in {name} follows the new rules for fields")

    def field(self, one: Difference, inside: Path) -> Iterator[Note]:
        if len(one.path) < 2:
            return
        name = one.path[1]
        if one.kind == "removed" and not inside:
            if f"old.{name}" not in self.expressions:
                hint = f"keep them by a line under migrate: `fields: {{…: old.{name}}}`"
                yield Note(
                    False, f"the values of {self.before.field(name)} ({name}) have no place any more: {hint}"
                )
        elif inside == ("type",):
            if name not in self.fields:
                hint = f"say how a value is carried over: `fields: {{{name}: …}}` under migrate"
                yield Note(False, f"values of {name} are of the kind {one.old}, not {one.new}: {hint}")
        elif inside[:1] == ("options",) and one.kind == "removed" and len(inside) == 2:
            yield Note(False, f"tickets whose {name} is {inside[1]} hold a choice that is gone")
        elif inside[:1] == ("compute",):
            yield Note(True, f"{name} is computed anew at the next step")
        elif inside[:1] in (("must",), ("max",), ("min",), ("pattern",), ("columns",)):
            yield Note(True, f"values of {name} that do not fit stay until somebody edits them")

    def clock(self, one: Difference, inside: Path) -> Iterator[Note]:
        if len(one.path) < 2:
            return
        name = one.path[1]
        called = (self.after if name in self.new.clocks else self.before).label("clocks", name)
        if not inside:
            if one.kind == "removed" and name not in self.called["clocks"]:
                yield Note(True, f"{called} is not measured any more; what it counted stays in the journal")
            elif one.kind == "added":
                yield Note(
                    True,
                    f"{called} begins with the next thing that starts it; what has passed does not count",
                )
        elif inside[0] in ("target", "targets", "until", "calendar", "by"):
            yield Note(
                True,
                f"{called} is counted anew over the whole life of a ticket; deadlines move, "
                "those that were reached stay reached",
            )
        elif inside[0] in ("start", "pause", "stop", "resume", "reset"):
            yield Note(
                True, f"{called} follows the new rules from then on; stretches it has counted stay counted"
            )
        elif inside[0] in ("at", "overdue"):
            yield Note(
                True,
                f"{called}: a threshold that was passed does not act again, a new one acts at once if it is behind",
            )

    def approval(self, one: Difference, inside: Path) -> Iterator[Note]:
        if len(one.path) < 2 or inside[:1] == ("label",) or (one.kind == "added" and not inside):
            return
        name = one.path[1]
        called = (self.after if name in self.new.approvals else self.before).label("approvals", name)
        if one.kind == "removed" and not inside:
            yield Note(False, f"approvals {called} that are under way have nobody to decide them")
        elif self.approvals == "keep":
            yield Note(True, f"approvals {called} that are under way keep their votes, as migrate says")
        elif self.approvals == "restart":
            yield Note(True, f"approvals {called} that are under way are asked for anew, as migrate says")
        else:
            hint = f"write `approvals: keep` or `restart` under migrate, from: {self.old.version}"
            yield Note(False, f"approvals {called} that are under way have changed: {hint}")

    def task(self, one: Difference, inside: Path) -> Iterator[Note]:
        if len(one.path) == 2 and one.kind == "removed":
            if one.path[1] in self.called["tasks"]:
                return
            yield Note(False, f"open tasks {self.before.label('tasks', one.path[1])} are not known any more")
        elif inside and inside[0] not in ("label", "help"):
            yield Note(
                True,
                f"tasks {self.after.label('tasks', one.path[1])} that are open go on under the new rules",
            )

    def transition(self, one: Difference, inside: Path) -> Iterator[Note]:
        if inside and inside[0] in ("after", "at", "every", "calendar", "restart"):
            yield Note(True, f"the timer of {one.path[1]} counts anew from when a ticket entered its state")

    def other_processes(self, one: Difference, inside: Path) -> Iterator[Note]:
        if len(one.path) == 2 and one.kind == "removed":
            what = {"messages": "message", "links": "link"}[one.path[0]]
            yield Note(False, f"other processes may still use the {what} {one.path[1]}: check them too")

    def link(self, one: Difference, inside: Path) -> Iterator[Note]:
        yield from self.other_processes(one, inside)
        if inside[:1] != ("fields",):
            return
        said = f"what is said of tickets linked as {one.path[1]}"
        if len(inside) > 1:
            said += f" ({inside[1]})"
        if one.kind == "removed" and len(inside) <= 2:
            yield Note(False, f"{said} has no place any more")
        elif inside[2:] == ("type",):
            yield Note(False, f"{said} is of the kind {one.old}, not {one.new}")
        elif inside[2:3] == ("options",) and one.kind == "removed":
            yield Note(False, f"{said} may be a choice that is gone")

    def escalation(self, one: Difference, inside: Path) -> Iterator[Note]:
        if len(one.path) == 2 and one.kind == "removed":
            yield Note(
                False,
                f"escalations {self.before.label('escalations', one.path[1])} that are under way end unheard",
            )

    def priority(self, one: Difference, inside: Path) -> Iterator[Note]:
        if one.path[1:2] == ("levels",) and one.kind == "removed":
            yield Note(False, f"tickets of priority {one.path[-1]} have a priority that is gone")
        else:
            yield Note(
                True, "the priority is found anew at the next step, and clocks are counted anew with it"
            )

    def calendar(self, one: Difference, inside: Path) -> Iterator[Note]:
        yield Note(
            True, f"clocks in the calendar {one.path[1]} are counted anew over the whole life of a ticket"
        )

    def agreement(self, one: Difference, inside: Path) -> Iterator[Note]:
        yield Note(True, "agreements are looked up anew, and clocks under them are counted anew")


_SECTIONS: dict[str, Callable[[_Looking, Difference, Path], Iterator[Note]]] = {
    "states": _Looking.state,
    "fields": _Looking.field,
    "clocks": _Looking.clock,
    "approvals": _Looking.approval,
    "tasks": _Looking.task,
    "transitions": _Looking.transition,
    "messages": _Looking.other_processes,
    "links": _Looking.link,
    "escalations": _Looking.escalation,
    "priority": _Looking.priority,
    "calendars": _Looking.calendar,
    "agreements": _Looking.agreement,
}
