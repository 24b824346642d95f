"""Every example in docs/language does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.checkout import short
from tests.builders import a_definition
from tests.docs.examples import Block, blocks_of, ledger, page_until, pages, without_places

EXAMPLES = [(path, block) for path in pages() for block in blocks_of(path)]
WITH_CASES = [path for path in pages() if any(one.kind == "cases of" for one in blocks_of(path))]


def examples(*kinds: str, language: str = "yaml", marked: bool = True) -> pytest.MarkDecorator:
    """Runs a test for every example of some kinds."""
    chosen = [
        pytest.param(path, block, id=f"{path.name}:{block.line}")
        for path, block in EXAMPLES
        if block.language == language and block.kind in kinds and bool(block.mark) == marked
    ]
    return pytest.mark.parametrize(("path", "block"), chosen)


@examples("", marked=False)
def test_a_part_of_a_process_loads(path: Path, block: Block) -> None:
    a_definition(block.text)


@examples("", "more of", "try in")
def test_a_file_has_no_problem(path: Path, block: Block) -> None:
    page = page_until(path, block)
    if block.file == "given.yaml":
        return
    loaded = page.loaded(block.file)
    assert not loaded.problems, "\n".join(map(str, loaded.problems))


@examples("wrong in")
def test_a_mistake_gets_the_answer_that_is_shown(path: Path, block: Block) -> None:
    every = blocks_of(path)
    answer = every[every.index(block) + 1]
    assert answer.language == "text", "the answer is missing"
    problems = page_until(path, block).loaded(block.file).problems
    assert without_places("\n".join(map(str, problems))) == without_places(answer.text)


@examples("cases of")
def test_cases_pass(path: Path, block: Block) -> None:
    page = page_until(path, block)
    earlier = [one for one in page.blocks if one.mark == block.mark and one.line < block.line]
    before = len(page_until(path, earlier[-1]).cases[block.file]) if earlier else 0
    for result in page.played(block.file, last=len(page.cases[block.file]) - before):
        assert result.passed, f"{result.name}: " + "\n".join(
            line for failure in result.failures for line in failure.lines
        )


@pytest.mark.parametrize("path", WITH_CASES, ids=short)
def test_cases_still_pass_at_the_end_of_the_page(path: Path) -> None:
    page = page_until(path, blocks_of(path)[-1])
    for process in page.cases:
        failed = [(one.name, failure.lines) for one in page.played(process) for failure in one.failures]
        assert not failed


@examples("ledger of", language="text")
def test_a_ledger_is_the_one_that_is_shown(path: Path, block: Block) -> None:
    page = page_until(path, block)
    process = [one for one in page.blocks if one.kind == "cases of" and one.line < block.line][-1].file
    (result,) = page.played(process, last=1)
    found = ledger(result, page.definition(process), block.file)
    assert found == block.text.strip(), f"\n{found}"
