"""An approval as the desk shows it: a first stage that agreed, and a board that is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from desk.values import FieldView
from domain.engine.events import Vote


def t(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-CN": zh}


_LABELS: dict[str, Any] = {
    "approve": t("Approve", "同意"),
    "reject": t("Reject", "拒绝"),
}


def approval(now: datetime, reader: str, votes: Mapping[str, Vote]) -> dict[str, Any]:
    """`votes` are those of the board, by person; `reader` gets a ballot paper when they sit there."""

    def seat(id: str, name: str, answer: str = "", comment: str = "", **more: Any) -> dict[str, Any]:
        person: Any = {"id": id, "name": name}
        at = (now - timedelta(minutes=20)).isoformat() if answer else None
        label = _LABELS.get(answer)
        drawn: dict[str, Any] = {
            "person": person,
            "asked": person,
            "answer": answer or None,
            "by": None,
            "at": at,
        }
        return {**drawn, "kind": "member", "answer_label": label, "comment": comment or None, **more}

    def board_seat(id: str, name: str, **more: Any) -> dict[str, Any]:
        vote = votes.get(id)
        return seat(id, name, vote.answer if vote else "", vote.comment if vote else "", **more)

    form = (FieldView("cost_centre", t("Cost centre", "成本中心"), {}, "text", None, {}, required=True),)
    paper = {
        "stage": "board",
        "person": {"id": reader, "name": reader},
        "given": votes[reader].answer if reader in votes else None,
        "answers": [
            {"answer": "approve", "label": _LABELS["approve"], "comment_required": False, "form": form},
            {"answer": "reject", "label": _LABELS["reject"], "comment_required": True, "form": ()},
        ],
    }
    return {
        "name": "cab",
        "label": t("Change approval", "变更审批"),
        "state": "pending",
        "hash": "abc",
        "comment": None,
        "stages": [
            {
                "id": "peer",
                "label": t("Technical review", "技术评审"),
                "state": "approved",
                "lapses_at": None,
                "seats": [seat("deng", "Deng Rui", "approve", "Rolled back twice in the laboratory.")],
            },
            {
                "id": "board",
                "label": t("Change advisory board", "变更咨询委员会"),
                "state": "open",
                "lapses_at": (now + timedelta(days=3)).isoformat(),
                "seats": [
                    board_seat("zhao", "Zhao Min"),
                    board_seat("hanna", "Hanna Großmann-Oberleitner", kind="veto"),
                    board_seat("mia", "Mia Becker", asked={"id": "liu", "name": "Liu Yang"}),
                ],
            },
        ],
        "ballots": [paper] if reader == "zhao" else [],
    }
