"""What tasks write, whole: for whom they open, what they ask of the outside, how they end, in which order."""

from __future__ import annotations

from textwrap import dedent, indent

from domain.engine.events import CompleteTask
from tests.builders import Story, a_definition, an_agent
from tests.domain.engine.journals import block, kept, written

TEXT = """
fields:
  first: {type: date}
  number: {type: number}
  systems: {type: choices, options: [crm, erp]}
  log: {type: note}
locales: [en, zh-CN]
title: {en: Thing, zh-CN: 事项}
roles: {desk: team:desk}
calendars:
  office: {time_zone: UTC, week: {mon-fri: "09:00-17:00"}}
  late: {time_zone: UTC, week: {mon-fri: "12:00-20:00"}}
states:
  new: {category: new}
  work: {category: active, tasks: TASKS}
  hold: {category: waiting, hold: true, tasks: [held]}
  gone: {category: closed}
transitions:
  go: {from: new, to: work, who: everyone}
  hold: {from: work, to: hold, who: everyone}
  back: {from: hold, to: back, who: everyone}
  again: {from: any, who: everyone, do: [{run: a}]}
  opened:
    {from: any, when: [task.a.opened, task.b.opened, task.a.skipped, tasks.done], do: [
      {set: {log: "{{ event.name }}"}}]}
  done:
    from: any
    when: task.a.done
    do: [{set: {log: "{{ event.outcome }}/{{ event.person.id }}/{{ event.response }}"}}]
  failed: {from: any, when: task.a.failed, do: [{set: {log: "{{ event.error }}/{{ event.person.id }}"}}]}
  stuck: {from: any, when: tasks.failed, do: [{raise: stuck}]}
  late: {from: any, when: task.a.overdue, do: [{set: {log: "{{ event.due }}"}}]}
  end: {from: any, to: gone, who: everyone}
notifications: {hello: {to: "group:all", subject: Hello, body: "{{ ticket.title }}"}}
links: {cause: {process: problem, inverse: things}}
tasks:
  held: {assign: "person:cho"}
"""


def a_story(names: str, tasks: str) -> Story:
    """A ticket that came into the state with these tasks."""
    text = TEXT.replace("TASKS", names) + indent(dedent(tasks), "  ")
    story = Story(a_definition(text), an_agent(), published=("problem",))
    story.open()
    story.do("go")
    return story


def told(story: Story, since: int = 1) -> str:
    """The journal, without the opening."""
    return written(story.journal[since:])


AUTOMATIC = """
a: {script: {name: make, with: {title: "{{ ticket.title }}!", size: 3}}, timeout: 1m, label: {en: Make it, zh-CN: 制作}}
b: {http: {method: POST, url: "https://x.example/{{ ticket.ref }}", headers: {X: "{{ ticket.ref }}"}, secret: s,
    body: "ref={{ ticket.ref }}", expect: [200, 204]}, retry: {times: 4, wait: 5s, factor: 3, max_wait: 1h}}
c: {http: {url: "https://x.example", body: {n: 1, t: "{{ ticket.title }}"}}}
d: {http: {method: PUT, url: "https://x.example", body: [1, 2]}}
e: {email: {template: hello, to: "person:ann"}}
f: {ticket: {process: problem, link: cause, fields: {title: "For {{ ticket.ref }}"}}}
g: {wait: {for: 2h}, calendar: office}
h: {wait: {for: 2h, calendar: late}, calendar: office}
i: {wait: {until: ticket.first}}
j: {assign: [desk, "field:assignee"], due: 1h, calendar: late, if: ticket.number == null}
k: {assign: desk, if: ticket.number != null}
l: {assign: desk, needs: [k, m]}
m: {assign: desk, needs: a}
"""


