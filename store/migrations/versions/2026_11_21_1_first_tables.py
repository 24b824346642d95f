"""first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.types import UtcDateTime

revision = "2026_11_21_1"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "web_sessions",
    "versions",
    "tokens",
    "snapshots",
    "picks",
    "errands",
    "entries",
    "deliveries",
    "comments",
    "commands",
    "counters",
    "definitions",
    "groups",
    "memberships",
    "on_call",
    "organisation",
    "people",
    "round_robin",
    "services",
    "teams",
    "tickets",
)


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("prefix", sa.String(length=200), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_counters")),
    )
    op.create_table(
        "definitions",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_definitions")),
    )
    op.create_table(
        "groups",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
    )
    op.create_table(
        "memberships",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("of", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "of", "person", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_person", "memberships", ["person"], unique=False)

    op.create_table(
        "on_call",
        sa.Column("roster", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=True),
        sa.Column("to_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("roster", "person", "position", name=op.f("pk_on_call")),
    )
    op.create_index("ix_on_call_person", "on_call", ["person"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("vip", sa.Boolean(), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("manager", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index("ix_people_manager", "people", ["manager"], unique=False)

    op.create_table(
        "round_robin",
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("last", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_round_robin")),
    )
    op.create_table(
        "services",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    )
    op.create_index("ix_services_owner", "services", ["owner"], unique=False)

    op.create_table(
        "teams",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("lead", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("requester", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("assignee", sa.String(length=200), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("priority", sa.String(length=32), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("next_deadline", UtcDateTime(), nullable=True),
        sa.Column("settled", sa.SmallInteger(), nullable=False),
        sa.Column("queue_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("due_clock", sa.String(length=200), nullable=False),
        sa.Column("due_status", sa.String(length=16), nullable=False),
        sa.Column("due_from", UtcDateTime(), nullable=True),
        sa.Column("due_elapsed", sa.Float(), nullable=False),
        sa.Column("due_target", sa.Float(), nullable=True),
        sa.Column("due_calendar", sa.String(length=200), nullable=False),
        sa.Column("breached", sa.Boolean(), nullable=False),
        sa.Column("incarnation", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("handled", sa.Integer(), nullable=False),
        sa.Column("next_command", sa.Integer(), nullable=False),
        sa.Column("run_started_at", UtcDateTime(), nullable=True),
        sa.Column("process_hash", sa.String(length=64), nullable=False),
        sa.Column("calendars_hash", sa.String(length=64), nullable=False),
        sa.Column("agreements_hash", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("ref", name=op.f("uq_tickets_ref")),
    )
    op.create_index("ix_tickets_next_deadline", "tickets", ["next_deadline"], unique=False)
    op.create_index(
        "ix_tickets_queue",
        "tickets",
        ["settled", "queue_at", "opened_at", "id", "priority", "category", "state"],
        unique=False,
    )
    op.create_index(
        "ix_tickets_queue_assignee",
        "tickets",
        ["assignee", "settled", "queue_at", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_tickets_queue_process",
        "tickets",
        ["process", "settled", "queue_at", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_tickets_queue_requester",
        "tickets",
        ["requester", "settled", "queue_at", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_tickets_queue_service",
        "tickets",
        ["service", "settled", "queue_at", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_tickets_queue_team", "tickets", ["team", "settled", "queue_at", "opened_at", "id"], unique=False
    )
    op.create_index(
        "ix_tickets_start_owed",
        "tickets",
        ["updated_at"],
        unique=False,
        sqlite_where=sa.text("run_started_at IS NULL"),
        postgresql_where=sa.text("run_started_at IS NULL"),
    )

    op.create_table(
        "commands",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=True),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("entry_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.id"], name=op.f("fk_commands_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
    )
    op.create_index(
        "ix_commands_pending",
        "commands",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("entry_seq IS NULL"),
        postgresql_where=sa.text("entry_seq IS NULL"),
    )
    op.create_index(
        "uq_commands_actor_key",
        "commands",
        ["actor", "key"],
        unique=True,
        sqlite_where=sa.text('"key" IS NOT NULL'),
        postgresql_where=sa.text('"key" IS NOT NULL'),
    )
    op.create_index("uq_commands_ticket_number", "commands", ["ticket", "number"], unique=True)

    op.create_table(
        "comments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ticket", sa.String(length=36), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("entry_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.id"], name=op.f("fk_comments_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_ticket", "comments", ["ticket", "at"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("effect", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("template", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.id"], name=op.f("fk_deliveries_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(
        "ix_deliveries_owed",
        "deliveries",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('pending', 'failed')"),
        postgresql_where=sa.text("status IN ('pending', 'failed')"),
    )
    op.create_index("ix_deliveries_recipient", "deliveries", ["recipient", "id"], unique=False)
    op.create_index(
        "uq_deliveries_key", "deliveries", ["ticket", "seq", "effect", "recipient", "channel"], unique=True
    )

    op.create_table(
        "entries",
        sa.Column("ticket", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=False),
        sa.Column("command", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.id"], name=op.f("fk_entries_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket", "seq", name=op.f("pk_entries")),
    )
    op.create_table(
        "errands",
        sa.Column("ticket", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("effect", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.id"], name=op.f("fk_errands_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket", "seq", "effect", name=op.f("pk_errands")),
    )
    op.create_table(
        "picks",
        sa.Column("ticket", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("effect", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"], name=op.f("fk_picks_ticket"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ticket", "seq", "effect", name=op.f("pk_picks")),
    )
    op.create_index("ix_picks_person", "picks", ["person"], unique=False)

    op.create_table(
        "snapshots",
        sa.Column("ticket", sa.String(length=36), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.id"], name=op.f("fk_snapshots_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_snapshots")),
    )
    op.create_table(
        "tokens",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_tokens_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_tokens")),
    )
    op.create_index("ix_tokens_person", "tokens", ["person"], unique=False)

    op.create_table(
        "versions",
        sa.Column("process", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("process_hash", sa.String(length=64), nullable=False),
        sa.Column("calendars_hash", sa.String(length=64), nullable=False),
        sa.Column("agreements_hash", sa.String(length=64), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreements_hash"], ["definitions.hash"], name=op.f("fk_versions_agreements_hash")
        ),
        sa.ForeignKeyConstraint(
            ["calendars_hash"], ["definitions.hash"], name=op.f("fk_versions_calendars_hash")
        ),
        sa.ForeignKeyConstraint(
            ["process_hash"], ["definitions.hash"], name=op.f("fk_versions_process_hash")
        ),
        sa.PrimaryKeyConstraint("process", "number", name=op.f("pk_versions")),
    )
    op.create_index(
        "uq_versions_active",
        "versions",
        ["process"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )

    op.create_table(
        "web_sessions",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["people.id"], name=op.f("fk_web_sessions_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_web_sessions")),
    )
    op.create_index("ix_web_sessions_person", "web_sessions", ["person"], unique=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
