"""What is written when a ticket moves to another version, whole, and what it keeps."""

# Over 400 lines: most are what is expected, line by line.

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.engine.events import Migrate, Relink
from domain.language.definition import Definition
from tests.builders import Story, a_definition, accepted
from tests.domain.engine.boards import Board
from tests.domain.engine.journals import block, kept, written

OLD = """
fields:
  size: {type: choice, options: [small, large], default: small}
  sorts: {type: choices, options: [a, b, c]}
  impact: {type: choice, options: [high, low], default: low}
  supplier: {type: text}
  twice: {type: text, compute: ticket.supplier}
  buddy: {type: person}
  when: {type: datetime}
  log: {type: note}
roles: {agents: team:board, buddy: field:buddy}
links: {cause: {process: problem, inverse: things}, parts: {process: problem, inverse: wholes}}
priority:
  levels: [P1, P2, P3]
  rows: impact
  columns: impact
  matrix: {high: {high: P1, low: P1}, low: {high: P2, low: P2}}
  may_override: everyone
permissions: [{who: everyone, can: [view, comment, link], edit: all}]
calendars: {office: {time_zone: UTC, week: {mon-fri: "09:00-17:00"}}}
states:
  new: {category: new}
  asked: {category: waiting, approval: board}
  work: {category: active, tasks: [order, tell, each]}
  on_hold: {category: waiting, hold: true}
  gone: {category: closed}
transitions:
  start: {from: new, to: work, who: everyone}
  ask: {from: new, to: asked, who: everyone}
  hold: {from: [new, work], to: on_hold, who: everyone}
  release: {from: on_hold, to: back, who: everyone}
  lapse: {from: work, to: gone, after: 10h}
  nudge: {from: work, every: 3h, restart: updated, do: [{set: {log: nudged}}]}
  wake: {from: on_hold, to: new, after: 9h}
  voted: {from: asked, to: work, when: approval.board.approved}
  climb: {from: any, who: everyone, do: [{escalate: up}]}
  end: {from: any, to: gone, who: everyone}
clocks:
  c: {target: 10h, calendar: office, stop: {in: closed}}
tasks:
  order: {script: {name: x}}
  tell: {assign: agents}
  each: {for_each: ticket.sorts, assign: agents}
escalations:
  up:
    until: false
    steps: [{page: "person:a", wait: 50m}, {page: "person:b", wait: 1h}, {page: "person:c", wait: 1h}]
approvals:
  board:
    stages: [{id: one, approvers: "person:a"}, {id: two, approvers: "person:b"}]
"""


def version(*pairs: tuple[str, str], migrate: str = "[{from: 1}]") -> Definition:
    """The second version: the first with these changes."""
    text = OLD
    for old, now in pairs:
        assert old in text, old
        text = text.replace(old, now)
    return a_definition(f"{text}\nversion: 2\nmigrate: {migrate}\n")


def a_story(*, held: bool = False) -> Board:
    """A ticket that was approved, is worked on since an hour and has something of everything."""
    story = Board(a_definition(OLD), things={"ticket:P-1": {"id": "p1", "ref": "P-1", "process": "problem"}})
    story.open()
    story.do("ask")
    story.vote("a")
    story.vote("b")
    story.edit(supplier="ACME", buddy="maria", sorts=["a", "b"], priority="P3", when="2026-03-05T10:00:00Z")
    accepted(story.send(Relink("cause", "p1", "P-1"), "ann"))
    story.do("climb")
    story.until(story.at(hours=1))
    if held:
        story.do("hold")
        story.until(story.at(hours=2))
    return story


def moved(story: Story, onto: Definition, *, leave_behind: bool = False) -> str:
    """What is written when it moves, what is still due being as it was."""
    entry = story.migrate(onto, leave_behind=leave_behind)
    return written(entry)


