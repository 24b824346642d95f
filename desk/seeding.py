"""Loading an organisation into the directory, and the tokens of its demo accounts."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator

from desk.organisation import Organisation
from store import organisations
from store.session import Session

log = logging.getLogger(__name__)


def seed_in(session: Session, made: Organisation) -> bool:
    """Make the directory what the organisation says; False when it says so already."""
    hash = hashlib.sha256(json.dumps(made.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()
    if organisations.stamp(session) == hash:
        return False
    organisations.replace(
        session,
        {"name": made.name, "time_zone": made.time_zone, "stamp": hash},
        people_rows=[_person(made, id) for id in made.people],
        team_rows=[
            {"id": id, "name": team.name or {"*": id}, "lead": team.lead} for id, team in made.teams.items()
        ],
        group_rows=[{"id": id, "name": group.name or {"*": id}} for id, group in made.groups.items()],
        membership_rows=list(_memberships(made)),
        on_call_rows=list(_on_call(made)),
        delegation_rows=list(_delegations(made)),
        service_rows=[_service(made, id) for id in made.services],
        asset_rows=[_asset(made, id) for id in made.assets],
    )
    log.info("organisation loaded", extra={"people": len(made.people), "services": len(made.services)})
    return True


def _person(made: Organisation, id: str) -> dict[str, object]:
    person = made.people[id]
    return {
        "id": id,
        "name": person.name,
        "email": person.email,
        "locale": person.locale,
        "time_zone": person.time_zone or made.time_zone,
        "vip": person.vip,
        "away": person.away,
        "manager": person.manager,
        "roles": list(person.roles),
        "skills": list(person.skills),
        "active": True,
    }


def _memberships(made: Organisation) -> Iterator[dict[str, object]]:
    for kind, names, members in (
        ("team", made.teams, made.members),
        ("group", made.groups, made.members_of_group),
    ):
        for name in names:
            for position, person in enumerate(members(name)):
                yield {"kind": kind, "of": name, "person": person, "position": position}


def _on_call(made: Organisation) -> Iterator[dict[str, object]]:
    for roster, shifts in made.on_call.items():
        for position, shift in enumerate(shifts):
            yield {
                "roster": roster,
                "person": shift.person,
                "position": position,
                "from_at": shift.from_at,
                "to_at": shift.to_at,
            }


def _delegations(made: Organisation) -> Iterator[dict[str, object]]:
    for person in made.delegations:
        for position, one in enumerate(made.stand_ins(person)):
            yield {
                "person": person,
                "position": position,
                "to": one.person,
                "from_at": one.from_at,
                "until_at": one.until_at,
            }


def _service(made: Organisation, id: str) -> dict[str, object]:
    service = made.services[id]
    return {
        "id": id,
        "name": service.name or {"*": id},
        "team": service.team,
        "owner": service.owner,
        "attributes": service.attributes,
    }


def _asset(made: Organisation, id: str) -> dict[str, object]:
    asset = made.assets[id]
    return {
        "id": id,
        "name": asset.name or {"*": id},
        "kind": asset.kind,
        "owner": asset.owner,
        "service": asset.service,
        "attributes": asset.attributes,
    }