def test_tasks_of_every_kind_say_what_they_ask_of_the_outside() -> None:
    story = a_story("[m, l, k, j, i, h, g, f, e, d, c, b, a]", AUTOMATIC)
    assert told(story) == block("""
        command go @thing.yaml:19 by ann
          moved go from=new to=work
          task k what=skipped
          task j what=opened
          task i what=running
          task h what=running
          task g what=running
          task f what=running
          task e what=done
          task d what=running
          task c what=running
          task b what=running
          task a what=running
          -> create process=problem link=cause inverse=things task=f run=1 field.requester=ann
              field.title=For T-0001 because of tasks.f.ticket @thing.yaml:45
          -> notify person:ann email hello ticket.title=A thing because of tasks.e.email @thing.yaml:44
          -> http task=d run=1 timeout=300.0 times=1 wait=10.0 factor=2.0 max_wait=600.0 method=PUT
              secret=null expect=[200, 201, 202, 204] body=[1, 2] url=https://x.example because of
              tasks.d @thing.yaml:43
          -> http task=c run=1 timeout=300.0 times=1 wait=10.0 factor=2.0 max_wait=600.0 method=GET
              secret=null expect=[200, 201, 202, 204] body.n=1 url=https://x.example body.t=A thing
              because of tasks.c @thing.yaml:42
          -> http task=b run=1 timeout=300.0 times=4 wait=5.0 factor=3.0 max_wait=3600.0 method=POST
              secret=s expect=[200, 204] url=https://x.example/T-0001 header.X=T-0001 body=ref=T-0001
              because of tasks.b @thing.yaml:40
          -> script task=a run=1 timeout=60.0 times=1 wait=10.0 factor=2.0 max_wait=600.0 name=make
              with.size=3 with.title=A thing! because of tasks.a @thing.yaml:39
    """)
    assert kept(story.ticket, "tasks") == block("""
        tasks m {"state": "pending", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "work"}
        tasks l {"state": "pending", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "work"}
        tasks k {"state": "skipped", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "work"}
        tasks j {"state": "open", "since": "2026-03-02T09:00:00Z", "due_at": "2026-03-02T13:00:00Z",
            "assignees": ["members:desk"], "run": 1, "of_state": "work"}
        tasks i {"state": "running", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "work"}
        tasks h {"state": "running", "since": "2026-03-02T09:00:00Z", "due_at": "2026-03-02T14:00:00Z",
            "run": 1, "of_state": "work"}
        tasks g {"state": "running", "since": "2026-03-02T09:00:00Z", "due_at": "2026-03-02T11:00:00Z",
            "run": 1, "of_state": "work"}
        tasks f {"state": "running", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "work"}
        tasks e {"state": "done", "since": "2026-03-02T09:00:00Z", "run": 1, "of_state": "work"}
        tasks d {"state": "running", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1,
            "of_state": "work"}
        tasks c {"state": "running", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1,
            "of_state": "work"}
        tasks b {"state": "running", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1,
            "of_state": "work"}
        tasks a {"state": "running", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1,
            "of_state": "work"}
    """)


def ends() -> Story:
    """What becomes of them."""
    story = a_story("[m, l, k, j, i, h, g, f, e, d, c, b, a]", AUTOMATIC)
    story.finish("a", response={"n": 1})
    story.finish("b", ok=False)
    story.finish("c", response="short")
    story.finish("d")
    story.until(story.at(hours=5))
    story.edit(first="2026-03-01")
    story.complete("j", "bob")
    story.complete("m", "bob", failed=True)
    story.do("end")
    return story


