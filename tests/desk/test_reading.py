"""What people see of a ticket: fields, buttons, clocks, the story in their language, and nothing that is hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.organisation import load_organisation
from desk.values import Caller, QueueFilter, Settled
from domain.errors import DefinitionUnknown, FormInvalid, TicketUnknown
from store.session import Database
from tests.desk.desks import SHIPPED, START, TestDesk, a_desk, caller, guard, run


async def a_worked_ticket(database: Database) -> TestDesk:
    """SM-0001: opened by Cora, nudged, taken, noted on, late."""
    here = await a_desk(database)
    await here.open(service="vpn")
    await here.desk.settle()
    here.temporal.turn_all()
    await here.move("ann", "SM-0001", "start")
    await here.desk.comment(caller("ann"), "SM-0001", "Which office?", public=True, guard=guard())
    await here.desk.comment(caller("ann"), "SM-0001", "She is angry", public=False, guard=guard())
    seen = await here.desk.ticket(caller("ann"), "SM-0001")
    await here.desk.edit(
        caller("ann"), "SM-0001", {"secret_note": "VIP in spe"}, guard=guard(revision=seen.revision)
    )
    here.clock.pass_(minutes=16)
    here.temporal.turn_all()
    return here


def test_an_agent_sees_everything_and_the_buttons_that_are_theirs(database: Database) -> None:
    async def story() -> None:
        here = await a_worked_ticket(database)
        seen = await here.desk.ticket(caller("ann"), "SM-0001")
        assert seen.process_title["zh-CN"] == "小单"
        assert (seen.requester_name, seen.assignee_name, seen.service_name) == (
            "陈可",
            "Ann Agent",
            "Remote access",
        )
        assert {action.name for action in seen.actions} == {"finish", "close", "nudge", "poke", "deal"}
        finish = next(action for action in seen.actions if action.name == "finish")
        assert [(field.name, field.required) for field in finish.form] == [("note", True)]
        by_name = {field.name: field for field in seen.fields}
        assert by_name["secret_note"].value == "VIP in spe"
        assert by_name["service"].display == {"en": "Remote access", "zh-CN": "远程接入"}
        assert by_name["title"].editable
        assert not by_name["resolved_at"].value
        assert (seen.may_comment, seen.may_comment_internal) == (True, True)
        await here.close()

    run(story())


def test_a_requester_sees_no_internal_field_note_or_delivery_of_others(database: Database) -> None:
    async def story() -> None:
        here = await a_worked_ticket(database)
        cora = caller("cora")
        seen = await here.desk.ticket(cora, "SM-0001")
        assert "secret_note" not in seen.ticket.fields
        assert "secret_note" not in {field.name for field in seen.fields}
        assert {action.name for action in seen.actions} == {"close", "poke"}
        assert not seen.may_comment_internal
        assert [note.text for note in await here.desk.comments(cora, "SM-0001")] == ["Which office?"]
        assert {sent.recipient for sent in await here.desk.deliveries(cora, "SM-0001")} == {"cora"}
        story = await here.desk.timeline(cora, "SM-0001")
        told = repr(story)
        assert "VIP in spe" not in told
        assert "angry" not in told
        assert "ben" not in told
        assert "Which office?" in told
        await here.close()

    run(story())


def test_the_timeline_says_what_happened_in_both_languages(database: Database) -> None:
    async def story() -> None:
        here = await a_worked_ticket(database)
        story = await here.desk.timeline(caller("ben"), "SM-0001")
        words = [sentence for line in story for sentence in line.words]
        assert {"en": "Opened", "zh-CN": "已提交"} in words
        assert {"en": "Start → Working", "zh-CN": "开始 → 处理中"} in words
        assert {"en": "Answer: 50% reached", "zh-CN": "答复：到达 50%"} in words
        assert {"en": "Assignee: Ann Agent", "zh-CN": "处理人: Ann Agent"} in words
        assert all({"en", "zh-CN"} <= set(one) or "*" in one for one in words)
        paged = next(line for line in story if line.entry.cause.name == "answer 50%")
        assert [(sent.recipient_name, sent.kind) for sent in paged.deliveries] == [("Ben Boss", "page")]
        assert [
            line.entry.seq
            for line in await here.desk.timeline(caller("ben"), "SM-0001", after_seq=3, limit=2)
        ] == [4, 5]
        await here.close()

    run(story())


def test_hidden_entries_do_not_make_a_page_of_the_timeline_short(database: Database) -> None:
    async def story() -> None:
        here = await a_worked_ticket(database)
        cora = caller("cora")
        whole = [line.entry.seq for line in await here.desk.timeline(cora, "SM-0001")]
        paged: list[int] = []
        while page := await here.desk.timeline(cora, "SM-0001", after_seq=max(paged, default=0), limit=1):
            paged += [line.entry.seq for line in page]
        assert paged == whole
        assert whole != list(range(1, len(whole) + 1))  # something is hidden from her
        await here.close()

    run(story())


def test_a_clock_says_what_is_left_and_what_comes_next(database: Database) -> None:
    async def story() -> None:
        here = await a_worked_ticket(database)
        clock = await here.desk.clock(caller("ann"), "SM-0001", "answer")
        assert (clock.status, clock.elapsed, clock.left) == ("running", 16 * 60, 14 * 60)
        assert clock.due_at == START + timedelta(minutes=30)
        assert [line["what"] for line in clock.ledger] == ["started", "retargeted"]
        assert [one["what"] for one in clock.upcoming] == ["100%"]
        assert [(one["label"], one["reached"]) for one in clock.thresholds] == [
            ("50%", True),
            ("100%", False),
        ]
        with pytest.raises(TicketUnknown):
            await here.desk.clock(caller("ann"), "SM-0001", "lunch")
        await here.close()

    run(story())


def test_who_was_paged_may_see_the_ticket(database: Database) -> None:
    async def story() -> None:
        here = await a_worked_ticket(database)
        with pytest.raises(TicketUnknown):
            await here.desk.ticket(caller("ada"), "SM-0001")
        paged = await here.desk.ticket(caller("ben"), "SM-0001")
        assert paged.ticket.ref == "SM-0001"
        await here.close()

    run(story())


def test_queues_show_requesters_their_own_and_agents_all(database: Database) -> None:
    async def story() -> None:
        here = await a_worked_ticket(database)
        await here.open("carl")
        everything = QueueFilter(states=("open",))
        assert [row.ref for row in (await here.desk.queue(caller("ann"), everything)).rows] == [
            "SM-0001",
            "SM-0002",
        ]
        assert [row.ref for row in (await here.desk.queue(caller("ada"), everything)).rows] == [
            "SM-0001",
            "SM-0002",
        ]
        assert [row.ref for row in (await here.desk.queue(caller("carl"), everything)).rows] == ["SM-0002"]
        row = (await here.desk.queue(caller("ann"), everything)).rows[0]
        assert (row.clock_status, row.elapsed_share) == ("running", pytest.approx(16 / 30))
        assert row.due_label["en"] == "Answer"
        counts = await here.desk.queue_counts(caller("ann"), everything)
        assert counts == {"open": 2, "overdue": 0, "due_within_hour": 2}
        here.clock.pass_(minutes=15)
        here.temporal.turn_all()
        counts = await here.desk.queue_counts(caller("ann"), everything)
        assert counts == {"open": 2, "overdue": 1, "due_within_hour": 1}
        overdue = await here.desk.queue(caller("ann"), QueueFilter(overdue=True))
        assert [(row.ref, row.clock_status) for row in overdue.rows] == [("SM-0001", "breached")]
        nothing = await here.desk.queue(caller("ann"), QueueFilter(text="nul \x00"))
        assert nothing.rows == ()
        with pytest.raises(FormInvalid):
            await here.desk.queue(caller("ann"), everything, cursor="nonsense")
        await here.close()

    run(story())


def test_the_outbox_is_everybodys_for_agents_and_ones_own_for_others(database: Database) -> None:
    async def story() -> None:
        here = await a_worked_ticket(database)
        everything = await here.desk.outbox(caller("ann"))
        assert {sent.recipient for sent in everything} == {"cora", "ben"}
        assert {sent.status for sent in everything} == {"kept"}
        assert {sent.recipient for sent in await here.desk.outbox(caller("cora"))} == {"cora"}
        first = await here.desk.outbox(caller("ann"), limit=1)
        rest = await here.desk.outbox(caller("ann"), cursor=first[0].key)
        assert (*first, *rest) == everything
        assert await here.desk.outbox(caller("carl")) == ()
        await here.close()

    run(story())


def test_processes_people_teams_services_and_ones_own_assets_first_for_pickers(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        ann = caller("ann")
        process = (await here.desk.processes(ann))[0]
        assert (process.id, process.number) == ("small", 1)
        form = await here.desk.create_form(ann, "small")
        assert [(field.name, field.required) for field in form] == [
            ("title", True), ("description", False), ("service", False),
        ]  # fmt: skip
        with pytest.raises(DefinitionUnknown):
            await here.desk.create_form(ann, "large")
        people = {person.id: person.teams for person in await here.desk.people(ann)}
        assert people == {"ada": (), "ann": ("desk",), "ben": ("desk",), "carl": (), "cora": ()}
        assert [(team.id, team.name, team.lead) for team in await here.desk.teams(ann)] == [
            ("desk", "Desk", "ben")
        ]
        assert [service.name for service in await here.desk.services(caller("cora"))] == ["远程接入"]
        assert [(one.id, one.name) for one in await here.desk.assets(caller("cora"))] == [
            ("NB-0002", "笔记本"), ("NB-0001", "ThinkPad X1"), ("PR-0001", "PR-0001"),
        ]  # fmt: skip
        await here.close()

    run(story())


def test_the_incident_shows_why_its_priority_is_what_it_is(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database, processes=("incident.yaml",))
        path = SHIPPED / "organisation.yaml"
        await here.desk.seed(load_organisation(path.name, path.read_text(encoding="utf-8")))
        victor = Caller("victor", "Victor Li", "en", "Asia/Shanghai")
        opened = await here.desk.open(
            victor,
            "incident",
            {
                "title": "VPN unusable", "description": "since noon", "service": "vpn", "category": "vpn",
                "impact": "minor", "urgency": "critical",
            },
            channel="web",
            guard=guard(),
        )  # fmt: skip
        assert isinstance(opened, Settled)
        seen = opened.ticket
        assert seen.priority_label["en"] == "High"
        assert [text["en"] for text in seen.priority_why] == [
            "Impact: One person × Urgency: Work has stopped",
            "VIP requester",
        ]
        assert {clock.name for clock in seen.clocks} == {"response", "resolve"}
        assert seen.team_name == "Network (L2)"
        assert [
            field.name for field in seen.fields if field.type == "note" and field.name == "internal_notes"
        ] == []
        await here.close()

    run(story())
