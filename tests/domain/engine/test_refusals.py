"""What people are told when the engine refuses: the code, the sentence in both languages, the field that is wrong."""

# Over 400 lines: a line for each refusal, read side by side.

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.engine.entries import Entry
from domain.engine.events import (
    Actor,
    AddApprover,
    AddTask,
    CancelTask,
    ChildDone,
    Comment,
    CompleteTask,
    Delegate,
    Edit,
    HandOver,
    Message,
    Migrate,
    Move,
    News,
    Relink,
    Request,
    ReturnTo,
    Vote,
    WithdrawApproval,
)
from domain.engine.step import step
from domain.engine.ticket import Json
from domain.errors import FactsMissing, FormInvalid, NotPermitted, Refused, TransitionRefused
from tests.builders import START, TICKET_ID, Story, a_definition, an_agent
from tests.domain.engine.boards import a_board, stage

TEXT = """
locales: [en, zh-CN]
fields:
  hot: {type: boolean}
  size: {type: number}
  half: {type: number, compute: ticket.size / 2}
roles: {agents: team:desk}
links: {cause: {process: problem, inverse: things, many: false}}
messages: {ping: {from: system, fields: {count: number}}}
states:
  new: {category: new, label: {en: New, zh-CN: 新建}, tasks: [look, check]}
  work: {category: active}
  gone: {category: closed, label: {en: Gone, zh-CN: 已关闭}}
transitions:
  take:
    {from: new, to: work, who: agents, label: {en: Take it, zh-CN: 接手}, ask: {hot: required, cause: optional}}
  plain: {from: new, to: work, who: agents}
  hot:
    {from: new, who: agents, if: ticket.hot, otherwise: {en: "Not hot: {{ ticket.title }}", zh-CN: 不紧急},
     do: [{raise: x}]}
  cool: {from: new, who: everyone, if: not ticket.hot and ticket.size > 3, do: [{raise: x}]}
  spawn: {from: any, who: agents, do: [{create: {process: problem, link: cause, fields: {title: x}}}]}
  timed: {from: new, after: 1h, to: gone}
  end: {from: [new, work], to: gone, who: everyone}
tasks:
  look: {assign: agents}
  check: {assign: everyone, outcomes: [good, bad]}
permissions: [{who: everyone, can: [view], edit: [size]}, {who: agents, can: [view, comment]}]
"""


def a_story() -> Story:
    story = Story(a_definition(TEXT), {"ann": Actor("ann"), **an_agent()})
    story.things["ticket:X-1"] = {"id": "x", "ref": "X-1", "process": "other", "category": "new"}
    story.things["ticket:T-1"] = {"id": TICKET_ID, "ref": "T-1", "process": "problem", "category": "new"}
    story.open()
    return story


def sentence(entry: Entry) -> tuple[str, ...]:
    """The code and the sentences, or the mistakes."""
    refusal = entry.refusal
    assert entry.result == "refused" and refusal is not None, entry.result
    if refusal.errors:
        return tuple(f"{one['field']} {one['code']}: {one['message']}" for one in refusal.errors)
    return (refusal.code, *(refusal.text.get(locale, "") for locale in ("en", "zh-CN")))


