"""The people, teams, services and assets that fields choose from."""

from __future__ import annotations

from collections.abc import Sequence

from desk.values import FieldView
from web.forms import Pickers
from web.visit import Visit


async def load_pickers(visit: Visit, fields: Sequence[FieldView]) -> Pickers:
    """Only the lists that these fields choose from and do not bring themselves."""
    cells = [column for field in fields for column in field.columns]
    kinds = {field.type for field in (*fields, *cells) if not field.options}
    people = await visit.desk.people(visit.caller) if kinds & {"person", "people"} else ()
    teams = await visit.desk.teams(visit.caller) if kinds & {"team", "teams"} else ()
    services = await visit.desk.services(visit.caller) if kinds & {"service", "services"} else ()
    assets = await visit.desk.assets(visit.caller) if kinds & {"asset", "assets"} else ()
    return Pickers(people, teams, services, assets)
