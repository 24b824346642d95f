"""Texts with `{{ expression }}` in them: parsed once, checked, compiled, rendered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.durations import format_duration
from domain.expressions.ast import Ast, ExpressionError, names_read
from domain.expressions.checker import check
from domain.expressions.compiler import Readable, compile_expression
from domain.expressions.functions import Functions
from domain.expressions.parser import parse_part
from domain.expressions.types import Finding, Scope, Type

MOST_PLACEHOLDERS = 200


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One `{{ … }}`: its source text and its tree, whose offsets count from the start of the template."""

    source: str
    offset: int
    ast: Ast


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders; plain data, so it can be pickled and compared."""

    text: str
    parts: tuple[str | Placeholder, ...]

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """The `{{ }}` parts in the order of the text."""
        return tuple(part for part in self.parts if isinstance(part, Placeholder))

    @property
    def is_single(self) -> bool:
        """Whether it is one `{{ }}` and nothing else (spaces aside), so that its value keeps its type."""
        return len(self.placeholders) == 1 and all(
            isinstance(part, Placeholder) or not part.strip() for part in self.parts
        )

    @property
    def is_plain(self) -> bool:
        """Whether there is no `{{ }}` in it."""
        return not self.placeholders

    def names_read(self) -> frozenset[tuple[str, ...]]:
        """The dotted paths its placeholders read."""
        return frozenset().union(*(names_read(part.ast) for part in self.placeholders))

    def check(self, scope: Scope) -> tuple[tuple[Type, ...], list[Finding]]:
        """The type of each placeholder, and every mistake in them; offsets are those of the template."""
        checked = [check(part.ast, scope) for part in self.placeholders]
        return tuple(found for found, _ in checked), [
            finding for _, findings in checked for finding in findings
        ]

    def compile(self, functions: Functions | None = None) -> CompiledTemplate:
        """Raises ExpressionError when a function is called that the registry does not have."""
        return CompiledTemplate(self, functions)


class CompiledTemplate:
    """A template whose placeholders are ready to be evaluated; evaluating never raises."""

    __slots__ = ("_expressions", "_single", "sources", "template")

    def __init__(self, template: Template, functions: Functions | None = None) -> None:
        self.template = template
        self.sources = tuple(part.source for part in template.placeholders)
        self._single = template.is_single
        self._expressions = [compile_expression(part.ast, functions) for part in template.placeholders]

    def values(self, scope: Readable) -> list[Any]:
        """The typed value of each placeholder, to be rendered now or later, in any language."""
        return [expression(scope) for expression in self._expressions]

    def value(self, scope: Readable, to_text: Callable[[Any], str] | None = None) -> Any:
        """The typed value of a single placeholder; otherwise the rendered text."""
        if self._single:
            return self._expressions[0](scope)
        return render(self.template, self.values(scope), to_text)

    def render(self, values: Sequence[Any], to_text: Callable[[Any], str] | None = None) -> str:
        """The text with the values of `values()` in their places."""
        return render(self.template, values, to_text)


def parse_template(text: str) -> Template:
    """Raises ExpressionError with the offset in the text of the first mistake."""
    parts: list[str | Placeholder] = []
    at = 0
    while (opening := text.find("{{", at)) >= 0:
        if opening > at:
            parts.append(text[at:opening])
        end = _closing(text, opening)
        source = text[opening + 2 : end]
        if not source.strip():
            raise ExpressionError("nothing stands between {{ and }}", opening)
        if len(parts) >= 2 * MOST_PLACEHOLDERS:
            raise ExpressionError(f"more than {MOST_PLACEHOLDERS} {{{{ }}}} in one text; shorten it", opening)
        parts.append(Placeholder(source.strip(), opening, parse_part(text, opening + 2, end)))
        at = end + 2
    if at < len(text):
        parts.append(text[at:])
    return Template(text, tuple(parts))


def render(template: Template, values: Sequence[Any], to_text: Callable[[Any], str] | None = None) -> str:
    """The text with its values in their places; null is nothing, `to_text` writes everything but texts."""
    write = to_text or plain_text
    remaining = iter(values)
    pieces = []
    for part in template.parts:
        value = part if isinstance(part, str) else next(remaining)
        pieces.append(value if isinstance(value, str) else "" if value is None else write(value))
    return "".join(pieces)


def plain_text(value: Any) -> str:
    """A value in plain words, the same everywhere: ISO times, lists with commas, objects by name or id."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return ", ".join(map(plain_text, value))
    if hasattr(value, "get"):
        return plain_text(value.get("name") or value.get("id"))
    return str(value)


def _closing(text: str, opening: int) -> int:
    """Where the `}}` of a `{{` stands, not counting those in quotes."""
    at = opening + 2
    quote = ""
    while at < len(text):
        char = text[at]
        if quote:
            if char == "\\":
                at += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif text.startswith("}}", at):
            return at
        at += 1
    end = text.find("}}", opening)
    if end < 0:
        raise ExpressionError("this {{ has no }}", opening)
    return end  # a quote is not closed: the expression says where
