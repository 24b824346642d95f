"""Cuts an expression into tokens `(kind, offset, value)`; every refusal says what to write instead."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, TypeAlias

from domain.durations import parse_duration_parts
from domain.expressions.ast import ExpressionError

Token: TypeAlias = tuple[str, int, Any]  # kind: number duration text name operator end

LARGEST_WHOLE = 2**63 - 1
_SPACE = re.compile(r"[ \t\r\n]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"[0-9]+\.[0-9]+|[0-9]+")
_NUMBER_LIKE = re.compile(r"[0-9][0-9A-Za-z_]*(?:\.[0-9][0-9A-Za-z_]*)?")
_OPERATOR = re.compile(r"&&|\|\||===|!==|==|!=|<=|>=|<>|=>|\?\?|[-+*/%!<>().,\[\]=?:&|]")
_PLAIN = re.compile(r"[^\\\x00-\x1f\x7f\"']+")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}
_LOOKALIKES = {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "«": '"', "»": '"', "、": ",", "。": ".",
               "−": "-", "–": "-", "—": "-", "≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/"}  # fmt: skip


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of `text[start:end]`, closed by an `end` token. Raises ExpressionError."""
    found: list[Token] = []
    at = start
    while True:
        space = _SPACE.match(text, at, end)
        if space:
            at = space.end()
        if at >= end:
            found.append(("end", end, None))
            return found
        char = text[at]
        if char in "\"'":
            value, after = _text(text, at, end)
            found.append(("text", at, value))
            at = after
        elif char in "0123456789":
            token, at = _number(text, at, end)
            found.append(token)
        elif name := _NAME.match(text, at, end):
            found.append(("name", at, name.group()))
            at = name.end()
        elif operator := _OPERATOR.match(text, at, end):
            found.append(("operator", at, operator.group()))
            at = operator.end()
        else:
            raise ExpressionError(_unexpected(char), at)


def _number(text: str, at: int, end: int) -> tuple[Token, int]:
    like = _NUMBER_LIKE.match(text, at, end)
    assert like is not None  # the caller saw a digit
    word = like.group()
    if _NUMBER.fullmatch(word):
        if "." in word:
            value: int | float = float(word)
            if value == float("inf"):
                raise ExpressionError("this number is too large", at)
        else:
            value = int(word) if len(word) <= 19 else LARGEST_WHOLE + 1
            if value > LARGEST_WHOLE:
                raise ExpressionError("this number is too large", at)
        return ("number", at, value), like.end()
    try:
        parse_duration_parts(word)
    except ValueError as error:
        raise ExpressionError(str(error), at) from None
    return ("duration", at, word), like.end()


def _text(text: str, at: int, end: int) -> tuple[str, int]:
    quote = text[at]
    parts: list[str] = []
    place = at + 1
    while place < end:
        plain = _PLAIN.match(text, place, end)
        if plain:
            parts.append(plain.group())
            place = plain.end()
            continue
        char = text[place]
        if char == quote:
            return "".join(parts), place + 1
        if char == "\\":
            piece, place = _escape(text, place, end)
            parts.append(piece)
        elif char in "\"'":
            parts.append(char)
            place += 1
        elif char == "\n":
            break
        else:
            raise ExpressionError("text may not hold control characters: write \\n or \\t", place)
    raise ExpressionError(f"this text is not closed: a {quote} is missing at its end", at)


def _escape(text: str, at: int, end: int) -> tuple[str, int]:
    char = text[at + 1] if at + 1 < end else ""
    if char in _ESCAPES:
        return _ESCAPES[char], at + 2
    digits = text[at + 2 : min(at + 6, end)]
    if char == "u" and re.fullmatch("[0-9A-Fa-f]{4}", digits):
        code = int(digits, 16)
        if not 0xD800 <= code <= 0xDFFF:  # half of a surrogate pair is no character
            return chr(code), at + 6
    raise ExpressionError("unknown escape: a backslash is written \\\\", at)


def _unexpected(char: str) -> str:
    plain = _LOOKALIKES.get(char) or unicodedata.normalize("NFKC", char)
    if plain != char and plain.isascii() and plain.isprintable():
        wanted = plain if plain.strip() else "an ordinary space"
        return f"{char} looks like {wanted} but is another character: write {wanted}"
    if char in "{}":
        return "no braces here: an expression inside `if` and the like is written without {{ }}"
    if char == ";":
        return "one expression only: no semicolon"
    if char in "$#@~^`\\":
        return f"{char} means nothing in an expression"
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    return f"unexpected character {shown}: put text in quotes"
