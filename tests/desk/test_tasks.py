"""Tasks on a whole desk: those of a list by what they are for, those that people add, in the timeline too."""

from __future__ import annotations

import pytest

from desk.values import Settled
from domain.engine.events import AddTask
from domain.errors import FormInvalid, NotPermitted
from store.session import Database
from tests.desk.desks import TestDesk, a_desk, caller, guard, published, run


async def opened(here: TestDesk) -> str:
    """A ticket with two systems and a helper."""
    await here.desk.publish(published("orders.yaml"))
    settled = await here.open("cora", "orders", systems=["crm", "erp"], helpers=["ben"])
    await here.desk.settle()
    return settled.ticket.ticket.ref


async def said(here: TestDesk, ref: str, locale: str) -> list[str]:
    """The timeline as Ann reads it."""
    lines = await here.desk.timeline(caller("ann"), ref)
    return [words[locale] for line in lines for words in line.words if locale in words]


def test_a_task_is_called_by_what_it_is_for(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        ref = await opened(here)
        tasks = (await here.desk.ticket(caller("ann"), ref)).tasks
        assert [(one["name"], one["label"]) for one in tasks] == [
            ("grant.1", {"en": "Grant Customers", "zh-CN": "开通 客户"}),
            ("grant.2", {"en": "Grant Orders", "zh-CN": "开通 订单"}),
            ("ask.1", {"en": "Ask: Ben Boss", "zh-CN": "询问: Ben Boss"}),
        ]
        assert [one["may_complete"] for one in tasks] == [True, True, False]
        assert "Task “Grant Orders” is open" in await said(here, ref, "en")
        assert "任务“开通 客户”待办" in await said(here, ref, "zh-CN")
        await here.close()

    run(story())


def test_a_task_is_added_seen_done_and_counted(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        ref = await opened(here)
        view = await here.desk.ticket(caller("ann"), ref)
        assert [one.name for one in view.adding_task] == ["title", "assignee", "team", "due_at", "cost"]
        assert (await here.desk.ticket(caller("cora"), ref)).adding_task == ()
        task = AddTask("Call {{ ticket.title }}", assignee="ben", fields={"cost": 12})
        with pytest.raises(NotPermitted):
            await here.desk.add_task(caller("cora"), ref, task, guard=guard(revision=view.revision))
        with pytest.raises(FormInvalid):
            await here.desk.add_task(caller("ann"), ref, AddTask(" "), guard=guard(revision=view.revision))
        added = await here.desk.add_task(caller("ann"), ref, task, guard=guard(revision=view.revision))
        assert isinstance(added, Settled)
        shown = added.ticket.tasks[-1]
        assert (shown["name"], shown["label"]) == (
            "adhoc.1",
            dict.fromkeys(("en", "zh-CN"), "Call {{ ticket.title }}"),
        )
        assert shown["may_cancel"] and not shown["may_complete"] and added.ticket.ticket.fields["cost"] == 12
        assert "Task “Call {{ ticket.title }}” is open" in await said(here, ref, "en")
        for who, name in (("ann", "grant.1"), ("ann", "grant.2"), ("ben", "ask.1")):
            await complete(here, who, ref, name)
        assert (await here.desk.ticket(caller("ann"), ref)).ticket.state == "new"
        other = AddTask("Not needed")
        revision = (await here.desk.ticket(caller("ann"), ref)).revision
        await here.desk.add_task(caller("ann"), ref, other, guard=guard(revision=revision))
        await here.desk.cancel_task(caller("ann"), ref, "adhoc.2", guard=guard(revision=revision))
        await complete(here, "ben", ref, "adhoc.1")
        assert (await here.desk.ticket(caller("ann"), ref)).ticket.state == "ready"
        await here.close()

    run(story())


async def complete(here: TestDesk, who: str, ref: str, task: str) -> None:
    revision = (await here.desk.ticket(caller("ann"), ref)).revision
    await here.desk.complete_task(caller(who), ref, task, {}, failed=False, guard=guard(revision=revision))
