"""The schema's history leads to the tables the program speaks of."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.migrating import config, newest_revision, schema_current, upgrade
from store.schema import metadata
from store.session import Database
from store.types import UtcDateTime


def test_the_migrated_schema_is_the_one_the_tables_describe(database: Database) -> None:
    with database.transaction() as session:
        context = MigrationContext.configure(
            session,
            opts={
                "compare_type": lambda _c, _i, _m, _it, made: False if isinstance(made, UtcDateTime) else None
            },
        )
        assert compare_metadata(context, metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database)
    with database.reading() as session:
        assert schema_current(session)


def test_an_empty_database_is_not_current(database: Database) -> None:
    with database.transaction() as session:
        session.exec_driver_sql("DROP TABLE alembic_version")
    with database.reading() as session:
        assert not schema_current(session)


def test_revisions_follow_one_another_and_the_newest_is_the_head(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        scripts = ScriptDirectory.from_config(config(session))
    assert scripts.get_heads() == [newest_revision()]
    names = [script.revision for script in scripts.walk_revisions()]
    assert names == sorted(names, reverse=True)