RENAMED = version(
    ("  work: {category: active, tasks: [order", "  doing: {category: active, tasks: [purchase"),
    ("  on_hold: {", "  rest: {"),
    ("to: work", "to: doing"),
    ("from: work", "from: doing"),
    ("[new, work]", "[new, doing]"),
    ("to: on_hold", "to: rest"),
    ("from: on_hold", "from: rest"),
    ("  c: {target", "  solve: {target"),
    ("  order: {script", "  purchase: {script"),
    ("  tell:", "  inform:"),
    (", tell, ", ", inform, "),
    ("supplier: {type: text}", "vendor: {type: text}"),
    ("ticket.supplier", "ticket.vendor"),
    (", after: 10h", ", after: 4h"),
    (", every: 3h", ", every: 2h"),
    ("after: 9h", "after: 6h"),
    migrate="""
  - from: 1
    states: {work: doing, on_hold: rest}
    clocks: {c: solve}
    tasks: {order: purchase, tell: inform}
    fields: {vendor: old.supplier}
    note: {en: New words., zh-CN: 新词。}
""",
)


def test_what_is_only_called_differently_goes_on_under_its_new_name() -> None:
    story = a_story()
    assert moved(story, RENAMED) == block("""
        command migrate @thing.yaml:54
          migrated thing from=1 to=2 note={"en": "New words.", "zh-CN": "新词。"}
          set supplier old=ACME new=null by=migrate
          set vendor old=null new=ACME by=migrate.0.fields.vendor
          moved from=work to=doing
    """)
    assert kept(story.ticket) == block("""
        state doing
        entered_at 2026-03-02T09:00:00Z
        fields reopen_count 0
        fields size small
        fields impact low
        fields channel portal
        fields requester ann
        fields title A thing
        fields priority P3
        fields buddy maria
        fields sorts ["a", "b"]
        fields when 2026-03-05T10:00:00Z
        fields twice ACME
        fields vendor ACME
        overridden ["priority"]
        known person:ann {"id": "ann", "locale": "en", "manager": "maria"}
        known person:maria {"id": "maria", "locale": "en", "manager": "bruno"}
        clocks solve {"status": "running", "cycle": 1, "target": "10h", "calendar": "office",
            "stretches": [{"from_at": "2026-03-02T09:00:00Z"}], "ledger": [{"at":
            "2026-03-02T09:00:00Z", "what": "started", "why": "clocks.c.start", "line":
            "thing.yaml:39"}, {"at": "2026-03-02T09:00:00Z", "what": "retargeted", "why":
            "clocks.c.target", "line": "thing.yaml:39", "target": "10h", "calendar": "office", "due_at":
            "2026-03-03T11:00:00Z"}], "due_at": "2026-03-03T11:00:00Z", "next_at":
            "2026-03-03T11:00:00Z", "next_what": "100%"}
        timers lapse {"due_at": "2026-03-02T13:00:00Z"}
        timers nudge {"due_at": "2026-03-02T12:00:00Z"}
        chains up {"step": 1, "next_at": "2026-03-02T10:50:00Z", "started_at": "2026-03-02T09:00:00Z"}
        tasks purchase {"state": "running", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1,
            "of_state": "doing"}
        tasks inform {"state": "open", "since": "2026-03-02T09:00:00Z", "assignees": ["members:board"],
            "run": 1, "of_state": "doing"}
        tasks each {"state": "running", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "doing"}
        tasks each.1 {"state": "open", "since": "2026-03-02T09:00:00Z", "assignees": ["members:board"],
            "run": 1, "of_state": "doing", "element": "a", "shown": {"each": {"$option": ["sorts",
            "a"]}}}
        tasks each.2 {"state": "open", "since": "2026-03-02T09:00:00Z", "assignees": ["members:board"],
            "run": 1, "of_state": "doing", "element": "b", "place": 1, "shown": {"each": {"$option":
            ["sorts", "b"]}}}
        approvals board {"state": "approved", "requested_at": "2026-03-02T09:00:00Z", "of_state":
            "asked", "asked": 2, "stages": {"one": {"state": "approved", "since":
            "2026-03-02T09:00:00Z", "seats": [{"person": "a", "answer": "approve", "by": "a", "at":
            "2026-03-02T09:00:00Z"}], "excluded": ["ann"]}, "two": {"state": "approved", "since":
            "2026-03-02T09:00:00Z", "seats": [{"person": "b", "answer": "approve", "by": "b", "at":
            "2026-03-02T09:00:00Z"}], "excluded": ["ann"]}}, "decided_by": "b", "decided_at":
            "2026-03-02T09:00:00Z"}
        links cause [{"ticket": "p1", "ref": "P-1"}]
        revision 5
        seq 11
        handled 8
    """)


