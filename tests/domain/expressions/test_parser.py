"""How expressions are read, and what is said when they cannot be."""

from __future__ import annotations

import pytest

from domain.expressions import ExpressionError, names_read, parse


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a or b and c", "a or (b and c)"),
        ("not a == b", "not (a == b)"),
        ("not a and b", "(not a) and b"),
        ("! a == b", "(!a) == b"),
        ("a ?? b == c", "(a ?? b) == c"),
        ("a ?? b + c", "a ?? (b + c)"),
        ("a - b - c", "(a - b) - c"),
        ("a + b * -c", "a + (b * (-c))"),
        ("a < b + 4h", "a < (b + 4h)"),
        ("a && b || c", "a and b or c"),
        ("a not in b", "not (a in b)"),
        ("if a then b else c or d", "if a then b else (c or d)"),
        ("if a then b else if c then d else e", "if a then b else (if c then d else e)"),
        ("a.b[0].c(d)", "((a.b)[0]).c(d)"),
    ],
)
def test_operators_bind_as_people_read_them(text: str, same: str) -> None:
    assert _shape(parse(text)) == _shape(parse(same))


def test_nodes_carry_the_offset_of_what_they_are() -> None:
    assert parse('ticket.x == "a"') == (
        "compare",
        9,
        "==",
        ("member", 7, ("name", 0, "ticket"), "x"),
        ("literal", 12, "a"),
    )


def test_texts_know_escapes_and_both_quotes() -> None:
    assert parse(r'"a\"b\n\u4e2d\\"')[2] == 'a"b\n中\\'
    assert parse("'it\\'s \"so\"'")[2] == 'it\'s "so"'


def test_words_of_the_language_may_be_members() -> None:
    assert parse("event.in.null")[3] == "null"


def test_a_text_ends_on_its_line_and_holds_no_control_characters() -> None:
    for text, offset, message in (
        ('"a\nb"', 0, 'this text is not closed: a " is missing at its end'),
        ('"a\x00b"', 2, "text may not hold control characters: write \\n or \\t"),
        ("", 0, "an expression is missing here"),
        ("  ", 2, "an expression is missing here"),
    ):
        with pytest.raises(ExpressionError) as caught:
            parse(text)
        assert (caught.value.offset, caught.value.message) == (offset, message)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "(" * 70 + "a" + ")" * 70,
        "not " * 500 + "a",
        "-" * 500 + "a",
        "[" * 300,
        "a" + ".b" * 300,
        " + ".join("a" * 200),
        "a and " * 1000 + "a",
        "if a then " * 200,
        "a" + "[0]" * 500,
        '"' + "a" * 5000 + '"',
        "a" + " ?? a" * 100,
    ],
)
def test_monsters_are_refused_at_once(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_a_long_list_of_options_is_no_monster() -> None:
    options = ", ".join(f'"option_{number}"' for number in range(150))
    assert len(parse(f"ticket.category in [{options}]")[4][2]) == 150


def test_names_read_are_whole_paths_without_macro_variables() -> None:
    text = 'ticket.service.team != null and ticket["cost"] > 0'
    text += " and items.exists(i, i.cost > ticket.limit) or now > i"
    assert names_read(parse(text)) == {
        ("ticket", "service", "team"),
        ("ticket", "cost"),
        ("items",),
        ("ticket", "limit"),
        ("now",),
        ("i",),
    }


def _shape(node: object) -> object:
    if isinstance(node, tuple) and node and isinstance(node[0], str) and len(node) > 1:
        return (node[0], *map(_shape, node[2:]))
    return tuple(map(_shape, node)) if isinstance(node, tuple) else node
