"""The definitions folder: checked as a whole, and published where it changed. What is broken never becomes active."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bootstrap.definition_files import ORGANISATION, content_of, names_in, process_files, same_ids
from bootstrap.public_holidays import PublicHolidays
from desk.organisation import Organisation, load_organisation
from desk.publishing import Publication, problems_with_others, publish_in
from desk.seeding import seed_in
from domain.errors import Problem
from domain.language.loader import Loaded, load_process
from domain.language.models import Process
from domain.language.organisation_names import not_in_organisation
from domain.language.published import Published, publish
from store.definitions import active_versions
from store.session import Database

log = logging.getLogger(__name__)


@dataclass
class PublishReport:
    """What became of a folder of definitions."""

    publications: list[Publication] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # processes that stay on their old version

    @property
    def ok(self) -> bool:
        """No errors; there may be warnings."""
        return all(problem.severity != "error" for problem in self.problems)


def publish_folder(database: Database, folder: Path) -> PublishReport:
    """Check every process of a folder and publish those whose sources changed. Raises Unavailable.

    Of files that have one id none is published.
    """
    report = PublishReport()
    files = process_files(folder)
    with database.reading() as session:
        unchanged = {version.source_hash for version in active_versions(session)}
        active = {version.process for version in active_versions(session)}
    known = frozenset(files.values())
    names = names_in(folder / ORGANISATION)
    coming: dict[str, Published] = {}
    report.problems += (twice := same_ids(folder / name for name in files))
    shared = {files[problem.file] for problem in twice}
    report.kept += sorted(shared & active)
    for name, process in files.items():
        if process in shared:  # nobody knows which of them is meant
            continue
        loaded = load_process(name, lambda file: content_of(folder / file), known_processes=known)
        if names is not None:  # also of what has not changed: the organisation may have
            strange = not_in_organisation(loaded, names)
            report.problems += (problem for problem in strange if problem not in report.problems)
        if loaded.source_hash in unchanged and loaded.ok:
            continue
        report.problems += loaded.problems
        if not loaded.ok:
            if process in active:
                report.kept.append(process)
        elif loaded.process is not None and not loaded.process.abstract:
            coming[process] = _published(loaded)
    beside = _fitting(database, coming, report)
    for process, published in coming.items():
        if process not in beside:  # it does not fit what other processes say
            if process in active:
                report.kept.append(process)
            continue
        with database.transaction() as session:
            report.publications.append(publish_in(session, published, datetime.now(UTC), beside))
    return report


def _published(loaded: Loaded) -> Published:
    # Calendars reach back to the start of the year, so that imported tickets can be measured too.
    return publish(loaded, PublicHolidays(), datetime.now(UTC).date().replace(month=1, day=1))


def _fitting(
    database: Database, coming: Mapping[str, Published], report: PublishReport
) -> dict[str, Process]:
    """Those that fit each other and what is active. One that does not is left out, and then what needs it."""
    beside = {
        process: Process.model_validate(published.process["definition"])
        for process, published in coming.items()
    }
    with database.reading() as session:
        while True:
            wrong = {
                process: problems
                for process in beside
                if (problems := problems_with_others(session, coming[process], beside))
            }
            if not wrong:
                return beside
            for process, problems in wrong.items():
                report.problems += problems
                del beside[process]


def load_people(database: Database, folder: Path) -> Organisation | None:
    """Load the folder's organisation into the directory; None when it has none.

    Raises DefinitionInvalid (the directory stays as it was), Unavailable.
    """
    organisation = organisation_of(folder)
    if organisation is not None:
        with database.transaction() as session:
            seed_in(session, organisation)
    return organisation


def organisation_of(folder: Path) -> Organisation | None:
    """The folder's organisation file; None when it has none. Raises DefinitionInvalid."""
    path = folder / ORGANISATION
    content = content_of(path)
    return load_organisation(ORGANISATION, content) if content is not None else None