def test_a_ticket_on_hold_keeps_where_it_comes_back_to_and_its_timers() -> None:
    story = a_story(held=True)
    assert moved(story, RENAMED) == block("""
        command migrate @thing.yaml:54
          migrated thing from=1 to=2 note={"en": "New words.", "zh-CN": "新词。"}
          set supplier old=ACME new=null by=migrate
          set vendor old=null new=ACME by=migrate.0.fields.vendor
          moved from=on_hold to=rest
    """)
    assert kept(story.ticket, "state", "timers", "held", "tasks") == block("""
        state rest
        timers wake {"due_at": "2026-03-02T16:00:00Z"}
        tasks purchase {"state": "running", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1,
            "of_state": "doing"}
        tasks inform {"state": "open", "since": "2026-03-02T09:00:00Z", "assignees": ["members:board"],
            "run": 1, "of_state": "doing"}
        tasks each {"state": "running", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "doing"}
        tasks each.1 {"state": "open", "since": "2026-03-02T09:00:00Z", "assignees": ["members:board"],
            "run": 1, "of_state": "doing", "element": "a", "shown": {"each": {"$option": ["sorts",
            "a"]}}}
        tasks each.2 {"state": "open", "since": "2026-03-02T09:00:00Z", "assignees": ["members:board"],
            "run": 1, "of_state": "doing", "element": "b", "place": 1, "shown": {"each": {"$option":
            ["sorts", "b"]}}}
        held state doing
        held since 2026-03-02T10:00:00Z
        held entered_at 2026-03-02T09:00:00Z
        held timers {"lapse": {"due_at": "2026-03-02T13:00:00Z"}, "nudge": {"due_at":
            "2026-03-02T11:00:00Z"}}
    """)


GONE = version(
    ("supplier: {type: text}", "twice2: {type: text}"),
    ("  twice: {type: text, compute: ticket.supplier}\n", ""),
    ("buddy: {type: person}", "buddy: {type: number}"),
    ("when: {type: datetime}", "when: {type: date}"),
    ("buddy: field:buddy", "buddy: team:x"),
    ("options: [a, b, c]", "options: [c, a]"),
    ("levels: [P1, P2, P3]", "levels: [P1, P2]"),
    ("cause: {process: problem, inverse: things}, parts", "parts"),
    ("tasks: [order, tell, each]", "tasks: [order]"),
    (
        "  tell: {assign: agents}\n  each: {for_each: ticket.sorts, assign: agents}\n",
        "  each: {assign: agents}\n",
    ),
    ("  up:\n", "  other:\n"),
    ("{escalate: up}", "{escalate: other}"),
    ('[{id: one, approvers: "person:a"}, {id', "[{id"),
    ("  c: {target: 10h, calendar: office,", "  c: {target: 5h, calendar: always,"),
    ("calendars: {office: {", "calendars: {other: {"),
)


def test_everything_that_finds_no_place_is_said_at_once() -> None:
    story = a_story()
    assert (
        moved(story, GONE).splitlines()
        == block("""
        command migrate refused
          refused
          en=priority: there is no option P3 any more; the field supplier is gone, and this ticket has a
              value there; buddy: it is of another type: write a number; sorts: there is no option b any
              more; when: it is of another type: write a date, such as 2026-11-27; the task tell is
              gone, and it is open here; the task each is gone, and it is open here; the task each.1 is
              gone, and it is open here; the task each.2 is gone, and it is open here; the link cause is
              gone, and tickets are linked by it; the escalation up is gone, and it is under way here
    """).splitlines()
    )


