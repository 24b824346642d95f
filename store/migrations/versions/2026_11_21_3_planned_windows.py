"""planned windows, freezes and maintenance, delegations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.types import UtcDateTime

revision = "2026_11_21_3"
down_revision = "2026_11_21_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("planned_start", UtcDateTime(), nullable=True))
    op.add_column("tickets", sa.Column("planned_end", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_tickets_planned",
        "tickets",
        ["planned_end", "planned_start"],
        sqlite_where=sa.text("planned_end IS NOT NULL"),
        postgresql_where=sa.text("planned_end IS NOT NULL"),
    )
    op.add_column("versions", sa.Column("windows", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "delegations",
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("to", sa.String(length=200), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=True),
        sa.Column("until_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("person", "position", name=op.f("pk_delegations")),
    )


def downgrade() -> None:
    op.drop_table("delegations")
    op.drop_column("versions", "windows")
    op.drop_index("ix_tickets_planned", table_name="tickets")
    op.drop_column("tickets", "planned_end")
    op.drop_column("tickets", "planned_start")
