"""What has to be so before an installation serves: schema, definitions, organisation, demo accounts.

`python -m bootstrap.prepare` does it in a process of its own, so that the supervisor stays small.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bootstrap.accounts import allow_accounts, make_accounts
from bootstrap.home import usable
from bootstrap.logs import set_up_logs
from bootstrap.settings import Settings
from bootstrap.shipped import load_people, publish_folder
from domain.errors import DefinitionInvalid, EvertickError
from domain.language.organisation_names import CODE as NOT_IN_ORGANISATION
from store.definitions import active_versions
from store.migrating import schema_current, upgrade
from store.session import Database

log = logging.getLogger(__name__)


class NotPrepared(EvertickError):
    """There is no database with the schema of this version."""

    code = "not_prepared"


def prepare(settings: Settings) -> list[str]:
    """Make everything ready; what has to be said to the person at the terminal.

    Raises EvertickError when serving makes no sense: the database is away, or not one definition is published.
    """
    usable(settings.home)
    database = Database(settings.database, pool_size=2)
    try:
        migrate(database)
        said = _publish(settings, database)
        _load_organisation(settings, database)
        return said
    finally:
        database.close()


def upgrade_database(settings: Settings) -> bool:
    """Bring an installation's schema up to date; whether there was anything to do. Raises Unavailable, HomeUnusable."""
    usable(settings.home)
    database = Database(settings.database)
    try:
        return migrate(database)
    finally:
        database.close()


def migrate(database: Database) -> bool:
    """Bring the schema up to date; whether there was anything to do. Raises Unavailable."""
    with database.reading() as session:
        if schema_current(session):
            return False
    upgrade(database)
    log.info("database migrated")
    return True


@contextmanager
def prepared_database(settings: Settings) -> Iterator[Database]:
    """The database of an installation that was started before. Raises NotPrepared, Unavailable."""
    database = Database(settings.database)
    path = database.engine.url.database if database.is_sqlite else None
    if path is not None and not Path(path).exists():
        raise NotPrepared(
            f"there is no installation in {settings.home}: `evertick run` makes one; EVERTICK_HOME names another folder"
        )
    try:
        with database.reading() as session:
            if not schema_current(session):
                raise NotPrepared(
                    "the database has not the schema of this version: run `evertick db upgrade`"
                )
        yield database
    finally:
        database.close()


def _publish(settings: Settings, database: Database) -> list[str]:
    report = publish_folder(database, settings.definitions)
    said = [str(problem) for problem in report.problems if problem.severity == "error"]
    for problem in report.problems:
        if problem.code == NOT_IN_ORGANISATION:
            log.warning(
                "a process names what the organisation does not have", extra={"problem": str(problem)}
            )
    said += [f"{process}: has mistakes; its last published version stays in use" for process in report.kept]
    with database.reading() as session:
        if not active_versions(session):
            raise DefinitionInvalid(report.problems)
    return said


def _load_organisation(settings: Settings, database: Database) -> None:
    organisation = load_people(database, settings.definitions)
    if organisation is not None and settings.demo:
        allow_accounts(database, make_accounts(organisation, settings.home), datetime.now(UTC))


def main() -> int:
    """Prepare, and say on standard output what people have to know."""
    settings = Settings()
    set_up_logs(settings.log_level, settings.log_format)
    try:
        for line in prepare(settings):
            sys.stdout.write(f"{line}\n")
    except EvertickError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