def test_tasks_end_one_after_the_other_and_closing_cancels_the_rest_in_file_order() -> None:
    story = ends()
    assert told(story, 2) == block("""
        result a @thing.yaml:39
          task a what=done
          set log old=null new=//n: 1 by=transitions.done.do.0
          moved done
          task m what=opened
        result b @thing.yaml:40
          task b what=failed error=it broke
          moved stuck
        result c @thing.yaml:42
          task c what=done
        result d @thing.yaml:43
          task d what=done
        task g @thing.yaml:46
          task g what=done
        task j @thing.yaml:49
          task j what=overdue due_at=2026-03-02T13:00:00Z
        task h @thing.yaml:47
          task h what=done
        command edit by ann
          set first old=null new=2026-03-01 by=edit
        task i @thing.yaml:48
          task i what=done
        command complete j @thing.yaml:49 by bob
          task j what=done
        command complete m @thing.yaml:52 by bob
          task m what=failed error=failed by bob
          moved stuck
        command end @thing.yaml:33 by ann
          task f what=cancelled
          task l what=cancelled
          moved end from=work to=gone
          set resolved_at old=null new=2026-03-02T14:00:00Z by=engine
          set closed_at old=null new=2026-03-02T14:00:00Z by=engine
    """)
    assert kept(story.ticket, "tasks") == block("""
        tasks m {"state": "failed", "since": "2026-03-02T09:00:00Z", "assignees": ["members:desk"],
            "run": 1, "error": "failed by bob"}
        tasks l {"state": "cancelled", "since": "2026-03-02T09:00:00Z", "run": 1}
        tasks k {"state": "skipped", "since": "2026-03-02T09:00:00Z", "run": 1}
        tasks j {"state": "done", "since": "2026-03-02T09:00:00Z", "overdue_at": "2026-03-02T13:00:00Z",
            "repeated": 1, "assignees": ["members:desk"], "run": 1}
        tasks i {"state": "done", "since": "2026-03-02T09:00:00Z", "run": 1}
        tasks h {"state": "done", "since": "2026-03-02T09:00:00Z", "run": 1}
        tasks g {"state": "done", "since": "2026-03-02T09:00:00Z", "run": 1}
        tasks f {"state": "cancelled", "since": "2026-03-02T09:00:00Z", "run": 1}
        tasks e {"state": "done", "since": "2026-03-02T09:00:00Z", "run": 1}
        tasks d {"state": "done", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1}
        tasks c {"state": "done", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1, "response":
            "short"}
        tasks b {"state": "failed", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1, "error":
            "it broke"}
        tasks a {"state": "done", "since": "2026-03-02T09:00:00Z", "attempt": 1, "run": 1, "response":
            {"n": 1}}
    """)


def test_a_response_of_2000_characters_is_kept_and_a_longer_one_is_not() -> None:
    story = a_story("[m, l, k, j, i, h, g, f, e, d, c, b, a]", AUTOMATIC)
    story.finish("a", response="x" * 1998)
    story.finish("b", response="x" * 1999)
    assert [story.ticket.tasks[name].response for name in "ab"] == ["x" * 1998, None]


PEOPLE = """
a:
  assign: desk
  label: {en: "Look at {{ ticket.title }}", zh-CN: 查看}
  outcomes: [good, bad]
  due: 1h
  if_fails: continue
b:
  script: {name: x}
  label: {en: "Try {{ ticket.ref }}", zh-CN: 尝试}
  if_fails: hand_over
  hand_over_to: "person:mia"
  save: {number: response.n}
c: {for_each: ticket.systems, assign: desk, if: ticket.number == null}
d: {for_each: ticket.systems, as: one, assign: desk, if: one != "crm", outcomes: [ok]}
"""


def people() -> Story:
    """What people do with their tasks."""
    story = a_story("[a, b, c, d]", PEOPLE)
    story.finish("b", ok=False)
    story.until(story.at(hours=2))
    story.edit(systems=["crm", "erp"])
    story.send(CompleteTask("a", {"outcome": "x" * 70}), "bob")
    story.do("hold")
    story.do("back")
    story.complete("a", "bob", outcome="bad")
    story.do("again")
    story.complete("a", "bob", failed=True)
    story.complete("d.2", "bob", outcome="ok")
    story.edit(number=3)
    story.do("end")
    return story


