"""Conditions, people, events and lengths of time in the words of an owner, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language.loader import load_process
from domain.language.models import Process
from domain.language.walker import parts
from domain.language.words import Cond, EventRef, Expr, Selector
from domain.wording.conditions import condition, template, value
from domain.wording.vocabulary import Vocabulary
from tests.domain.language.files import KNOWN, from_folders


def process_of(name: str) -> Process:
    process = load_process(f"{name}.yaml", from_folders, known_processes=KNOWN).process
    assert process is not None
    return process


CHANGE, INCIDENT = process_of("change"), process_of("incident")
ENGLISH, CHINESE = Vocabulary(CHANGE), Vocabulary(CHANGE, "zh-CN")
EXPRESSIONS = sorted(
    {str(part) for process in (CHANGE, INCIDENT) for _, part in parts(process) if isinstance(part, Expr)}
)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("ticket.tested", "“Tested outside production” is yes", "「已在非生产环境测试」为是"),
        ("not ticket.tested", "“Tested outside production” is no", "「已在非生产环境测试」为否"),
        ('ticket.outcome == "backed_out"', "“Outcome” is “Backed out”", "「结果」为「已回退」"),
        ('ticket.priority in ["P1", "P2"]', "“Priority” is P1 or P2", "「优先级」为 P1 或 P2"),
        ("ticket.plan != null", "“Implementation plan” is filled in", "「实施方案」不为空"),
        ("size(check.freezes) == 0", "there is no freeze in that time", "没有该时段的封网"),
        ("size(ticket.assets) > 10", "the number of “Assets” is more than 10", "「资产清单」的数量大于 10"),
        ("ticket.service.critical", "“Service” is critical", "「服务」为关键服务"),
        ('"change_manager" in actor.roles', "the person is change manager", "操作人是变更经理"),
        ('ticket.risk == "low"', "the risk is “Low”", "风险等级为「低」"),
        ("now < ticket.planned_end", "now is before “Planned end”", "当前时间早于「计划结束」"),
        (
            "ticket.duration_planned > 4h",
            "“Planned duration” is more than 4 hours",
            "「计划时长」大于 4 小时",
        ),
        (
            'not (ticket.tested and ticket.outcome == "missed")',
            "“Tested outside production” is no, or “Outcome” is not “Window missed”",
            "「已在非生产环境测试」为否，或者「结果」不为「错过窗口」",
        ),
        (
            "ticket.tested and (ticket.done_before or ticket.touches_security)",
            (
                "“Tested outside production” is yes, and (“Done before without trouble” is yes, "
                "or “Touches security controls” is yes)"
            ),
            "「已在非生产环境测试」为是，并且（「曾成功实施过」为是，或者「涉及安全控制」为是）",
        ),
    ],
)
def test_a_condition_is_said_in_words(text: str, english: str, chinese: str) -> None:
    assert condition(text, ENGLISH) == english
    assert condition(text, CHINESE) == chinese


def test_values_and_templates_are_said_too() -> None:
    assert value("ticket.planned_start - 1h", ENGLISH) == "1 hour before “Planned start”"
    assert value("ticket.planned_start + 2d", CHINESE) == "「计划开始」之后 2 天"
    assert template("{{ now }}", ENGLISH) == "now"
    assert template("Fix {{ ticket.ref }}", ENGLISH) == "Fix [the ticket's number]"
    assert template("backed_out", ENGLISH, "outcome") == "“Backed out”"


def test_what_is_calculated_first_stands_in_brackets() -> None:
    days = "(ticket.planned_end - ticket.planned_start) / 1d + 1"
    assert value(days, ENGLISH) == "(“Planned end” minus “Planned start”) divided by 1 day plus 1"
    assert value("10 - (2 + 3)", ENGLISH) == "10 minus (2 plus 3)"
    assert value("10 + 2 * 3", ENGLISH) == "10 plus 2 times 3"


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_no_expression_of_the_shipped_processes_is_left_as_code(text: str) -> None:
    words = Vocabulary(INCIDENT if "acknowledged" in text or "major" in text else CHANGE)
    said = condition(text, words)
    assert not set("`{}=<>!&|") & set(said)
    assert "ticket." not in said


@given(st.sampled_from(EXPRESSIONS), st.sampled_from(EXPRESSIONS), st.sampled_from(["and", "or"]))
def test_what_is_joined_contains_both_and_its_opposite_is_another(one: str, other: str, how: str) -> None:
    said = condition(f"({one}) {how} ({other})", ENGLISH)
    assert condition(f"not (({one}) {how} ({other}))", ENGLISH) != said


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("replied.requester", "the requester replies"),
        ("approval.cab.rejected", "“Change approval” is rejected"),
        ("entered.review", "it enters Review"),
        ("entered.active", "it enters any active state"),
        ("done.submit", "“Submit for approval” was done"),
        ("task.verify.done", "the task “Verify” is done"),
        ("changed.plan", "“Implementation plan” changes"),
        ("approval.cab.timed_out", "nobody answers “Change approval” in time"),
        ("link.fixes.entered.done", "a ticket linked as “Fixes problem” enters a state: done"),
        ("something.new", "the event something.new"),
    ],
)
def test_an_event_is_said_in_words(event: str, said: str) -> None:
    assert ENGLISH.event(event) == said


def test_people_are_called_by_their_roles() -> None:
    assert ENGLISH.people(["requester", "team_lead", "on-call:it"]) == (
        "requester, team lead or whoever is on call for it"
    )
    assert ENGLISH.person("manager-of:requester") == "manager of requester"
    assert CHINESE.people(["requester", "team_lead"]) == "申请人或团队负责人"


def test_lengths_of_time_are_written_out() -> None:
    assert ENGLISH.length("1h30m") == "1 hour 30 minutes"
    assert ENGLISH.length("2d", "workdays") == "2 days (Working days)"
    assert CHINESE.length("2d", "workdays") == "2 天（工作日）"


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_every_event_and_every_person_of_the_shipped_processes_has_words(locale: str) -> None:
    for process in (CHANGE, INCIDENT):
        words = Vocabulary(process, locale)
        for _, part in parts(process):
            if isinstance(part, EventRef):
                assert words.event(part) not in ("", words.say("event.other", part))
            elif isinstance(part, Selector):
                assert words.person(part)


def test_what_cannot_be_read_is_shown_as_it_is_written() -> None:
    assert condition("ticket.", ENGLISH) == "`ticket.`"
    assert Cond("ticket.") == "ticket."


@pytest.mark.parametrize(
    ("process", "text", "english", "chinese"),
    [
        ("laptop", "table.price.cost", "“Cost (CNY)” in the table “price”", "表「price」中的「费用（元）」"),
        (
            "incident",
            'task.review_major.state in ["done", "skipped"]',
            "state of the task “Major-incident review” is done or skipped",
            "任务「重大事件复盘」的状态为已完成或已跳过",
        ),
        (
            "problem",
            'links.fixed_by.all(one, one.category == "closed")',
            "for every entry of the tickets linked as “Fixed by”, category of the state of it is closed",
            "关联为「修复变更」的工单中的每一项都满足：该项的状态类别为已关闭",
        ),
    ],
)
def test_tables_linked_tickets_and_tasks_are_called_as_people_know_them(
    process: str, text: str, english: str, chinese: str
) -> None:
    for locale, said in (("en", english), ("zh-CN", chinese)):
        words = Vocabulary(process_of(process), locale)
        assert condition(text, words) == said or value(text, words) == said
        assert words.items == ()