def test_what_finds_no_place_is_left_behind_by_consent_and_stays_in_the_journal() -> None:
    story = a_story()
    assert moved(story, GONE, leave_behind=True) == block("""
        command migrate @thing.yaml:51
          migrated thing from=1 to=2
          set priority old=P3 new=null by=migrate
          set supplier old=ACME new=null by=migrate
          set buddy old=maria new=null by=migrate
          set sorts old=["a", "b"] new=null by=migrate
          set when old=2026-03-05T10:00:00Z new=null by=migrate
          set twice old=ACME new=null by=migrate
          task tell what=cancelled
          task each what=cancelled
          task each.1 what=cancelled
          task each.2 what=cancelled
          escalation up what=ended
          set priority old=null new=P2 by=priority
          clock c what=retargeted target=5h calendar=always
    """)
    assert kept(story.ticket) == block("""
        state work
        entered_at 2026-03-02T09:00:00Z
        fields reopen_count 0
        fields size small
        fields impact low
        fields channel portal
        fields requester ann
        fields title A thing
        fields priority P2
        known person:ann {"id": "ann", "locale": "en", "manager": "maria"}
        clocks c {"status": "running", "cycle": 1, "target": "5h", "calendar": "always", "stretches":
            [{"from_at": "2026-03-02T09:00:00Z"}], "ledger": [{"at": "2026-03-02T09:00:00Z", "what":
            "started", "why": "clocks.c.start", "line": "thing.yaml:39"}, {"at": "2026-03-02T09:00:00Z",
            "what": "retargeted", "why": "clocks.c.target", "line": "thing.yaml:39", "target": "10h",
            "calendar": "office", "due_at": "2026-03-03T11:00:00Z"}, {"at": "2026-03-02T10:00:00Z",
            "what": "retargeted", "why": "clocks.c.target", "line": "thing.yaml:38", "target": "5h",
            "calendar": "always", "due_at": "2026-03-02T14:00:00Z"}], "due_at": "2026-03-02T14:00:00Z",
            "next_at": "2026-03-02T14:00:00Z", "next_what": "100%"}
        timers lapse {"due_at": "2026-03-02T19:00:00Z"}
        timers nudge {"due_at": "2026-03-02T12:00:00Z"}
        tasks order {"state": "running", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1,
            "of_state": "work"}
        approvals board {"state": "approved", "requested_at": "2026-03-02T09:00:00Z", "of_state":
            "asked", "asked": 2, "stages": {"two": {"state": "approved", "since":
            "2026-03-02T09:00:00Z", "seats": [{"person": "b", "answer": "approve", "by": "b", "at":
            "2026-03-02T09:00:00Z"}], "excluded": ["ann"]}}, "decided_by": "b", "decided_at":
            "2026-03-02T09:00:00Z"}
        revision 5
        seq 11
        handled 8
    """)


# ---------------------------------------------------------------- approvals under way

STAGES = """
    stages: [{id: one, approvers: "person:a"}, {id: two, approvers: "person:b"}]"""
ONE = """
    stages: [{id: two, approvers: "person:b"}]"""
OTHER = """
    stages: [{id: one, approvers: "person:a", quorum: all}, {id: two, approvers: "person:b"}]"""


def asked() -> Board:
    """A ticket that waits for the first of two stages."""
    story = Board(a_definition(OLD))
    story.open()
    story.do("ask")
    return story


def asked_of(change: str, migrate: str = "[{from: 1}]", *more: tuple[str, str]) -> str:
    """The journal and the approvals after the move."""
    story = asked()
    before = len(story.journal)
    story.migrate(version((STAGES, change), *more, migrate=migrate))
    return written(story.journal[before:]) + "\n" + kept(story.ticket, "state", "approvals")


