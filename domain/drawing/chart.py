"""What a drawing of a process shows: its states, the ways between them, and what else is said beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from domain.language.models import Clock, Parallel, Process, Transition
from domain.language.state_names import states_in
from domain.wording.conditions import condition, value
from domain.wording.phrases import phrase
from domain.wording.plainly import length_of
from domain.wording.vocabulary import Vocabulary, readable

Sign = Literal["starts", "pauses", "stops", "approval", "task", "button", "timer", "event", "hold"]
SIGNS: tuple[Sign, ...] = get_args(Sign)
FEWEST_TOGETHER = 3  # so many states with the same way out share one arrow


@dataclass(frozen=True, slots=True)
class Note:
    """One line inside a box or in the legend: a sign, a text, and perhaps who or when."""

    sign: Sign
    text: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A state, the start, or several states at once."""

    id: str
    title: str
    kind: Literal["state", "start", "several"]
    category: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow: everything that leads from one node to another."""

    source: str
    target: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """All of a drawing, in words. `beside`: headings with what is said under the drawing."""

    title: str
    description: str
    nodes: tuple[Node, ...]
    ways: tuple[Way, ...]
    beside: tuple[tuple[str, tuple[Note, ...]], ...]
    words: Vocabulary = field(repr=False)


def chart_of(process: Process, locale: str = "en") -> Chart:
    """The chart of a process without errors, with its labels in a locale."""
    return _Charting(process, Vocabulary(process, locale)).chart()


class _Charting:
    def __init__(self, process: Process, words: Vocabulary) -> None:
        self.process = process
        self.words = words
        self.ways: dict[tuple[str, str], list[Note]] = {}
        self.several: dict[frozenset[str], Node] = {}
        self.inside: dict[str, list[Note]] = {name: [] for name in process.states}
        self.anywhere: list[Note] = []

    def chart(self) -> Chart:
        for name, transition in self.process.transitions.items():
            self._transition(name, transition)
        states = [self._state(name) for name in self.process.states]
        start = Node("start", "", "start")
        self.ways = {("start", self.process.starts_in): self._opening(), **self.ways}
        title = self.words.text(self.process.title, self.process.id)
        count = phrase(
            "chart.description", self.words.locale, len(states), len(self.process.transitions), title
        )
        beside = [
            (self._say("chart.anywhere"), tuple(self.anywhere)),
            (self._say("chart.clocks"), tuple(self._clocks())),
            (self._say("chart.approvals"), tuple(self._approvals())),
        ]
        return Chart(
            title,
            count,
            (start, *self.several.values(), *states),
            tuple(Way(source, target, tuple(notes)) for (source, target), notes in self.ways.items()),
            tuple((heading, notes) for heading, notes in beside if notes),
            self.words,
        )

    def _opening(self) -> list[Note]:
        """Who may open a ticket, when not everybody always may."""
        create = self.process.create
        if not (create.who or create.if_):
            return []
        who = self.words.people(create.who or ("everyone",))
        only = self._say("chart.if", condition(create.if_, self.words)) if create.if_ else ""
        return [Note("button", self._say("chart.open"), f"{who}; {only}" if only else who)]

    def _say(self, key: str, *values: object) -> str:
        return self.words.say(key, *values)

    # ---- states

    def _state(self, name: str) -> Node:
        state = self.process.states[name]
        notes = [
            *(Note(sign, self.words.label("clocks", clock)) for sign, clock in self._clock_signs(name)),
            *([Note("hold", self._say("sign.hold"))] if state.hold else []),
            *([Note("approval", self.words.label("approvals", state.approval))] if state.approval else []),
            *(Note("task", self.words.label("tasks", task)) for task in state.tasks),
            *self.inside[name],
        ]
        return Node(name, self.words.state(name), "state", state.category, tuple(notes))

    def _clock_signs(self, name: str) -> Iterator[tuple[Sign, str]]:
        """What clocks do in a state. That they stop in closed states goes without saying."""
        for clock, defined in self.process.clocks.items():
            if name in self._in(defined.start) or (
                "created" in (defined.start.when or ()) and name == self.process.starts_in
            ):
                yield "starts", clock
            if name in self._in(defined.pause):
                yield "pauses", clock
            if name in self._in(defined.stop) and self.process.states[name].category != "closed":
                yield "stops", clock

    def _in(self, when: Any) -> frozenset[str]:
        return states_in(self.process, when.in_) if when is not None and when.in_ else frozenset()

    # ---- transitions

    def _transition(self, name: str, transition: Transition) -> None:
        sources = states_in(self.process, transition.from_)
        note = self._note(name, transition)
        ends = [str(effect.convert.to) for effect in transition.do if effect.convert is not None]
        for state in ends:  # it goes on as another ticket, and this one is there
            self._branch(name, transition, sources, state, note)
        if transition.to is None and ends:
            return
        if transition.to is None:
            if len(sources) == 1:
                self.inside[next(iter(sources))].append(note)
            elif sources:
                together = self._together(transition, sources)
                more = self._say("chart.in", together, note.more) if note.more else together
                self.anywhere.append(Note(note.sign, note.text, more))
            return
        for branch in transition.to:
            branch_note = note
            if len(transition.to) > 1 and branch.if_:
                said = self._say("chart.if", condition(branch.if_, self.words))
                branch_note = Note(note.sign, note.text, said)
            elif len(transition.to) > 1:
                branch_note = Note(note.sign, note.text, self._say("chart.else"))
            self._branch(name, transition, sources, str(branch.state), branch_note)

    def _branch(
        self, name: str, transition: Transition, sources: frozenset[str], target: str, note: Note
    ) -> None:
        leaving = sources - {target}
        if target not in self.process.states:  # back to where it was
            for source in sorted(sources):
                self._add(source, self._several(frozenset({target}), self.words.state(target)), note)
            return
        if len(leaving) >= FEWEST_TOGETHER:
            self._add(self._several(sources, self._together(transition, sources)), target, note)
            return
        for source in self.process.states:
            if source in leaving:
                self._add(source, target, self._there(name, transition, source, note))
            elif source in sources:
                self.inside[source].append(Note(note.sign, note.text, note.more))

    def _there(self, name: str, transition: Transition, source: str, note: Note) -> Note:
        """In a state that asks for an approval: without what other approvals come to."""
        approval = self.process.states[source].approval
        ours = tuple(event for event in transition.when or () if event.startswith(f"approval.{approval}."))
        if not ours or transition.label or len(ours) == len(transition.when or ()):
            return note
        only = self._note(name, transition.model_copy(update={"when": ours}))
        return Note(only.sign, only.text, note.more)

    def _together(self, transition: Transition, sources: frozenset[str]) -> str:
        if sources == states_in(self.process, ("any",)):
            return self.words.state("any")
        if sources == states_in(self.process, ("open",)):
            return self.words.state("open")
        return self.words.states(transition.from_)

    def _several(self, states: frozenset[str], title: str) -> str:
        if states not in self.several:
            self.several[states] = Node(f"several-{len(self.several) + 1}", title, "several")
        return self.several[states].id

    def _add(self, source: str, target: str, note: Note) -> None:
        notes = self.ways.setdefault((source, target), [])
        if note not in notes:
            notes.append(note)

    def _note(self, name: str, transition: Transition) -> Note:
        """Its label and who presses it; without a button what makes it happen."""
        label = self.words.text(transition.label) if transition.label else ""
        if transition.who:
            return Note("button", label or readable(name), self.words.people(transition.who))
        cause = self._cause(name, transition)
        sign: Sign = "event" if transition.when else "timer"
        only = self._say("chart.if", condition(transition.if_, self.words)) if transition.if_ else ""
        if label:
            return Note(sign, label, f"{cause}; {only}" if only else cause)
        return Note(sign, cause[:1].upper() + cause[1:], only)

    def _cause(self, name: str, transition: Transition) -> str:
        if transition.when:
            return self.words.events(transition.when)
        if transition.after:
            return self._say("chart.after", length_of(transition.after, transition.calendar, self.words))
        if transition.every:
            return self._say("every", length_of(transition.every, transition.calendar, self.words))
        if transition.at:
            return self._say("chart.at", value(transition.at, self.words))
        return readable(name)

    # ---- beside the drawing

    def _clocks(self) -> Iterator[Note]:
        for name, clock in self.process.clocks.items():
            yield Note("timer", self.words.label("clocks", name), self._target(clock))

    def _target(self, clock: Clock) -> str:
        if clock.until:
            return self._say("chart.until", value(clock.until, self.words))
        if clock.targets:
            aims = (
                self.words.length(aim.target)
                if aim.target
                else self._say("chart.until", value(aim.until or "", self.words))
                for aim in clock.targets
            )
            return " · ".join(aims)
        if set(clock.target) == {"all"}:
            return self.words.length(clock.target["all"])
        field = str(clock.by)
        return " · ".join(
            f"{self._say('value.else') if key == 'all' else self.words.option(field, key)} {self.words.short(length)}"
            for key, length in clock.target.items()
        )

    def _approvals(self) -> Iterator[Note]:
        for name, approval in self.process.approvals.items():
            stages = []
            for stage in approval.stages:
                together = stage.parallel if isinstance(stage, Parallel) else (stage,)
                stages.append(
                    " + ".join(self.words.text(one.label, readable(str(one.id))) for one in together)
                )
            yield Note("approval", self.words.label("approvals", name), " → ".join(stages))
