"""Two processes that speak of each other have to fit."""

from __future__ import annotations

import pytest

from domain.language.both_ends import end_problems, partners
from domain.language.models import Process
from tests.domain.language.files import load_small, small

PARENT = small(
    id="parent",
    links="\n  children: {process: child, inverse: parent, reads: {weight: number}}",
    forms="\n  create: {title: required}",
    messages="\n  finished: {from: linked, fields: {how: text}}",
)
CHILD = small(
    id="child",
    fields="\n  weight: {type: number}",
    links="\n  parent: {process: parent, inverse: children, many: false, shows: weight}",
    transitions="\n  close: {from: new, to: closed, who: everyone, do: [{tell: {link: parent, message: finished, "
    "with: {how: well}}}, {create: {process: parent, link: parent, fields: {title: x}}}]}",
)


def a_process(text: str) -> Process:
    loaded = load_small(text)
    assert loaded.ok and loaded.process is not None, loaded.problems
    return loaded.process


def found(parent: str, child: str) -> list[str]:
    """The problems of both, each with its place."""
    one, other = a_process(parent), a_process(child)
    return [
        f"{'.'.join(map(str, path))}: {message}"
        for process, rest in ((one, {"child": other}), (other, {"parent": one}))
        for path, message in end_problems(process, rest)
    ]


def test_two_that_fit_have_no_problem_and_one_alone_has_none_either() -> None:
    assert found(PARENT, CHILD) == []
    child = a_process(CHILD)
    assert partners(child) == ("parent",)
    assert end_problems(child, {}) == []


@pytest.mark.parametrize(
    ("parent", "child", "problem"),
    [
        (
            "",
            "inverse: children=inverse: childs",
            (
                'links.parent.inverse: "parent" has no link "childs"; did you mean "children"?; '
                "every link has two ends"
            ),
        ),
        (
            "",
            "many: false, shows: weight=many: false",
            (
                'links.children.reads.weight: "child" does not show "weight"; '
                'add it to `shows` of its link "parent"'
            ),
        ),
        (
            "",
            "weight: {type: number}=weight: {type: text}",
            'links.children.reads.weight: "weight" of child is text, not number',
        ),
        (
            "",
            "message: finished=message: finish",
            (
                'transitions.close.do.0.tell.message: "parent" hears no message "finish"; '
                'did you mean "finished"?'
            ),
        ),
        (
            "",
            "how: well=why: well",
            'transitions.close.do.0.tell.with.why: unknown field "why" of the message finished',
        ),
        (
            "",
            "title: x=titel: x",
            (
                'transitions.close.do.1.create.fields.titel: unknown field "titel" of parent; '
                'did you mean "title"?'
            ),
        ),
        (
            "",
            "fields: {title: x}}}=fields: {requester: ann}}}",
            'transitions.close.do.1.create.fields: "parent" asks for "title" when it is opened; give it here',
        ),
    ],
)
def test_what_does_not_fit_is_said_where_it_stands(parent: str, child: str, problem: str) -> None:
    texts = []
    for text, change in ((PARENT, parent), (CHILD, child)):
        old, _, new = change.partition("=")
        assert old in text
        texts.append(text.replace(old, new) if old else text)
    assert problem in found(*texts)


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (
            "finish",
            ['tasks.x.ticket.if_cancelled: "parent" hears no message "finish"; did you mean "finished"?'],
        ),
        (
            "ping",
            ['tasks.x.ticket.if_cancelled: "parent" hears "ping" from: api; it comes from a linked ticket'],
        ),
        ("finished", []),
    ],
)
def test_the_message_for_a_ticket_whose_task_is_cancelled_is_heard_there(
    message: str, problem: list[str]
) -> None:
    parent = PARENT.replace("messages:", "messages:\n  ping: {from: api}")
    ticket = f"{{process: parent, link: parent, fields: {{title: x}}, if_cancelled: {message}}}"
    child = CHILD + f"tasks:\n  x: {{ticket: {ticket}}}\n"
    child = child.replace(
        "{process: parent, link: parent, fields: {title: x}}}]}",
        "{process: parent, link: parent, fields: {title: x}}}, {run: x}]}",
    )
    assert found(parent, child) == problem


def test_what_is_known_of_a_linked_ticket_may_be_read_at_the_other_end() -> None:
    said = CHILD.replace("many: false,", "many: false, fields: {rank: {type: number}},")
    reads = PARENT.replace("{weight: number}", "{weight: number, rank: number}")
    assert found(reads, said) == []
    assert found(reads.replace("rank: number", "rank: text"), said) == [
        'links.children.reads.rank: "rank" of the link parent of child is number, not text'
    ]


def test_an_end_of_another_link_is_no_other_end() -> None:
    parent = PARENT.replace("inverse: parent, reads", "inverse: boss, reads")
    assert (
        'links.parent.inverse: "children" of parent is the other end of child.boss, not of child.parent'
        in found(parent, CHILD)
    )
