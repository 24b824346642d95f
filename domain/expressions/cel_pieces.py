"""Parts of an expression in CEL (see domain/expressions/cel.py), and how CEL writes values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from domain.expressions.types import Type
from domain.local_time import WEEKDAYS

NULL = "dyn(null)"
_SHORT = re.compile(
    r"((double|dyn)\()?[\w.]+\)?|\(-[\d.e+]+\)|\"[^\"]{0,20}\"|(duration|timestamp)\(\"[\w:.-]+\"\)"
)
NO_TIME = 'duration("0s")'
PARTS = {
    "year": "getFullYear({})",
    "month": "getMonth({}) + 1",
    "day": "getDate({})",
    "hour": "getHours({})",
}
SUNDAY_FIRST = ", ".join(f'"{day}"' for day in (WEEKDAYS[-1], *WEEKDAYS[:-1]))
DAY_OF = (
    'timestamp(string({0}.getFullYear({1})) + ({0}.getMonth({1}) < 9 ? "-0" : "-") + '
    'string({0}.getMonth({1}) + 1) + ({0}.getDate({1}) < 10 ? "-0" : "-") + string({0}.getDate({1})) + '
    '"T00:00:00Z")'
)
AT_MIDNIGHT = (
    "{0}.getHours() == 0 && {0}.getMinutes() == 0 && {0}.getSeconds() == 0 && {0}.getMilliseconds() == 0"
)


@dataclass(frozen=True)
class Piece:
    """A part of an expression: `value` where all `guards` hold, else null; `bound` names what is used twice."""

    value: str
    type: Type
    guards: tuple[str, ...] = ()
    bound: tuple[tuple[str, str], ...] = ()

    def closed(self) -> str:
        """One expression for the value or null."""
        if self.value == NULL:
            return "null"
        if self.bound and self.value == self.bound[-1][0] and self.guards == (f"{self.value} != null",):
            return replace(self, bound=self.bound[:-1])._with_bound(self.bound[-1][1])
        if not self.guards:
            return self._with_bound(self.value)
        return self._with_bound(f"({' && '.join(self.guards)} ? dyn({outermost(self.value)}) : null)")

    def condition(self) -> str:
        """One expression that is exactly true or false: null is false."""
        if self.value == NULL:
            return "false"
        text = " && ".join(part for part in (*self.guards, self.value) if part != "true") or "true"
        return self._with_bound(f"({text})" if self.guards else text)

    def _with_bound(self, text: str) -> str:
        for name, value in reversed(self.bound):
            text = f"[{outermost(value)}].map({name}, {outermost(text)})[0]"
        return text


def bindings(pieces: Sequence[Piece]) -> tuple[tuple[str, str], ...]:
    """What the pieces need to be bound, in order."""
    return tuple(dict.fromkeys(one for piece in pieces for one in piece.bound))


def nothing(found: Type) -> Piece:
    """Null, where a value of a type would be."""
    return Piece(NULL, found, ("false",))


def constant(value: Any) -> str:
    """A value as CEL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{"".join(map(_character, value))}"'
    if isinstance(value, datetime):
        return f'timestamp("{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z")'
    if isinstance(value, date):
        return f'timestamp("{value.isoformat()}T00:00:00Z")'
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute)
    if isinstance(value, timedelta):
        micros = f"{value.microseconds:06d}".rstrip("0")
        return f'duration("{value.days * 86_400 + value.seconds}{"." + micros if micros else ""}s")'
    return repr(float(value)) if value >= 0 else f"({float(value)!r})"


def _character(char: str) -> str:
    # Quotes too, so that each quote in a rendering opens or closes a text.
    return char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}"


def is_short(text: str) -> bool:
    """Whether it may as well be written twice."""
    return _SHORT.fullmatch(text) is not None


def bracketed(text: str) -> str:
    """The text in brackets, unless it is one word, one call or has them already."""
    return text if outermost(text) != text or re.fullmatch(r"[\w.]+|\"[^\"\\]*\"", text) else f"({text})"


def outermost(text: str) -> str:
    """The text without brackets around all of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    return text[1:-1] if _closes_at(text) == len(text) - 1 else text


def _closes_at(text: str) -> int:
    """Where the bracket that opens a text is closed; brackets in quotes do not count."""
    depth, at, quoted = 0, 0, False
    for at, char in enumerate(text):  # noqa: B007 - its last value is the answer
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "([":
            depth += 1
        elif not quoted and char in ")]":
            depth -= 1
            if depth == 0:
                break
    return at
