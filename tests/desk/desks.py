"""A whole desk for tests: a database, the small process, a little organisation, Temporal in memory."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bootstrap.public_holidays import PublicHolidays
from desk.desk import Desk
from desk.organisation import Organisation, load_organisation
from desk.steps import Steps
from desk.tools import Patience, Tools
from desk.values import Caller, Guard, Settled
from domain.engine.ticket import Json
from domain.language.loader import load_process
from domain.language.published import Published, publish
from store.definitions import Definitions
from store.effects import Gateways
from store.session import Database
from tests.desk.fake_temporal import FakeTemporal

FILES = Path(__file__).parent / "files"
SHIPPED = Path(__file__).parents[2] / "definitions"
START = datetime(2026, 11, 27, 9, 50, tzinfo=UTC)

Result = TypeVar("Result")

QUICK = Patience(
    outcome=timedelta(seconds=3),
    pump=timedelta(milliseconds=300),
    first_retry=timedelta(milliseconds=1),
    last_retry=timedelta(milliseconds=20),
)


@cache
def published(file: str, folder: Path = FILES) -> Published:
    """A process of the tests, published."""
    loaded = load_process(
        file, lambda name: (folder / name).read_bytes() if (folder / name).is_file() else None
    )
    assert loaded.ok, loaded.problems
    return publish(loaded, PublicHolidays(), date(2026, 1, 1))


@cache
def organisation() -> Organisation:
    """Ann works at the desk, Ben leads it and is on call, Cora asks for things, Ada administers."""
    return load_organisation("people.yaml", (FILES / "people.yaml").read_text(encoding="utf-8"))


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end."""
    return asyncio.run(work)


def caller(id: str) -> Caller:
    """Somebody of the tests' organisation, signed in."""
    person = organisation().people[id]
    zone = person.time_zone or organisation().time_zone
    return Caller(id, person.name, person.locale, zone, person.roles)


@dataclass
class Clock:
    """A clock the test turns."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **parts: float) -> None:
        """Let time pass."""
        self.now += timedelta(**parts)


@dataclass
class TestDesk:
    """A desk with everything it was built with."""

    __test__ = False

    database: Database
    clock: Clock
    temporal: FakeTemporal
    tools: Tools
    desk: Desk

    async def open(self, who: str = "cora", process: str = "small", **fields: Json) -> Settled:
        """Open a ticket."""
        given: dict[str, Json] = {"title": "VPN unusable", **fields}
        return await self.desk.open(caller(who), process, given, channel="api", guard=guard())

    async def move(self, who: str, ref: str, transition: str, **fields: Json) -> Settled:
        """Take a transition with the revision the ticket has now, and expect an outcome."""
        revision = (await self.desk.ticket(caller(who), ref)).revision
        done = await self.desk.move(caller(who), ref, transition, fields, guard=guard(revision=revision))
        assert isinstance(done, Settled), done
        return done

    async def close(self) -> None:
        """Let everything go."""
        await self.desk.close()
        self.tools.steps.close()


def guard(key: str | None = None, *, revision: int | None = None, body: object = None) -> Guard:
    """What protects a write."""
    return Guard(key, hashlib.sha256(json.dumps(body).encode()).hexdigest(), revision)


async def a_desk(
    database: Database,
    *,
    patience: Patience = QUICK,
    clock: Clock | None = None,
    processes: tuple[str, ...] = ("small.yaml",),
    gateways: Gateways = None,
) -> TestDesk:
    """A desk with the tests' organisation and processes."""
    made = another_desk(database, clock=clock, patience=patience, gateways=gateways)
    await made.desk.seed(organisation())
    for file in processes:
        folder = FILES if (FILES / file).exists() else SHIPPED
        await made.desk.publish(published(file, folder))
    return made


def another_desk(
    database: Database,
    *,
    clock: Clock | None = None,
    temporal: FakeTemporal | None = None,
    patience: Patience = QUICK,
    gateways: Gateways = None,
) -> TestDesk:
    """Another API process on the same database (and, when given, the same Temporal)."""
    clock = clock or Clock()
    definitions = Definitions()
    fake = temporal or FakeTemporal(database, definitions, clock)
    tools = Tools(Steps(database), definitions, fake, clock, patience, gateways=gateways)
    return TestDesk(database, clock, fake, tools, Desk(tools))
