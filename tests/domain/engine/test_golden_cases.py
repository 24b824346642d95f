"""The golden cases: what an engine number decided for real processes, it decides for ever.

A ticket lives for months and is replayed by newer code: under the same engine number it may write nothing else.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.engine.ticket import ENGINE
from domain.language.models_tests import Case
from tests.domain.engine.golden.cases import cases_of, definition, golden_files, journal, stored

FILES = [file for engine in range(1, ENGINE + 1) for file in golden_files(engine)]
TESTS = {file: cases_of(stored(file)) for file in FILES}
CASES = [
    pytest.param(file, case, id=f"{file.name.partition('.')[0]}-{case.name}"[:90])
    for file, tests in TESTS.items()
    for case in tests.cases
]


@pytest.mark.parametrize(("file", "case"), CASES)
def test_a_golden_case_goes_as_it_went_when_it_was_written(file: Path, case: Case) -> None:
    data = stored(file)
    written = journal(definition(file), case, TESTS[file], data["known"])
    expected = data["journals"][case.name]
    for entry, was in zip(written, expected, strict=False):
        assert entry == was, "this engine number writes something else: raise ENGINE and keep the old branch"
    assert len(written) == len(expected)
