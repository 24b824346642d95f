"""Conditions with values and answers: Python and the browser have to agree on each."""

from __future__ import annotations

CASES: list[tuple[str, dict[str, object], bool]] = [
    ('ticket.impact in ["extensive", "significant"]', {"impact": "significant"}, True),
    ('ticket.impact in ["extensive", "significant"]', {"impact": "minor"}, False),
    ('ticket.impact in ["extensive"]', {}, False),
    ('ticket.code == "workaround"', {"code": "workaround"}, True),
    ('ticket.code != "workaround"', {}, True),
    ("ticket.code == null", {}, True),
    ("ticket.code != null", {"code": "x"}, True),
    ("ticket.users > 10", {"users": 11}, True),
    ("ticket.users > 10", {"users": 10}, False),
    ("ticket.users >= 10", {"users": 10}, True),
    ("ticket.users < 10", {}, False),
    ("ticket.major", {"major": True}, True),
    ("ticket.major", {"major": False}, False),
    ("ticket.major == true", {"major": True}, True),
    ('not ticket.major and ticket.code == "a"', {"major": False, "code": "a"}, True),
    ('not ticket.major and ticket.code == "a"', {"major": True, "code": "a"}, False),
    ('ticket.major or ticket.code in ["a"]', {"code": "a"}, True),
    ("true", {}, True),
]
ASKED = frozenset({"impact", "code", "users", "major"})
