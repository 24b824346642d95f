"""Opening the tickets that a ticket asks for."""

from __future__ import annotations

import logging
from collections.abc import Callable

from temporalio import activity

from desk.children import Wanted, open_child
from desk.tools import Writing
from domain.errors import DefinitionUnknown, Refused
from store.together import Together
from workflows.messages import ChildTicket, OpenChild

log = logging.getLogger(__name__)


class Children:
    """The `open_child` activity: asked again, it gives the same ticket."""

    def __init__(
        self, writes: Together, tools: Writing, opened: Callable[[str], None] = lambda ticket: None
    ) -> None:
        self._writes = writes
        self._tools = tools
        self._opened = opened  # the ticket with this id has a run to be started

    @activity.defn(name="open_child")
    def open_child(self, request: OpenChild) -> ChildTicket:
        """The ticket, or why its process does not open one. Raises Unavailable, which is tried again."""
        wanted = Wanted(request.ticket_id, request.seq, request.index, request.data)
        try:
            child = self._writes.write(lambda session: open_child(session, self._tools, wanted))
        except (Refused, DefinitionUnknown) as refused:
            log.warning("ticket not opened", extra={"ticket": request.ticket_id, "why": str(refused)})
            return ChildTicket(error=str(refused))
        self._opened(child.ticket)
        return ChildTicket(child.ticket, child.ref, category=child.category)
