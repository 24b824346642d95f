"""Published definitions: frozen to three canonical forms, each known by its sha256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.calendars import HolidaySource, freeze
from domain.errors import DefinitionInvalid, Problem
from domain.language.loader import Loaded, definition_marks
from domain.language.models_library import WINDOWS
from domain.language.models_process import Process
from domain.language.names import zone_of
from domain.language.words import Json

_ELSEWHERE = ("calendars", "agreements", *WINDOWS)
"""Pinned on their own, or (freezes, maintenance windows) never: checks read the current ones."""


@dataclass(frozen=True, slots=True)
class Hashes:
    """The three things a ticket pins, each by the sha256 of its canonical form."""

    process: str
    calendars: str
    agreements: str


@dataclass(frozen=True, slots=True)
class Published:
    """A definition that can be stored and never changes.

    process: {"definition": the merged YAML, "lineage": ids it extends, "marks": {path: "file:line"},
             "zone": where expressions read days}
    calendars: {name: frozen calendar}; agreements: {name: agreement}
    windows: {"freezes": {name: window}, "maintenance": …}, which no ticket pins: those of the newest version count
    The order of mappings is part of the meaning (first agreement that fits, transitions in file order), so
    keep them as `canonical_json` bytes, never in a store that sorts keys.
    """

    id: str
    version: int
    title: dict[str, str]
    process: dict[str, Json]
    calendars: dict[str, Json]
    agreements: dict[str, Json]
    hashes: Hashes
    source_hash: str
    sources: Mapping[str, str]
    windows: dict[str, Json] = field(default_factory=dict)


def canonical_json(value: Json) -> bytes:
    """The one form that is hashed and stored: UTF-8, no spaces, order kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def hash_of(value: Json) -> str:
    """sha256 of the canonical form."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def hashes_of(process: Json, calendars: Json, agreements: Json) -> Hashes:
    """The three hashes of a definition."""
    return Hashes(hash_of(process), hash_of(calendars), hash_of(agreements))


def publish(loaded: Loaded, holidays: HolidaySource, first: date) -> Published:
    """Freeze a checked definition. `first`: the first day of its calendars.

    Raises DefinitionInvalid when it has errors or is abstract.
    """
    process, root = loaded.process, loaded.root
    if process is None or root is None or not loaded.ok:
        raise DefinitionInvalid(loaded.problems)
    if process.abstract:
        mark = loaded.marks["abstract"]
        raise DefinitionInvalid(
            [Problem(*mark, f'"{process.id}" is abstract; publish the processes that extend it', code="file")]
        )
    definition = loaded.data
    agreements = definition.get("agreements", {})
    windows = {section: definition.get(section, {}) for section in WINDOWS}
    for section in _ELSEWHERE:
        definition.pop(section, None)
    calendars = _frozen(loaded, process, holidays, first)
    form: dict[str, Json] = {
        "definition": definition,
        "lineage": list(loaded.lineage),
        "marks": definition_marks(root),
        "zone": zone_of(process),
    }
    assert isinstance(agreements, dict)
    return Published(
        process.id,
        process.version,
        process.title,
        form,
        calendars,
        agreements,
        hashes_of(form, calendars, agreements),
        loaded.source_hash,
        loaded.sources,
        windows,
    )


def _frozen(loaded: Loaded, process: Process, holidays: HolidaySource, first: date) -> dict[str, Json]:
    frozen: dict[str, Json] = {}
    problems = []
    for name, calendar in process.calendars.items():
        try:
            frozen[name] = freeze(calendar, holidays, first).to_json()
        except ValueError as error:  # the calendar is sound, so it is the holidays
            mark = loaded.marks.get(f"calendars.{name}.holidays", loaded.marks[f"calendars.{name}"])
            problems.append(Problem(*mark, str(error), code="calendar"))
    if problems:
        raise DefinitionInvalid(problems)
    return frozen
