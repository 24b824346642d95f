"""The tables of tickets: rows, journal, command log, effects ledger, comments. The rest: `directory_tables.py`.

A ticket row is locked before its journal, commands and ledger are touched. Nothing refers to people by foreign key,
so that a person can be forgotten.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

from store.types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only for INTEGER

_ID = String(36)
_NAME = String(200)
_HASH = String(64)

tickets = Table(
    "tickets",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("ref", String(64), nullable=False, unique=True),
    Column("process", _NAME, nullable=False),
    Column("state", _NAME, nullable=False),
    Column("category", String(16), nullable=False),  # new | active | waiting | done | closed
    Column("title", Text, nullable=False),
    Column("requester", _NAME, nullable=False),
    Column("team", _NAME, nullable=False),
    # "" stands for nobody, here and above: indexes then need no rules for NULL.
    Column("assignee", _NAME, nullable=False),
    Column("service", _NAME, nullable=False),
    Column("priority", String(32), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("next_deadline", UtcDateTime),  # the nearest timer of anything: the sweeper's safety net
    # The queue's order: open before settled, then the nearest deadline (none last), then opening. `queue_at` is
    # `due_at` or the end of time, so that one index serves order and keyset paging on both databases.
    Column("settled", SmallInteger, nullable=False),  # 0: new, active, waiting; 1: done, closed
    Column("queue_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    # The clock behind `due_at`; elapsed time is computed when a row is read: `due_elapsed` worked seconds by
    # `due_from`, and what the calendar gives from there on while it runs.
    Column("due_clock", _NAME, nullable=False),
    Column("due_status", String(16), nullable=False),  # running | paused | none
    Column("due_from", UtcDateTime),
    Column("due_elapsed", Float, nullable=False),
    Column("due_target", Float),
    Column("due_calendar", _NAME, nullable=False),
    Column("breached", Boolean, nullable=False),  # a service clock that has not stopped is past its target
    # When it is to be carried out, where the process plans that: what overlaps is looked for when others plan.
    Column("planned_start", UtcDateTime),
    Column("planned_end", UtcDateTime),
    Column("incarnation", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("handled", Integer, nullable=False),
    Column("next_command", Integer, nullable=False),
    Column("run_started_at", UtcDateTime),  # None: a start is still owed
    Column("process_hash", _HASH, nullable=False),
    Column("calendars_hash", _HASH, nullable=False),
    Column("agreements_hash", _HASH, nullable=False),
    Column("engine", Integer, nullable=False),
)

_ORDER = ("settled", "queue_at", "opened_at", "id")
# What comes after the order is filtered within the index: a rare priority is found without reading all rows.
Index("ix_tickets_queue", *(tickets.c[name] for name in (*_ORDER, "priority", "category", "state")))
for _column in ("team", "assignee", "requester", "service", "process"):
    Index(f"ix_tickets_queue_{_column}", tickets.c[_column], *(tickets.c[name] for name in _ORDER))
Index("ix_tickets_next_deadline", tickets.c.next_deadline)
Index(
    "ix_tickets_start_owed",
    tickets.c.updated_at,
    sqlite_where=tickets.c.run_started_at.is_(None),
    postgresql_where=tickets.c.run_started_at.is_(None),
)

_PLANNED = tickets.c.planned_end.is_not(None)
Index(
    "ix_tickets_planned",
    tickets.c.planned_end,
    tickets.c.planned_start,
    sqlite_where=_PLANNED,
    postgresql_where=_PLANNED,
)

# Beside the row, so that queues and searches never read past 5 KB of JSON.
snapshots = Table(
    "snapshots",
    metadata,
    Column("ticket", _ID, ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    Column("snapshot", JSON, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("ticket", _ID, ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("handled_at", UtcDateTime, nullable=False),
    Column("command", Integer),
    Column("actor", _NAME, nullable=False),
    Column("result", String(16), nullable=False),
    Column("entry", JSON, nullable=False),
)

commands = Table(
    "commands",
    metadata,
    Column("id", String(64), primary_key=True),  # the update id, and the operation a client polls
    Column("ticket", _ID, ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("actor", _NAME, nullable=False),
    Column("request", JSON, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("key", String(255)),
    Column("request_hash", _HASH, nullable=False),
    Column("entry_seq", Integer),  # None: pending
)
Index("uq_commands_ticket_number", commands.c.ticket, commands.c.number, unique=True)
Index(
    "uq_commands_actor_key",
    commands.c.actor,
    commands.c.key,
    unique=True,
    sqlite_where=commands.c.key.is_not(None),
    postgresql_where=commands.c.key.is_not(None),
)
_PENDING = commands.c.entry_seq.is_(None)
Index("ix_commands_pending", commands.c.received_at, sqlite_where=_PENDING, postgresql_where=_PENDING)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("ticket", _ID, ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("effect", Integer, nullable=False),  # index of the effect in its entry
    Column("recipient", _NAME, nullable=False),  # person id; "" when nobody was found
    Column("channel", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False),  # pending | sent | kept | failed | parked | nobody
    Column("template", _NAME, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("why", Text, nullable=False),  # the rule and its line
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
)
Index(
    "uq_deliveries_key",
    deliveries.c.ticket,
    deliveries.c.seq,
    deliveries.c.effect,
    deliveries.c.recipient,
    deliveries.c.channel,
    unique=True,
)
_OWED = deliveries.c.status.in_(("pending", "failed"))
Index("ix_deliveries_owed", deliveries.c.created_at, sqlite_where=_OWED, postgresql_where=_OWED)
Index("ix_deliveries_recipient", deliveries.c.recipient, deliveries.c.id)

# What the workflow must find out itself (pick, approvers, script, http), until the entry with its result is recorded.
errands = Table(
    "errands",
    metadata,
    Column("ticket", _ID, ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("effect", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # pick | approvers | script | http
    Column(
        "name", _NAME, nullable=False
    ),  # as the cause of the result's entry is named: a task, "pick", "approvers …"
)

comments = Table(
    "comments",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("ticket", _ID, ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False),
    Column("author", _NAME, nullable=False),  # "" for the engine
    Column("public", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("texts", JSON(none_as_null=True)),  # by locale, for what a definition says
    Column("sha256", _HASH, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("entry_seq", Integer),  # None: its command is pending, or was refused; not shown
)
Index("ix_comments_ticket", comments.c.ticket, comments.c.at)

# Who was chosen, by what asked for it: asked again, the answer is the same. It is a reservation (counts as load)
# while its errand is open and nobody has the ticket.
picks = Table(
    "picks",
    metadata,
    Column("ticket", _ID, ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("effect", Integer, primary_key=True),
    Column("team", _NAME, nullable=False),
    Column("person", _NAME, nullable=False),  # "" when there was nobody
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_picks_person", picks.c.person)

round_robin = Table(
    "round_robin",
    metadata,
    Column("team", _NAME, primary_key=True),
    Column("last", _NAME, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("prefix", _NAME, primary_key=True),
    Column("last", BigInteger, nullable=False),
)
