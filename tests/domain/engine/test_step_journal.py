"""What the journal says of every request that is carried out: its cause, what happened, what it asks for."""

from __future__ import annotations

from domain.engine.events import (
    AddTask,
    CancelTask,
    ChildDone,
    Comment,
    CompleteTask,
    Edit,
    Message,
    Move,
    News,
    Relink,
    Request,
    Vote,
)
from domain.engine.ticket import Json
from tests.builders import a_definition, accepted
from tests.domain.engine.boards import Board
from tests.domain.engine.journals import block, kept, written

TEXT = """
fields:
  size: {type: number, default: 2}
  half: {type: number, default: "{{ ticket.size / 2 }}"}
  most: {type: number, default: "{{ ticket.half + 10 }}"}
  by: {type: person}
  log: {type: note}
roles: {agents: team:board}
permissions: [{who: everyone, can: [view, comment, comment_internal, link], edit: all}]
forms:
  create:
    title: required
    size: optional
    cause: optional
links:
  cause: {process: problem, inverse: things, many: false, reads: {fix: text}}
states:
  new: {category: new, tasks: [look, order]}
  asked: {category: waiting, approval: board}
  gone: {category: closed}
transitions:
  take:
    from: new
    who: agents
    ask: {size: required, cause: optional}
    if: ticket.size > 1
  ask: {from: new, to: asked, who: everyone}
  voted: {from: asked, to: new, when: approval.board.approved}
  told: {from: any, when: message.ping, do: [{set: {by: "{{ event.who }}", log: "{{ event.sender.ref }}"}}]}
  replied: {from: any, when: replied.requester, do: [{set: {log: "{{ event.author }} said {{ event.text }}"}}]}
  agent: {from: any, when: replied.agent, do: [{set: {log: "agent {{ event.author }}: {{ event.text }}"}}]}
  any: {from: any, when: replied, do: [{comment: {text: "{{ event.author }} {{ event.text }}"}}]}
  edited: {from: any, when: updated, if: event.commented or "title" in event.changed, do: [{raise: x}]}
messages:
  ping: {from: api, fields: {who: person, count: number}}
tasks:
  look: {assign: everyone, ask: {size: optional, cause: optional}, outcomes: [good, bad]}
  order: {ticket: {process: problem, link: cause}}
adhoc_tasks:
  who: everyone
  form: {size: optional, cause: optional}
approvals:
  board:
    stages: [{id: s, approvers: "person:a"}]
"""


THINGS: dict[str, dict[str, Json] | None] = {
    "comment:comment": {"text": "Hi"},
    "ticket:P-1": {"id": "p1", "ref": "P-1", "process": "problem", "category": "new"},
}
REQUESTS: tuple[tuple[str, Request], ...] = (
    ("ann", Edit({"title": "Other"})),
    ("ann", Comment("comment", "0" * 64)),
    ("a", Comment("comment", "0" * 64)),
    ("a", Comment("comment", "0" * 64, public=False)),
    ("a", Move("take", {"size": 5, "cause": "P-1"})),
    ("ann", CompleteTask("look", {"outcome": "good", "size": 3})),
    ("", Message("ping", {"who": "b", "count": 3}, "p1", "P-1")),
    ("", Relink("cause", "p2", "P-2", category="active", values={"fix": "x", "other": 1})),
    ("", News("p2", "done", {"fix": "y"})),
    ("a", AddTask("Call", fields={"size": 4})),
    ("a", CancelTask("adhoc.1")),
    ("", ChildDone("order", 1, "P-1", "closed")),
    ("ann", Move("ask")),
    ("a", Vote("board", "approve")),
)


def a_story() -> Board:
    """A ticket that all of these were sent to."""
    story = Board(a_definition(TEXT), things=THINGS, published=("problem",))
    story.open()
    for person, request in REQUESTS:
        accepted(story.send(request, person))
    return story


