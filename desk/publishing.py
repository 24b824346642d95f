"""Publishing a definition: a new version only when its sources changed; what is broken never becomes active."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from desk.opening import in_year, prefix_of
from domain.language.published import Published
from store import definitions, numbers
from store.definitions import Version
from store.session import Session

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Publication:
    """The active version now, and whether it is a new one."""

    version: Version
    new: bool


def publish_in(session: Session, published: Published, now: datetime) -> Publication:
    """Make a definition the active version of its process, unless the active one has the same sources.

    Decided by the hash of the sources: a frozen calendar differs every day (architecture.md section 6).
    """
    active = definitions.active_version(session, published.id)
    if active is not None and active.source_hash == published.source_hash:
        return Publication(active, new=False)
    definition = published.process["definition"]
    assert isinstance(definition, dict)
    pattern = str(definition["number"])
    for year in (now.year, now.year + 1) if "{year}" in pattern else (now.year,):
        numbers.prepare(session, prefix_of(in_year(pattern, year)))
    version = definitions.add_version(session, published, now)
    log.info(
        "definition published",
        extra={"definition": version.process, "number": version.number, "hash": version.hashes.process},
    )
    return Publication(version, new=True)
