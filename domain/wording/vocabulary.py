"""What the parts of one process are called in one language: states, fields, people, events, lengths of time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from domain.calendars import ALWAYS_NAME
from domain.language.builtin_fields import field_defs
from domain.language.models import Process
from domain.language.names import STATE_WORDS
from domain.language.words import text_in
from domain.wording.phrases import knows, phrase

_LENGTH = re.compile(r"(\d+[wdhms])+\Z", re.ASCII)
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_RELATION = re.compile(r"([a-z]+(?:-[a-z]+)*):\s*(.+)")


class Vocabulary:
    """Names of one process in one locale. What has no label is called by its id, made readable."""

    def __init__(self, process: Process, locale: str = "en") -> None:
        self.process = process
        self.locale = locale
        self.fields = field_defs(process)
        self.items: tuple[str, ...] = ()  # what the entries of a list are called where one is spoken of

    def say(self, key: str, *values: object) -> str:
        """A phrase."""
        return phrase(key, self.locale, *values)

    def term(self, kind: str, name: str) -> str:
        """A word of the language, such as the `sla` of `kind`; one nobody has words for yet, made readable."""
        return self.say(f"{kind}.{name}") if knows(f"{kind}.{name}") else readable(name)

    def quoted(self, text: str) -> str:
        """A name as it is set apart in a sentence."""
        return self.say("quoted", text)

    def text(self, text: dict[str, str] | None, otherwise: str = "") -> str:
        """A localized text, on one line."""
        return " ".join(text_in(text, self.locale).split()) if text else otherwise

    def label(self, section: str, name: str) -> str:
        """What an item of a section such as `clocks` is called."""
        item = getattr(self.process, section, {}).get(name)
        return _PLACEHOLDER.sub("…", self.text(getattr(item, "label", None), readable(name)))

    def listed(self, names: Iterable[str], how: str = "or") -> str:
        """`a, b or c`."""
        found = list(names)
        if len(found) < 2:
            return "".join(found)
        comma = "、" if self.locale.startswith("zh") else ", "
        return self.say(how, comma.join(found[:-1]), found[-1])

    def keyed(self, label: str, said: str) -> str:
        """`label: said`; of a label that is a question the answer stands in brackets."""
        return self.say("keyed.question" if label[-1:] in "?？" and label else "keyed", label, said)

    def sentences(self, said: Iterable[str]) -> str:
        """Several things that are done, as one sentence."""
        found = list(said)
        if len(found) < 2:
            return "".join(found)
        comma = "，" if self.locale.startswith("zh") else ", "
        return self.say("sentences", comma.join(found[:-1]), found[-1])

    # ---- states

    def state(self, name: str) -> str:
        """A state, or where `back` leads."""
        if name not in self.process.states and knows(f"state.{name}"):
            return self.say(f"state.{name}")
        return self.label("states", name)

    def states(self, names: Iterable[str]) -> str:
        """States, categories and groups, as one alternative, and the choice field tested beside them."""
        written = list(names)
        places = self.listed(self._states(name) for name in written if ":" not in name)
        test = self.status(written)
        return self.say("where", places or self.say("state.any"), test) if test else places

    def status(self, names: Iterable[str]) -> str:
        """The choice field tested beside the states; empty when none is."""
        tests = [name.split(":", 1) for name in names if ":" in name]
        if not tests:
            return ""
        options = self.listed(self.option(field, value) for field, value in tests)
        return self.say("is", self.field(tests[0][0]), options)

    def _states(self, name: str) -> str:
        if name in self.process.groups:
            return readable(name)
        if name in STATE_WORDS and knows(f"state.{name}"):  # a category goes before a state of its name
            return self.say(f"state.{name}")
        return self.state(name)

    # ---- fields and their values

    def field(self, name: str) -> str:
        """What a field is called."""
        if name in self.fields:
            return self.text(self.fields[name].label, readable(name))
        return self.say(f"ticket.{name}") if knows(f"ticket.{name}") else readable(name)

    def option(self, field: str, value: object) -> str:
        """A value of a choice field by its label; anything else as it is."""
        defined = self.fields.get(field)
        if isinstance(value, str) and defined is not None and value in defined.options:
            if field == "priority":
                return value  # people say P1
            label = self.text(defined.options[value], value)
            return self.quoted(label) if " " in label or self.locale.startswith("zh") else label
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return self.say("nothing") if value is None else str(value)

    def risk(self, level: str) -> str:
        """A level of risk by its label."""
        defined = self.process.risk.levels.get(level) if self.process.risk is not None else None
        return (
            self.quoted(self.text(defined.label, level)) if defined is not None and defined.label else level
        )

    def column(self, table: str, column: str) -> str:
        """A column of a table; where a field is called like it, people know it by that label."""
        called = self.quoted(self.field(column)) if column in self.fields else readable(column)
        return self.say("table.column", self.quoted(readable(table)), called)

    @contextmanager
    def calling(self, item: str) -> Iterator[None]:
        """Meanwhile an entry of a list is called by this name."""
        before, self.items = self.items, (*self.items, item)
        try:
            yield
        finally:
            self.items = before

    # ---- people

    def person(self, selector: str) -> str:
        """A role or another way to name people."""
        found = _RELATION.match(selector)
        if found is None:
            if knows(f"role.{selector}"):
                return self.say(f"role.{selector}")
            return self._role(selector)
        relation, whom = found[1], found[2]
        if relation in ("team", "lead", "group", "person", "on-call"):
            return self.say(f"who.{relation}", whom)
        if relation == "field":
            return self.say("who.field", self.field(whom))
        inner = self.person(whom) if ":" in whom else self.field(whom).lower()
        if knows(f"who.{relation}"):
            return self.say(f"who.{relation}", inner)
        return self.say("who.other", readable(relation), inner)

    def _role(self, name: str) -> str:
        meant = self.process.roles.get(name, ())
        if self.locale.startswith("zh") and len(meant) == 1 and re.match(r"[a-z-]+-of:", meant[0]):
            return self.person(meant[0])  # ids of roles are English; what they mean can be said
        return readable(name)

    def people(self, selectors: Iterable[str], how: str = "or") -> str:
        """All of them, as one alternative."""
        return self.listed((self.person(selector) for selector in selectors), how)

    # ---- time

    def length(self, text: str, calendar: object = None) -> str:
        """`2d` as `2 days`, in a calendar where there is one."""
        if _LENGTH.match(text):
            parts = re.findall(r"(\d+)([wdhms])", text)
            text = " ".join(
                self.say(f"{unit}1" if int(number) == 1 else unit, int(number)) for number, unit in parts
            )
        if isinstance(calendar, str) and calendar:
            return self.say("in_calendar", text, self.calendar(calendar))
        return text

    def short(self, text: str) -> str:
        """`1h30m` where there is little room; Chinese has no letters for it."""
        return self.length(text) if self.locale.startswith("zh") else text

    def calendar(self, name: str) -> str:
        """What a calendar is called."""
        return self.say("always") if name == ALWAYS_NAME else self._calendar(name)

    def _calendar(self, name: str) -> str:
        calendar = self.process.calendars.get(name)
        label = calendar.label if calendar is not None else None
        if isinstance(label, str):
            return label
        return self.text(label, readable(name))

    # ---- events

    def event(self, name: str) -> str:
        """What happens, as part of a sentence: `the requester replies`."""
        if knows(f"event.{name}"):
            return self.say(f"event.{name}")
        kind, _, rest = name.partition(".")
        if kind in ("entered", "left"):
            return self.say(f"event.{kind}", self._states(rest))
        if kind in ("changed", "message", "raised", "done"):
            called = {
                "changed": self.field(rest),
                "done": self.label("transitions", rest),
            }.get(kind, readable(rest))
            return self.say(f"event.{kind}", self.quoted(called))
        section = f"{kind}s"
        item, _, ending = rest.partition(".")
        if rest and hasattr(self.process, section) and knows(f"event.{kind}"):
            called = self.quoted(self.label(section, item))
            first, _, state = ending.partition(".")
            if state and knows(f"event.{kind}.{first}"):  # link.x.entered.done
                where = self.term("category", state)
                return self.say(f"event.{kind}.{first}", called, where)
            if knows(f"event.{kind}.{ending}"):
                return self.say(f"event.{kind}.{ending}", called)
            return self.say(f"event.{kind}", called, readable(ending.replace(".", " ")))
        return self.say("event.other", name)

    def events(self, names: Iterable[str]) -> str:
        """One of these events."""
        return self.listed(self.event(name) for name in names)


def readable(name: str) -> str:
    """`service_desk` as `service desk`."""
    return name.replace("_", " ").strip()
