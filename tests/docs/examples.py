"""Examples of a page: what its fenced blocks say, put together into files, cases and ledgers.

A block says behind its language what it is:

    ```yaml leave.yaml              a whole file
    ```yaml more of leave.yaml      added to that file, as `extends` adds: names merge, lists replace, null removes
    ```yaml try in leave.yaml       the same, for this block only
    ```yaml wrong in leave.yaml     the same; the next block (```text) has every message, without line numbers
    ```yaml cases of leave.yaml     cases for that process; the file `given.yaml` of the page has their world
    ```text ledger of answer        what the clock's ledger says at the end of the last of the cases above
    ```yaml                         a part of a process, whole when the rest of a small one is put around it

Simulations have marks of their own (simulations.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from bootstrap.public_holidays import PublicHolidays
from domain.durations import format_duration
from domain.engine.clock_time import elapsed_of
from domain.engine.serialise import fold, ticket_from_json
from domain.language.definition import Definition
from domain.language.loader import Loaded, load_process, load_tests
from domain.language.models_tests import TestsFile
from domain.language.published import publish
from domain.language.yaml_source import Node, plain, read_yaml
from domain.rehearsal.runner import CaseResult, run_case
from tests.architecture.checkout import ROOT

LANGUAGE = ROOT / "docs" / "language"
PUBLISHED = date(2026, 1, 1)
SIMULATED = ("profile for", "more of profile for", "compared with")
_BLOCK = re.compile(r"^```(yaml|text)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"^([\w.]+):\d+:\d+: ", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins, what it says it is, and what stands in it."""

    line: int
    language: str
    mark: str
    text: str

    @property
    def file(self) -> str:
        """The file it is about."""
        return self.mark.rpartition(" ")[2]

    @property
    def kind(self) -> str:
        """`more of`, `try in`, `wrong in`, `cases of`, `ledger of`; empty for a whole file or none."""
        return self.mark.rpartition(" ")[0]


@dataclass
class Page:
    """A page of the documentation up to one of its blocks, with the files they make."""

    blocks: list[Block]
    files: dict[str, str] = field(default_factory=dict)
    cases: dict[str, list[object]] = field(default_factory=dict)

    def read(self, name: str) -> bytes | None:
        """A file of the page, or a shipped one."""
        if name in self.files:
            return self.files[name].encode()
        shipped = ROOT / "definitions" / name
        return shipped.read_bytes() if shipped.is_file() else None

    def loaded(self, name: str) -> Loaded:
        """A process of the page."""
        return load_process(name, self.read, known_processes=shipped())

    def definition(self, name: str) -> Definition:
        """A process of the page, published."""
        loaded = self.loaded(name)
        assert loaded.ok, "\n".join(map(str, loaded.problems))
        return Definition.from_published(publish(loaded, holidays(), PUBLISHED))

    def tests_text(self, process: str) -> str:
        """The cases so far, as the text of a test file."""
        given = plain(_root(self.files.get("given.yaml", "{}\n")))
        whole = {"kind": "tests", "lang": 1, "process": process, "given": given, "cases": self.cases[process]}
        return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)

    def tests(self, process: str) -> TestsFile:
        """The cases so far, as a test file."""
        text = self.tests_text(process).encode()
        loaded = load_tests(
            "cases.test.yaml", lambda name: text if name == "cases.test.yaml" else self.read(name)
        )
        assert loaded.tests is not None and loaded.ok, "\n".join(map(str, loaded.problems))
        return loaded.tests

    def played(self, process: str, *, last: int = 0) -> list[CaseResult]:
        """The results of the last so many cases, or of all."""
        tests, definition = self.tests(process), self.definition(process)
        return [
            run_case(
                case,
                definition,
                tests.given,
                earlier=self.definition(case.opened_with) if case.opened_with else None,
            )
            for case in tests.cases[-last:]
        ]


@cache
def shipped() -> frozenset[str]:
    """The processes that are there beside those of a page."""
    return frozenset(path.stem for path in (ROOT / "definitions").glob("*.yaml"))


def pages() -> list[Path]:
    """Every page about the language."""
    return sorted(LANGUAGE.glob("*.md"))


def blocks_of(path: Path) -> list[Block]:
    """The YAML of a page, and its texts that say what they are."""
    text = path.read_text("utf-8")
    found = [
        Block(text[: one.start()].count("\n") + 1, one[1], one[2].strip(), one[3])
        for one in _BLOCK.finditer(text)
    ]
    return [one for one in found if one.language == "yaml" or one.mark or _answers(found, one)]


def page_until(path: Path, block: Block) -> Page:
    """The page with everything that stands above a block and in it."""
    page = Page(blocks_of(path))
    for one in page.blocks:
        if one.language == "yaml" and one.mark:
            _put(page, one, for_good=one.line == block.line or one.kind not in ("try in", "wrong in"))
        if one.line == block.line:
            return page
    raise AssertionError(f"there is no block at line {block.line}")


def without_places(messages: str) -> str:
    """Messages without their lines and columns."""
    return _PLACE.sub(r"\1: ", messages).strip()


def ledger(result: CaseResult, definition: Definition, clock: str) -> str:
    """A clock's ledger as a table: when, what, how much was counted by then, what it aims at, when that is due."""
    rows: list[tuple[str, ...]] = [("when", "what", "counted", "target", "due")]
    snapshot: dict[str, object] = {}
    for entry in result.journal:
        known = len(rows) - 1
        snapshot = fold(snapshot, entry)
        ticket = ticket_from_json(snapshot)
        now = ticket.clocks.get(clock)
        for line in now.ledger[known:] if now else ():
            assert now is not None
            counted = format_duration(elapsed_of(definition, now, line.at))
            aim = f"{line.target} {line.calendar}" if line.target else ""
            due_at = line.due_at or (now.due_at if line.what in ("started", "resumed") else None)
            due = _when(due_at, result.zone) if due_at else ""
            rows.append((_when(line.at, result.zone), line.what, counted, aim, due))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def _put(page: Page, block: Block, *, for_good: bool) -> None:
    if not for_good or block.kind in SIMULATED:
        return
    if block.kind == "":
        page.files[block.file] = block.text
    elif block.kind == "cases of":
        page.cases.setdefault(block.file, []).extend(plain(_root(block.text, wrapped=True))["cases"])
    else:
        merged = added(plain(_root(page.files[block.file])), plain(_root(block.text)))
        page.files[block.file] = yaml.safe_dump(merged, allow_unicode=True, sort_keys=False)


def _answers(blocks: list[Block], block: Block) -> bool:
    """Whether a text without a mark has the messages of the block above it."""
    place = blocks.index(block)
    return place > 0 and blocks[place - 1].kind == "wrong in"


def _root(text: str, *, wrapped: bool = False) -> Node:
    whole = "cases:\n" + text if wrapped else text
    read = read_yaml("example.yaml", whole)
    assert read.root is not None and not read.problems, "\n".join(map(str, read.problems))
    return read.root


def added(below: object, above: object) -> object:
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    merged = {name: value for name, value in below.items() if above.get(name, ...) is not None}
    for name, value in above.items():
        if value is not None:
            merged[name] = added(below.get(name), value)
    return merged


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"


@cache
def holidays() -> PublicHolidays:
    return PublicHolidays()
