"""Tokens for people: of the demo accounts anybody at this machine may act as, and one by one for everybody else."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from bootstrap.accounts_file import DemoPerson, read_accounts, write_accounts
from desk.identity import TOKEN_PREFIX
from desk.organisation import Organisation
from domain.errors import NotPermitted
from domain.language.models import text_in
from store import directory, identity
from store.session import Database


def make_accounts(organisation: Organisation, home: Path) -> tuple[DemoPerson, ...]:
    """The accounts of an organisation file, with the tokens made before where there are some."""
    known = {person.id: person.token for person in read_accounts(home)}
    people = tuple(
        DemoPerson(
            id,
            person.name,
            text_in(person.demo, "en"),
            known.get(id) or TOKEN_PREFIX + secrets.token_urlsafe(24),
            {} if "*" in person.demo else person.demo,
        )
        for id, person in organisation.people.items()
        if person.demo
    )
    write_accounts(home, people)
    return people


def new_token(database: Database, person: str, label: str, now: datetime) -> str:
    """An API token for a person of the organisation. Raises NotPermitted for somebody unknown, Unavailable."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with database.transaction() as session:
        found = directory.current(session).person(person)
        if found is None or not found.active:
            raise NotPermitted(
                f"there is nobody {person!r} in the organisation; organisation.yaml has its people"
            )
        identity.add_token(session, token, person, label, now)
    return token


def allow_accounts(database: Database, people: tuple[DemoPerson, ...], now: datetime) -> None:
    """Let the tokens stand for their people. Raises Unavailable."""
    with database.transaction() as session:
        for person in people:
            identity.add_token(session, person.token, person.id, "demo account", now)
