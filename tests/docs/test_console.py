"""What the documentation says a command answers is what it answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.checkout import short
from tests.docs.console import PICTURES, answer_to, commands, fits, pictures_in
from tests.docs.examples import pages

WITH_COMMANDS = [page for page in pages() if any(commands(page.read_text("utf-8")))]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=short)
def test_every_command_answers_what_the_page_says(page: Path, tmp_path: Path) -> None:
    for command in commands(page.read_text("utf-8")):
        said = answer_to(command.typed, tmp_path)
        assert fits(said, command.answer), f"{short(page)}:{command.line}: $ {command.typed}\n{said}"
    for name in pictures_in(tmp_path):
        assert (tmp_path / name).read_bytes() == (PICTURES / name).read_bytes(), name


def test_an_answer_may_leave_lines_out_and_differ_in_seconds() -> None:
    assert fits("a\nb\nc in 0.12 s\n", "a\n…\nc in 3.45 s\n")
    assert fits("", "") and fits("x\n", "…\n")
    assert not fits("a\nb\n", "a\n") and not fits("a\n", "a\nb\n") and not fits("ab\n", "a.\n")
