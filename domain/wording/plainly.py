"""Any part of a definition in words. What has no sentence of its own is said key by key, so nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from domain.language.words import (
    LOCALE,
    ApprovalRef,
    CalendarRef,
    Cond,
    Dur,
    EscalationRef,
    EventRef,
    Expr,
    FieldRef,
    FormRef,
    LinkRef,
    MessageRef,
    Selector,
    SourceRef,
    StateRef,
    StatesRef,
    TaskRef,
    TemplateRef,
    Tmpl,
    Word,
)
from domain.wording.conditions import condition, is_single_placeholder, template, value
from domain.wording.keys import key_label
from domain.wording.phrases import knows
from domain.wording.vocabulary import Vocabulary, readable

_LOCALE = re.compile(rf"{LOCALE}\Z")
_SECTIONS: dict[type[Word], str] = {
    TaskRef: "tasks",
    ApprovalRef: "approvals",
    EscalationRef: "escalations",
    LinkRef: "links",
    SourceRef: "links",
}


class Keys:
    """The keys of one model, and which of them have been said."""

    def __init__(self, model: BaseModel, words: Vocabulary) -> None:
        self.model = model
        self.words = words
        self._said: set[str] = set()

    def get(self, name: str) -> Any:
        """The value of a key, which counts as said from now on; None when the model has no such key."""
        self._said.add(name.rstrip("_"))
        return getattr(self.model, name, None)

    def said(self, *names: str) -> None:
        """These need not be said."""
        self._said.update(names)

    def rest(self) -> Iterator[tuple[str, Any]]:
        """Every other key that differs from its default, with its value."""
        for name, field in type(self.model).model_fields.items():
            found = getattr(self.model, name)
            if name.rstrip("_") not in self._said and found != field.get_default(call_default_factory=True):
                yield name.rstrip("_"), found

    def finish(self, *said: str) -> str:
        """What was said, and the rest of the keys."""
        kind = type(self.model).__name__
        others = (
            self.words.keyed(key_label(kind, name, self.words.locale), of_key(name, found, self.words))
            for name, found in self.rest()
        )
        return self.words.say("semicolon").join([*filter(None, said), *others])


def is_text(found: object) -> bool:
    """Whether it is a text by locale."""
    return (
        isinstance(found, dict)
        and bool(found)
        and all(name == "*" or _LOCALE.match(str(name)) for name in found)
        and all(isinstance(text, Tmpl) for text in found.values())
    )


def of_key(key: str, found: Any, words: Vocabulary) -> str:
    """The value of a key in words: the language has words of its own for some, such as the channels of a letter."""
    if type(found) is str and knows(f"{key}.{found}"):
        return words.term(key, found)
    if isinstance(found, tuple) and found and all(type(one) is str for one in found):
        return words.listed((words.term(key, one) for one in found), "and")
    if key in ("answers", "fields", "ask", "save", "week", "closed") and isinstance(found, dict):
        return words.say("comma").join(words.keyed(*pair) for pair in entries_of(key, found, words))
    if key in ("start", "end") and type(found) is str:
        return days_in(found, words)
    if key == "edit" and found == ("all",):
        return words.say("all_fields")
    return plainly(found, words)


def entries_of(key: str, found: dict[str, Any], words: Vocabulary) -> Iterator[tuple[str, str]]:
    """Each entry of a mapping, by what it is called and in words."""
    for name, one in found.items():
        if key == "answers":
            yield words.term(key, name), plainly(one, words)
        elif key == "week":
            yield days_in(name, words), words.term("week", str(one))
        elif key == "closed" and isinstance(one, dict):
            yield str(name), words.text(one)
        elif type(one) is str and knows(f"type.{one}"):
            yield name, words.term("type", one)
        else:
            yield words.field(name) if name in words.fields else readable(str(name)), plainly(one, words)


_DAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)\b")


def days_in(text: str, words: Vocabulary) -> str:
    """`mon-fri` with the days as they are called; what is in English stays as it is written."""
    if not words.locale.startswith("zh"):
        return text
    return _DAY.sub(lambda day: words.say(f"day.{day[1]}"), text).replace("-周", "至周")


def plainly(found: Any, words: Vocabulary, field: str = "") -> str:
    """A value in words. `field`: the field it is a value of, so that options are called by their labels."""
    if isinstance(found, Word):
        return _word(found, words, field)
    if isinstance(found, BaseModel):
        return _sentence(found, words)
    if is_text(found):
        return words.quoted(readable_text(found, words))
    if isinstance(found, dict):
        if set(found) == {"all"}:
            return plainly(found["all"], words, field)
        said = (words.keyed(str(name), plainly(child, words, field)) for name, child in found.items())
        return words.say("comma").join(said) or words.say("nothing")
    if isinstance(found, tuple | list):
        if any(isinstance(child, BaseModel | dict) for child in found):
            return words.say("semicolon").join(plainly(child, words, field) for child in found)
        how = "or" if found and all(isinstance(child, EventRef) for child in found) else "and"
        return words.listed((plainly(child, words, field) for child in found), how) or words.say("nothing")
    if isinstance(found, str):
        return template(found, words, field)
    return words.option(field, found)


def readable_text(found: dict[str, str], words: Vocabulary) -> str:
    """A localized text with its placeholders in words, each in brackets."""
    text = words.text(found)
    said = template(text, words)
    return f"[{said}]" if is_single_placeholder(text) else said


def _word(found: Word, words: Vocabulary, field: str) -> str:
    match found:
        case Cond():
            return condition(found, words)
        case Expr():
            return value(found, words)
        case Dur():
            return words.length(found)
        case Selector():
            return words.person(found)
        case EventRef():
            return words.event(found)
        case StatesRef():
            return words.status([found]) if ":" in found else words.states([found])
        case StateRef():
            return words.state(found)
        case CalendarRef():
            return words.calendar(found)
        case FieldRef():
            if found == "all":
                return words.say("all_fields")
            return words.quoted(words.field(found)) if found in words.fields else readable(found)
        case TemplateRef() | FormRef() | MessageRef():
            return words.quoted(readable(found))
        case Tmpl():
            return template(found, words, field)
    section = _SECTIONS.get(type(found))
    return words.quoted(words.label(section, found)) if section else readable(found)


def length_of(length: object, calendar: object, words: Vocabulary) -> str:
    """A length of time, given directly, by choice or as an expression, in its calendar."""
    said = plainly(length, words)
    return said if calendar is None else words.say("in_calendar", said, plainly(calendar, words))


def _sentence(model: BaseModel, words: Vocabulary) -> str:
    from domain.wording.sentences import SENTENCES  # they say their own parts plainly

    keys = Keys(model, words)
    writer = SENTENCES.get(type(model).__name__)
    return writer(keys) if writer is not None else keys.finish()