def test_tasks_of_people_are_handed_over_held_and_done_again() -> None:
    assert told(people()) == block("""
        command go @thing.yaml:19 by ann
          moved go from=new to=work
          task a what=opened shown={"ticket.title": "A thing"}
          task b what=running shown={"ticket.ref": "T-0001"}
          task c what=running
          task d what=running
          set log old=null new=task.a.opened by=transitions.opened.do.0
          moved opened
          task c what=done
          task d what=done
          -> script task=b run=1 timeout=300.0 times=1 wait=10.0 factor=2.0 max_wait=600.0 name=x
              because of tasks.b @thing.yaml:45
        result b @thing.yaml:45
          task b what=handed_over error=it broke shown={"ticket.ref": "T-0001"}
          set log old=task.a.opened new=task.b.opened by=transitions.opened.do.0
          moved opened
        task a @thing.yaml:39
          task a what=overdue due_at=2026-03-02T10:00:00Z shown={"ticket.title": "A thing"}
          set log old=task.b.opened new=2026-03-02T10:00:00Z by=transitions.late.do.0
          moved late
        command edit by ann
          set systems old=null new=["crm", "erp"] by=edit
          task c.1 what=opened shown={"each": {"$option": ["systems", "crm"]}}
          task c.2 what=opened shown={"each": {"$option": ["systems", "erp"]}}
          task c what=running
          task d.1 what=skipped shown={"one": {"$option": ["systems", "crm"]}}
          task d.2 what=opened shown={"one": {"$option": ["systems", "erp"]}}
          task d what=running
        command completetask by bob refused
          form_invalid
          field=outcome code=option
              message='xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' is not one of:
              good, bad
        command hold @thing.yaml:20 by ann
          moved hold from=work to=hold
          task held what=opened
        command back @thing.yaml:21 by ann
          task held what=cancelled
          moved back from=hold to=work
        command complete a @thing.yaml:39 by bob
          task a what=done outcome=bad shown={"ticket.title": "A thing"}
          set log old=2026-03-02T10:00:00Z new=bad/bob/ by=transitions.done.do.0
          moved done
        command again @thing.yaml:22 by ann
          task a what=opened shown={"ticket.title": "A thing"}
          moved again
          set log old=bad/bob/ new=task.a.opened by=transitions.opened.do.0
          moved opened
        command complete a @thing.yaml:39 by bob
          task a what=failed error=failed by bob shown={"ticket.title": "A thing"}
          set log old=task.a.opened new=failed by bob/bob by=transitions.failed.do.0
          moved failed
        command complete d.2 @thing.yaml:52 by bob
          task d.2 what=done outcome=ok shown={"one": {"$option": ["systems", "erp"]}}
          task d what=done
        command edit by ann
          set number old=null new=3 by=edit
        command end @thing.yaml:33 by ann
          task b what=cancelled shown={"ticket.ref": "T-0001"}
          task c what=cancelled
          task c.1 what=cancelled shown={"each": {"$option": ["systems", "crm"]}}
          task c.2 what=cancelled shown={"each": {"$option": ["systems", "erp"]}}
          moved end from=work to=gone
          set resolved_at old=null new=2026-03-02T11:00:00Z by=engine
          set closed_at old=null new=2026-03-02T11:00:00Z by=engine
    """)
    assert kept(people().ticket, "tasks") == block("""
        tasks a {"state": "failed", "since": "2026-03-02T11:00:00Z", "assignees": ["members:desk"],
            "run": 2, "error": "failed by bob", "shown": {"ticket.title": "A thing"}}
        tasks b {"state": "cancelled", "since": "2026-03-02T09:00:00Z", "assignees": ["person:mia"],
            "attempt": 1, "run": 1, "error": "it broke", "shown": {"ticket.ref": "T-0001"}}
        tasks c {"state": "cancelled", "since": "2026-03-02T09:00:00Z", "run": 1}
        tasks d {"state": "done", "since": "2026-03-02T09:00:00Z", "run": 1}
        tasks c.1 {"state": "cancelled", "since": "2026-03-02T11:00:00Z", "assignees": ["members:desk"],
            "run": 1, "element": "crm", "shown": {"each": {"$option": ["systems", "crm"]}}}
        tasks c.2 {"state": "cancelled", "since": "2026-03-02T11:00:00Z", "assignees": ["members:desk"],
            "run": 1, "element": "erp", "place": 1, "shown": {"each": {"$option": ["systems", "erp"]}}}
        tasks d.1 {"state": "skipped", "since": "2026-03-02T11:00:00Z", "run": 1, "element": "crm",
            "shown": {"one": {"$option": ["systems", "crm"]}}}
        tasks d.2 {"state": "done", "since": "2026-03-02T11:00:00Z", "assignees": ["members:desk"],
            "run": 1, "outcome": "ok", "element": "erp", "place": 1, "shown": {"one": {"$option":
            ["systems", "erp"]}}}
        tasks held {"state": "cancelled", "since": "2026-03-02T11:00:00Z", "assignees": ["person:cho"],
            "run": 1}
    """)
