"""The shared time line: what happens next, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

SHIFT, DEADLINE, RESULT, WORKED, LATER, ANSWER, ARRIVAL = range(7)
"""What happens at one instant happens in this order, and of a kind in the order in which it was planned."""


class Timeline:
    """Plans calls for moments. `now` only moves forward."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self._planned: list[tuple[datetime, int, int, Callable[..., object], tuple[Any, ...]]] = []
        self._count = 0

    def plan(self, at: datetime, kind: int, call: Callable[..., object], *arguments: Any) -> None:
        """Call this at a moment; one that is over counts as now."""
        self._count += 1
        heappush(self._planned, (max(at, self.now), kind, self._count, call, arguments))

    def run(self, until: datetime) -> None:
        """Let time pass. What is planned for `until` itself or later does not happen."""
        while self._planned and self._planned[0][0] < until:
            self.now, _, _, call, arguments = heappop(self._planned)
            call(*arguments)
        self.now = until
