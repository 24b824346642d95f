"""How wide a text is, without a font at hand: Helvetica's metrics, which Arial and Liberation Sans share."""

from __future__ import annotations

import unicodedata

# Thousandths of the font size for the characters from space to ~.
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_OTHER = {
    "“": 400,
    "”": 400,
    "‘": 260,
    "’": 260,
    "…": 1000,
    "–": 556,
    "—": 1000,
    "·": 333,
    "•": 400,
    "→": 1000,
}
_BOLD = 1.08
_CAUTION = 1.03  # other faces are a little wider
_CLOSING = frozenset("，。、；：？！）」』”’…,.;:?!)")


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width in the unit of `size`."""
    thousandths = sum(_of(char) for char in text)
    return thousandths * size / 1000 * (_BOLD if bold else 1) * _CAUTION


def _of(char: str) -> int:
    if " " <= char <= "~":
        return _ASCII[ord(char) - 32]
    if char in _OTHER:
        return _OTHER[char]
    if unicodedata.combining(char):
        return 0
    return 1000 if unicodedata.east_asian_width(char) in ("W", "F", "A") else 650


def wrapped(text: str, size: float, most: float, *, lines: int = 3, bold: bool = False) -> list[str]:
    """The text in lines of at most that width, broken between words or Chinese characters.

    What does not fit into the lines ends with an ellipsis.
    """
    found: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip(), size, bold=bold) > most:
            found.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
        while width(line.rstrip(), size, bold=bold) > most and len(line) > 1:
            cut = _fitting(line, size, most, bold=bold)
            found.append(line[:cut])
            line = line[cut:]
    if line.strip() or not found:
        found.append(line.rstrip())
    if len(found) > lines:
        last = found[lines - 1]
        while last and width(f"{last}…", size, bold=bold) > most:
            last = last[:-1]
        found = [*found[: lines - 1], f"{last.rstrip()}…"]
    return found


def _fitting(line: str, size: float, most: float, *, bold: bool) -> int:
    cut = len(line)
    while cut > 1 and width(line[:cut], size, bold=bold) > most:
        cut -= 1
    return cut


def _pieces(text: str) -> list[str]:
    """Where a line may be broken: after a space, and around characters that stand for themselves."""
    found: list[str] = []
    for char in text:
        wide = unicodedata.east_asian_width(char) in ("W", "F")
        if found and (char in _CLOSING or not (wide or found[-1][-1] == " " or _wide(found[-1][-1]))):
            found[-1] += char
        else:
            found.append(char)
    return found


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")
