"""Patterns of fields: regular expressions that are matched in a time which grows with the text only.

Python's own matcher tries every way in turn, and a pattern such as `(a+)+` makes it try for years. Here all ways are
followed at once, character by character, so there is no pattern that hangs (ADR 0015). What no such matcher can do
(back references, looking ahead) is refused when the definition is checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from domain.language.pattern_text import Either, Node, One, PatternError, Row, Test, Times, read

__all__ = ["LONGEST_PATTERN", "LONGEST_TEXT", "MOST_POSITIONS", "Pattern", "PatternError", "fits", "pattern"]

LONGEST_PATTERN = 500
LONGEST_TEXT = 2000
MOST_POSITIONS = 500
"""Characters a pattern stands for, those of repetitions counted each time."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Where a part can begin and end, as bits of positions, and whether it fits nothing at all."""

    first: int
    last: int
    empty: bool


_NOTHING = _Part(0, 0, True)


@dataclass(slots=True)
class Pattern:
    """A pattern that is ready: the positions of its characters, and which may follow which."""

    follow: list[int] = field(default_factory=list)
    whole: _Part = _NOTHING
    _passing: dict[int, tuple[Test, int]] = field(default_factory=dict)  # each test once, with its positions
    _kept: list[One] = field(default_factory=list)  # so that no other part gets the id of one of these
    _steps: int = 0

    def fits(self, text: str) -> bool:
        """Whether the whole text fits; one that is longer than LONGEST_TEXT does not."""
        if not text or len(text) > LONGEST_TEXT:
            return not text and self.whole.empty
        passing: dict[str, int] = {}
        following: dict[int, int] = {}
        may_come, here = self.whole.first, 0
        for char in text:
            if char not in passing:
                passing[char] = sum(places for test, places in self._passing.values() if test(char))
            here = may_come & passing[char]
            if not here:
                return False
            if here not in following:
                following[here] = self._after(here)
            may_come = following[here]
        return bool(here & self.whole.last)

    def _after(self, here: int) -> int:
        found = 0
        while here:
            lowest = here & -here
            found |= self.follow[lowest.bit_length() - 1]
            here ^= lowest
        return found

    def add(self, node: Node) -> _Part:
        """Give a part its positions."""
        self._steps += 1
        if len(self.follow) >= MOST_POSITIONS or self._steps > 10 * MOST_POSITIONS:
            raise PatternError(f"it stands for more than {MOST_POSITIONS} characters; repeat less")
        match node:
            case One():
                bit = 1 << len(self.follow)
                self.follow.append(0)
                _, places = self._passing.get(id(node), (node.test, 0))
                self._passing[id(node)] = (node.test, places | bit)
                self._kept.append(node)
                return _Part(bit, bit, empty=False)
            case Row():
                found = _NOTHING
                for part in node.parts:
                    found = self._then(found, self.add(part))
                return found
            case Either():
                parts = [self.add(part) for part in node.parts]
                first = last = 0
                for one in parts:
                    first, last = first | one.first, last | one.last
                return _Part(first, last, any(one.empty for one in parts))
            case Times():
                return self._times(node)

    def _times(self, node: Times) -> _Part:
        found = _NOTHING
        for _ in range(node.least):
            found = self._then(found, self.add(node.part))
        if node.most is None:
            again = self.add(node.part)
            self._link(again.last, again.first)
            return self._then(found, _Part(again.first, again.last, empty=True))
        for _ in range(node.most - node.least):
            one = self.add(node.part)
            found = self._then(found, _Part(one.first, one.last, empty=True))
        return found

    def _then(self, one: _Part, other: _Part) -> _Part:
        self._link(one.last, other.first)
        first = one.first | other.first if one.empty else one.first
        last = one.last | other.last if other.empty else other.last
        return _Part(first, last, one.empty and other.empty)

    def _link(self, ends: int, begins: int) -> None:
        while ends:
            lowest = ends & -ends
            self.follow[lowest.bit_length() - 1] |= begins
            ends ^= lowest


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """A pattern, ready to be matched. Raises PatternError."""
    if len(text) > LONGEST_PATTERN:
        raise PatternError(f"it has {len(text)} characters; at most {LONGEST_PATTERN} are read")
    ready = Pattern()
    ready.whole = ready.add(read(text))
    return ready


def fits(written: str, text: str) -> bool:
    """Whether a whole text fits a pattern. Raises PatternError."""
    return pattern(written).fits(text)
