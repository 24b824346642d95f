"""The fields every ticket has."""

from __future__ import annotations

from typing import get_args

from domain.language.models_fields import FieldDef, FieldType
from domain.language.models_process import Process

TEXT_LIMIT = 200
NOTE_LIMIT = 32_000


def _field(type_: FieldType, en: str, zh: str, **more: object) -> FieldDef:
    return FieldDef.model_validate({"type": type_, "label": {"en": en, "zh-CN": zh}, **more})


STORED: dict[str, FieldDef] = {
    "title": _field("text", "Title", "标题", max=TEXT_LIMIT),
    "description": _field("note", "Description", "描述"),
    "requester": _field("person", "Requester", "申请人"),
    "assignee": _field("person", "Assignee", "处理人"),
    "team": _field("team", "Team", "团队"),
    "service": _field("service", "Service", "服务"),
    "asset": _field("asset", "Asset", "资产"),
    "assets": _field("assets", "Assets", "资产清单"),
    "channel": _field("text", "Channel", "渠道"),
    "resolved_at": _field("datetime", "Resolved", "解决时间"),
    "closed_at": _field("datetime", "Closed", "关闭时间"),
    "first_reply_at": _field("datetime", "First reply", "首次回复时间"),
    "reopen_count": _field("number", "Times reopened", "重新打开次数", default=0),
}
"""Kept with the ticket. A process may declare them again, for example with another label."""

PRIORITY_LABEL = {"en": "Priority", "zh-CN": "优先级"}

DERIVED = (
    "id",
    "ref",
    "process",
    "state",
    "entered_at",
    "opened_at",
    "agreement",
    "risk",
    "risk_score",
    "risk_reasons",
)
"""Read by expressions, never set."""

FIELD_TYPES: tuple[str, ...] = get_args(FieldType)


def field_defs(process: Process) -> dict[str, FieldDef]:
    """All stored fields of a process: the built-in ones, then those it declares."""
    fields = dict(STORED)
    if process.priority is not None:
        fields["priority"] = FieldDef.model_validate(
            {"type": "choice", "label": PRIORITY_LABEL, "options": process.priority.levels}
        )
    fields.update(process.fields)
    return fields
