"""The page about `check` has every code, and says of the limits what they are."""

from __future__ import annotations

import re
from pathlib import Path

from domain.errors import MOST_PROBLEMS
from domain.expressions.templates import MOST_PLACEHOLDERS
from domain.language.checks import MOST_ENTRIES
from domain.language.codes import CODES
from domain.language.yaml_source import MAX_BYTES, MAX_DEPTH, MAX_NODES

PAGE = (Path(__file__).parents[2] / "docs" / "language" / "checks.md").read_text("utf-8")


def test_every_code_stands_on_the_page_with_what_it_means() -> None:
    assert dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", PAGE, re.MULTILINE)) == CODES, (
        "write the table of docs/language/checks.md from domain/language/codes.py"
    )


def test_the_limits_are_those_of_the_loader() -> None:
    assert MAX_BYTES == 1024 * 1024
    assert f"{MAX_NODES:,} values, {MAX_DEPTH} levels, {MOST_ENTRIES} entries of one section" in PAGE
    assert f"{MOST_PLACEHOLDERS} `{{{{ }}}}` in one text" in PAGE
    assert f"After {MOST_PROBLEMS} mistakes" in PAGE
