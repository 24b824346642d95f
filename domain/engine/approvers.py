"""Who decides: a stage's selectors become a question to the directory, and the directory's answer people.

The question is an effect with queries in lowered form; its answer comes back as an event, as a pick's does (ADR 0013).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, Protocol

from domain.engine.approval_state import Lookup, StandIn
from domain.engine.draft import Draft
from domain.engine.events import ApproversFound
from domain.engine.people import lower
from domain.engine.plan import Sitting
from domain.engine.ticket import Json

KIND = "approvers"
OF_STAGE = "stage:"
FARTHEST = 8
"""How far a chain of people who are away is followed."""


class People(Protocol):
    """The directory, as far as approvals ask it."""

    def ids(self, queries: Sequence[str], now: datetime) -> list[str]:
        """The people that lowered queries name, each once, in order."""
        ...

    def stand_ins(self, person: str, now: datetime) -> tuple[StandIn, ...]:
        """Who decides in somebody's place: those they named, with dates; their manager while they are away."""
        ...


def look_up(
    draft: Draft,
    name: str,
    sitting: Sitting,
    wanted: Iterable[str],
    purpose: Literal["open", "nobody", "add"],
) -> None:
    """Ask who these selectors stand for."""
    run, rule = draft.approvals[name], sitting.rule
    number = run.asked + 1
    stage = run.stages[sitting.id]
    stage = replace(stage, lookups=(*stage.lookups, Lookup(number, purpose)))
    draft.approvals[name] = replace(run, asked=number, stages={**run.stages, sitting.id: stage})

    def queries(selectors: Iterable[str]) -> list[Json]:
        return list(lower(draft.definition, selectors, draft.fields, draft.known))

    data: dict[str, Json] = {
        "approval": name,
        "stage": sitting.id,
        "lookup": number,
        "approvers": queries(wanted),
        "exclude": queries(one for one in rule.exclude if not one.startswith(OF_STAGE)),
        "veto": queries(rule.veto),
        "weights": [queries(line.who) for line in rule.weights],
        "delegate": rule.delegate,
    }
    draft.ask_outside(KIND, sitting.path, data=data)


def errand_of(approval: str, lookup: object) -> str:
    """The name under which a question is remembered until its answer is in the journal."""
    return f"approvers {approval} {lookup}"


def answer(data: dict[str, Json], people: People, now: datetime) -> ApproversFound:
    """The answer to a question; `now` is when it was asked, so that asking later finds the same shifts on call."""

    def ids(name: str) -> tuple[str, ...]:
        return tuple(people.ids(_texts(data.get(name)), now))

    approvers, veto = ids("approvers"), ids("veto")
    lines = data.get("weights")
    found = {
        person: stand_ins
        for person in dict.fromkeys((*approvers, *veto))
        if data.get("delegate") and (stand_ins := people.stand_ins(person, now))
    }
    return ApproversFound(
        approval=str(data["approval"]),
        stage=str(data["stage"]),
        lookup=int(str(data["lookup"])),
        asked_at=now,
        approvers=approvers,
        excluded=ids("exclude"),
        veto=veto,
        weights=tuple(tuple(people.ids(_texts(line), now)) for line in lines)
        if isinstance(lines, list)
        else (),
        stand_ins=found,
    )


def nobody_found(data: dict[str, Json], now: datetime) -> ApproversFound:
    """The answer when the directory cannot be asked at all."""
    return ApproversFound(str(data["approval"]), str(data["stage"]), int(str(data["lookup"])), now)


def stand_ins_of(
    person: str,
    named: Iterable[StandIn],
    *,
    away: Callable[[str], bool],
    manager: Callable[[str], str],
    now: datetime,
) -> tuple[StandIn, ...]:
    """Who decides in somebody's place: those they named, for their time; while they are away, who is above them.

    Everybody above who is not away is given, the nearest first: those who may not decide here are passed over.
    """
    found = [one for one in named if (one.until_at is None or one.until_at > now) and not away(one.person)]
    if away(person):
        above = person
        for _ in range(FARTHEST):
            above = manager(above)
            if not above or above == person:
                break
            if not away(above):
                found.append(StandIn(above))
    return tuple(found)


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []
