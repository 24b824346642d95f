"""Questions to the directory: the person of a team, the approvers of a stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from temporalio import activity

from domain.engine import approvers
from domain.engine.events import ApproversFound
from domain.engine.following import known_of
from store import directory, picks
from store.session import Session
from store.together import Together
from workflows.messages import FindApprovers, Pick, PickedPerson


class People:
    """The `pick` activity, which asked again gives the same answer from its reservation, and `find_approvers`."""

    def __init__(self, writes: Together, clock: Callable[[], datetime]) -> None:
        self._writes = writes
        self._clock = clock

    @activity.defn(name="pick")
    def pick(self, request: Pick) -> PickedPerson:
        """Who gets the ticket, and what conditions may read of them. Raises Unavailable, which is tried again."""
        return self._writes.write(lambda session: self._pick(session, request))

    @activity.defn(name="find_approvers")
    def find_approvers(self, request: FindApprovers) -> ApproversFound:
        """Who the selectors of a stage stand for. Raises Unavailable, which is tried again."""
        return self._writes.write(
            lambda session: approvers.answer(request.data, directory.current(session), request.asked_at)
        )

    def _pick(self, session: Session, request: Pick) -> PickedPerson:
        person = picks.pick(
            session,
            request.ticket_id,
            request.seq,
            request.index,
            team=request.team,
            how=request.how,
            skills=request.skills,
            now=self._clock(),
        )
        here = directory.current(session)
        return PickedPerson(person, known_of(person, request.follow, here.named))