def test_an_approval_that_is_asked_for_anew_is_withdrawn_and_asked() -> None:
    assert asked_of(OTHER, "[{from: 1, approvals: restart}]") == block("""
        command migrate @thing.yaml:53
          migrated thing from=1 to=2
          approval board what=withdrawn why=migrate comment=""
          approval board what=requested
          -> approvers approval=board stage=one lookup=2 approvers=["person:a"] exclude=["person:ann"]
              veto=[] weights=[] delegate=true because of approvals.board.stages.0 @thing.yaml:50
        result approvers board 2 @thing.yaml:49
          approval board what=stage_opened stage=one
          approval board what=asked stage=one people=["a"]
          -> approval person:a email chat en={{ ticket.ref }}: please decide on “board” for {{
              ticket.title }} zh-CN={{ ticket.ref }}：请审批“board”：{{ ticket.title }} ticket.ref=T-0001
              ticket.title=A thing what=asked approval=board stage=one because of
              approvals.board.stages.0 @thing.yaml:50
        state asked
        approvals board {"state": "pending", "requested_at": "2026-03-02T09:00:00Z", "round": 2,
            "of_state": "asked", "asked": 2, "stages": {"one": {"state": "open", "since":
            "2026-03-02T09:00:00Z", "seats": [{"person": "a"}], "excluded": ["ann"]}}}
    """)


def test_an_approval_whose_stage_is_gone_is_asked_for_anew() -> None:
    assert asked_of(ONE) == block("""
        command migrate @thing.yaml:53
          migrated thing from=1 to=2
          approval board what=withdrawn why=migrate comment=""
          approval board what=requested
          -> approvers approval=board stage=two lookup=2 approvers=["person:b"] exclude=["person:ann"]
              veto=[] weights=[] delegate=true because of approvals.board.stages.0 @thing.yaml:50
        result approvers board 2 @thing.yaml:49
          approval board what=stage_opened stage=two
          approval board what=asked stage=two people=["b"]
          -> approval person:b email chat en={{ ticket.ref }}: please decide on “board” for {{
              ticket.title }} zh-CN={{ ticket.ref }}：请审批“board”：{{ ticket.title }} ticket.ref=T-0001
              ticket.title=A thing what=asked approval=board stage=two because of
              approvals.board.stages.0 @thing.yaml:50
        state asked
        approvals board {"state": "pending", "requested_at": "2026-03-02T09:00:00Z", "round": 2,
            "of_state": "asked", "asked": 2, "stages": {"two": {"state": "open", "since":
            "2026-03-02T09:00:00Z", "seats": [{"person": "b"}], "excluded": ["ann"]}}}
    """)


def test_a_changed_approval_is_refused_without_a_word_about_it() -> None:
    assert asked_of(OTHER, "[]") == block("""
        command migrate refused
          refused
          en=the approval board has changed, and it is under way here: say `approvals: keep` or
              `restart` under migrate
        state asked
        approvals board {"state": "pending", "requested_at": "2026-03-02T09:00:00Z", "of_state":
            "asked", "asked": 1, "stages": {"one": {"state": "open", "since": "2026-03-02T09:00:00Z",
            "seats": [{"person": "a"}], "excluded": ["ann"]}}}
    """)


