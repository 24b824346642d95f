"""Definition files for tests: the shipped ones, the drafts of what comes next, and little ones in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from domain.calendars import HolidayYears
from domain.language.codes import CODES
from domain.language.loader import Loaded, Reader, load_process

SHIPPED = Path(__file__).parents[3] / "definitions"
DRAFTS = Path(__file__).parent / "drafts"
KNOWN = frozenset({"incident", "problem", "change", "request", "asset_repair"})
FIRST = date(2026, 1, 1)

SMALL = """\
kind: process
lang: 1
id: small
version: 1
title: Small
owner: team:desk
number: SM-{n}
starts_in: new
states:
  new: {category: new}
  closed: {category: closed}
transitions:
  close: {from: new, to: closed, who: everyone}
"""


def from_folders(name: str) -> str | None:
    """Read a shipped definition or a draft."""
    for folder in (SHIPPED, DRAFTS):
        if (folder / name).is_file():
            return (folder / name).read_text("utf-8")
    return None


def reader(**changed: str) -> Reader:
    """Read the shipped files, some of them changed; `incident="…"` stands for incident.yaml."""
    return lambda name: changed.get(name.removesuffix(".yaml"), from_folders(name))


def memory(files: Mapping[str, str]) -> Reader:
    """Read files that are only in memory."""
    return files.get


def problems_of(text: str, **libraries: str) -> list[str]:
    """Load one process in memory and say what is wrong with it."""
    loaded = load_small(text, **libraries)
    assert {problem.code for problem in loaded.problems} <= CODES.keys()
    return [str(problem).removeprefix("p.yaml:") for problem in loaded.problems]


def load_small(text: str, **libraries: str) -> Loaded:
    """Load one process in memory."""
    files = {"p.yaml": text} | {f"{name}.yaml": content for name, content in libraries.items()}
    return load_process("p.yaml", memory(files), known_processes=frozenset({"other"}))


def small(**replaced: str) -> str:
    """Give the small process with top-level sections replaced or added, each as it is written."""
    text = SMALL
    for name, value in replaced.items():
        block = f"{name}:{value if value.startswith(chr(10)) else ' ' + value}\n"
        lines = text.split("\n")
        start = next((at for at, line in enumerate(lines) if line.startswith(f"{name}:")), None)
        if start is None:
            text += block
            continue
        end = next((at for at in range(start + 1, len(lines)) if not lines[at].startswith(" ")), len(lines))
        text = "\n".join([*lines[:start], *block.rstrip("\n").split("\n"), *lines[end:]])
    return text


def marked(text: str) -> tuple[str, str]:
    """Take the ¦ out of a text and say where it stood, as `line:column`."""
    before, mark, after = text.partition("¦")
    assert mark, "no ¦ marks the place of the problem"
    return before + after, f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


class SomeHolidays:
    """A source that knows New Year, and one make-up working day a year."""

    def days(self, country: str, subdivision: str | None, years: range) -> HolidayYears:
        """Give the holidays of the years."""
        if country not in ("CN", "DE"):
            raise ValueError(f'no holidays are known for "{country}"')
        closed = {date(year, 1, 1): {"en": "New Year", "zh-CN": "元旦"} for year in years}
        saturday = timedelta(days=5)
        working = {
            date(year, 10, 5) + saturday - timedelta(days=date(year, 10, 5).weekday()) for year in years
        }
        return HolidayYears(closed, frozenset(working))
