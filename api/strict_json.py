"""Reading JSON strictly: what has two readings, or what a database does not keep as it came, is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from domain.errors import FieldError

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1  # what every JSON reader keeps exactly (RFC 7493)

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but line feed, carriage return and tab; and halves of characters (lone surrogates)."""


class JsonInvalid(ValueError):
    """The bytes are not the JSON we accept; the message says where and why."""


class TextInvalid(ValueError):
    """Texts hold characters that are not allowed; `errors` has every place."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))
        self.errors = errors


def read(body: bytes) -> object:
    """The value of a JSON document. Raises JsonInvalid or TextInvalid."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise JsonInvalid(f"byte {error.start} is not UTF-8") from error
    if text.count("[") + text.count("{") > MAX_DEPTH:  # only then it can be too deep
        _check_depth(text)
    try:
        value: object = _decoder.decode(text)
    except json.JSONDecodeError as error:
        raise JsonInvalid(f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    # Texts with forbidden characters are rare and JSON lets them in by an escape only, save for these few.
    if "\\" in text or CONTROL.search(text):
        errors = [
            FieldError(place, "control", f"the character U+{ord(found.group()):04X} is not allowed")
            for place, words in _texts(value, "")
            if (found := CONTROL.search(words))
        ]
        if errors:
            raise TextInvalid(errors)
    return value


def canonical(value: object) -> bytes:
    """One spelling for one value, for hashing: sorted names, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check_depth(text: str) -> None:
    depth, in_string, escaped = 0, False, False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise JsonInvalid(f"nested deeper than {MAX_DEPTH} levels")
        elif character in "]}":
            depth -= 1


def _texts(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Every text in a value, names of members too, with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _texts(one, f"{place}.{index}")
    elif isinstance(value, dict):
        for name, one in value.items():
            shown = CONTROL.sub("?", name)
            inside = f"{place}.{shown}" if place else shown
            yield inside, name
            yield from _texts(one, inside)


def _object(members: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(members)
    if len(value) < len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise JsonInvalid(f'"{twice}" is given twice in one object')
    return value


def _integer(digits: str) -> int:
    number = int(digits) if len(digits) <= 17 else MAX_INTEGER + 1
    if abs(number) > MAX_INTEGER:
        raise JsonInvalid(f"the number {digits[:20]} is too large: at most {MAX_INTEGER}")
    return number


def _float(digits: str) -> float:
    number = float(digits)
    if abs(number) > MAX_INTEGER:
        raise JsonInvalid(f"the number {digits[:20]} is too large: at most {MAX_INTEGER}")
    return number


def _constant(name: str) -> object:
    raise JsonInvalid(f"{name} is not a JSON number")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
