"""Publishing a definition: a new version only when its sources changed; what is broken never becomes active."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desk.opening import in_year, prefix_of
from domain.engine.ticket import Json
from domain.errors import DefinitionInvalid, Problem
from domain.language.both_ends import end_problems, partners
from domain.language.checks_migrate import version_problems
from domain.language.models import Process
from domain.language.places import Path
from domain.language.published import Published
from store import definitions, numbers
from store.definitions import Definitions, Version
from store.session import Session

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Publication:
    """The active version now, and whether it is a new one."""

    version: Version
    new: bool


def publish_in(
    session: Session, published: Published, now: datetime, beside: Mapping[str, Process] | None = None
) -> Publication:
    """Make a definition the active version of its process, unless the active one has the same sources.

    `beside`: the processes that are published together with this one, since two ends of a link change at once. Decided
    by the hash of the sources: a frozen calendar differs every day (architecture.md section 6).
    """
    active = definitions.active_version(session, published.id)
    if active is not None and active.source_hash == published.source_hash:
        return Publication(active, new=False)
    definition = published.process["definition"]
    assert isinstance(definition, dict)
    problems = problems_with_others(session, published, beside or {})
    if problems:
        raise DefinitionInvalid(problems)
    pattern = str(definition["number"])
    for year in (now.year, now.year + 1) if "{year}" in pattern else (now.year,):
        numbers.prepare(session, prefix_of(in_year(pattern, year)))
    version = definitions.add_version(session, published, now)
    log.info(
        "definition published",
        extra={"definition": version.process, "number": version.number, "hash": version.hashes.process},
    )
    return Publication(version, new=True)


def problems_with_others(
    session: Session, published: Published, beside: Mapping[str, Process]
) -> list[Problem]:
    """Links, messages and tickets it opens that do not fit what the processes `beside` it and the active ones say;
    and where `migrate` does not fit the versions it speaks of.

    One that is not published yet is left out: it is checked against this one when it comes.
    """
    definition, marks = published.process["definition"], published.process["marks"]
    assert isinstance(marks, dict)
    process = Process.model_validate(definition)
    others = {}
    for id_ in partners(process):
        if id_ in beside:
            others[id_] = beside[id_]
            continue
        active = definitions.active_version(session, id_)
        if active is not None:
            others[id_] = Definitions().get(session, active.hashes).process
    found = list(end_problems(process, others))
    for version in definitions.versions_of(session, process.id) if process.migrate else ():
        if any(version.label == str(line.from_) for line in process.migrate):
            found += version_problems(Definitions().get(session, version.hashes).process, process)
    return [_at(marks, path, message) for path, message in dict.fromkeys(found)]


def _at(marks: Mapping[str, Json], path: Path, message: str) -> Problem:
    """A problem where the path, or the nearest one above it, stands."""
    place = next(
        (
            str(marks[part])
            for end in range(len(path), 0, -1)
            if (part := ".".join(map(str, path[:end]))) in marks
        ),
        ":1",
    )
    file, _, line = place.rpartition(":")
    return Problem(file, int(line), 1, message, code="unknown-name")
