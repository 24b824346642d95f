"""Structured logs: one line per fact, `key=value` or JSON, on standard error."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_FROM_TEMPORAL = {
    "workflow_id": "workflow",
    "run_id": "run",
    "activity_type": "activity",
    "attempt": "attempt",
}


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What a record says: time, level, where, what, and every fact given with `extra`."""
    facts: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "what": record.getMessage(),
    }
    for name, value in vars(record).items():
        if name in _OWN:
            continue
        if name in ("temporal_workflow", "temporal_activity") and isinstance(value, dict):
            facts |= {short: value[long] for long, short in _FROM_TEMPORAL.items() if long in value}
        elif not name.startswith("__temporal"):
            facts[name] = value
    return facts


class JsonLines(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        if record.exc_info:
            facts["exception"] = self.formatException(record.exc_info)
        return json.dumps(facts, ensure_ascii=False, default=str)


class KeyValues(logging.Formatter):
    """A line for people: time, level, what, then the facts as key=value."""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        head = f"{facts.pop('at')} {facts.pop('level'):<7} {facts.pop('what')}"
        line = " ".join([head, *(f"{name}={_quoted(value)}" for name, value in facts.items())])
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _quoted(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or any(sign in text for sign in ' "=\n') else text


def set_up_logs(level: str = "info", style: str = "text") -> None:
    """Send all logs of this process to standard error, one way."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if style == "json" else KeyValues())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # One line per request and per connection says nothing that our own lines do not.
    for noisy in ("httpx2", "httpcore2", "uvicorn.access", "alembic.runtime"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
