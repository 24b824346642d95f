"""Approvals on a ticket's page: who is asked, who answered what, and the reader's own ballot papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desk.values import FieldView, TicketView
from domain.engine.ticket import Json
from domain.errors import FormInvalid
from web.clocks import words_of
from web.forms import Asked, as_instant, explain
from web.sheet import Attempt
from web.texts import Texts

_TONES = {"approve": "primary", "reject": "danger"}

Ask = Callable[[Sequence[FieldView], Attempt | None, str], Asked]
"""Builds a form: fields, the refused attempt if there was one, and a scope for ids."""


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One person of a stage. `asked` is who answers for them meanwhile, "" when they do it themselves."""

    person: str
    asked: str
    only_rejects: bool
    answer: str
    said: str
    by: str
    at: datetime | None
    comment: str


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage that was reached."""

    label: str
    state: str
    state_words: str
    lapses_at: datetime | None
    seats: tuple[SeatLine, ...]


@dataclass(frozen=True, slots=True)
class AnswerButton:
    """An answer to press; `look` is its colour."""

    name: str
    label: str
    look: str
    comment_required: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A ballot paper of the reader: the panel's name, whose seat it is when it is not their own, and the form."""

    panel: str
    stage: str
    stage_label: str
    on_behalf: str
    given: str
    answers: tuple[AnswerButton, ...]
    asked: Asked
    comment: str
    comment_error: str
    said: str


@dataclass(frozen=True, slots=True)
class ApprovalBlock:
    """An approval as it is drawn."""

    name: str
    label: str
    state: str
    state_words: str
    hash: str
    comment: str
    stages: tuple[StageLine, ...]
    papers: tuple[Paper, ...]


def approval_blocks(
    view: TicketView, reader: str, texts: Texts, ask: Ask, attempt: Attempt | None
) -> list[ApprovalBlock]:
    """Every approval that was requested; those that wait for the reader first."""
    blocks = [_block(one, reader, texts, ask, attempt) for one in view.approvals]
    return sorted(blocks, key=lambda block: (not block.papers, block.state != "pending"))


def has_panel(view: TicketView, panel: str) -> bool:
    """Whether a ballot paper is still there."""
    return any(
        _panel(one, paper) == panel for one in view.approvals for paper in _mappings(one.get("ballots"))
    )


def vote_form(view: TicketView, approval: str, stage: str, texts: Texts) -> tuple[FieldView, ...]:
    """The fields a ballot paper asks for, whatever the answer; () when there is no such paper."""
    for one in view.approvals:
        for paper in _mappings(one.get("ballots")):
            if one.get("name") == approval and paper.get("stage") == stage:
                return _fields(paper, texts)
    return ()


def _block(
    run: Mapping[str, Json], reader: str, texts: Texts, ask: Ask, attempt: Attempt | None
) -> ApprovalBlock:
    stages = {str(one["id"]): one for one in _mappings(run.get("stages"))}
    labels = {id: words_of(one.get("label"), texts) for id, one in stages.items()}
    state = str(run["state"])
    return ApprovalBlock(
        name=str(run["name"]),
        label=words_of(run.get("label"), texts),
        state=state,
        state_words=_state_words(state, texts),
        hash=str(run.get("hash") or ""),
        comment=str(run.get("comment") or ""),
        stages=tuple(_stage(one, labels[id], texts) for id, one in stages.items()),
        papers=tuple(
            _paper(run, paper, labels, reader, texts, ask, attempt) for paper in _mappings(run.get("ballots"))
        ),
    )


def _stage(stage: Mapping[str, Json], label: str, texts: Texts) -> StageLine:
    state = str(stage["state"])
    return StageLine(
        label=label,
        state=state,
        state_words=_state_words(state, texts),
        lapses_at=as_instant(stage.get("lapses_at")),
        seats=tuple(_seat(one, texts) for one in _mappings(stage.get("seats"))),
    )


def _seat(seat: Mapping[str, Json], texts: Texts) -> SeatLine:
    person, asked, by = _name(seat.get("person")), _name(seat.get("asked")), _name(seat.get("by"))
    return SeatLine(
        person=person,
        asked=asked if asked != person else "",
        only_rejects=seat.get("kind") == "veto",
        answer=str(seat.get("answer") or ""),
        said=words_of(seat.get("answer_label"), texts),
        by=by if by != person else "",
        at=as_instant(seat.get("at")),
        comment=str(seat.get("comment") or ""),
    )


def _paper(
    run: Mapping[str, Json],
    paper: Mapping[str, Json],
    labels: Mapping[str, str],
    reader: str,
    texts: Texts,
    ask: Ask,
    attempt: Attempt | None,
) -> Paper:
    panel, stage = _panel(run, paper), str(paper["stage"])
    mine = attempt if attempt is not None and attempt.panel == panel else None
    person = paper.get("person")
    own = isinstance(person, Mapping) and person.get("id") == reader
    answers = tuple(
        AnswerButton(
            name=str(one["answer"]),
            label=words_of(one.get("label"), texts),
            look=_TONES.get(str(one["answer"]), ""),
            comment_required=bool(one.get("comment_required")),
        )
        for one in _mappings(paper.get("answers"))
    )
    given = next((one.label for one in answers if one.name == paper.get("given")), "")
    return Paper(
        panel=panel,
        stage=stage,
        stage_label=labels.get(stage, stage),
        on_behalf="" if own else _name(person),
        given=given,
        answers=answers,
        asked=ask(_fields(paper, texts), _without_comment(mine), f"{panel}-"),
        comment=mine.told.typed.get("comment", ("",))[0] if mine else "",
        comment_error=next((explain(one, (), texts) for one in mine.errors if one.field == "comment"), "")
        if mine
        else "",
        said=mine.said(texts) if mine else "",
    )


def _fields(paper: Mapping[str, Json], texts: Texts) -> tuple[FieldView, ...]:
    """What any of the answers asks for; what only some of them need says so, since one form serves all."""
    forms = [
        (words_of(one.get("label"), texts), [field for field in form if isinstance(field, FieldView)])
        for one in _mappings(paper.get("answers"))
        if isinstance(form := one.get("form"), list | tuple)
    ]
    found: dict[str, FieldView] = {}
    for field in (field for _, form in forms for field in form):
        needed = [
            label for label, form in forms if any(one.name == field.name and one.required for one in form)
        ]
        everywhere = len(needed) == len(forms)
        words = {"*": texts("vote.needed_for", answers=texts("join.or").join(needed))}
        help = field.help if everywhere or not needed else words
        found.setdefault(field.name, replace(field, required=everywhere, help=help))
    return tuple(found.values())


def _without_comment(attempt: Attempt | None) -> Attempt | None:
    """The comment is no field of the form; what is wrong with it stands beside it."""
    if attempt is None or not isinstance(attempt.error, FormInvalid):
        return attempt
    return replace(attempt, error=FormInvalid([one for one in attempt.errors if one.field != "comment"]))


def _panel(run: Mapping[str, Json], paper: Mapping[str, Json]) -> str:
    return f"vote-{run.get('name')}-{paper.get('stage')}"


def _state_words(state: str, texts: Texts) -> str:
    key = f"approval.{state}"
    return texts(key) if texts.has(key) else state.replace("_", " ")


def _name(value: Json) -> str:
    return str(value.get("name") or value.get("id") or "") if isinstance(value, Mapping) else ""


def _mappings(value: object) -> list[Mapping[str, Json]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []
