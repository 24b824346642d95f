"""The doctor finds what does not fit, wherever it is, and rebuilds a row from its journal."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from domain.errors import TicketUnknown
from store.session import Database
from store.tables import entries, snapshots, tickets
from tests.desk.desks import TestDesk, a_desk, run


async def a_healthy_ticket(database: Database) -> tuple[TestDesk, str]:
    here = await a_desk(database)
    opened = await here.open()
    await here.desk.settle()
    await here.move("ann", "SM-0001", "start")
    here.temporal.turn_all()
    assert await here.desk.examine("SM-0001") == ()
    return here, opened.ticket.ticket.id


def test_a_planted_difference_in_the_row_is_found_and_mended(database: Database) -> None:
    async def story() -> None:
        here, ticket = await a_healthy_ticket(database)
        with database.transaction() as session:
            snapshot = session.execute(sa.select(snapshots.c.snapshot)).scalar_one()
            session.execute(sa.update(snapshots).values(snapshot={**snapshot, "state": "done"}))
        found = await here.desk.examine("SM-0001")
        assert {finding.what for finding in found} == {"journal", "columns", "workflow"}
        assert all(finding.ticket == ticket for finding in found)
        await here.desk.rebuild("SM-0001")
        assert await here.desk.examine("SM-0001") == ()
        await here.close()

    run(story())


def test_a_planted_difference_in_a_column_is_found(database: Database) -> None:
    async def story() -> None:
        here, _ = await a_healthy_ticket(database)
        with database.transaction() as session:
            session.execute(sa.update(tickets).values(assignee="carl", next_deadline=None))
        found = await here.desk.examine("SM-0001")
        assert [finding.message for finding in found] == ["differ from the snapshot: assignee, next_deadline"]
        await here.close()

    run(story())


def test_a_planted_difference_in_the_journal_is_found(database: Database) -> None:
    async def story() -> None:
        here, _ = await a_healthy_ticket(database)
        with database.transaction() as session:
            query = sa.select(entries.c.entry).where(entries.c.seq == 2)
            entry = session.execute(query).scalar_one()
            forged = [*entry["patch"], {"op": "add", "path": "/fields/title", "value": "forged"}]
            session.execute(
                sa.update(entries).where(entries.c.seq == 2).values(entry={**entry, "patch": forged})
            )
        found = await here.desk.examine("SM-0001")
        assert [(finding.what, "forged" in finding.message) for finding in found] == [("journal", False)]
        assert "/fields/title" in found[0].message
        await here.close()

    run(story())


def test_a_planted_difference_in_the_run_is_found_and_so_is_a_missing_run(database: Database) -> None:
    async def story() -> None:
        here, ticket = await a_healthy_ticket(database)
        healthy = here.temporal.runs[ticket]
        here.temporal.runs[ticket] = replace(healthy, ticket=replace(healthy.ticket, state="done"))
        assert [finding.what for finding in await here.desk.examine("SM-0001")] == ["workflow"]
        here.temporal.runs[ticket] = replace(healthy, incarnation=7)
        assert "incarnation 7" in (await here.desk.examine("SM-0001"))[0].message
        here.temporal.lose_everything()
        everywhere = [finding async for finding in here.desk.examine_all()]
        assert [finding.what for finding in everywhere] == ["workflow"]
        with pytest.raises(TicketUnknown):
            await here.desk.examine("SM-0099")
        await here.close()

    run(story())


def test_what_a_run_has_not_recorded_yet_is_no_difference(database: Database) -> None:
    async def story() -> None:
        here, ticket = await a_healthy_ticket(database)
        here.clock.pass_(minutes=16)
        assert here.temporal.turn_once(ticket, here.temporal.runs[ticket])
        assert here.temporal.runs[ticket].backlog.entries
        assert await here.desk.examine("SM-0001") == ()
        await here.close()

    run(story())