@pytest.mark.parametrize(
    ("person", "request_", "said"),
    [
        (
            "ann",
            Move("take"),
            (
                "not_permitted",
                "ann may not use “Take it”; it is for: agents.",
                "ann 无权执行“接手”；仅限：agents。",
            ),
        ),
        (
            "ann",
            Move("plain"),
            (
                "not_permitted",
                "ann may not use “plain”; it is for: agents.",
                "ann 无权执行“plain”；仅限：agents。",
            ),
        ),
        ("bob", Move("hot"), ("transition_refused", "Not hot: A thing", "不紧急")),
        (
            "bob",
            Move("cool"),
            ("transition_refused", "The condition of cool does not hold.", "不满足“cool”的条件。"),
        ),
        (
            "bob",
            Move("spawn"),
            (
                "transition_refused",
                "The process “problem” is not published yet.",
                "流程“problem”尚未发布。",
            ),
        ),
        (
            "bob",
            Move("timed"),
            ("transition_refused", "there is no transition 'timed' for people to take", ""),
        ),
        (
            "bob",
            Move("nothing"),
            ("transition_refused", "there is no transition 'nothing' for people to take", ""),
        ),
        ("bob", Move("take"), ("hot missing: this is required",)),
        ("bob", Move("take", {"hot": True, "size": 1}), ("size unknown: this form does not ask for it",)),
        ("bob", Move("take", {"hot": 1}), ("hot type: write true or false",)),
        ("bob", Move("take", {"hot": True, "cause": "X-1"}), ("cause option: X-1 is no problem",)),
        ("bob", Move("take", {"hot": True, "cause": "X-9"}), ("cause unknown: there is no ticket 'X-9'",)),
        (
            "bob",
            Move("take", {"hot": True, "cause": "T-1"}),
            ("cause option: a ticket cannot be linked to itself",),
        ),
        ("bob", Move("take", {"hot": True, "cause": ["T-1", "X-1"]}), ("cause too_long: at most 1 fit",)),
        ("ann", Edit({}), ("fields missing: name at least one field to change",)),
        (
            "ann",
            Edit({"hot": True}),
            ("not_permitted", "You may not change hot here.", "您无权在此修改：hot。"),
        ),
        (
            "ann",
            Edit({"hot": True, "title": "x"}),
            ("not_permitted", "You may not change hot, title here.", "您无权在此修改：hot, title。"),
        ),
        (
            "ann",
            Edit({"hot": True, "size": 2}),
            ("hot forbidden: you may not change this field here",),
        ),
        (
            "ann",
            Edit({"nothing": 1, "half": 2, "size": "x"}),
            (
                "half forbidden: this field is computed",
                "nothing unknown: there is no field 'nothing' to set",
                "size type: write a number",
            ),
        ),
        (
            "ann",
            Comment("c", "0" * 64),
            ("not_permitted", "You may not write this here.", "您无权在此发表。"),
        ),
        (
            "bob",
            Comment("c", "0" * 64, public=False),
            ("not_permitted", "You may not write this here.", "您无权在此发表。"),
        ),
        (
            "ann",
            CompleteTask("nothing"),
            ("transition_refused", "This task is not open.", "该任务未处于待办状态。"),
        ),
        (
            "ann",
            CompleteTask("look"),
            ("not_permitted", "This task is for somebody else.", "该任务不由您负责。"),
        ),
        ("ann", CompleteTask("check"), ("outcome missing: say how it came out: good, bad",)),
        (
            "ann",
            CompleteTask("check", {"outcome": "fine"}),
            ("outcome option: 'fine' is not one of: good, bad",),
        ),
        ("ann", Message("ping"), ("not_permitted", "You may not send this message.", "您无权发送此消息。")),
        ("bob", Message("pong"), ("transition_refused", "this process hears no message 'pong'", "")),
        ("", Message("ping", {"count": "x"}), ("count type: write a number",)),
        ("", Message("ping", {"other": 1}), ("other unknown: there is no field 'other' to set",)),
        (
            "bob",
            Relink("cause", "x", "X-1"),
            ("not_permitted", "You may not link tickets here.", "您无权在此关联工单。"),
        ),
        ("bob", Relink("parts", "x", "X-1"), ("transition_refused", "this process has no link 'parts'", "")),
        (
            "bob",
            Vote("board", "approve"),
            ("transition_refused", "This approval is not waiting for anybody.", "该审批当前不在进行中。"),
        ),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(
    person: str, request_: Request, said: tuple[str, ...]
) -> None:
    story = a_story()
    before = story.ticket
    assert sentence(story.send(request_, person)) == said
    after = story.ticket
    assert (after.fields, after.state, after.tasks, after.revision) == (
        before.fields,
        before.state,
        before.tasks,
        before.revision,
    )


def test_what_is_not_possible_in_a_state_is_said_with_its_name() -> None:
    story = a_story()
    story.do("end")
    assert sentence(story.send(Move("take"), "bob")) == (
        "transition_refused",
        "“Take it” is not possible while the ticket is “Gone”.",
        "工单处于“已关闭”状态时不能执行“接手”。",
    )
    with pytest.raises(TransitionRefused, match=r"^take is not possible from gone$"):
        step(story.definition, story.ticket, Move("take"), story.now, story.facts("bob"))


DENIED = ("not_permitted", "You may not do this with this approval.", "您无权对该审批执行此操作。")
NO_SEAT = ("not_permitted", "There is no open decision to give away.", "没有可转交的待审批事项。")
TWO = "stages: [{parallel: [{id: one, approvers: team:board}, {id: two, approvers: [person:a, person:b]}]}]"


@pytest.mark.parametrize(
    ("approval", "person", "request_", "said"),
    [
        (
            stage(""),
            "zoe",
            Vote("board", "approve"),
            ("not_permitted", "Your decision is not asked for here.", "此处不需要您审批。"),
        ),
        (
            stage(""),
            "a",
            Vote("board", "perhaps"),
            ("answer option: 'perhaps' is not one of: approve, reject",),
        ),
        (
            stage("veto: group:security"),
            "sara",
            Vote("board", "approve"),
            ("answer option: 'approve' is not one of: reject",),
        ),
        (
            stage("", void_if_changed="[amount]"),
            "a",
            Vote("board", "approve", hash="0"),
            (
                "transition_refused",
                "What is decided on has changed since you looked; please look again.",
                "审批内容在您查看后已变更，请重新查看。",
            ),
        ),
        (
            stage("answers: {reject: {comment: required}}"),
            "a",
            Vote("board", "reject"),
            ("comment missing: say why",),
        ),
        (
            stage(""),
            "a",
            Vote("board", "approve", "x" * 2_001),
            ("comment too_long: 2001 characters; at most 2000 fit",),
        ),
        (
            stage(""),
            "a",
            Vote("board", "approve", "a\x00b"),
            ("comment control: control characters are not allowed",),
        ),
        (
            stage("answers: {approve: {if: ticket.amount < 50}}"),
            "a",
            Vote("board", "approve"),
            (
                "transition_refused",
                "This answer is not possible as the ticket is now.",
                "工单当前状况下不能选择该意见。",
            ),
        ),
        (stage(""), "a", AddApprover("board", "x"), DENIED),
        (stage("may_add: true"), "zoe", AddApprover("board", "x"), DENIED),
        (stage("may_add: true"), "a", AddApprover("board", ""), ("person unknown: there is no person ''",)),
        (
            stage("may_add: true"),
            "a",
            AddApprover("board", "b"),
            ("person forbidden: b decides in this stage already",),
        ),
        (
            stage("may_add: true"),
            "a",
            AddApprover("board", "ann"),
            ("person forbidden: ann may not decide in this stage",),
        ),
        (
            stage("", manage="person:maria"),
            "maria",
            AddApprover("board", "x", "t"),
            ("stage option: no such stage is open",),
        ),
        (
            TWO + "\nmanage: person:maria",
            "maria",
            AddApprover("board", "x"),
            ("stage missing: say which stage: one, two",),
        ),
        (TWO, "a", HandOver("board", "x"), ("stage missing: say which stage: one, two",)),
        (stage(""), "zoe", HandOver("board", "x"), NO_SEAT),
        (stage(""), "a", HandOver("board", "x", person="b"), DENIED),
        (stage("delegate: false"), "a", HandOver("board", "x"), DENIED),
        (stage("delegate: false"), "a", Delegate("board", "x"), DENIED),
        (stage(""), "a", HandOver("board", "nobody"), ("to unknown: there is no person 'nobody'",)),
        (
            stage(""),
            "a",
            Delegate("board", "x", START, START),
            ("until range: this lies before the beginning",),
        ),
        (stage("may_return: false"), "a", ReturnTo("board", "s", "why"), DENIED),
        (stage(""), "a", ReturnTo("board", "s", " "), ("comment missing: say why",)),
        (stage(""), "a", ReturnTo("board", "s", "again"), ("stage option: there is no earlier stage",)),
        (stage(""), "ann", WithdrawApproval("board"), DENIED),
        (
            stage(""),
            "a",
            Vote("other", "approve"),
            ("transition_refused", "This approval is not waiting for anybody.", "该审批当前不在进行中。"),
        ),
    ],
)
def test_a_refusal_in_an_approval_says_why_and_changes_nothing(
    approval: str, person: str, request_: Request, said: tuple[str, ...]
) -> None:
    story = a_board(approval)
    before = story.run
    assert sentence(story.send(request_, person)) == said
    assert story.run == before


def test_an_answer_given_twice_and_a_return_to_a_later_stage_are_refused() -> None:
    story = a_board("stages: [{id: one, approvers: person:a}, {id: two, approvers: team:board, quorum: 2}]")
    story.vote("a")
    story.vote("b")
    assert sentence(story.send(Vote("board", "approve"), "b")) == (
        "transition_refused",
        "You have given this answer already.",
        "您已提交过该意见。",
    )
    assert sentence(story.send(ReturnTo("board", "two", "again"), "c")) == (
        "stage option: write an earlier stage: one",
    )


def test_who_may_not_open_is_told_who_may() -> None:
    text = """
title: {en: Thing, zh-CN: 事项}
locales: [en, zh-CN]
fields: {size: {type: number}}
forms: {create: {title: required, size: optional}}
roles: {agents: team:desk}
create: {who: agents, if: ticket.size > 3 or ticket.size == null}
states: {new: {category: new}, gone: {category: closed}}
transitions: {end: {from: new, to: gone, who: everyone}}
"""
    story = Story(a_definition(text), {"ann": Actor("ann"), **an_agent()})
    with pytest.raises(NotPermitted) as refused:
        story.open("ann")
    assert refused.value.text == {
        "en": "ann may not open “Thing”; it is for: agents.",
        "zh-CN": "ann 无权创建“事项”；仅限：agents。",
    }
    with pytest.raises(TransitionRefused) as condition:
        story.open("bob", size=2)
    assert condition.value.text == {
        "en": "The condition for opening this does not hold.",
        "zh-CN": "不满足创建条件。",
    }
    story.open("bob", size=4)
    assert story.ticket.fields["size"] == 4


def said(refusal: Refused) -> str:
    """What a refusal is called where no text for people is wanted: in logs and answers to machines."""
    return f"{type(refusal).__name__}: {refusal}"


@pytest.mark.parametrize(
    ("person", "request_", "plain"),
    [
        ("ann", Move("take"), "NotPermitted: ann may not take"),
        ("bob", Move("x" * 120), f"TransitionRefused: there is no transition '{'x' * 100}' for people to take"),
        ("bob", Move("spawn"), "TransitionRefused: the process 'problem' is not published yet"),
        ("bob", Move("cool"), "TransitionRefused: The condition of cool does not hold."),
        ("bob", Move("hot"), "TransitionRefused: Not hot: A thing"),
        ("ann", Edit({"hot": True, "title": "x"}), "NotPermitted: ann may not edit hot, title"),
        ("ann", Comment("c", "0" * 64), "NotPermitted: ann may not comment"),
        ("bob", Comment("c", "0" * 64, public=False), "NotPermitted: bob may not comment_internal"),
        ("ann", CompleteTask("n" * 120), f"TransitionRefused: the task '{'n' * 100}' is not open"),
        ("ann", CompleteTask("look"), "NotPermitted: ann may not complete look"),
        ("ann", Message("ping"), "NotPermitted: ann may not send ping"),
        ("bob", Message("p" * 120), f"TransitionRefused: this process hears no message '{'p' * 100}'"),
        ("ann", AddTask("x"), "TransitionRefused: no tasks can be added while the ticket is new"),
        ("ann", CancelTask("c" * 120), f"TransitionRefused: '{'c' * 100}' is no open task that somebody added"),
        ("bob", Relink("cause", "x", "X-1"), "NotPermitted: bob may not link"),
        ("bob", Relink("l" * 120, "x", "X-1"), f"TransitionRefused: this process has no link '{'l' * 100}'"),
        ("bob", News("x", "done"), "NotPermitted: bob is no ticket"),
        ("bob", ChildDone("look", 1, "X-1", "done"), "NotPermitted: only the system tells that a ticket is done"),
        ("bob", Move("take", {"size": "x"}),
         "FormInvalid: hot: this is required; size: write a number"),
        ("bob", Edit({"title": None, "requester": None, "half": 1, "hot": 3}),
         ("FormInvalid: half: this field is computed; hot: write true or false; "
          "requester: you may not change this field here; requester: this cannot be empty; "
          "title: you may not change this field here; title: this cannot be empty")),
        ("", Message("ping", {"z": 1, "count": "x", "a": 2}),
         "FormInvalid: a: there is no field 'a' to set; count: write a number; z: there is no field 'z' to set"),
    ],
)  # fmt: skip
def test_a_refusal_is_said_plainly_too(person: str, request_: Request, plain: str) -> None:
    story = a_story()
    with pytest.raises(Refused) as caught:
        step(story.definition, story.ticket, request_, story.now, story.facts(person))
    assert said(caught.value) == plain


def test_what_could_not_be_looked_up_is_named() -> None:
    text = TEXT.replace("plain: {from: new,", "plain: {from: new, check: freezes,").replace(
        "tasks:\n  look", "create: {check: freezes}\ntasks:\n  look"
    )
    story = Story(a_definition(text), an_agent(), checks={"freezes": []})
    story.open()
    story.checks.clear()
    for request, things in (
        (Move("plain"), ()),
        (Move("take", {"hot": True, "cause": "X-1"}), ("ticket:X-1",)),
    ):
        with pytest.raises(FactsMissing) as caught:
            step(story.definition, story.ticket, request, START, replace(story.facts("bob"), missing=things))
        what = "ticket:X-1 could not be looked up" if things else "the check freezes could not be made"
        assert str(caught.value) == f"{what}; try again"
    with pytest.raises(FactsMissing, match=r"^the check freezes could not be made; try again$"):
        Story(a_definition(text), an_agent()).open()


def test_only_who_is_told_what_is_wrong_with_a_caller_sees_it() -> None:
    story = a_story()
    with pytest.raises(TypeError, match=r"^only Open comes without a ticket$"):
        step(story.definition, None, Move("take"), START, story.facts("bob"))
    with pytest.raises(
        TypeError, match=r"^a ticket is moved from one definition to another: handle\(\) does it$"
    ):
        step(story.definition, story.ticket, Migrate(story.definition.hashes), START, story.facts("bob"))


def test_states_and_buttons_are_called_as_their_labels_say_in_the_nearest_language() -> None:
    text = """
locales: [zh-CN]
title: 事项
states: {new: {category: new, label: {zh-CN: 新建}}, gone: {category: closed}}
transitions:
  end: {from: new, to: gone, who: everyone, label: {zh-CN: 结束}}
  plain: {from: new, to: gone, who: "person:bob"}
  named: {from: new, to: gone, who: "person:bob", label: {zh-CN: 命名}, if: false, otherwise: {zh-CN: 不行}}
  again: {from: gone, who: everyone, do: [{raise: x}]}
"""
    story = Story(a_definition(text), {"bob": Actor("bob")})
    story.open()
    assert sentence(story.send(Move("again"))) == (
        "transition_refused", "“again” is not possible while the ticket is “新建”.",
        "工单处于“新建”状态时不能执行“again”。",
    )  # fmt: skip
    assert sentence(story.send(Move("named"))) == (
        "not_permitted", "ann may not use “命名”; it is for: person:bob.", "ann 无权执行“命名”；仅限：person:bob。",
    )  # fmt: skip
    assert sentence(story.send(Move("named"), "bob")) == ("transition_refused", "", "不行")
    story.do("end")
    assert sentence(story.send(Move("end"))) == (
        "transition_refused", "“结束” is not possible while the ticket is “gone”.",
        "工单处于“gone”状态时不能执行“结束”。",
    )  # fmt: skip


def test_for_whom_and_with_what_a_ticket_is_opened_is_looked_at() -> None:
    text = """
fields: {size: {type: number}, hidden: {type: text}}
forms: {create: {title: required, size: optional}}
states: {new: {category: new, fields: {require: size}}, gone: {category: closed}}
transitions: {end: {from: new, to: gone, who: everyone}}
"""
    people = {"ann": Actor("ann"), **an_agent()}
    given: list[tuple[str, dict[str, Json], str]] = [
        ("ann", {"size": 1, "requester": "bob"}, "requester: only an agent may open for somebody else"),
        ("ann", {"size": 1, "hidden": "x"}, "hidden: this form does not ask for it"),
        ("bob", {"size": 1, "hidden": "x"}, "hidden: this form does not ask for it"),
        ("ann", {}, "size: this is required here"),
    ]
    for person, fields, why in given:
        with pytest.raises(FormInvalid) as caught:
            Story(a_definition(text), people).open(person, **fields)
        assert str(caught.value) == why
    accepted: list[tuple[str, dict[str, Json]]] = [
        ("", {"hidden": "x", "requester": "bob"}),
        ("bob", {"requester": "ann"}),
        ("ann", {"requester": "ann"}),
    ]
    for person, fields in accepted:
        story = Story(a_definition(text), people)
        story.open(person, size=1, **fields)
        assert fields.items() <= story.ticket.fields.items()
