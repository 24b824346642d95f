"""Choosing the person of a team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from temporalio import activity

from store import directory, picks
from store.session import Session
from store.together import Together
from workflows.messages import Pick, PickedPerson


class People:
    """The `pick` activity: asked again, it gives the same answer, from its reservation."""

    def __init__(self, writes: Together, clock: Callable[[], datetime]) -> None:
        self._writes = writes
        self._clock = clock

    @activity.defn(name="pick")
    def pick(self, request: Pick) -> PickedPerson:
        """Who gets the ticket, and what conditions may read of them. Raises Unavailable, which is tried again."""
        return self._writes.write(lambda session: self._pick(session, request))

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
        known = directory.current(session).thing("person", person) if person else None
        return PickedPerson(person, {f"person:{person}": known} if known else {})
