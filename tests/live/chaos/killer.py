"""Kills processes at random moments, from one seed."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.live.chaos.clients import Crowd
from tests.live.chaos.installation import PARTS, Installation

LONG = (10.0, 14.0)  # seconds that Temporal stays down in a long outage, while intake goes on
LATE = (66.0, 80.0)  # in the long form, once: late by what the engine calls late
_LONG_EVERY = 20  # kills
LONG_FORM = 100  # kills: from here on the long form
_SAY_EVERY = 20  # kills
_FLOWS_WITHIN = 20.0  # seconds; a machine that is too busy for that gets its kills anyway


@dataclass
class Killer:
    """What is killed when. Everything comes from `chance`, as far as processes can be told when to run."""

    installation: Installation
    crowd: Crowd
    chance: random.Random
    wanted: int
    kills: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    outages: list[tuple[float, float]] = field(
        default_factory=list
    )  # long ones of Temporal, the API untouched

    async def run(self) -> None:
        """Kill until there were as many kills as wanted. Killing all three at once is one."""
        late_at = self.wanted // 2 if self.wanted >= LONG_FORM else None
        said = 0
        while self.kills < self.wanted:
            if self.kills >= said + _SAY_EVERY:
                said = self.kills
                print(
                    f"  {said} kills, {len(self.crowd.tickets)} tickets, {len(self.crowd.told)} answers",
                    flush=True,
                )
            if self.chance.random() < 0.6:  # else whatever is just starting may be killed again
                await self._until_work_flows()
            await asyncio.sleep(self.chance.uniform(0.0, 1.6))
            if self.kills == late_at:
                await self._outage(self.chance.uniform(*LATE))
            elif self.kills % _LONG_EVERY == _LONG_EVERY // 2:
                await self._outage(self.chance.uniform(*LONG))
            else:
                self._strike()

    async def _until_work_flows(self) -> None:
        """Wait until a command that was sent after the last kill has been settled: everything works again."""
        last = until = time.monotonic()
        until += _FLOWS_WITHIN
        while self.crowd.settled_at < last and time.monotonic() < until:
            await asyncio.sleep(0.05)

    def _strike(self) -> None:
        victims = self.chance.choice(
            (("worker",), ("worker",), ("temporal",), ("temporal",), ("api",), PARTS)
        )
        self._kill(victims)

    def _kill(self, victims: tuple[str, ...]) -> None:
        hit = [
            part for part in victims if self.installation.kill(part, self.chance.choice((0.0, 0.2, 1.0, 2.0)))
        ]
        self.killed.update(hit)
        self.kills += bool(hit)

    async def _outage(self, seconds: float) -> None:
        """Temporal is away for long, the API is there: tickets are opened and commands accepted all the while."""
        await self._until_work_flows()
        self.installation.kill("temporal", seconds)
        self.killed["temporal"] += 1
        self.kills += 1
        begun = time.monotonic()
        self.crowd.outage = True
        while time.monotonic() < begun + seconds - 1.0:
            await asyncio.sleep(
                min(self.chance.uniform(1.0, 5.0), max(begun + seconds - time.monotonic(), 0.1))
            )
            if time.monotonic() < begun + seconds - 1.0 and self.chance.random() < 0.5:
                self._kill(("worker",))
        self.crowd.outage = False
        self.outages.append((begun, begun + seconds - 0.2))
