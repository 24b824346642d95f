"""The guide to the language: every example of it loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.builders import a_definition

GUIDE = Path(__file__).parents[3] / "docs" / "language"
PAGES = (
    "tickets-and-states.md",
    "tasks.md",
    "fields-and-forms.md",
    "clocks-more.md",
)
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)

EXAMPLES = [
    pytest.param(
        block[1], id=f"{page}:{(GUIDE / page).read_text('utf-8')[: block.start()].count(chr(10)) + 1}"
    )
    for page in PAGES
    for block in BLOCK.finditer((GUIDE / page).read_text("utf-8"))
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_guide_loads(example: str) -> None:
    a_definition(example)


def test_there_are_examples() -> None:
    assert EXAMPLES
