"""The fields every ticket has."""

from __future__ import annotations

from domain.language.builtin_fields import DERIVED, NOTE_LIMIT, STORED, TEXT_LIMIT, field_defs
from tests.domain.language.files import SMALL, load_small, small


def test_every_builtin_field_is_labelled_in_english_and_chinese() -> None:
    assert all(field.label and set(field.label) == {"en", "zh-CN"} for field in STORED.values())


def test_limits_are_those_the_forms_promise() -> None:
    assert (TEXT_LIMIT, NOTE_LIMIT) == (200, 32_000)
    assert STORED["reopen_count"].default == 0


def test_nothing_is_both_stored_and_derived() -> None:
    assert not STORED.keys() & set(DERIVED)


def test_a_process_has_the_builtin_fields_first_and_then_its_own() -> None:
    process = load_small(small(fields="{colour: {type: text}}")).process
    assert process is not None
    assert list(field_defs(process)) == [*STORED, "colour"]


def test_priority_is_a_field_only_where_the_process_has_priorities() -> None:
    plain = load_small(SMALL).process
    ranked = load_small(
        small(
            fields="{a: {type: choice, options: [x]}}",
            priority="{levels: [P1, P2], rows: a, columns: a, matrix: {x: {x: P1}}}",
        )
    ).process
    assert plain is not None
    assert ranked is not None
    assert "priority" not in field_defs(plain)
    assert list(field_defs(ranked)["priority"].options) == ["P1", "P2"]