def test_for_an_approval_that_is_gone_that_of_the_state_is_asked_for() -> None:
    story = asked()
    before = len(story.journal)
    onto = version(
        ("approval: board", "approval: chiefs"),
        ("approval.board", "approval.chiefs"),
        ("  board:\n", "  chiefs:\n"),
    )
    story.migrate(onto)
    story.migrate(onto, leave_behind=True)
    assert written(story.journal[before:]) == block("""
        command migrate refused
          refused
          en=the approval board is gone, and it is under way here
        command migrate @thing.yaml:53
          migrated thing from=1 to=2
          approval board what=withdrawn why=migrate comment=""
          approval chiefs what=requested
          -> approvers approval=chiefs stage=one lookup=1 approvers=["person:a"] exclude=["person:ann"]
              veto=[] weights=[] delegate=true because of approvals.chiefs.stages.0 @thing.yaml:50
        result approvers chiefs 1 @thing.yaml:49
          approval chiefs what=stage_opened stage=one
          approval chiefs what=asked stage=one people=["a"]
          -> approval person:a email chat en={{ ticket.ref }}: please decide on “chiefs” for {{
              ticket.title }} zh-CN={{ ticket.ref }}：请审批“chiefs”：{{ ticket.title }} ticket.ref=T-0001
              ticket.title=A thing what=asked approval=chiefs stage=one because of
              approvals.chiefs.stages.0 @thing.yaml:50
    """)
    assert kept(story.ticket, "state", "approvals") == block("""
        state asked
        approvals chiefs {"state": "pending", "requested_at": "2026-03-02T09:00:00Z", "of_state":
            "asked", "asked": 1, "stages": {"one": {"state": "open", "since": "2026-03-02T09:00:00Z",
            "seats": [{"person": "a"}], "excluded": ["ann"]}}}
    """)


# ---------------------------------------------------------------- the rest of what a ticket has

SMALL = """
fields: {size: {type: text}, buddy: {type: person}, boss: {type: person}, log: {type: text}}
links: {cause: {process: problem, inverse: things}}
calendars:
  office: {time_zone: UTC, week: {mon-fri: "09:00-17:00"}}
  night: {time_zone: UTC, week: {mon-fri: "00:00-05:00"}}
agreements: {gold: {if: ticket.size == "abc", targets: {thing.c: {target: 2h}}}}
states: {new: {category: new}, work: {category: active}, gone: {category: closed}}
transitions:
  work: {from: new, to: work, who: everyone}
  tell: {from: any, who: everyone, do: [{notify: told}]}
  end: {from: any, to: gone, who: everyone}
clocks:
  c: {target: 8h, calendar: office, stop: {in: [work, closed]}}
  d: {target: 8h, calendar: night, stop: {in: closed}}
notifications: {told: {to: "group:chiefs", calendar: office, subject: Told, body: x}}
"""


def a_small_one() -> Board:
    """A ticket at night, with a clock that stopped, an agreement, a link and a notification that waits."""
    story = Board(a_definition(SMALL))
    story.open()
    story.edit(size="abc", buddy="ann")
    accepted(story.send(Relink("cause", "p1", "P-1"), ""))
    story.until(story.at(hours=1))
    story.do("work")
    story.until(story.at(hours=10))
    story.do("tell")
    return story


def small_after(*pairs: tuple[str, str], migrate: str = "[{from: 1}]") -> Definition:
    text = SMALL
    for old, now in pairs:
        assert old in text, old
        text = text.replace(old, now)
    return a_definition(f"{text}\nversion: 2\nmigrate: {migrate}\n")


def move_small(*pairs: tuple[str, str], migrate: str = "[{from: 1}]") -> str:
    """What is written, and what the ticket then keeps."""
    story = a_small_one()
    entry = story.migrate(small_after(*pairs, migrate=migrate), leave_behind=True)
    return written(entry) + "\n" + kept(story.ticket, "fields", "postponed", "agreement", "known")


def test_a_calendar_and_an_agreement_that_are_gone_are_forgotten_wherever_they_counted() -> None:
    gone = (("office: {", "new_office: {"), ("calendar: office", "calendar: new_office"), ("gold", "silver"))
    assert move_small(*gone, ('== "abc"', '== "x"')) == block("""
        command migrate @thing.yaml:19
          migrated thing from=1 to=2
          set agreement old=gold new=null by=agreements
        fields reopen_count 0
        fields channel portal
        fields requester ann
        fields title A thing
        fields size abc
        fields buddy ann
        known person:ann {"id": "ann", "locale": "en", "manager": "maria"}
        postponed [{"template": "told", "due_at": "2026-03-03T09:00:00Z", "decided_at":
            "2026-03-02T19:00:00Z", "calendar": "always", "to": ["group:chiefs"], "channels": ["email"],
            "why": "transitions.tell.do.0"}]
    """)


