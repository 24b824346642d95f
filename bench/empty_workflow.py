"""The workflow of the bare Temporal floor. In a module of its own: Temporal's sandbox imports it again for each run."""

from __future__ import annotations

from temporalio import workflow

QUEUE = "bench-bare"


@workflow.defn
class Empty:
    """A workflow that holds a snapshot and counts updates."""

    @workflow.init
    def __init__(self, snapshot: dict[str, str]) -> None:
        self._count = 0

    @workflow.run
    async def run(self, snapshot: dict[str, str]) -> None:
        """Until it is cancelled."""
        await workflow.wait_condition(lambda: False)

    @workflow.update
    def bump(self, number: int) -> int:
        """Count."""
        self._count += 1
        return self._count

    @workflow.query
    def count(self) -> int:
        """How far it counted."""
        return self._count
