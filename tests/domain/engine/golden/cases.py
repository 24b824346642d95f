"""The golden cases: every case of the shipped test files and of the guide, as an engine number played it.

Beside the journals lies what each process was published as. `python -m tests.domain.engine.golden.cases` writes the
files anew: for a new engine number, or as long as none was released. The files of a number that was ever deployed stay
as they are, whatever becomes of the definitions.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bootstrap.definition_files import process_files
from bootstrap.public_holidays import PublicHolidays
from bootstrap.settings import SHIPPED_DEFINITIONS
from domain.engine.serialise import entry_to_json
from domain.engine.ticket import ENGINE, Json
from domain.language.definition import Definition
from domain.language.loader import Loaded, load_process, load_tests
from domain.language.models_tests import Case, TestsFile
from domain.language.published import publish
from domain.rehearsal.runner import run_case
from tests.docs.examples import Page, blocks_of, page_until, pages

FOLDER = Path(__file__).parent
FIRST = date(2026, 1, 1)  # of the frozen calendars


def golden_files(engine: int) -> list[Path]:
    """Where the golden cases of an engine lie, one file a process."""
    return sorted(FOLDER.glob(f"cases-{engine}-*.json.gz"))


@cache
def stored(file: Path) -> dict[str, Any]:
    """One file: `published` as a ticket pins it, `tests` as text, `known` processes, `journals` by case."""
    return json.loads(gzip.decompress(file.read_bytes()))  # type: ignore[no-any-return]  # our own file


def cases_of(data: dict[str, Any]) -> TestsFile:
    """The test file as it was, without cases about another version of the process, which is not kept beside it."""
    loaded = load_tests("golden.test.yaml", lambda _: data["tests"].encode())
    assert loaded.tests is not None, loaded.problems
    cases = tuple(case for case in loaded.tests.cases if case.opened_with is None)
    return loaded.tests.model_copy(update={"cases": cases})


@cache
def definition(file: Path) -> Definition:
    """What the tickets of one file have pinned."""
    return Definition.from_json(**stored(file)["published"])


def journal(pinned: Definition, case: Case, tests: TestsFile, known: list[str]) -> list[dict[str, Json]]:
    """What this engine writes in a case."""
    played = run_case(case, pinned, tests.given, known)
    entries: list[dict[str, Json]] = json.loads(json.dumps([entry_to_json(one) for one in played.journal]))
    return entries


def _write(name: str, loaded: Loaded, text: str, known: list[str]) -> None:
    published = asdict(publish(loaded, PublicHolidays(), FIRST))
    data: dict[str, Any] = {
        "published": {one: published[one] for one in ("process", "calendars", "agreements", "windows")},
        "known": known,
        "tests": text,
    }
    tests, pinned = cases_of(data), Definition.from_json(**data["published"])
    if not tests.cases:
        return
    data["journals"] = {case.name: journal(pinned, case, tests, known) for case in tests.cases}
    packed = gzip.compress(json.dumps(data, ensure_ascii=False).encode(), mtime=0)
    (FOLDER / f"cases-{ENGINE}-{name}.json.gz").write_bytes(packed)


def _write_shipped(file: Path) -> None:
    text = file.read_text()
    process = str(cases_of({"tests": text}).process)
    known = sorted(process_files(SHIPPED_DEFINITIONS).values())
    read = {one.name: one.read_bytes() for one in SHIPPED_DEFINITIONS.glob("*.yaml")}
    loaded = load_process(process, read.get, known_processes=frozenset(known))
    _write(Path(process).stem, loaded, text, known)


def _write_page(path: Path) -> None:
    blocks = blocks_of(path)
    page = page_until(path, blocks[-1]) if blocks else Page([])
    for process in page.cases:
        _write(f"{path.stem}-{Path(process).stem}", page.loaded(process), page.tests_text(process), [])


if __name__ == "__main__":
    for old in golden_files(ENGINE):
        old.unlink()
    for file in sorted(SHIPPED_DEFINITIONS.glob("*.test.yaml")):
        _write_shipped(file)
    for file in pages():
        _write_page(file)
