"""The people, teams and services that fields choose from."""

from __future__ import annotations

from collections.abc import Sequence

from desk.values import FieldView
from web.forms import Pickers
from web.visit import Visit


async def load_pickers(visit: Visit, fields: Sequence[FieldView]) -> Pickers:
    """Only the lists that these fields choose from and do not bring themselves."""
    kinds = {field.type for field in fields if not field.options}
    people = await visit.desk.people(visit.caller) if kinds & {"person", "people"} else ()
    teams = await visit.desk.teams(visit.caller) if "team" in kinds else ()
    services = await visit.desk.services(visit.caller) if "service" in kinds else ()
    return Pickers(people, teams, services)
