"""Published definitions: bodies by hash, numbered versions per process, and the loaded form kept in memory."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.errors import DefinitionUnknown
from domain.language.definition import Definition
from domain.language.models import Windows
from domain.language.published import Hashes, Published, canonical_json
from store.directory_tables import definitions, versions
from store.session import Session


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a process."""

    process: str
    number: int
    label: str
    hashes: Hashes
    source_hash: str
    published_at: datetime
    active: bool


# Not the sources: they are for people, and long.
_SHOWN = tuple(column for column in versions.c if column.name not in ("sources", "windows"))
_WINDOWS = sa.select(versions.c.windows).where(versions.c.process == sa.bindparam("of"), versions.c.active)
_ACTIVE = sa.select(*_SHOWN).where(versions.c.process == sa.bindparam("of"), versions.c.active)
_PROCESSES = sa.select(versions.c.process).where(versions.c.active).order_by(versions.c.process)


class Definitions:
    """Definitions by the hashes a ticket pins, each built once per process. Safe to share between threads."""

    def __init__(self) -> None:
        self._built: dict[Hashes, Definition] = {}
        self._lock = threading.Lock()

    def get(self, session: Session, hashes: Hashes) -> Definition:
        """The definition with these hashes. Raises DefinitionUnknown when it was never published here."""
        found = self._built.get(hashes)
        if found is None:
            with self._lock:
                found = self._built.get(hashes)
                if found is None:
                    found = self._built[hashes] = _build(session, hashes)
        return found

    def active(self, session: Session, process: str) -> tuple[Version, Definition]:
        """The version new tickets of a process are opened with. Raises DefinitionUnknown."""
        version = active_version(session, process)
        if version is None:
            raise DefinitionUnknown(f'no process "{process}" is published; GET /api/v1/processes lists them')
        return version, self.get(session, version.hashes)


def active_version(session: Session, process: str) -> Version | None:
    """The active version of a process."""
    row = session.execute(_ACTIVE, {"of": process}).first()
    return None if row is None else _version(row)


def active_processes(session: Session) -> tuple[str, ...]:
    """The ids of the processes that are published, sorted."""
    return tuple(session.execute(_PROCESSES).scalars())


def active_versions(session: Session) -> list[Version]:
    """The active version of every process, by process id."""
    query = sa.select(*_SHOWN).where(versions.c.active).order_by(versions.c.process)
    return [_version(row) for row in session.execute(query)]


def current_windows(session: Session, process: str) -> Windows:
    """The freezes and maintenance windows that count now for a process's tickets, whatever version they pin."""
    return Windows.from_json(session.execute(_WINDOWS, {"of": process}).scalar() or {})


def versions_of(session: Session, process: str) -> list[Version]:
    """All versions of a process, the newest first."""
    query = sa.select(*_SHOWN).where(versions.c.process == process).order_by(versions.c.number.desc())
    return [_version(row) for row in session.execute(query)]


def sources_of(session: Session, process: str, number: int) -> dict[str, str] | None:
    """The text of every file a version was made of, by name."""
    query = sa.select(versions.c.sources).where(versions.c.process == process, versions.c.number == number)
    return session.execute(query).scalar()


def all_hashes(session: Session) -> list[Hashes]:
    """Every set of hashes a ticket may pin."""
    columns = (versions.c.process_hash, versions.c.calendars_hash, versions.c.agreements_hash)
    return [Hashes(*row) for row in session.execute(sa.select(*columns).distinct())]


def add_version(session: Session, published: Published, now: datetime) -> Version:
    """Store a published definition as the next version of its process, and make it the active one."""
    hashes = published.hashes
    for kind, hash, body in (
        ("process", hashes.process, published.process),
        ("calendars", hashes.calendars, published.calendars),
        ("agreements", hashes.agreements, published.agreements),
    ):
        _keep(session, kind, hash, canonical_json(body).decode())
    newest = session.execute(
        sa.select(sa.func.max(versions.c.number)).where(versions.c.process == published.id)
    ).scalar()
    number = (newest or 0) + 1
    session.execute(sa.update(versions).where(versions.c.process == published.id).values(active=False))
    session.execute(
        sa.insert(versions),
        {
            "process": published.id,
            "number": number,
            "label": str(published.version),
            "process_hash": hashes.process,
            "calendars_hash": hashes.calendars,
            "agreements_hash": hashes.agreements,
            "source_hash": published.source_hash,
            "sources": dict(published.sources),
            "windows": published.windows,
            "published_at": now,
            "active": True,
        },
    )
    return Version(published.id, number, str(published.version), hashes, published.source_hash, now, True)


def _keep(session: Session, kind: str, hash: str, body: str) -> None:
    known = session.execute(sa.select(definitions.c.hash).where(definitions.c.hash == hash)).first()
    if known is None:
        session.execute(sa.insert(definitions), {"hash": hash, "kind": kind, "body": body})


def _build(session: Session, hashes: Hashes) -> Definition:
    wanted = (hashes.process, hashes.calendars, hashes.agreements)
    query = sa.select(definitions.c.hash, definitions.c.body).where(definitions.c.hash.in_(wanted))
    bodies = {row.hash: json.loads(row.body) for row in session.execute(query)}
    missing = [hash for hash in wanted if hash not in bodies]
    if missing:
        raise DefinitionUnknown(f"no definition with the hash {missing[0]} is stored here")
    return Definition.from_json(*(bodies[hash] for hash in wanted))


def _version(row: sa.Row[Any]) -> Version:
    hashes = Hashes(row.process_hash, row.calendars_hash, row.agreements_hash)
    return Version(row.process, row.number, row.label, hashes, row.source_hash, row.published_at, row.active)