def test_the_journal_names_the_cause_of_every_request_and_what_it_did() -> None:
    assert written(a_story().journal, TEXT) == block("""
        command open @create: by ann
          opened process=thing
          task look what=opened
          task order what=running
          -> create process=problem link=cause inverse=things task=order run=1 field.requester=ann
              because of tasks.order.ticket @order:
        command edit by ann
          set title old=A thing new=Other by=edit
          moved edited
        command comment by ann
          commented comment=comment public=true
          set log old=null new=ann said Hi by=transitions.replied.do.0
          moved replied
          moved any
          moved edited
          -> comment *={{ event.author }} {{ event.text }} event.author={"$person": "ann"} event.text=Hi
              public=true because of transitions.any.do.0 @any:
        command comment by a
          commented comment=comment public=true
          set first_reply_at old=null new=2026-03-02T09:00:00Z by=engine
          set log old=ann said Hi new=agent a: Hi by=transitions.agent.do.0
          moved agent
          moved any
          moved edited
          -> comment *={{ event.author }} {{ event.text }} event.author={"$person": "a"} event.text=Hi
              public=true because of transitions.any.do.0 @any:
        command comment by a
          commented comment=comment public=false
          moved edited
        command take @take: by a
          set size old=2 new=5 by=transitions.take.ask
          linked cause ticket=p1 ref=P-1
          moved take
          -> link link=things add=true tickets=["p1"] ticket=ID ref=T-0001 mirror=false category=new
              values={} because of transitions.take.ask @ask:
        command complete look @look: by ann
          set size old=5 new=3 by=tasks.look.ask
          task look what=done outcome=good
        message ping @ping:
          set by old=null new=b by=transitions.told.do.0
          set log old=agent a: Hi new=P-1 by=transitions.told.do.0
          moved told
        message link @cause:
          unlinked cause ticket=p1 ref=P-1
          linked cause ticket=p2 ref=P-2
          -> link link=things add=false tickets=["p1"] ticket=ID ref=T-0001 mirror=false because of
              links.cause @cause:
          -> news tickets=["p2"] category=new values={} because of links.cause @cause:
        message news
        command add task @adhoc_tasks: by a
          set size old=3 new=4 by=adhoc_tasks.form
          task adhoc.1 what=opened by=a shown={"title": "Call"}
        command cancel adhoc.1 @adhoc_tasks: by a
          task adhoc.1 what=cancelled by=a shown={"title": "Call"}
        message done P-1 @order:
          task order what=done
        command ask @ask: by ann
          moved ask from=new to=asked
          approval board what=requested
          -> approvers approval=board stage=s lookup=1 approvers=["person:a"] exclude=["person:ann"]
              veto=[] weights=[] delegate=true because of approvals.board.stages.0 @stages:
          -> news tickets=["p2"] category=waiting values={} because of links.cause @cause:
        result approvers board 1 @board:
          approval board what=stage_opened stage=s
          approval board what=asked stage=s people=["a"]
          -> approval person:a email chat en={{ ticket.ref }}: please decide on “board” for {{
              ticket.title }} zh-CN={{ ticket.ref }}：请审批“board”：{{ ticket.title }} ticket.ref=T-0001
              ticket.title=Other what=asked approval=board stage=s because of approvals.board.stages.0
              @stages:
        command vote board @board: by a
          approval board what=voted stage=s answer=approve person=a by=a comment="" hash=""
          approval board what=stage_ended stage=s state=approved why=quorum
          approval board what=ended state=approved why=approvals.board.stages line=thing.yaml:44
          moved voted from=asked to=new
          -> news tickets=["p2"] category=new values={} because of links.cause @cause:
    """)


def test_the_ticket_afterwards_is_what_they_made_of_it() -> None:
    assert kept(a_story().ticket) == block("""
        state new
        entered_at 2026-03-02T09:00:00Z
        fields reopen_count 0
        fields size 4
        fields channel portal
        fields requester ann
        fields title Other
        fields half 1
        fields most 11
        fields log P-1
        fields first_reply_at 2026-03-02T09:00:00Z
        fields by b
        known person:ann {"id": "ann", "locale": "en", "manager": "maria"}
        known person:b {"id": "b", "teams": ["board"], "locale": "en"}
        tasks look {"state": "done", "since": "2026-03-02T09:00:00Z", "assignees": ["everyone"], "run":
            1, "of_state": "new", "outcome": "good"}
        tasks order {"state": "done", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "new",
            "response": {"ref": "P-1", "state": "closed"}}
        tasks adhoc.1 {"state": "cancelled", "since": "2026-03-02T09:00:00Z", "assignees": ["person:a"],
            "run": 1, "of_state": "new", "title": "Call", "shown": {"title": "Call"}}
        approvals board {"state": "approved", "requested_at": "2026-03-02T09:00:00Z", "of_state":
            "asked", "asked": 1, "stages": {"s": {"state": "approved", "since": "2026-03-02T09:00:00Z",
            "seats": [{"person": "a", "answer": "approve", "by": "a", "at": "2026-03-02T09:00:00Z"}],
            "excluded": ["ann"]}}, "decided_by": "a", "decided_at": "2026-03-02T09:00:00Z"}
        links cause [{"ticket": "p2", "ref": "P-2", "category": "done", "values": {"fix": "y"}}]
        tasks_settled true
        revision 10
        seq 16
        handled 15
    """)


def test_defaults_see_what_was_given_and_what_follows_from_it() -> None:
    fields = {}
    for size in (None, 8):
        story = Board(a_definition(TEXT))
        story.open(**({"size": size} if size else {}))
        fields[size] = [story.ticket.fields[name] for name in ("size", "half", "most")]
    assert fields == {None: [2, 1, 11], 8: [8, 4, 14]}
