"""What is said about mistakes in expressions, word for word and at its place (mistakes.txt)."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.expressions import ExpressionError, check_condition, parse
from tests.domain.expressions.test_checker import a_scope


def mistakes() -> list[tuple[str, list[str]]]:
    """Expressions with ¦ where something is wrong, and what is said."""
    found: list[tuple[str, list[str]]] = []
    for line in (Path(__file__).parent / "mistakes.txt").read_text("utf-8").split("\n")[1:-1]:
        if line.startswith("    "):
            found[-1][1].append(line.strip(" "))
        else:
            found.append((line, []))
    return found


@pytest.mark.parametrize(("marked", "expected"), mistakes())
def test_a_mistake_is_said_at_its_place_with_what_to_write(marked: str, expected: list[str]) -> None:
    text = marked.replace("¦", "")
    try:
        found = [(one.offset, one.message) for one in check_condition(parse(text), a_scope())]
    except ExpressionError as error:
        found = [(error.offset, error.message)]
    pieces = text
    for offset in sorted({offset for offset, _ in found}, reverse=True):
        pieces = pieces[:offset] + "¦" + pieces[offset:]
    assert (pieces, [message for _, message in found]) == (marked, expected)
