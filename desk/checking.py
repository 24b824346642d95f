"""Readiness: database, schema and definitions must be there; Temporal missing is degraded, intake goes on."""

from __future__ import annotations

import logging

from desk.tools import Tools
from desk.values import Readiness
from domain.errors import Unavailable
from store import definitions
from store.migrating import schema_current
from store.session import Session

log = logging.getLogger(__name__)

OK = "ok"


async def readiness(tools: Tools) -> Readiness:
    """What works now."""
    try:
        checks = await tools.steps.read(_stored)
    except Unavailable as error:
        checks = {"database": str(error)}
    checks["temporal"] = OK if await tools.tickets.is_reachable() else "not reachable; tickets are taken in"
    if checks["temporal"] == OK:
        worked = await tools.tickets.has_workers()
        checks["workers"] = OK if worked else "none has asked for work lately; tickets are taken in"
    ready = all(checks.get(part) == OK for part in ("database", "schema", "definitions"))
    degraded = tuple(part for part in ("temporal", "workers") if checks.get(part, OK) != OK)
    if degraded:
        log.warning("degraded", extra={"parts": degraded})
    return Readiness(ready, degraded, checks)


def _stored(session: Session) -> dict[str, str]:
    if not schema_current(session):
        return {"database": OK, "schema": "not the one of this version; run `evertick db upgrade`"}
    published = definitions.active_versions(session)
    return {
        "database": OK,
        "schema": OK,
        "definitions": OK if published else "no process is published",
    }
