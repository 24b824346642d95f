"""Who is signed in: tokens for the API, sessions for the browser."""

from __future__ import annotations

import secrets

from desk.tools import Tools
from desk.values import Caller
from domain.errors import NotPermitted
from store import directory, identity
from store.directory import Person
from store.session import Session

TOKEN_PREFIX = "itsm_pat_"  # scanners find leaked tokens by it


class Identity:
    """Finds people by what they show."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def caller_by_token(self, token: str) -> Caller | None:
        """Whose API token this is; None for one that is unknown, expired, or of somebody gone."""
        now = self._tools.clock()
        person, stale = await self._tools.steps.read(
            lambda session: identity.person_of_token(session, token, now)
        )
        if stale:
            await self._tools.steps.write(lambda session: identity.note_use(session, token, now))
        return caller_of(person)

    async def issue_token(self, person: str, label: str, *, token: str | None = None) -> str:
        """A token for a person, shown once. Raises NotPermitted for somebody unknown."""
        secret = token or TOKEN_PREFIX + secrets.token_urlsafe(32)
        now = self._tools.clock()

        def add(session: Session) -> None:
            _active(session, person)
            identity.add_token(session, secret, person, label, now)

        await self._tools.steps.write(add)
        return secret

    async def sign_in(self, person_id: str) -> str:
        """A web session for a person: the secret its cookie carries. Raises NotPermitted for a stranger."""
        token = secrets.token_urlsafe(32)
        now = self._tools.clock()

        def add(session: Session) -> None:
            _active(session, person_id)
            identity.add_session(session, token, person_id, now, now + self._tools.patience.session)

        await self._tools.steps.write(add)
        return token

    async def caller_by_session(self, token: str) -> Caller | None:
        """Who is signed in with this session; None when it is over."""
        now = self._tools.clock()
        return caller_of(
            await self._tools.steps.read(lambda session: identity.person_of_session(session, token, now))
        )

    async def sign_out(self, token: str) -> None:
        """End a session."""
        await self._tools.steps.write(lambda session: identity.end_session(session, token))

    async def caller(self, person: str) -> Caller | None:
        """A person as a caller, for the program's own use (demo data, tour)."""
        return caller_of(
            await self._tools.steps.read(lambda session: directory.current(session).person(person))
        )


def caller_of(person: Person | None) -> Caller | None:
    """A person as doors know them."""
    if person is None:
        return None
    return Caller(person.id, person.name, person.locale, person.time_zone, person.roles)


def _active(session: Session, person: str) -> Person:
    found = directory.current(session).person(person)
    if found is None:
        raise NotPermitted(f"there is no active person {person[:64]!r}")
    return found
