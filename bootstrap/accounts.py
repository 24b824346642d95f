"""Demo accounts: people of the organisation anybody at this machine may act as, each with an API token."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from bootstrap.accounts_file import DemoPerson, read_accounts, write_accounts
from desk.identity import TOKEN_PREFIX
from desk.organisation import Organisation
from store import identity
from store.session import Database


def make_accounts(organisation: Organisation, home: Path) -> tuple[DemoPerson, ...]:
    """The accounts of an organisation file, with the tokens made before where there are some."""
    known = {person.id: person.token for person in read_accounts(home)}
    people = tuple(
        DemoPerson(id, person.name, person.demo, known.get(id) or TOKEN_PREFIX + secrets.token_urlsafe(24))
        for id, person in organisation.people.items()
        if person.demo
    )
    write_accounts(home, people)
    return people


def allow_accounts(database: Database, people: tuple[DemoPerson, ...], now: datetime) -> None:
    """Let the tokens stand for their people. Raises Unavailable."""
    with database.transaction() as session:
        for person in people:
            identity.add_token(session, person.token, person.id, "demo account", now)
