"""Plays the cases of a test file on the virtual clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.engine.actions import actions
from domain.engine.entries import Entry
from domain.errors import FieldError, Refused, TicketUnknown
from domain.language.definition import Definition
from domain.language.models import CreateTicket
from domain.language.models_tests import Case, World
from domain.language.suggest import nearest
from domain.language.walker import parts
from domain.rehearsal.expectations import Difference, Seen, differences, unexpected_refusal
from domain.rehearsal.script import CaseInvalid, Opening, Play, plays
from domain.rehearsal.virtual_desk import VirtualDesk
from domain.rehearsal.world import WorldDirectory


@dataclass(frozen=True, slots=True)
class Failure:
    """A step that did not come out as expected.

    `step` counts from 0; `at` is its time, `seen` how many journal entries there were. A step that could not be played
    has a `reason` instead of differences.
    """

    step: int
    at: datetime
    seen: int
    differences: tuple[Difference, ...] = ()
    reason: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """What is wrong, one line each."""
        return (self.reason,) if self.reason else tuple(map(str, self.differences))


@dataclass(slots=True)
class CaseResult:
    """How a case went: its failures, the journal it wrote, and who stood behind the queries in it."""

    name: str
    zone: ZoneInfo
    people: Callable[[Iterable[str]], tuple[str, ...]]
    failures: list[Failure] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every step came out as expected."""
        return not self.failures


def refusal_words(entry: Entry) -> str | None:
    """Why an entry was refused, in one line; None when it was accepted."""
    if entry.result == "done" or entry.refusal is None:
        return None
    refusal = entry.refusal
    fields = "; ".join(
        str(FieldError(str(error["field"]), str(error["code"]), str(error["message"])))
        for error in refusal.errors
    )
    return fields or refusal.text.get("en") or next(iter(refusal.text.values()), refusal.code)


@lru_cache(maxsize=8)
def opened_by(definition: Definition) -> tuple[str, ...]:
    """The processes it opens tickets of: in a case they are there, whatever is published where it is played."""
    return tuple(str(part.process) for _, part in parts(definition.process) if isinstance(part, CreateTicket))


def run_case(
    case: Case,
    definition: Definition,
    world: World,
    published: Iterable[str] = (),
    *,
    earlier: Definition | None = None,
    stop_early: bool = False,
) -> CaseResult:
    """Play one case, to its end or (`stop_early`) to its first failure.

    `earlier`: the version its ticket is opened with, where the case says so. A case that cannot be played as written
    fails at the step that cannot.
    """
    zone = ZoneInfo(world.time_zone)
    first = earlier or definition
    others = (*published, *opened_by(first), *opened_by(definition))
    desk = VirtualDesk(first, WorldDirectory(case.given.over(world)), others, onto=definition)
    result = CaseResult(case.name, zone, desk.directory.people)
    at = datetime.min.replace(tzinfo=UTC)
    try:
        steps = plays(case, definition, zone, earlier)
        if steps and not any(isinstance(play.act, Opening) for play in steps):
            desk.waits_since = steps[0].at - timedelta(
                seconds=1
            )  # a turn at the first step's time is one of the case
        for play in steps:
            at = play.at
            _play(play, desk, world, result)
            if result.failures and stop_early:
                break
    except CaseInvalid as invalid:
        result.failures.append(Failure(invalid.step, at, len(desk.journal), reason=str(invalid)))
    result.journal = desk.journal
    return result


def _play(play: Play, desk: VirtualDesk, world: World, result: CaseResult) -> None:
    looked = len(result.journal)
    desk.advance_to(play.at)
    refused: str | None = None
    if play.act is not None:
        _check_order(play, desk)
        try:
            refused = refusal_words(desk.act(play.person, play.act, play.at))
        except (Refused, TicketUnknown) as error:
            refused = str(error)
    if refused is not None:
        refused += _perhaps_misspelt(play.person, world)
    if play.expect is None:
        if refused is not None:
            difference = unexpected_refusal(refused)
            result.failures.append(Failure(play.index, play.at, len(desk.journal), (difference,)))
        return
    seen = Seen(
        definition=desk.definition,
        ticket=desk.ticket,
        at=play.at,
        zone=result.zone,
        entries=tuple(desk.journal[looked:]),
        people=desk.directory.people,
        called=desk.directory.called,
        refused=refused,
        may=lambda person: _may(desk, person, play),
    )
    result.journal = list(desk.journal)  # from here on the next expectation looks
    found = differences(play.expect, seen)
    if found:
        result.failures.append(Failure(play.index, play.at, len(desk.journal), tuple(found)))


def _perhaps_misspelt(person: str | None, world: World) -> str:
    """Who may have been meant by somebody that the file's world does not name."""
    near = None if not person or person in world.people else nearest(person, world.people)
    return f"; {person} is not in given.people, did you mean {near}?" if near else ""


def _check_order(play: Play, desk: VirtualDesk) -> None:
    if isinstance(play.act, Opening) and desk.ticket is not None:
        raise CaseInvalid(play.index, "create: a case has one ticket, and it is open; write another case")
    if not isinstance(play.act, Opening) and desk.ticket is None:
        raise CaseInvalid(play.index, _no_ticket(desk))


def _no_ticket(desk: VirtualDesk) -> str:
    if desk.definition.process.schedule:
        return "there is no ticket yet; begin with create, or let time pass until a schedule opens one"
    return "there is no ticket yet; begin with create"


def _may(desk: VirtualDesk, person: str, play: Play) -> tuple[str, ...]:
    if desk.ticket is None:
        return ()
    found = actions(desk.definition, desk.ticket, desk.facts(person), play.at)
    return tuple(action.name for action in found if action.available)
