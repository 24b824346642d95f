"""The tables of the organisation, of who may sign in, and of the definitions published."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from store.tables import metadata
from store.types import UtcDateTime

_NAME = String(200)
_HASH = String(64)

people = Table(
    "people",
    metadata,
    Column("id", _NAME, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),  # "" when there is none
    Column("locale", String(16), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("vip", Boolean, nullable=False),
    Column("away", Boolean, nullable=False),
    Column("manager", _NAME, nullable=False),
    Column("roles", JSON, nullable=False),  # of the installation: admin, manager, process_owner, agent
    Column("skills", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
)
Index("ix_people_manager", people.c.manager)

teams = Table(
    "teams",
    metadata,
    Column("id", _NAME, primary_key=True),
    Column("name", JSON, nullable=False),  # by locale
    Column("lead", _NAME, nullable=False),
)

groups = Table(
    "groups",
    metadata,
    Column("id", _NAME, primary_key=True),
    Column("name", JSON, nullable=False),
)

# `kind` tells what `of` is: a team or a group.
memberships = Table(
    "memberships",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("of", _NAME, primary_key=True),
    Column("person", _NAME, primary_key=True),
    Column("position", Integer, nullable=False),  # as written in the file: round robin goes this way
)
Index("ix_memberships_person", memberships.c.person)

# Who is on call: for a roster (`duty-manager`) or a team. Without moments: always.
on_call = Table(
    "on_call",
    metadata,
    Column("roster", _NAME, primary_key=True),
    Column("person", _NAME, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("from_at", UtcDateTime),
    Column("to_at", UtcDateTime),
)
Index("ix_on_call_person", on_call.c.person)

# Who decides in somebody's place, and when. Without moments: always.
delegations = Table(
    "delegations",
    metadata,
    Column("person", _NAME, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("to", _NAME, nullable=False),
    Column("from_at", UtcDateTime),
    Column("until_at", UtcDateTime),
)

services = Table(
    "services",
    metadata,
    Column("id", _NAME, primary_key=True),
    Column("name", JSON, nullable=False),
    Column("team", _NAME, nullable=False),
    Column("owner", _NAME, nullable=False),
    # tier, critical, customer_facing and what conditions read besides
    Column("attributes", JSON, nullable=False),
)
Index("ix_services_owner", services.c.owner)

assets = Table(
    "assets",
    metadata,
    Column("id", _NAME, primary_key=True),  # the number on its label
    Column("name", JSON, nullable=False),
    Column("kind", _NAME, nullable=False),
    Column("owner", _NAME, nullable=False),
    Column("service", _NAME, nullable=False),
    Column("attributes", JSON, nullable=False),  # what conditions read besides
)

# What the organisation file said besides its people: the name and time zone of the whole.
organisation = Table(
    "organisation",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("name", JSON, nullable=False),
    Column("time_zone", String(64), nullable=False),
    # Changes with every change of the directory: processes keep it in memory, and see by this that it moved on.
    Column("stamp", _HASH, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("sha256", _HASH, primary_key=True),
    Column("person", _NAME, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
)
Index("ix_tokens_person", tokens.c.person)

web_sessions = Table(
    "web_sessions",
    metadata,
    Column("sha256", _HASH, primary_key=True),
    Column("person", _NAME, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
Index("ix_web_sessions_person", web_sessions.c.person)

# Canonical JSON by its sha256: processes, calendars, agreements.
definitions = Table(
    "definitions",
    metadata,
    Column("hash", _HASH, primary_key=True),
    Column("kind", String(16), nullable=False),  # process | calendars | agreements
    Column("body", Text, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("process", _NAME, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("label", String(64), nullable=False),  # the author's `version`
    Column("process_hash", _HASH, ForeignKey("definitions.hash"), nullable=False),
    Column("calendars_hash", _HASH, ForeignKey("definitions.hash"), nullable=False),
    Column("agreements_hash", _HASH, ForeignKey("definitions.hash"), nullable=False),
    Column("source_hash", _HASH, nullable=False),
    Column("sources", JSON, nullable=False),  # text by file name
    # Freezes and maintenance. No ticket pins them: those of the active version count for all tickets of the process.
    Column("windows", JSON, nullable=False, server_default="{}"),
    Column("published_at", UtcDateTime, nullable=False),
    Column("active", Boolean, nullable=False),
)
Index(
    "uq_versions_active",
    versions.c.process,
    unique=True,
    sqlite_where=text("active"),
    postgresql_where=text("active"),
)
