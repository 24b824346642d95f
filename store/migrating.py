"""The schema's history: bringing a database up to date, and asking whether it is.

Revisions live in `store/migrations/versions/`, one file each: `2026_11_21_1_first_tables.py` is the revision
`2026_11_21_1`. Their names sort as they follow one another.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from store.session import Database, Session

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x65766572  # any number; PostgreSQL lets one process migrate at a time under it


def upgrade(database: Database) -> None:
    """Bring the schema up to date, in one transaction; nothing happens when it is."""
    from alembic import command  # takes a second to import, and only this function needs it

    with database.transaction() as session:
        if not database.is_sqlite:
            session.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(config(session), "head")


def schema_current(session: Session) -> bool:
    """Whether the database has exactly the schema this version of the program was written for."""
    if not sa.inspect(session).has_table("alembic_version"):
        return False
    found = session.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all()
    return list(found) == [newest_revision()]


def newest_revision() -> str:
    """The revision the program was written for."""
    newest = max(path.stem for path in (_MIGRATIONS / "versions").glob("2*.py"))
    return "_".join(newest.split("_")[:4])


def config(session: Session) -> Config:
    """Alembic's configuration for one connection."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_MIGRATIONS))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    made.attributes["connection"] = session
    return made
