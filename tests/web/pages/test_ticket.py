"""The page of a ticket."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from desk.values import Caller, TicketView
from tests.web.fake_desk import FakeDesk
from tests.web.sample import NOW
from tests.web.visitors import text_of, visitor

P1 = "/tickets/INC-000042"


def test_an_agent_sees_the_actions_they_may_take_and_why_others_are_not_available() -> None:
    words = text_of(visitor("wang").get(P1).text)
    for action in ("Take it", "Assign", "Resolve", "Cancel"):
        assert action in words
    assert "Declare major incident Only the incident manager or the duty manager may do this." in words
    assert "Confirm and close" not in words, "that does not start from here"


def test_what_leads_on_is_the_filled_button() -> None:
    page = visitor("wang").get(P1).text
    assert re.findall(r'class="button primary">([^<]+)</button></form>', page)[:1] == ["Take it"]


def test_a_requester_sees_only_their_own_actions_and_no_internal_notes() -> None:
    page = visitor("alice").get(P1).text
    assert "Take it" not in page
    assert "RADIUS" not in page
    assert "Internal note" not in page
    assert "浦东的同事也登录不了" in page


def test_a_requester_reads_where_it_stands_and_not_how_the_desk_is_run() -> None:
    words = text_of(visitor("alice").get(P1).text)
    assert "opened the incident" in words
    assert "step 2 of 3" not in words
    assert "step 2 of 3" in text_of(visitor("wang").get(P1).text)


def test_public_and_internal_are_told_apart_by_label_icon_and_class() -> None:
    page = visitor("wang").get(P1).text
    assert re.search(r"said-internal.*?Internal note.*?RADIUS", page, re.DOTALL)
    assert re.search(r"said-public.*?From the requester.*?Pudong", page, re.DOTALL)
    assert "Visible to the requester, Alice Chen" in page


def test_clocks_show_what_is_left_when_it_is_due_and_why() -> None:
    words = text_of(visitor("wang").get(P1).text)
    assert "13 min left" in words
    assert re.search(r"due 18:50", words)
    assert "incident.yaml:286" in words
    assert re.search(r"18:40 Asia/Shanghai in 3 min · on call, step 3 : page duty manager", words)


def test_the_ledger_speaks_chinese() -> None:
    words = text_of(visitor("wang", language="zh-CN").get(P1).text)
    assert "剩余 13 分钟" in words
    assert "接下来会发生什么" in words
    assert "呼叫 duty manager" in words


def test_a_paused_clock_names_the_rule_that_stopped_it() -> None:
    assert "Paused, " in visitor("wang").get("/tickets/INC-000037").text
    assert "clocks.resolve.pause (incident.yaml:318)" in visitor("wang").get("/tickets/INC-000037").text


def test_outside_office_hours_a_clock_says_when_it_goes_on() -> None:
    words = text_of(visitor("wang").get("/tickets/INC-000033").text)
    assert "Office hours are over" in words
    assert "goes on Mon 08:37" in words


def test_field_changes_of_a_bigger_entry_are_folded_and_deliveries_are_one_liners() -> None:
    words = text_of(visitor("wang").get(P1).text)
    assert "4 changes" in words
    assert "Paged Zhao Min pager kept in the outbox" in words
    assert "1 min late" in words


def test_every_time_carries_the_absolute_one() -> None:
    page = visitor("wang").get(P1).text
    assert f'<time datetime="{NOW.isoformat()[:10]}' in page
    assert 'title="Fri 27 Nov 2026 17:50:00 (Asia/Shanghai, UTC+8:00)"' in page


def test_numbers_of_tickets_in_comments_are_links() -> None:
    assert '<a href="/tickets/CHG-000117">CHG-000117</a>' in visitor("wang").get(P1).text


def test_a_link_field_with_another_scheme_is_no_link() -> None:
    desk = FakeDesk()
    desk.items[0].fields["bridge_url"] = "javascript:alert(1)"
    assert 'href="javascript' not in visitor("wang", desk).get(P1).text


def test_tasks_are_a_checklist() -> None:
    words = text_of(visitor("wang").get("/tickets/INC-000040").text)
    assert "Tasks 1 / 3" in words
    assert "status.example.com answered 503 five times" in words
    assert "to do · Mia Becker · due Wed 18:37" in words


def test_an_approval_shows_who_is_asked_and_who_said_what() -> None:
    page = visitor("wang").get("/tickets/INC-000040").text
    words = text_of(page)
    assert "Change approval waiting" in words
    assert "Technical review approved" in words
    assert "Deng Rui · Approve" in words and "Rolled back twice" in words
    assert "Change advisory board waiting for answers · until" in words
    assert "Oberleitner (may only reject)" in words
    assert "Mia Becker (Liu Yang stands in)" in words
    assert 'class="ballot"' not in page


def test_who_is_asked_finds_their_ballot_paper_with_the_answers_there_are() -> None:
    page = visitor("zhao", language="zh-CN").get("/tickets/INC-000040").text
    ballot = page[page.index('class="ballot"') :]
    ballot = ballot[: ballot.index("</form>")]
    assert '<button class="button primary" name="answer" value="approve">同意</button>' in ballot
    assert '<button class="button danger" name="answer" value="reject">拒绝</button>' in ballot
    assert "以下选择必须填写：拒绝" in ballot
    assert "成本中心" in ballot and "以下选择必须填写：同意" in ballot


@pytest.mark.parametrize(
    ("slow", "operation", "words"),
    [
        (True, "op-1", "It is being carried out"),
        (False, "op-1", "Carried out."),
        (False, "op-refused", "It could not be done: Somebody resolved it first."),
    ],
)
def test_an_action_that_takes_longer_tells_how_it_stands(slow: bool, operation: str, words: str) -> None:
    desk = FakeDesk()
    desk.slow = slow
    page = visitor("wang", desk).get(f"{P1}?operation={operation}").text
    assert words in text_of(page)
    assert ("data-pending" in page) is slow


def test_a_ticket_of_a_process_that_asks_for_no_description_has_a_page() -> None:
    class Desk(FakeDesk):
        async def ticket(self, caller: Caller, ref: str) -> TicketView:
            view = await super().ticket(caller, ref)
            fields = {name: value for name, value in view.ticket.fields.items() if name != "description"}
            shown = tuple(one for one in view.fields if one.name != "description")
            return replace(view, ticket=replace(view.ticket, fields=fields), fields=shown)

    answer = visitor("alice", Desk()).get(P1)
    assert answer.status_code == 200
    assert "No description" not in text_of(answer.text)


def test_a_ticket_without_a_description_has_a_page() -> None:
    desk = FakeDesk()
    desk.items[0].description = ""
    assert "No description." in visitor("wang", desk).get(f"/tickets/{desk.items[0].ref}").text
