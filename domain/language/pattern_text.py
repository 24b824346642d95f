"""Patterns of fields as they are written, and their parts: characters, rows, alternatives, repetitions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MOST_NESTED = 20
Test = Callable[[str], bool]

_KINDS: dict[str, Test] = {
    "d": str.isdecimal,
    "w": lambda char: char.isalnum() or char == "_",
    "s": str.isspace,
}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}


class PatternError(ValueError):
    """A pattern that cannot be used; the message says why and what to write."""


@dataclass(frozen=True, slots=True)
class One:
    """One character that passes a test."""

    test: Test


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """A part so many times; `most` None: any number of times."""

    part: Node
    least: int
    most: int | None


Node = One | Row | Either | Times


class _Parser:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        found = self._either()
        if self._at < len(self._text):
            raise PatternError(r'a ")" without its "("; write "\)" for the character')
        return found

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, *wanted: str) -> bool:
        if self._next() in wanted and self._next():
            self._at += 1
            return True
        return False

    def _either(self) -> Node:
        parts = [self._row()]
        while self._take("|"):
            parts.append(self._row())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _row(self) -> Node:
        parts: list[Node] = []
        while self._next() not in ("", "|", ")"):
            char = self._next()
            if self._depth == 0 and self._is_edge(char, first=not parts):
                self._at += 1  # the whole text has to fit anyway
                continue
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _is_edge(self, char: str, *, first: bool) -> bool:
        """Whether it stands for the beginning or the end of the whole text, and stands there."""
        if char == "$":
            return self._text[self._at + 1 : self._at + 2] in ("", "|")
        return char == "^" and first

    def _repeated(self, part: Node) -> Node:
        if self._take("*"):
            found = Times(part, 0, None)
        elif self._take("+"):
            found = Times(part, 1, None)
        elif self._take("?"):
            found = Times(part, 0, 1)
        elif self._next() == "{":
            found = Times(part, *self._counts())
        else:
            return part
        self._take("?")  # as little as possible: the same, since the whole text has to fit
        if self._next() in ("*", "+", "?", "{") and self._next():
            raise PatternError(f'"{self._next()}" repeats what is repeated already; put it into ( )')
        return found

    def _counts(self) -> tuple[int, int | None]:
        end = self._text.find("}", self._at)
        least, comma, most = self._text[self._at + 1 : end].partition(",")
        fits = all(one == "" or (one.isascii() and one.isdigit() and len(one) < 5) for one in (least, most))
        if end < 0 or not fits or not (least or comma):
            raise PatternError(
                r'after "{" comes how often, such as {4} or {2,8}; write "\{" for the character'
            )
        self._at = end + 1
        low = int(least or 0)
        high = low if not comma else int(most) if most else None
        if high is not None and high < low:
            raise PatternError(f"{{{low},{high}}} is from more to less; write {{{high},{low}}}")
        return low, high

    def _atom(self) -> Node:
        char = self._next()
        self._at += 1
        match char:
            case "(":
                return self._group()
            case "[":
                return One(self._class())
            case ".":
                return One(lambda one: one != "\n")
            case "\\":
                return One(self._escaped())
            case "*" | "+" | "?" | "{":
                raise PatternError(
                    rf'"{char}" has nothing before it to repeat; write "\{char}" for the character'
                )
            case "^" | "$":
                raise PatternError(
                    rf'"{char}" belongs to an end of the whole pattern, and may be left out; '
                    rf'write "\{char}" for the character'
                )
            case _:
                return One(char.__eq__)

    def _group(self) -> Node:
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise PatternError(f"more than {MOST_NESTED} brackets inside each other")
        if self._take("?") and not self._take(":"):
            message = '"(?" looks around or names; use plain ( ), and a rule (`must`) for what it cannot say'
            raise PatternError(message)
        found = self._either()
        if not self._take(")"):
            raise PatternError(r'a "(" without its ")"; write "\(" for the character')
        self._depth -= 1
        return found

    def _escaped(self) -> Test:
        char = self._next()
        self._at += 1
        if char.lower() in _KINDS:
            kind = _KINDS[char.lower()]
            return kind if char.islower() else lambda one: not kind(one)
        return self._literal(char).__eq__

    def _literal(self, char: str) -> str:
        """The character that stands behind a backslash."""
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char.isascii() and char.isalnum():
            raise PatternError(f'"\\{char}" cannot be used here; known: \\d, \\w, \\s and their opposites')
        if not char:
            raise PatternError(r'a "\" at the end; write "\\" for the character')
        return char

    def _class(self) -> Test:
        negated = self._take("^")
        kinds: list[Test] = []
        ranges: list[tuple[str, str]] = []
        first = True
        while first or self._next() != "]":
            first = False
            one = self._member()
            if not isinstance(one, str):
                kinds.append(one)
                continue
            last = one
            if self._next() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                end = self._member()
                if not isinstance(end, str) or end < one:
                    raise PatternError(f'"{one}-…" in [ ] does not go from less to more')
                last = end
            ranges.append((one, last))
        self._at += 1

        def test(char: str) -> bool:
            inside = any(low <= char <= high for low, high in ranges) or any(kind(char) for kind in kinds)
            return inside != negated

        return test

    def _member(self) -> str | Test:
        char = self._next()
        self._at += 1
        if not char:
            raise PatternError(r'a "[" without its "]"; write "\[" for the character')
        if char != "\\":
            return char
        following = self._next()
        if following.lower() in _KINDS:
            return self._escaped()
        self._at += 1
        return self._literal(following)


def read(text: str) -> Node:
    """The parts of a pattern. Raises PatternError."""
    return _Parser(text).whole()
