"""Texts with {{ }} in them."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from domain.expressions import (
    NUMBER,
    TEXT,
    ExpressionError,
    Form,
    Function,
    LocalDuration,
    Scope,
    object_of,
    parse_template,
    plain_text,
    standard_functions,
)

SCOPE: dict[str, Any] = {
    "ticket": {"ref": "INC-1", "cost": 5, "title": None},
    "now": datetime(2026, 11, 27, 9, 50, tzinfo=UTC),
}


def test_a_text_is_rendered_with_its_values_and_null_is_nothing() -> None:
    template = parse_template("{{ ticket.ref }}: {{ ticket.title }}({{ ticket.cost + 1 }})")
    assert template.compile().value(SCOPE) == "INC-1: (6)"
    assert not template.is_single


def test_a_single_placeholder_keeps_its_type() -> None:
    assert parse_template("{{ ticket.cost }}").compile().value(SCOPE) == 5
    assert parse_template(" {{ now }}\n").compile().value(SCOPE) == SCOPE["now"]
    assert parse_template("{{ ticket.title }}").compile().value(SCOPE) is None
    assert parse_template("{{ ticket.cost }}{{ ticket.cost }}").compile().value(SCOPE) == "55"


def test_values_are_taken_once_and_rendered_for_each_reader() -> None:
    template = parse_template("due {{ now }} for {{ ticket.ref }}").compile()
    values = template.values(SCOPE)
    assert values == [SCOPE["now"], "INC-1"]
    assert template.render(values, lambda value: value.strftime("%H:%M")) == "due 09:50 for INC-1"


def test_braces_in_quotes_and_single_braces_are_text() -> None:
    assert parse_template("{ {{ '}}' }} }} {a}").compile().value(SCOPE) == "{ }} }} {a}"
    assert parse_template(r'{{ "\"}}" }}').compile().value(SCOPE) == '"}}'
    assert parse_template("plain").is_plain


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("a {{ b", 2, "this {{ has no }}"),
        ("a {{ }}", 2, "nothing stands between {{ and }}"),
        ("{{}}", 0, "nothing stands between {{ and }}"),
        ('{{ "a }}', 3, "is not closed"),
        ("{{ 'a\\' }}", 3, "is not closed"),
        ("a {{ b = c }}", 7, "write =="),
        ("{{ a }} and {{ b. }}", 18, "a name after the dot"),
        ("{{ it's }}", 5, "is not closed"),
    ],
)
def test_a_mistake_points_into_the_whole_text(text: str, offset: int, message: str) -> None:
    with pytest.raises(ExpressionError, match=r".") as caught:
        parse_template(text)
    assert caught.value.offset == offset
    assert message in caught.value.message


def test_a_check_finds_the_mistakes_of_all_placeholders() -> None:
    scope = Scope({"ticket": object_of("ticket", {"ref": TEXT, "cost": NUMBER})})
    types, findings = parse_template("{{ ticket.cost }} {{ ticket.rf }} {{ tikt }}").check(scope)
    assert types[0] == NUMBER
    assert [finding.offset for finding in findings] == [28, 37]


def test_a_template_is_plain_data_and_knows_what_it_reads() -> None:
    template = parse_template("{{ ticket.ref }} {{ now }}")
    assert pickle.loads(pickle.dumps(template)) == template
    assert template.names_read() == {("ticket", "ref"), ("now",)}
    assert [part.source for part in template.placeholders] == ["ticket.ref", "now"]


def test_plain_text_writes_every_kind_of_value() -> None:
    values = [
        None,
        True,
        5.0,
        2.5,
        date(2026, 1, 2),
        time(9),
        timedelta(minutes=90),
        LocalDuration(2),
        [1, "a"],
        {"name": "Alice", "id": "alice"},
        {"id": "x"},
    ]
    assert plain_text(values) == ", true, 5, 2.5, 2026-01-02, 09:00, 1h30m, 2d, 1, a, Alice, x"


def test_plain_text_writes_moments_large_numbers_and_texts_as_they_are() -> None:
    assert plain_text(datetime(2026, 1, 2, 9, 30, 59, tzinfo=UTC)) == "2026-01-02 09:30+00:00"
    assert plain_text(time(9, 30, 59)) == "09:30"
    assert [plain_text(one) for one in (False, 7, "a", 1e15, 1e16, -2.0, ("a", None))] == [
        "false", "7", "a", "1000000000000000.0", "1e+16", "-2", "a, "]  # fmt: skip
    assert plain_text({"name": "", "id": "x"}) == "x"
    assert plain_text(object_of("x")).startswith("Type(")


def test_a_reader_may_write_values_in_its_own_way() -> None:
    template = parse_template("{{ ticket.ref }} {{ ticket.cost }} {{ ticket.title }}").compile()
    assert template.value(SCOPE, lambda value: f"<{value}>") == "INC-1 <5> "
    assert parse_template("a {{ 1 }}").compile().template.text == "a {{ 1 }}"


def test_a_template_may_call_functions_of_its_own() -> None:
    functions = standard_functions().with_functions(
        Function("twice", (Form((NUMBER,), NUMBER),), lambda n: 2 * n)
    )
    assert parse_template("{{ twice(4) }}").compile(functions).value({}) == 8
    assert parse_template("{{ date(now) }}").compile(standard_functions("Asia/Shanghai")).value(
        {"now": datetime(2026, 1, 1, 20, tzinfo=UTC)}
    ) == date(2026, 1, 2)


def test_placeholders_know_where_they_stand() -> None:
    template = parse_template("a {{ b }}{{ c }} d")
    assert [(part.source, part.offset) for part in template.placeholders] == [("b", 2), ("c", 9)]
    assert [part for part in template.parts if isinstance(part, str)] == ["a ", " d"]
    assert parse_template("").parts == ()
