"""Writing the organisation: the directory's tables are made to say what the file says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from store.directory_tables import (
    assets,
    delegations,
    groups,
    memberships,
    on_call,
    organisation,
    people,
    services,
    teams,
)
from store.session import Session

Rows = Sequence[Mapping[str, object]]


def stamp(session: Session) -> str | None:
    """The stamp of the directory: the hash of what it was last written from."""
    return session.execute(sa.select(organisation.c.stamp)).scalar()


def replace(
    session: Session,
    head: Mapping[str, object],
    *,
    people_rows: Rows,
    team_rows: Rows,
    group_rows: Rows,
    membership_rows: Rows,
    on_call_rows: Rows,
    delegation_rows: Rows,
    service_rows: Rows,
    asset_rows: Rows,
) -> None:
    """Make the directory exactly this. People who are gone stay, inactive: tickets speak of them."""
    for table in (organisation, memberships, on_call, delegations, assets, services, groups, teams):
        session.execute(sa.delete(table))
    session.execute(sa.insert(organisation), {"id": 1, **head})
    for table, rows in (
        (teams, team_rows),
        (groups, group_rows),
        (memberships, membership_rows),
        (on_call, on_call_rows),
        (delegations, delegation_rows),
        (services, service_rows),
        (assets, asset_rows),
    ):
        if rows:
            session.execute(sa.insert(table), [dict(row) for row in rows])
    _people(session, people_rows)


def _people(session: Session, rows: Rows) -> None:
    known = set(session.execute(sa.select(people.c.id)).scalars())
    session.execute(sa.update(people).values(active=False))
    fresh = [dict(row) for row in rows if row["id"] not in known]
    if fresh:
        session.execute(sa.insert(people), fresh)
    for row in rows:
        if row["id"] in known:
            session.execute(sa.update(people).where(people.c.id == row["id"]).values(**row))
