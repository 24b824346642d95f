"""The demo desk's service requests: laptops, access and repairs, in the hands of different people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bootstrap.demo_story import Fields, Story


def request_stories() -> Iterator[Story]:
    """Some wait for an approval, some for work, some are done."""
    nothing: Fields = {}
    until = (datetime.now(UTC) + timedelta(days=60)).replace(hour=10, minute=0, second=0, microsecond=0)
    ends = until.isoformat().replace("+00:00", "Z")
    # ---- laptops
    yield Story(
        95,
        "alice",
        {
            "title": "Laptop for our new colleague",
            "model": "standard_14",
            "justification": "Li Na joins the sales team on Monday.",
        },
        (("maria", "approve", nothing), ("deng", "take", nothing)),
        process="laptop",
    )
    yield Story(
        58,
        "zhangmin",
        {
            "title": "剪辑视频用的高性能笔记本",
            "model": "power_16",
            "justification": "现有电脑无法导出 4K 视频。",
        },
        process="laptop",
    )
    yield Story(
        72,
        "hannah",
        {
            "title": "Workstation for rendering",
            "model": "workstation_17",
            "justification": "Product pictures take all night.",
        },
        (("maria", "reject", {"comment": "Please use the render server, it has time at night."}),),
        process="laptop",
    )
    # ---- access
    yield Story(
        66,
        "hannah",
        {
            "title": "Posting rights in the ERP",
            "service": "erp",
            "privileged": False,
            "access_until": ends,
            "justification": "I stand in for Chen Jie in accounting.",
        },
        (("maria", "approve", nothing), ("xu", "approve", nothing), ("deng", "take", nothing)),
        process="access",
    )
    yield Story(
        20,
        "alice",
        {
            "title": "Administrator of the VPN gateway",
            "service": "vpn",
            "privileged": True,
            "access_until": ends,
            "justification": "To help the network team with the new certificates.",
        },
        (("maria", "approve", nothing),),
        process="access",
    )
    # ---- repairs
    yield Story(
        31,
        "victor",
        {
            "title": "Display flickers when the lid moves",
            "asset": "NB-0818",
            "fault": "Since this morning; worse when it is warm.",
            "replacement": True,
        },
        (("deng", "take", nothing), ("emma", "complete:lend", nothing)),
        process="asset_repair",
    )
    yield Story(
        15,
        "zhangmin",
        {"title": "笔记本电池鼓包", "asset": "NB-0816", "fault": "底盖已被顶起，已停止充电。"},
        process="asset_repair",
    )
    yield Story(
        104,
        "alice",
        {"title": "Monitor does not wake up", "asset": "MO-0133", "fault": "Only pulling the plug helps."},
        (
            ("emma", "take", nothing),
            ("emma", "complete:diagnose", {"repair_cost": 0}),
            ("emma", "complete:repair", nothing),
            ("emma", "complete:return_it", nothing),
        ),
        process="asset_repair",
    )
