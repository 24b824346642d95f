"""Approvals as people see them: which stage is on, who is asked, who answered what, what the reader may do."""

from __future__ import annotations

from datetime import datetime

from desk.field_views import form_views
from desk.names import Names
from domain.engine.approval_state import Approval, Seat, Stage
from domain.engine.ballot_papers import LABELS, BallotPaper, ballot_papers, may_manage
from domain.engine.events import Facts
from domain.engine.plan import Sitting, plan_of
from domain.engine.ticket import Json, Ticket
from domain.engine.values import instant_json
from domain.language.definition import Definition

View = dict[str, Json]


def approval_views(
    definition: Definition, ticket: Ticket, facts: Facts, names: Names, zone: str, now: datetime
) -> tuple[View, ...]:
    """Every approval that was requested, in the order of the file."""
    papers = ballot_papers(definition, ticket, facts, now) if ticket.approvals else ()
    return tuple(
        _approval(definition, ticket, facts, names, zone, now, name, papers)
        for name in definition.process.approvals
        if name in ticket.approvals
    )


def _approval(
    definition: Definition,
    ticket: Ticket,
    facts: Facts,
    names: Names,
    zone: str,
    now: datetime,
    name: str,
    papers: tuple[BallotPaper, ...],
) -> View:
    run: Approval = ticket.approvals[name]
    sittings = plan_of(definition).sittings[name]
    manages, withdraws = may_manage(definition, ticket, facts, name, now)
    mine: list[Json] = [
        {
            "stage": paper.stage,
            "person": _named(names, paper.person),
            "given": paper.given or None,
            "answers": [
                {
                    "answer": one.name,
                    "label": one.label,
                    "comment_required": one.comment_required,
                    "form": form_views(definition, one.form, ticket.fields, names, zone),
                }
                for one in paper.choices
            ],
            "may_delegate": paper.may_delegate,
            "may_add": paper.may_add,
            "may_return": paper.may_return,
        }
        for paper in papers
        if paper.approval == name
    ]
    return {
        "name": name,
        "label": dict(definition.process.approvals[name].label or {"*": name.replace("_", " ")}),
        "state": run.state,
        "requested_at": instant_json(run.requested_at),
        "decided_at": instant_json(run.decided_at) if run.decided_at else None,
        "decided_by": _named(names, run.decided_by),
        "comment": run.comment or None,
        "hash": run.hash or None,
        "stages": [
            _stage(sitting, run.stages[id], names, now)
            for id, sitting in sittings.items()
            if id in run.stages
        ],
        "ballots": mine,
        "may_manage": manages,
        "may_withdraw": withdraws,
    }


def _stage(sitting: Sitting, stage: Stage, names: Names, now: datetime) -> View:
    label = sitting.rule.label or {"*": sitting.id.replace("_", " ")}
    return {
        "id": sitting.id,
        "label": dict(label),
        "state": stage.state,
        "lapses_at": instant_json(stage.lapse_at) if stage.lapse_at else None,
        "seats": [_seat(sitting, seat, names, now) for seat in stage.seats],
    }


def _seat(sitting: Sitting, seat: Seat, names: Names, now: datetime) -> View:
    answer = sitting.rule.offered.get(seat.answer)
    label = dict(answer.label) if answer is not None and answer.label else LABELS.get(seat.answer)
    asked = seat.turn_of(now)
    return {
        "person": _named(names, seat.person),
        "kind": seat.kind,
        "asked": _named(names, asked),
        "answer": seat.answer or None,
        "answer_label": label or ({"*": seat.answer} if seat.answer else None),
        "by": _named(names, seat.by),
        "at": instant_json(seat.at) if seat.at else None,
        "comment": seat.comment or None,
    }


def _named(names: Names, person: str) -> Json:
    return {"id": person, "name": names.of("person", person)} if person else None
