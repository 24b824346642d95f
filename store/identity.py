"""API tokens and web sessions. Only their sha256 is stored; whoever reads the database cannot sign in."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa

from store.directory import Person, current
from store.directory_tables import tokens, web_sessions
from store.session import Session

_USED_STEP = timedelta(minutes=1)  # `last_used_at` is a help for people; it is not worth a write per request


def digest(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add_token(
    session: Session,
    secret: str,
    person_id: str,
    label: str,
    now: datetime,
    *,
    expires_at: datetime | None = None,
) -> None:
    """Let a token stand for a person. A token that is known already stays as it is."""
    if session.execute(sa.select(tokens.c.sha256).where(tokens.c.sha256 == digest(secret))).first():
        return
    row = {
        "sha256": digest(secret), "person": person_id, "label": label, "created_at": now,
        "expires_at": expires_at, "last_used_at": None,
    }  # fmt: skip
    session.execute(sa.insert(tokens), row)


def person_of_token(session: Session, secret: str, now: datetime) -> tuple[Person | None, bool]:
    """Whom a token stands for, and whether its use should be noted with `note_use`."""
    row = session.execute(sa.select(tokens).where(tokens.c.sha256 == digest(secret))).first()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None, False
    found = current(session).person(row.person)
    stale = row.last_used_at is None or row.last_used_at + _USED_STEP <= now
    return (found, stale) if found is not None else (None, False)


def note_use(session: Session, secret: str, now: datetime) -> None:
    """Remember when a token was last used."""
    session.execute(sa.update(tokens).where(tokens.c.sha256 == digest(secret)).values(last_used_at=now))


def revoke_token(session: Session, secret_digest: str) -> bool:
    """Take a token back; False when there is none."""
    return bool(session.execute(sa.delete(tokens).where(tokens.c.sha256 == secret_digest)).rowcount)


def add_session(session: Session, secret: str, person_id: str, now: datetime, expires_at: datetime) -> None:
    """Keep a web session; sessions that ended are cleared away in passing."""
    session.execute(sa.delete(web_sessions).where(web_sessions.c.expires_at <= now))
    row = {"sha256": digest(secret), "person": person_id, "created_at": now, "expires_at": expires_at}
    session.execute(sa.insert(web_sessions), row)


def person_of_session(session: Session, secret: str, now: datetime) -> Person | None:
    """Who is signed in with a session."""
    query = sa.select(web_sessions).where(web_sessions.c.sha256 == digest(secret))
    row = session.execute(query).first()
    if row is None or row.expires_at <= now:
        return None
    return current(session).person(row.person)


def end_session(session: Session, secret: str) -> None:
    """Sign out."""
    session.execute(sa.delete(web_sessions).where(web_sessions.c.sha256 == digest(secret)))
