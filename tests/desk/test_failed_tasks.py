"""A task that failed: everybody is told that it did, and why only those who work on the ticket."""

from __future__ import annotations

from desk.values import Settled
from store.session import Database
from tests.desk.desks import a_desk, caller, guard, run


def test_why_a_task_failed_is_for_those_who_work_on_the_ticket(sqlite_database: Database) -> None:
    async def story() -> None:
        here = await a_desk(sqlite_database, processes=("small.yaml", "tasked.yaml"))
        opened = (await here.open("carl", "tasked")).ticket
        ref = opened.ticket.ref
        revision = (await here.desk.ticket(caller("ann"), ref)).revision
        done = await here.desk.complete_task(
            caller("ann"), ref, "fix", {}, failed=True, guard=guard(revision=revision)
        )
        assert isinstance(done, Settled)
        told = {}
        for who in ("ann", "carl"):
            view = await here.desk.ticket(caller(who), ref)
            words = [one for entry in await here.desk.timeline(caller(who), ref) for one in entry.words]
            told[who] = (view.tasks[0]["error"], [one for one in words if "failed" in one.get("en", "")])
        assert told == {
            "ann": (
                "failed by ann",
                [{"en": "Task “Fix it” failed: failed by ann", "zh-CN": "任务“修复”失败：failed by ann"}],
            ),
            "carl": ("", [{"en": "Task “Fix it” failed", "zh-CN": "任务“修复”失败"}]),
        }
        await here.close()

    run(story())
