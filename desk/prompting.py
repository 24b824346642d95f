"""In a worker: what one ticket asks of another is carried on at once. The sweeper would find it, seconds later."""

from __future__ import annotations

import asyncio

from desk.running import Runs
from desk.sending import Sender
from desk.tools import Tools


class Prompter:
    """Sends messages to linked tickets, and starts runs of tickets that were opened by others.

    Built on the loop it works on; its methods are called from the threads of activities.
    """

    def __init__(self, tools: Tools) -> None:
        self._loop = asyncio.get_running_loop()
        self._runs = Runs(tools)
        self._sender = Sender(tools, self._runs)

    def told(self, ticket: str) -> None:
        """A command was logged on a ticket: send it."""
        self._loop.call_soon_threadsafe(self._sender.pump, ticket)

    def opened(self, ticket: str) -> None:
        """A ticket was opened: start its run, if it has none yet."""
        self._loop.call_soon_threadsafe(self._runs.start_owed_soon, ticket)

    async def close(self) -> None:
        """Stop; what is left is found by the sweeper."""
        await self._sender.close()
        await self._runs.close()