def test_a_clock_that_stopped_forgets_a_calendar_that_is_gone() -> None:
    story = a_small_one()
    story.migrate(small_after(("office: {", "new_office: {"), ("calendar: office", "calendar: new_office")))
    assert [(name, clock.calendar) for name, clock in story.ticket.clocks.items()] == [
        ("c", ""),
        ("d", "night"),
    ]


def test_linked_tickets_hear_that_the_state_means_something_else_now() -> None:
    assert move_small(("{category: active}", "{category: waiting}")) == block("""
        command migrate @thing.yaml:19
          migrated thing from=1 to=2
          -> news tickets=["p1"] category=waiting values={} because of links.cause @thing.yaml:3
        fields reopen_count 0
        fields channel portal
        fields requester ann
        fields title A thing
        fields size abc
        fields buddy ann
        known person:ann {"id": "ann", "locale": "en", "manager": "maria"}
        agreement gold
        postponed [{"template": "told", "due_at": "2026-03-03T09:00:00Z", "decided_at":
            "2026-03-02T19:00:00Z", "calendar": "office", "to": ["group:chiefs"], "channels": ["email"],
            "why": "transitions.tell.do.0"}]
    """)


def test_what_migrate_computes_reads_the_ticket_as_the_old_version_knew_it() -> None:
    change = ("buddy: {type: person}, ", ""), ("size: {type: text}", "size: {type: number}")
    says = "[{from: 1, fields: {boss: old.buddy.manager, size: old.size}}]"
    assert move_small(*change, ('ticket.size == "abc"', "ticket.size == 3"), migrate=says) == block("""
        command migrate @thing.yaml:19
          migrated thing from=1 to=2
          set buddy old=ann new=null by=migrate
          set boss old=null new=maria by=migrate.0.fields.boss
          unavailable set field=size reason=write a number
          set size old=abc new=null by=migrate
          set agreement old=gold new=null by=agreements
        fields reopen_count 0
        fields channel portal
        fields requester ann
        fields title A thing
        fields boss maria
        known person:ann {"id": "ann", "locale": "en", "manager": "maria"}
        known person:maria {"id": "maria", "locale": "en", "manager": "bruno"}
        postponed [{"template": "told", "due_at": "2026-03-03T09:00:00Z", "decided_at":
            "2026-03-02T19:00:00Z", "calendar": "office", "to": ["group:chiefs"], "channels": ["email"],
            "why": "transitions.tell.do.0"}]
    """)


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("onto", "why"),
    [
        (version(("  on_hold: {", "  rest: {"), ("on_hold", "rest")), "there is no state for tickets in on_hold"),
        (version(("on_hold", "rest"), ("work", "doing")),
         "there is no state for tickets in on_hold; there is no state for tickets in work"),
        (a_definition(OLD + "\nversion: 2\nid: other"), "other is another process than thing"),
        (a_definition(OLD), "it is on this version already"),
    ],
)  # fmt: skip
def test_why_a_ticket_cannot_move_at_all(onto: Definition, why: str) -> None:
    story = a_story(held=True)
    before = story.ticket
    entry = story.send(Migrate(onto.hashes, leave_behind=True), "", onto=onto)
    assert written(entry) == f"command migrate refused\n  refused\n  en={why}"
    counted = {name: getattr(story.ticket, name) for name in ("seq", "handled", "last_at")}
    assert replace(before, **counted) == story.ticket


def test_only_the_desk_moves_tickets_and_none_that_is_closed() -> None:
    story = a_story()
    refused = [written(story.send(Migrate(version().hashes), "ann", onto=version()))]
    story.do("end")
    refused.append(written(story.send(Migrate(version().hashes), "", onto=version())))
    assert "\n".join(refused) == block("""
        command migrate by ann refused
          refused
          en=only who runs the desk moves tickets to another version
        command migrate refused
          refused
          en=it is closed, and stays on its version
    """)
