"""Logs are facts: one line each, with what was given."""

from __future__ import annotations

import json
import logging
import sys

from bootstrap.logs import JsonLines, KeyValues


def a_record(**extra: object) -> logging.LogRecord:
    return logging.getLogger("desk").makeRecord(
        "desk", logging.WARNING, __file__, 1, "command stays pending", (), None, extra=extra
    )


def test_a_line_for_people_has_its_facts_as_key_and_value() -> None:
    line = KeyValues().format(a_record(ticket="INC-1", reason="no answer"))
    assert line.endswith('warning command stays pending logger=desk ticket=INC-1 reason="no answer"')


def test_a_line_for_machines_is_json() -> None:
    found = json.loads(JsonLines().format(a_record(ticket="INC-1", title="网络")))
    assert (found["what"], found["level"], found["ticket"], found["title"]) == (
        "command stays pending",
        "warning",
        "INC-1",
        "网络",
    )


def test_what_the_worker_says_names_the_workflow() -> None:
    extra = {"temporal_workflow": {"workflow_id": "ticket/1", "run_id": "r", "namespace": "default"}}
    found = json.loads(JsonLines().format(a_record(**extra)))
    assert (found["workflow"], found["run"]) == ("ticket/1", "r")
    assert "temporal_workflow" not in found


def test_exceptions_come_with_their_trace() -> None:
    record = a_record()
    try:
        raise ValueError("broken")
    except ValueError:
        record.exc_info = sys.exc_info()
    assert "ValueError: broken" in KeyValues().format(record)
    assert "ValueError: broken" in json.loads(JsonLines().format(record))["exception"]
