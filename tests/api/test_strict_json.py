"""JSON is read strictly, and everything else as the standard library reads it."""

from __future__ import annotations

import json
import random

import pytest

from api.strict_json import MAX_DEPTH, JsonInvalid, TextInvalid, canonical, read


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "line 1, column 1"),
        (b'{"a":', "line 1, column 6"),
        (b'{"a": 1} x', "Extra data"),
        (b"\xff\xfe{}", "byte 0 is not UTF-8"),
        (b'{"a": "\xc3\x28"}', "byte 7 is not UTF-8"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": 9007199254740992}', "too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too large"),
        (b'{"a": 1, "b": 2, "a": 3}', '"a" is given twice'),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nested deeper"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"a": "raw \x01"}', "Invalid control character"),
        ("\ufeff{}".encode(), "line 1, column 1"),
    ],
)
def test_what_is_no_json_or_has_two_readings_is_refused_with_its_place(body: bytes, why: str) -> None:
    with pytest.raises(JsonInvalid, match=why):
        read(body)


@pytest.mark.parametrize(
    "escape", ["\\u0000", "\\u001b", "\\b", "\\f", "\\u007f", "\\u0085", "\\ud800", "\x7f"]
)
def test_characters_that_are_no_text_are_refused_wherever_they_stand(escape: str) -> None:
    body = f'{{"fields": {{"title": "a{escape}b", "list": ["ok", "{escape}"], "{escape}": 1}}}}'
    with pytest.raises(TextInvalid) as caught:
        read(body.encode())
    assert [error.field for error in caught.value.errors] == ["fields.title", "fields.list.1", "fields.?"]
    assert {error.code for error in caught.value.errors} == {"control"}


def test_line_ends_tabs_and_every_writing_are_text() -> None:
    text = "Zeile 1\r\n\tZeile 2 – 无法连接 VPN 😀 \u2028 é"
    assert read(json.dumps({"text": text}).encode()) == {"text": text}
    assert read(json.dumps({"text": text}, ensure_ascii=False).encode()) == {"text": text}


def test_brackets_inside_texts_are_no_depth() -> None:
    text = '{"[' * 1000
    assert read(json.dumps([text]).encode()) == [text]


def test_what_is_read_is_what_the_standard_library_reads() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(500):
        value = _random_value(chance, depth=4)
        assert read(json.dumps(value).encode()) == value


def test_random_bytes_raise_nothing_unforeseen() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    alphabet = [
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"\\",
        b"\\u00",
        b"1",
        b"e9",
        b"-",
        b":",
        b",",
        b"\xff",
        b"a",
        b"null",
    ]
    for _ in range(3000):
        body = b"".join(chance.choice(alphabet) for _ in range(chance.randrange(40)))
        try:
            read(body)
        except (JsonInvalid, TextInvalid):
            continue


def test_the_canonical_form_does_not_depend_on_spelling() -> None:
    assert canonical(read(b'{"b": "\\u00e9", "a": [1, 2]}')) == canonical(
        read('{"a":[1,2],"b":"é"}'.encode())
    )


def _random_value(chance: random.Random, depth: int) -> object:
    kinds = ["text", "int", "float", "bool", "null"] + (["list", "object"] if depth else [])
    match chance.choice(kinds):
        case "text":
            return "".join(chance.choice('aé中😀"\\\n ') for _ in range(chance.randrange(6)))
        case "int":
            return chance.randrange(-(2**53) + 1, 2**53)
        case "float":
            return chance.uniform(-1e6, 1e6)
        case "bool":
            return chance.random() < 0.5
        case "list":
            return [_random_value(chance, depth - 1) for _ in range(chance.randrange(4))]
        case "object":
            return {f"k{i}": _random_value(chance, depth - 1) for i in range(chance.randrange(4))}
    return None
