"""Types of expressions, and the scope an expression is checked in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from domain.expressions.functions import Functions

Kind = Literal[
    "any", "null", "boolean", "number", "text", "choice",
    "datetime", "date", "time", "duration", "list", "object",
]  # fmt: skip
Members = Mapping[str, "Type"] | Callable[[], Mapping[str, "Type"]]

_WORDS = {
    "any": "anything", "null": "null", "boolean": "true or false", "number": "a number", "text": "text",
    "choice": "a choice", "datetime": "a date and time", "date": "a date", "time": "a time of day",
    "duration": "a duration", "list": "a list",
}  # fmt: skip
_PLURALS = {"boolean": "true or false", "text": "text", "datetime": "dates and times", "time": "times of day"}


def _several(words: str) -> str:
    """`a person` → `people`, `a date` → `dates`."""
    first, _, rest = words.removeprefix("an ").removeprefix("a ").partition(" ")
    plural = {"person": "people", "entry": "entries"}.get(first, f"{first}s")
    return f"{plural} {rest}" if rest else plural


@dataclass(frozen=True, slots=True)
class Type:
    """What a value can be; every value can also be null.

    `options`: a choice's values; on text, the only texts it can be (literals and choices of literals).
    `item`: of a list. `name` and `members`: of an object; members None means any member, of any type;
    a callable is asked when a member is looked up, so that `person.manager.manager` can be written down.
    """

    kind: Kind
    options: tuple[str, ...] = ()
    item: Type | None = None
    name: str = ""
    members: Members | None = field(default=None, compare=False, repr=False)

    def all_members(self) -> Mapping[str, Type] | None:
        """The members of an object by name; None when any member may be asked for."""
        return self.members() if callable(self.members) else self.members

    @property
    def words(self) -> str:
        """How messages call it: "a number", "a list of text", "a person"."""
        if self.kind == "object":
            article = "an" if self.name[:1] in "aeiou" else "a"
            return f"{article} {self.name}" if self.name else "an object"
        if self.kind == "list" and self.item is not None and self.item.kind not in ("any", "null"):
            return f"a list of {_PLURALS.get(self.item.kind) or _several(self.item.words)}"
        return _WORDS[self.kind]


ANY = Type("any")
NULL = Type("null")
BOOLEAN = Type("boolean")
NUMBER = Type("number")
TEXT = Type("text")
DATETIME = Type("datetime")
DATE = Type("date")
TIME = Type("time")
DURATION = Type("duration")


def choice_of(*options: str) -> Type:
    """One of these texts."""
    return Type("choice", options=options)


def list_of(item: Type) -> Type:
    """A list whose elements are all of one type."""
    return Type("list", item=item)


def object_of(name: str, members: Members | None = None) -> Type:
    """An object called `name` in messages; without members any member may be asked for."""
    return Type("object", name=name, members=members)


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake found in an expression that parses: where (0-based character) and what."""

    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may read and call. `functions` None: the standard ones."""

    names: Mapping[str, Type]
    functions: Functions | None = None


def accepts(wanted: Type, given: Type) -> bool:
    """Whether a value of the given type may stand where another is wanted (options are not compared)."""
    if "any" in (wanted.kind, given.kind) or given.kind == "null":
        return True
    if wanted.kind in ("text", "choice"):
        return given.kind in ("text", "choice")
    if wanted.kind == "list":
        return given.kind == "list" and accepts(wanted.item or ANY, given.item or ANY)
    if wanted.kind == "object":
        return given.kind == "object" and (not wanted.name or not given.name or wanted.name == given.name)
    return wanted.kind == given.kind


def joined(left: Type, right: Type) -> Type | None:
    """The type of a value that is one or the other; None when they do not go together."""
    if left.kind == "null" or right.kind == "any":
        return right
    if right.kind == "null" or left.kind == "any":
        return left
    if {left.kind, right.kind} <= {"text", "choice"}:
        if not left.options or not right.options:
            return TEXT
        kind: Kind = "text" if left.kind == right.kind == "text" else "choice"
        return Type(kind, options=tuple(dict.fromkeys(left.options + right.options)))
    if left.kind == right.kind == "list":
        item = joined(left.item or ANY, right.item or ANY)
        return list_of(item) if item else None
    return left if accepts(left, right) else None


def arithmetic_result(operator: str, left: Type, right: Type) -> Type | None:
    """The type of an arithmetic expression; None when the sides do not fit."""
    kinds = {left.kind, right.kind}
    if kinds & {"any", "null"}:
        return ANY
    pair = (left.kind, right.kind)
    if kinds == {"number"}:
        return NUMBER
    if operator == "+" and kinds <= {"text", "choice"}:
        return TEXT
    if operator == "+" and kinds == {"list"}:
        return joined(left, right)
    if operator in "+-":
        if pair[1] == "duration" and pair[0] in ("datetime", "date", "duration"):
            return left
        if operator == "+" and pair[0] == "duration" and pair[1] in ("datetime", "date"):
            return right
        if operator == "-" and pair in (("datetime", "datetime"), ("date", "date")):
            return DURATION
        return None
    if operator == "*" and kinds == {"duration", "number"}:
        return DURATION
    if operator == "/" and pair == ("duration", "number"):
        return DURATION
    return NUMBER if operator == "/" and kinds == {"duration"} else None
