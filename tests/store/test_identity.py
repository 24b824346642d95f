"""Tokens and sessions are found by their hash, and end."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from desk.seeding import seed_in
from store import identity
from store.directory_tables import tokens
from store.session import Database
from tests.desk.desks import START, organisation


def test_a_token_stands_for_its_person_until_it_expires_and_is_not_stored(database: Database) -> None:
    with database.transaction() as session:
        seed_in(session, organisation())
        identity.add_token(session, "secret", "ann", "demo", START, expires_at=START + timedelta(hours=1))
        identity.add_token(session, "secret", "ann", "demo", START)  # the next start of the demo desk
        found, stale = identity.person_of_token(session, "secret", START)
        assert found is not None
        assert (found.id, stale) == ("ann", True)
        identity.note_use(session, "secret", START)
        assert identity.person_of_token(session, "secret", START + timedelta(seconds=30))[1] is False
        assert identity.person_of_token(session, "secret", START + timedelta(minutes=2))[1] is True
        assert identity.person_of_token(session, "secret", START + timedelta(hours=1)) == (None, False)
        assert identity.person_of_token(session, "other", START) == (None, False)
        stored = session.execute(sa.select(tokens.c.sha256)).scalar_one()
        assert "secret" not in stored
        assert identity.revoke_token(session, stored)
        assert identity.person_of_token(session, "secret", START) == (None, False)


def test_a_session_ends_when_its_time_is_over_or_its_person_signs_out(database: Database) -> None:
    with database.transaction() as session:
        seed_in(session, organisation())
        identity.add_session(session, "one", "ann", START, START + timedelta(days=1))
        identity.add_session(session, "two", "ben", START, START + timedelta(days=1))
        assert identity.person_of_session(session, "one", START + timedelta(days=1)) is None
        ben = identity.person_of_session(session, "two", START)
        assert ben is not None
        assert ben.id == "ben"
        identity.end_session(session, "two")
        assert identity.person_of_session(session, "two", START) is None
