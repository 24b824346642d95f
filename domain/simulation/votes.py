"""Approvers: who is asked answers after a while, as the profile says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.calendars import ALWAYS, Calendars, due
from domain.engine.approval_state import Seat, Stage
from domain.engine.events import Vote
from domain.engine.plan import Sitting, plan_of
from domain.language.definition import Definition
from domain.language.models import FormEntry
from domain.simulation.casework import Casework
from domain.simulation.dice import Dice, Streams, weighted
from domain.simulation.jobs import Case
from domain.simulation.organisation import Organisation
from domain.simulation.profile import OfApproval
from domain.simulation.timeline import LATER, Timeline

SAID = "simulated"


@dataclass(frozen=True, slots=True)
class Votes:
    """Plans the answers of those who sit in open stages. Who is away answers when they are back, or who stands in."""

    definition: Definition
    organisation: Organisation
    casework: Casework
    calendars: Calendars
    timeline: Timeline
    streams: Streams

    def plan(self, case: Case) -> None:
        """Plan an answer for every seat that has none and none planned."""
        for name, run in case.ticket.approvals.items():
            conduct = self.casework.conducts.approvals.get(name)
            if run.state != "pending" or conduct is None:
                continue
            for stage_id, stage in run.stages.items():
                for seat in stage.seats:
                    key = (name, run.round, stage_id, seat.person)
                    if stage.state == "open" and _is_asked(seat) and key not in case.asked:
                        case.asked.add(key)
                        self._plan_one(case, conduct, key)

    def _plan_one(self, case: Case, conduct: OfApproval, key: tuple[str, int, str, str]) -> None:
        dice = self.streams(f"{case.number}/vote/{'/'.join(map(str, key))}")
        amount = timedelta(seconds=max(1, round(conduct.after.draw(dice))))
        calendar = self.calendars.get(conduct.calendar or "", ALWAYS)
        at = due(calendar, self.timeline.now, amount)
        if at is not None:
            self.timeline.plan(at, LATER, self._answer, case, conduct, key, dice)

    def _answer(self, case: Case, conduct: OfApproval, key: tuple[str, int, str, str], dice: Dice) -> None:
        """Somebody answers, if they are still asked; what is refused is tried in another way, as often as there are
        ways.
        """
        name, round_, stage_id, person = key
        run = case.ticket.approvals.get(name)
        stage = run.stages.get(stage_id) if run is not None and run.round == round_ else None
        if run is None or run.state != "pending" or stage is None or not _waits_for(stage, person):
            return
        voter = person
        if self.organisation.is_away(person):
            voter = next(seat.turn_of(self.timeline.now) for seat in stage.seats if seat.person == person)
            back = self.organisation.workers[person].away_until
            if voter == person and back is not None:
                self.timeline.plan(back, LATER, self._answer, case, conduct, key, dice)
                return
        sitting = plan_of(self.definition).sittings[name][stage_id]
        offered = sitting.rule.offered
        left = [one for one in conduct.answers.items() if one[0] in offered and one[1] > 0]
        while left:
            answer = weighted(dice, left)
            form = self._form(sitting, answer)
            if not self.casework.vote(case, voter, Vote(name, answer, SAID, stage_id), form):
                return
            left = [one for one in left if one[0] != answer]

    def _form(self, sitting: Sitting, name: str) -> dict[str, FormEntry]:
        answer = sitting.rule.offered[name]
        ask = (
            answer.ask
            if answer.ask is not None
            else (sitting.rule.ask if answer.counts == "approve" else None)
        )
        return dict(self.definition.form(ask))


def _is_asked(seat: Seat) -> bool:
    """Whether the seat has not answered; those who may only veto do so only in the profile of nobody."""
    return not seat.answer and seat.kind != "veto"


def _waits_for(stage: Stage, person: str) -> bool:
    return stage.state == "open" and any(seat.person == person and _is_asked(seat) for seat in stage.seats)
