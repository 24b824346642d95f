"""What the desk needs of Temporal. `workflows.client.TicketClient` is the real one; tests bring a faithful fake."""

from __future__ import annotations

from typing import Protocol

from workflows.messages import Answer, Send, TicketStart


class Tickets(Protocol):
    """Ticket workflows. Every method may raise `workflows.client.TemporalUnavailable`."""

    async def start(self, ticket_id: str, start: TicketStart, *, claim: bool) -> None:
        """Start a run. Raises AlreadyRunning."""

    async def send(self, ticket_id: str, send: Send) -> Answer:
        """Send one command. Raises NoRun, SendRejected."""

    async def tick(self, ticket_id: str) -> None:
        """Make the run look at the clock. Raises NoRun."""

    async def snapshot(self, ticket_id: str) -> TicketStart:
        """The whole state of the run. Raises NoRun."""

    async def failures_in_a_row(self, ticket_id: str) -> int:
        """How often the open run has failed at what it is doing now."""

    async def is_reachable(self) -> bool:
        """Whether Temporal answers at all."""

    async def has_workers(self) -> bool:
        """Whether a worker has asked for work lately."""
