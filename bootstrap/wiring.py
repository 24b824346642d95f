"""Builds what a process needs from its settings, and takes it down again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from temporalio.client import Client

from activities.automation import Automation
from activities.children import Children
from activities.deliver import EMAIL, PAGE, Deliveries
from activities.mail import Mailer, SmtpMailer
from activities.people import People
from activities.record import Records
from bootstrap.loader import DefinitionLoader
from bootstrap.settings import Settings
from desk.desk import Desk
from desk.prompting import Prompter
from desk.steps import Steps
from desk.telling import Teller
from desk.tools import Patience, Tools, WorkerDesk
from store.definitions import Definitions
from store.effects import TICKET_CHANNEL, Gateways
from store.session import Database
from store.together import Together
from workflows.client import TicketClient, connect
from workflows.definitions import registry
from workflows.messages import RunTask, TaskResult

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of every desk that is not a temporary one."""
    return datetime.now(UTC)


def mailer_of(settings: Settings) -> Mailer | None:
    """Mail by SMTP when a server is set; None: the built-in outbox keeps it."""
    if not settings.smtp_host:
        return None
    return SmtpMailer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_from,
        settings.smtp_user,
        settings.smtp_password.get_secret_value(),
        starttls=settings.smtp_starttls,
    )


def gateways_of(mailer: Mailer | None) -> Gateways:
    """The channels by which something leaves this installation."""
    return frozenset({TICKET_CHANNEL, *((PAGE, EMAIL) if mailer is not None else ())})


async def connected(settings: Settings, *, lazy: bool = False) -> Client:
    """A Temporal client. Raises TemporalUnavailable unless it is lazy: then its first call does."""
    key = settings.temporal_api_key
    return await connect(
        settings.temporal_target,
        namespace=settings.temporal_namespace,
        lazy=lazy,
        tls=settings.temporal_tls,
        api_key=key.get_secret_value() if key else None,
    )


@dataclass(frozen=True)
class DeskParts:
    """A desk with what it was built of."""

    desk: Desk
    database: Database
    steps: Steps

    @classmethod
    def build(
        cls,
        settings: Settings,
        client: Client,
        *,
        clock: Clock = utc_now,
        time_shift: timedelta = timedelta(0),
        patience: Patience | None = None,
        mailer: Mailer | None = None,
    ) -> DeskParts:
        """A desk on the settings' database; nothing connects before it is used."""
        database = Database(settings.database)
        steps = Steps(database)
        tickets = TicketClient(client, task_queue=settings.task_queue)
        gateways = gateways_of(mailer or mailer_of(settings))
        tools = Tools(steps, Definitions(), tickets, clock, patience or Patience(), time_shift, gateways)
        return cls(Desk(tools), database, steps)

    async def close(self) -> None:
        """Stop what runs in the background, and let go of the database."""
        await self.desk.close()
        self.steps.close()
        self.database.close()


@dataclass(frozen=True)
class WorkerTools:
    """What activities and workflows of a worker are built with."""

    settings: Settings
    database: Database
    definitions: Definitions
    loader: DefinitionLoader
    threads: ThreadPoolExecutor  # for what only needs the database
    effects_threads: ThreadPoolExecutor  # for what waits for other people's servers
    secrets: Mapping[str, str]
    clock: Clock = utc_now


@contextmanager
def worker_tools(settings: Settings, *, clock: Clock = utc_now) -> Iterator[WorkerTools]:
    """The tools of a worker; nothing connects before it is used."""
    database = Database(settings.database, pool_size=settings.worker_threads)
    definitions = Definitions()
    threads = ThreadPoolExecutor(settings.worker_threads, "activity")
    effects_threads = ThreadPoolExecutor(settings.worker_effects_threads, "effect")
    try:
        with DefinitionLoader(database, definitions, registry) as loader:
            yield WorkerTools(
                settings, database, definitions, loader, threads, effects_threads, settings.secrets(), clock
            )
    finally:
        for pool in (threads, effects_threads):
            pool.shutdown(wait=False, cancel_futures=True)
        database.close()


@asynccontextmanager
async def a_prompter(
    tools: WorkerTools, client: Client, *, mailer: Mailer | None = None
) -> AsyncIterator[Prompter]:
    """Carries on what tickets ask of each other, as long as the worker runs."""
    steps = Steps(tools.database)
    tickets = TicketClient(client, task_queue=tools.settings.task_queue)
    gateways = gateways_of(mailer or mailer_of(tools.settings))
    prompter = Prompter(Tools(steps, tools.definitions, tickets, tools.clock, gateways=gateways))
    try:
        yield prompter
    finally:
        await prompter.close()
        steps.close()


class Automatic(Protocol):
    """Whoever carries out automatic tasks."""

    def run_script(self, request: RunTask) -> TaskResult: ...
    def call_http(self, request: RunTask) -> TaskResult: ...


def activities_of(
    tools: WorkerTools,
    prompter: Prompter,
    *,
    automation: Automatic | None = None,
    mailer: Mailer | None = None,
    people: People | None = None,
) -> list[Callable[..., Any]]:
    """Every activity, built with its tools. What is given replaces what the settings say (temporary desks)."""
    settings = tools.settings
    writes = Together(tools.database)
    mailer = mailer or mailer_of(settings)
    records = Records(writes, tools.definitions, tools.clock, gateways=gateways_of(mailer))
    desk = WorkerDesk(tools.definitions, tools.clock, gateways_of(mailer))
    tell = Teller(tools.database, desk, prompter.told)
    deliveries = Deliveries(writes, tools.clock, mailer=mailer, tell=tell, address=settings.address)
    children = Children(writes, desk, prompter.opened)
    people = people or People(writes, tools.clock)
    automatic = automation or Automation(
        tools.clock, secrets=tools.secrets, allow_private=settings.http_allow_private
    )
    return [
        records.record,
        deliveries.deliver,
        people.pick,
        people.find_approvers,
        children.open_child,
        automatic.run_script,
        automatic.call_http,
    ]
