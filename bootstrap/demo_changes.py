"""The demo desk's changes: one scheduled, one before the board, one with its reviewers, one still a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bootstrap.demo_story import Fields, Story

_SATURDAY = 5


def change_stories() -> Iterator[Story]:
    """Planned for Saturday nights to come; one that falls into a freeze is refused there, as anybody's would be."""
    vote: Fields = {"approval": "cab"}
    yield Story(
        84,
        "jonas",
        _change(
            "Renew the certificate of the web shop", "shop", "standard", standard_template="cert_renewal"
        ),
        (("jonas", "submit", {**_window(1, hours=1.5), "plan": "Runbook 7.", "outage_expected": False}),),
        process="change",
    )
    careful: Fields = {
        "plan": "Second gateway first, then switch over, then the first one.",
        "backout_plan": "Switch back; the old gateway stays in the rack for a week.",
        "outage_expected": True,
        "touches_security": False,
        "tested": True,
        "test_evidence": "Switched over twice in the lab.",
    }
    yield Story(
        77,
        "wang",
        _change("Replace the VPN gateways", "vpn", "normal", impact="significant"),
        (
            ("wang", "submit", {**_window(2, hours=5), **careful}),
            ("liu", "approve", vote),
            ("olga", "approve", vote),
            ("xu", "approve", {**vote, "comment": "Please tell the night shift."}),
        ),
        process="change",
    )
    yield Story(
        41,
        "tang",
        _change("把 ERP 数据库升级到新版本", "erp", "normal", impact="significant"),
        (
            (
                "tang",
                "submit",
                {
                    **_window(2, hours=4),
                    "plan": "按升级手册第 3 章执行。",
                    "backout_plan": "恢复升级前的快照。",
                    "outage_expected": True,
                },
            ),
        ),
        process="change",
    )
    yield Story(
        23, "tom", _change("Move the mail archive to new storage", "mail", "normal"), process="change"
    )


def _change(title: str, service: str, kind: str, **more: str) -> Fields:
    given: Fields = {"change_type": kind, "impact": "minor", "urgency": "low", "reason": "End of support."}
    return {"title": title, "service": service, **given, **more}


def _window(weeks: int, *, hours: float) -> Fields:
    """Saturday 22:00 in Shanghai, so many weeks on."""
    today = datetime.now(UTC).replace(hour=14, minute=0, second=0, microsecond=0)
    start = today + timedelta(days=(_SATURDAY - today.weekday()) % 7, weeks=weeks)
    ends = start + timedelta(hours=hours)
    return {"planned_start": _json(start), "planned_end": _json(ends)}


def _json(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
