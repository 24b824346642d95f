"""Reading YAML: what is text, what is refused, and what is said about slips."""

from __future__ import annotations

import pytest

from domain.language.yaml_source import MAX_NODES, plain, read_yaml


def problems(content: str | bytes) -> list[str]:
    return [str(problem).removeprefix("f.yaml:") for problem in read_yaml("f.yaml", content).problems]


def value_of(text: str) -> object:
    source = read_yaml("f.yaml", text)
    assert source.root is not None, source.problems
    return plain(source.root)["a"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("0", 0),
        ("5", 5),
        ("-3", -3),
        ("2.50", 2.5),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("True", "True"),
        ("~", "~"),
        ("010", "010"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("17:50", "17:50"),
        ("2026-11-27", "2026-11-27"),
        ("2026-11-27 18:25", "2026-11-27 18:25"),
        ("12345678901234567890", "12345678901234567890"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("٣", "٣"),
    ],
)
def test_only_true_false_null_and_decimal_numbers_are_more_than_text(written: str, meant: object) -> None:
    value = value_of(f"a: {written}\n")
    assert value == meant
    assert type(value) is type(meant)


def test_every_key_and_value_knows_where_it_stands() -> None:
    root = read_yaml("f.yaml", "版本: 1\nlist:\n  - {名: x, b: 2}\n").root
    assert root is not None
    entry = root.value["list"].value[0].value["b"]
    assert (entry.key.line, entry.key.column) == (3, 12)
    assert (entry.mark.line, entry.mark.column) == (3, 15)


def test_keys_are_always_text() -> None:
    assert value_of("a: {2026-12-31: x, 50%: y, true: z, 1: w}") == {
        "2026-12-31": "x",
        "50%": "y",
        "true": "z",
        "1": "w",
    }


def test_a_byte_order_mark_and_other_line_ends_are_read_over() -> None:
    source = read_yaml("f.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\rc: 3\n")
    assert source.root is not None
    assert plain(source.root) == {"a": 1, "b": 2, "c": 3}
    assert source.root.value["c"].mark.line == 3


REFUSED: dict[str, tuple[str | bytes, list[str]]] = {
    "a duplicate key": (
        "a: 1\nb: 2\na: 3\n",
        ['3:1: "a" is written twice here, first in line 1; remove one'],
    ),
    "an anchor": ("a: &x 1\n", ['1:4: the anchor "&x" is not allowed; quote text that starts with &']),
    "an alias": ("a: *x\n", ['1:4: the alias "*x" is not allowed; quote text that starts with *']),
    "a tag": ("a: !!str x\n", ['1:4: the YAML tag "!!str" is not allowed; remove it']),
    "a dangerous tag": (
        "a: !!python/object/apply:os.system [x]\n",
        ['1:4: the YAML tag "!!python/object/apply:os.system" is not allowed; remove it'],
    ),
    "an exclamation mark": (
        "if: !ticket\n",
        ['1:5: "!ticket" is read as a YAML tag; write `not ticket`, or quote text that starts with !'],
    ),
    "a merge key": (
        "a:\n  <<: {b: 1}\n",
        ["2:3: the merge key << is not allowed; use `extends` or a library"],
    ),
    "a second document": (
        "a: 1\n---\nb: 2\n",
        ["2:1: a second document starts here; write one definition per file"],
    ),
    "a directive": (
        "%YAML 1.1\n---\na: 1\n",
        ["1:1: a % directive may not stand in a definition; remove the line"],
    ),
    "an empty file": ("# nothing\n", ["1:1: the file is empty"]),
    "a list": (
        "- a\n",
        ["1:1: a definition is a mapping: it starts with lines such as `kind: process`"],
    ),
    "too deep": ("a: " + "[" * 40 + "]" * 40, ["1:35: nested more than 32 levels deep"]),
    "very deep": ("[" * 100_000, ["1:33: nested more than 32 levels deep"]),
    "too large": ("a: " + "x" * 1_100_000, ["1:1: the file is larger than 1 MiB; split it into libraries"]),
    "too large in bytes": (
        "# " + "字" * 400_000,
        ["1:1: the file is larger than 1 MiB; split it into libraries"],
    ),
    "a NUL": ("a: x\0y\n", ["1:5: the character U+0000 may not stand in a definition; remove it"]),
    "a line separator": (
        "a: x\u2028y\n",
        ["1:5: the character U+2028 may not stand in a definition; remove it"],
    ),
    "half a character": ("a: \ud800", ["1:4: the character U+D800 may not stand in a definition; remove it"]),
    "Latin-1": (b"a: 1\nb: caf\xe9\n", ["2:7: byte 0xe9 is not UTF-8; save it as UTF-8"]),
    "UTF-16": ("a: 1".encode("utf-16"), ["1:1: the file is UTF-16; save it as UTF-8"]),
    "a key that is a list": (
        "? [a, b]\n: 1\n",
        ["1:3: a key must be text; quote text that starts with [ or { or *"],
    ),
    "an empty value": ("a:\n  b:\n  c: 1\n", ['2:3: "b" has no value; write one, or null to leave it out']),
    "an empty item": ("a:\n  -\n  - b\n", ["2:4: this list item is empty; write a value or remove the dash"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_part_of_the_language_is_refused_with_its_position(name: str) -> None:
    content, expected = REFUSED[name]
    assert problems(content) == expected


HINTS = {
    "a tab": ("a:\n\tb: 1\n", ["2:1: a tab stands here; indent with spaces"]),
    "a template without quotes": (
        "a: {{ ticket.title }}\n",
        ['1:4: text that starts with {{ needs quotes: "{{ … }}"'],
    ),
    "a template without quotes, and text": (
        "a: {{ ticket.title }} is late\n",
        ['1:4: text that starts with {{ needs quotes: "{{ … }}"'],
    ),
    "a template without quotes in a mapping": (
        "do:\n  - set: {at: {{ now }}}\n",
        ['2:15: text that starts with {{ needs quotes: "{{ … }}"'],
    ),
    "a colon in text": ("a: Note: this fails\n", ['1:8: text that contains ": " needs quotes']),
    "a colon in text in braces": (
        "a: {en: Granted: now, zh-CN: x}\nb: 1\n",
        ['1:16: text that contains ": " needs quotes'],
    ),
    "a colon in text in brackets": (
        "a: [Granted: now: x]\n",
        ['1:17: text that contains ": " needs quotes'],
    ),
    "a bracket that is never closed": (
        "a: {en: Granted\nb: 1\n",
        ["1:4: this { is not closed by a }"],
    ),
    "an indent of no-break spaces": (
        "x:\n\u00a0\u00a0a: 1\n\u00a0\u00a0b: 2\n",
        [
            "2:1: a no-break space (U+00A0) stands here; indent with ordinary spaces",
            "3:1: a no-break space (U+00A0) stands here; indent with ordinary spaces",
        ],
    ),
    "an indent of ordinary and full-width spaces": (
        "x:\n  a: 1\n \u3000b: 2\nc: 3\n",
        ["3:2: a full-width space (U+3000) stands here; indent with ordinary spaces"],
    ),
    "a dash with a no-break space": (
        "x:\n  - a\n  -\u00a0b\n",
        ["3:4: a no-break space (U+00A0) stands here; indent with ordinary spaces"],
    ),
    "a question mark and a colon": (
        "a: ticket.major ? 1 : 2\n",
        ["1:21: write `if a then b else c` instead of `a ? b : c`"],
    ),
    "a full-width colon": (
        "id：leave\nversion: 1\n",
        ['1:3: ： is a full-width colon; write ": "'],
    ),
    "a full-width colon in braces": (
        "a: 1\ndays：{type: number, label: Days}\n",
        ['2:5: ： is a full-width colon; write ": "'],
    ),
    "a full-width comma in braces": (
        "a: {type: date， label: Day}\n",
        ['1:15: ， is a full-width comma; write ", "'],
    ),
    "a comma in braces": (
        "a: {en: Low risk, tested, zh-CN: 低}\n",
        ['1:19: "tested" has no value; write one, and quote text that contains a comma'],
    ),
    "a function call in braces": (
        "a: {if: max(a, b) > 1, add: 3}\n",
        ['1:16: "b) > 1" has no value; write one, and quote text that contains a comma'],
    ),
    "a list in braces": (
        'a: {if: ticket.impact in ["x", "y"], add: 1}\n',
        ["1:26: inside { } an expression that contains [ ] needs quotes: {if: 'ticket.impact in [\"low\"]'}"],
    ),
    "an expression that starts with a quote": (
        'if: "x" in actor.roles\n',
        ["1:9: a value that starts with a quote ends with it; put the whole expression in single quotes"],
    ),
    "an open quote": ('a: "x\nb: 1\n', ["1:4: this quote is never closed"]),
    "an open brace": ("a: {b: 1\nc: 2\n", ["1:4: this { is not closed by a }"]),
    "an open bracket": ("a: [b, c\nd: 2\n", ["1:4: this bracket is never closed, or a comma is missing"]),
    "an at sign": ("a: @x\n", ["1:4: text may not start with @; put it in quotes"]),
    "a percent sign": ("a: %x\n", ["1:4: text may not start with %; put it in quotes"]),
    "a line too far left": (
        "a:\n    b: 1\n  c: 2\n",
        ["3:3: this line does not fit the ones above; check how far it is indented"],
    ),
    "a line too far right": (
        "a:\n  b: 1\n   c: 2\n",
        ["3:5: this line is read as part of the text above; check how far it is indented"],
    ),
    "a line without a colon": (
        "a: 1\nfoo\nb: 2\n",
        ['2:1: this line has no ": "; write `name: value`, or indent it if it belongs to the text above'],
    ),
}


@pytest.mark.parametrize("name", HINTS)
def test_frequent_slips_get_a_hint(name: str) -> None:
    content, expected = HINTS[name]
    assert problems(content) == expected


def test_all_refused_constructs_of_a_file_are_reported_at_once() -> None:
    found = problems("a: &x 1\nb: *x\na: 2\nc: !t y\nd: {e, f: 1}\n")
    assert [message.split(":")[0] for message in found] == ["1", "2", "3", "4", "5"]


def test_too_many_values_are_refused() -> None:
    assert problems("a: [" + "1," * (MAX_NODES + 1) + "]")[0].endswith(
        "more than 50,000 values in one file; split it into libraries"
    )


def test_text_over_several_lines_may_begin_with_full_width_spaces() -> None:
    source = read_yaml("f.yaml", "a: |\n  \u3000\u3000你好\n  世界\nb: 1\n")
    assert source.problems == ()
    assert source.root is not None
    assert plain(source.root)["a"] == "\u3000\u3000你好\n世界\n"
