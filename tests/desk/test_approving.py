"""An approval on a whole desk: who is asked is found, sees the ticket, votes, and the ticket moves."""

from __future__ import annotations

import pytest

from desk.values import Settled
from domain.engine.events import ApprovalRequest, Vote
from domain.errors import FormInvalid, NotPermitted, TicketUnknown
from store.session import Database
from tests.desk.desks import TestDesk, a_desk, caller, guard, published, run


async def about(desk: TestDesk, who: str, ref: str, request: ApprovalRequest) -> Settled:
    """Do something with an approval, with the revision the ticket has now."""
    revision = (await desk.desk.ticket(caller(who), ref)).revision
    done = await desk.desk.approval(caller(who), ref, request, guard=guard(revision=revision))
    assert isinstance(done, Settled), done
    return done


async def opened(desk: TestDesk) -> str:
    """A ticket that waits for Ben."""
    await desk.desk.publish(published("leave.yaml"))
    settled = await desk.open("cora", "leave", title="Two weeks in May")
    await desk.desk.settle()
    return settled.ticket.ticket.ref


def test_who_is_asked_is_known_when_the_ticket_is_opened(database: Database) -> None:
    async def story() -> None:
        desk = await a_desk(database)
        ref = await opened(desk)
        (approval,) = (await desk.desk.ticket(caller("ben"), ref)).approvals
        stages, ballots = approval["stages"], approval["ballots"]
        assert isinstance(stages, list) and isinstance(ballots, list)
        assert [seat["asked"]["id"] for seat in stages[0]["seats"]] == ["ben"]
        assert [one["answer"] for one in ballots[0]["answers"]] == ["approve", "reject"]
        assert (await desk.desk.ticket(caller("cora"), ref)).approvals[0]["ballots"] == []
        with pytest.raises(TicketUnknown):
            await desk.desk.ticket(caller("carl"), ref)
        deliveries = await desk.desk.deliveries(caller("ben"), ref)
        assert any("please decide on" in one.subject for one in deliveries)
        await desk.close()

    run(story())


def test_votes_move_the_ticket_from_stage_to_stage(database: Database) -> None:
    async def story() -> None:
        desk = await a_desk(database)
        ref = await opened(desk)
        with pytest.raises(FormInvalid):
            await about(desk, "ben", ref, Vote("boss", "reject"))
        with pytest.raises(NotPermitted):
            await about(desk, "cora", ref, Vote("boss", "approve"))
        await about(desk, "ben", ref, Vote("boss", "approve", "enjoy"))
        desk.temporal.turn_all()
        await about(desk, "ada", ref, Vote("boss", "approve"))
        ticket = (await desk.desk.ticket(caller("cora"), ref)).ticket
        assert (ticket.state, ticket.approvals["boss"].state) == ("granted", "approved")
        lines = await desk.desk.timeline(caller("cora"), ref)
        said = [words["en"] for line in lines for words in line.words if "en" in words]
        assert any("approve" in one and "enjoy" in one for one in said), said
        await desk.close()

    run(story())
