"""Names of a definition as its owner wrote them for people."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.language.definition import Definition
from domain.simulation.report.wording import Words


class Labels:
    """Labels in the language of the report; what has none is called by its name."""

    def __init__(self, definition: Definition, words: Words) -> None:
        self._definition = definition
        self._words = words

    def _label(self, text: Mapping[str, str] | None, otherwise: str) -> str:
        return self._definition.label(text, self._words.locale, otherwise)

    @property
    def title(self) -> str:
        """Of the process."""
        process = self._definition.process
        return self._label(process.title, str(process.id))

    def state(self, name: str) -> str:
        state = self._definition.process.states.get(name)
        return self._label(state.label, name) if state else name

    def clock(self, name: str) -> str:
        clock = self._definition.process.clocks.get(name)
        return self._label(clock.label, name) if clock else name

    def transition(self, name: str) -> str:
        rule = self._definition.process.transitions.get(name)
        return self._label(rule.label, name) if rule else name

    def approval(self, name: str) -> str:
        rule = self._definition.process.approvals.get(name)
        return self._label(rule.label, name) if rule else name

    def level(self, clock: str, level: str) -> str:
        """Of what a clock goes by; a short one such as P1 is its own label."""
        rule = self._definition.process.clocks.get(clock)
        declared = self._definition.fields.get(rule.by) if rule else None
        options = (declared.options if declared else None) or {}
        return level if len(level) <= 3 else self._label(options.get(level), level)

    def of(self, kind: str, name: str) -> str:
        """Of a count: `resolve 50%`, `on_call step 2`, a transition; anything else as it is."""
        if kind == "transition":
            return self.transition(name)
        if kind == "threshold":
            clock, _, label = name.partition(" ")
            return f"{self.clock(clock)} {self._words('overdue') if label == 'overdue' else label}"
        if kind in ("stuck", "refusals"):
            what, _, why = name.partition(": ")
            return f"{self.state(what) if kind == 'stuck' else self.transition(what)}: {self._said(why)}"
        if kind == "page":
            return self._rule(name)
        if kind == "escalation":
            return self._escalation(*name.split(" ", 1))
        return name

    def _said(self, sentence: str) -> str:
        """A sentence of the process's own, in the language of the report; another one as it is."""
        process = self._definition.process
        texts = (process.create.otherwise, *(rule.otherwise for rule in process.transitions.values()))
        found = next((text for text in texts if text and sentence in text.values()), None)
        return self._label(found, sentence) if found else sentence

    def _rule(self, path: str) -> str:
        """Of a rule that calls people, such as `escalations.on_call.steps[1]` or `clocks.resolve.at.75%[2]`."""
        section, _, rest = path.partition(".")
        name, _, inside = rest.partition(".")
        number = re.search(r"\[(\d+)\]", inside)
        match section, inside.partition("[")[0].partition(".")[0]:
            case "escalations", "steps" if number:
                return self._escalation(name, f"step {number[1]}")
            case "escalations", "otherwise":
                return self._escalation(name, "exhausted")
            case "clocks", "at":
                return f"{self.clock(name)} {inside.removeprefix('at.').partition('[')[0]}"
            case "clocks", "overdue":
                return self._words("overdue_of", what=self.clock(name))
            case "states", ("enter" | "leave") as key:
                return self._words("entering" if key == "enter" else "leaving", what=self.state(name))
            case "transitions", _:
                return self.transition(name)
        return path

    def _escalation(self, chain: str, what: str) -> str:
        rule = self._definition.process.escalations.get(chain)
        shown = self._label(rule.label, chain) if rule else chain
        if what.startswith("step "):
            return f"{shown}: {self._words('step', n=what.removeprefix('step '))}"
        known = what in ("started", "ended", "exhausted", "stood_down")
        return f"{shown}: {self._words(what) if known else what}"
