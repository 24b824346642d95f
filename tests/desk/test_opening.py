"""Opening: one transaction, a number, a run in the background; the same key gives the same ticket."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from desk.opening import prefix_of, ref_of
from desk.values import QueueFilter
from domain.errors import DefinitionUnknown, FormInvalid, KeyReused
from store import ledger, tickets
from store.session import Database
from store.tables import picks
from tests.desk.desks import a_desk, caller, guard, run


def test_a_ticket_is_open_before_its_run_exists_and_gets_one_at_once(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        opened = await here.open()
        assert opened.ticket.ticket.ref == "SM-0001"
        assert opened.entry.seq == 1
        assert opened.ticket.state_label["en"] == "New"
        await here.desk.settle()
        assert opened.ticket.ticket.id in here.temporal.runs
        with database.reading() as session:
            head = tickets.head(session, "SM-0001")
        assert head is not None
        assert head.run_started_at is not None
        await here.close()

    run(story())


def test_the_same_key_gives_the_same_ticket_however_concurrently_it_is_sent(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)

        async def send() -> str:
            key = guard("same", body={"title": "VPN"})
            opened = await here.desk.open(caller("cora"), "small", {"title": "VPN"}, channel="api", guard=key)
            return opened.ticket.ticket.ref

        refs = await asyncio.gather(*(send() for _ in range(12)))
        assert len(set(refs)) == 1
        page = await here.desk.queue(caller("ann"), QueueFilter())
        assert len(page.rows) == 1
        await here.close()

    run(story())


def test_the_same_key_with_another_request_is_refused(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        cora = caller("cora")
        await here.desk.open(cora, "small", {"title": "A"}, channel="api", guard=guard("k", body="A"))
        with pytest.raises(KeyReused):
            await here.desk.open(cora, "small", {"title": "B"}, channel="api", guard=guard("k", body="B"))
        # Another person's keys are their own.
        await here.desk.open(
            caller("carl"), "small", {"title": "B"}, channel="api", guard=guard("k", body="B")
        )
        await here.close()

    run(story())


def test_a_refused_opening_keeps_nothing_and_its_key_may_be_used_again(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        cora = caller("cora")
        with pytest.raises(FormInvalid) as refused:
            await here.desk.open(cora, "small", {"nonsense": 1}, channel="api", guard=guard("k", body=1))
        assert {error.field for error in refused.value.errors} == {"title", "nonsense"}
        await here.desk.open(cora, "small", {"title": "A"}, channel="api", guard=guard("k", body=2))
        with pytest.raises(DefinitionUnknown):
            await here.desk.open(cora, "smal", {"title": "A"}, channel="api", guard=guard())
        await here.close()

    run(story())


@pytest.mark.parametrize("text", ["nul \x00", "half \ud800"])
def test_texts_no_database_can_keep_are_a_field_error(database: Database, text: str) -> None:
    async def story() -> None:
        here = await a_desk(database)
        with pytest.raises(FormInvalid) as refused:
            await here.open(description=text)
        assert refused.value.errors[0].field == "description"
        await here.close()

    run(story())


def test_numbers_with_a_year_begin_anew_when_the_year_does_where_the_process_lives(
    database: Database,
) -> None:
    async def story() -> None:
        here = await a_desk(database, processes=("yearly.yaml",))
        refs = []
        for moment in (
            "2026-12-31T15:59",
            "2026-12-31T15:59:30",
            "2026-12-31T16:00",
            "2027-06-01",
            "2031-01-01",
        ):
            here.clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
            refs.append((await here.open(process="yearly")).ticket.ticket.ref)
        assert refs == ["YR-2026-001", "YR-2026-002", "YR-2027-001", "YR-2027-002", "YR-2031-001"]
        await here.close()

    run(story())


def test_a_number_has_its_prefix_and_its_zeros() -> None:
    assert ref_of("INC-{n:6}", 42) == "INC-000042"
    assert ref_of("R-{n}", 42) == "R-42"
    assert prefix_of("INC-{n:6}") == "INC-"


def test_who_opens_a_ticket_sees_at_once_who_has_it(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database, processes=("routed.yaml",))
        opened = [await here.open(process="routed") for _ in range(3)]
        assert [one.ticket.ticket.fields["assignee"] for one in opened] == ["ann", "ben", "ann"]
        assert [one.ticket.ticket.seq for one in opened] == [2, 2, 2]  # opened, then picked
        await here.desk.settle()
        assert not here.temporal.runs[opened[0].ticket.ticket.id].unresolved
        ref = opened[0].ticket.ticket.ref
        assert await here.desk.examine(ref) == ()
        with database.reading() as session:
            asked = session.execute(sa.select(picks).order_by(picks.c.at)).all()
        assert [(one.seq, one.team) for one in asked] == [(1, "desk")] * 3
        await here.close()

    run(story())


def test_what_no_gateway_carries_is_kept_when_it_is_written(database: Database) -> None:
    async def story(gateways: frozenset[str] | None) -> tuple[list[str], int]:
        here = await a_desk(database, gateways=gateways)
        opened = await here.open()
        id = opened.ticket.ticket.id
        with database.reading() as session:
            rows, owed = ledger.of_ticket(session, id), ledger.owed(session, id)
        await here.close()
        assert rows
        return [one.status for one in rows], len(owed)

    assert run(story(frozenset({"ticket"}))) == (["kept", "kept"], 0)
    assert run(story(frozenset({"ticket", "email"}))) == (["pending", "kept"], 1)
    assert run(story(None)) == (["pending", "pending"], 2)


def test_what_rules_read_behind_an_asset_is_known(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database, processes=("broken.yaml",))
        ticket = (await here.open(process="broken", asset="NB-0001")).ticket.ticket
        assert ticket.fields["about"] == "ada"
        assert ticket.known["service:vpn"]["critical"] is True
        (close,) = (await here.desk.ticket(caller("cora"), ticket.ref)).actions
        assert not close.available
        await here.close()

    run(story())
