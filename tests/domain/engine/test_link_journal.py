"""What links, the tickets a ticket opens, and what linked tickets tell leave in the journal, whole."""

# Over 400 lines: most are what is expected, line by line.

from __future__ import annotations

from dataclasses import replace

from domain.engine.entries import Entry
from domain.engine.events import ChildDone, ChildOpened, Command, Message, News, Open, Relink
from domain.engine.handle import open_ticket
from domain.engine.ticket import Json, Parent, Stretch
from tests.builders import START, TICKET_ID, Story, a_definition, accepted, effects
from tests.domain.engine.journals import block, kept, written

TEXT = """
fields: {fix: {type: note}, seen: {type: text}, heavy: {type: number, compute: "sum(links.parts.map(x, x.weight))"}}
forms: {create: {title: required, parts: optional, main: optional}}
links:
  parts: {process: [part, problem], inverse: whole, reads: {impact: text, weight: number}}
  main: {process: thing, inverse: copies, many: false}
  copies: {process: thing, inverse: main, shows: [fix, seen]}
states:
  new: {category: new}
  known: {category: active}
  over: {category: done}
  gone: {category: closed}
messages: {heard: {from: linked, fields: {reason: text}}}
transitions:
  merge: {from: new, to: gone, who: everyone, do: [{move_links: {link: parts, to: main}}]}
  take: {from: any, when: message.heard, do: [{link: {link: parts, from: sender}}]}
  follow: {from: any, when: link.parts.added, do: [{set: {seen: "+{{ event.ticket.ref }} {{ event.ticket.impact }}"}}]}
  lose:
    {from: any, when: link.parts.removed, do: [{set: {seen: "-{{ event.ticket.ref }} {{ event.ticket.category }}"}}]}
  drop: {from: any, who: everyone, do: [{unlink: {link: parts, where: linked.impact == "minor"}}]}
  tell: {from: any, who: everyone, do: [
    {tell: {link: parts, where: linked.category != "closed", message: told, with: {n: 1}}}]}
  done: {from: any, when: link.parts.entered.done, do: [{set: {fix: "{{ event.ticket.ref }} done"}}]}
  back: {from: any, when: link.parts.reopened, do: [{unlink: {link: parts, where: linked.ref == "PA-2"}}]}
  know: {from: new, to: known, who: everyone, do: [{set: {fix: Reboot}}]}
  close: {from: any, to: gone, who: everyone}
permissions: [{who: everyone, can: [view, link], edit: all}]
"""
THINGS: dict[str, dict[str, Json] | None] = {
    "ticket:PA-1": {
        "id": "p1", "ref": "PA-1", "process": "part", "category": "active", "fields": {"impact": "minor", "weight": 3},
    },
    "ticket:PA-2": {"id": "p2", "ref": "PA-2", "process": "problem", "category": "new"},
    "ticket:TH-9": {"id": "t9", "ref": "TH-9", "process": "thing"},
}  # fmt: skip


def linked() -> Story:
    """A ticket whose links come, change and go."""
    story = Story(a_definition(TEXT), things=THINGS)
    story.open(parts=["PA-1", "PA-2"], main="TH-9")
    for news in (
        News("p1", "done", {"impact": "minor", "weight": 4}),
        News("p1", "done", {"impact": "major"}),
        News("p1", "active", {"impact": "minor"}),
        News("other", "done"),
        Message("heard", {"reason": "x"}, "p3", "PA-3"),
        Message("heard", {"reason": "again"}, "p3", "PA-3"),
        Message("heard", {"reason": "nobody"}),
        Relink("copies", "t1", "TH-1", category="new", values={"a": 1}),
        Relink("copies", "t1", "TH-1", add=True, category="active"),
        Relink("copies", "t2", "TH-2", mirror=True),
        Relink("copies", "t2", "TH-2", add=False, mirror=True),
        Relink("copies", "t2", "TH-2", add=False),
        Relink("copies", TICKET_ID, "T-0001"),
    ):
        accepted(story.send(news, ""))
    story.do("tell")
    story.do("drop")
    accepted(story.send(Relink("main", "t8", "TH-8"), "ann"))
    accepted(story.send(Relink("main", "t8", "TH-8", add=False), "ann"))
    story.do("know")
    accepted(story.send(Relink("main", "p3", "PA-3"), ""))
    return story


def test_links_are_mirrored_told_and_heard_word_for_word() -> None:
    story = linked()
    assert written(story.journal, TEXT) == block("""
        command open @forms: by ann
          opened process=thing
          set heavy old=null new=0 by=fields.heavy.compute
          linked parts ticket=p1 ref=PA-1
          linked parts ticket=p2 ref=PA-2
          linked main ticket=t9 ref=TH-9
          set heavy old=0 new=null by=fields.heavy.compute
          -> link link=whole add=true tickets=["p1"] ticket=ID ref=T-0001 mirror=false category=new
              values={} because of forms.create @forms:
          -> link link=whole add=true tickets=["p2"] ticket=ID ref=T-0001 mirror=false category=new
              values={} because of forms.create @forms:
          -> link link=copies add=true tickets=["t9"] ticket=ID ref=T-0001 mirror=false category=new
              values={} because of forms.create @forms:
        message news
          set fix old=null new=PA-1 done by=transitions.done.do.0
          moved done
        message news
        message news
          unlinked parts ticket=p2 ref=PA-2
          moved back
          set seen old=null new=-PA-2 new by=transitions.lose.do.0
          moved lose
          -> link link=whole add=false tickets=["p2"] ticket=ID ref=T-0001 mirror=false because of
              transitions.back.do.0 @back:
        message news
        message heard @messages:
          linked parts ticket=p3 ref=PA-3
          moved take
          set seen old=-PA-2 new new=+PA-3  by=transitions.follow.do.0
          moved follow
          -> link link=whole add=true tickets=["p3"] ticket=ID ref=T-0001 mirror=false category=new
              values={} because of transitions.take.do.0 @take:
        message heard @messages:
          moved take
        message heard @messages:
          unavailable link link=parts reason=no ticket sent this
          moved take
        message link @copies:
          linked copies ticket=t1 ref=TH-1
          -> news tickets=["t1"] category=new values={"fix": "PA-1 done", "seen": "+PA-3 "} because of
              links.copies @copies:
        message link @copies:
          -> news tickets=["t1"] category=new values={"fix": "PA-1 done", "seen": "+PA-3 "} because of
              links.copies @copies:
        message link @copies:
          linked copies ticket=t2 ref=TH-2
          -> link link=main add=true tickets=["t2"] ticket=ID ref=T-0001 mirror=false category=new
              values={"fix": "PA-1 done", "seen": "+PA-3 "} because of links.copies @copies:
          -> news tickets=["t2"] category=new values={"fix": "PA-1 done", "seen": "+PA-3 "} because of
              links.copies @copies:
        message link @copies:
          unlinked copies ticket=t2 ref=TH-2
          -> link link=main add=false tickets=["t2"] ticket=ID ref=T-0001 mirror=false because of
              links.copies @copies:
        message link @copies:
        message link @copies:
        command tell @tell: by ann
          moved tell
          -> tell link=parts message=told tickets=["p1", "p3"] with.n=1 because of transitions.tell.do.0
              @{tell:
        command drop @drop: by ann
          unlinked parts ticket=p1 ref=PA-1
          moved drop
          set seen old=+PA-3  new=-PA-1 active by=transitions.lose.do.0
          moved lose
          -> link link=whole add=false tickets=["p1"] ticket=ID ref=T-0001 mirror=false because of
              transitions.drop.do.0 @drop:
          -> news tickets=["t1"] category=new values={"fix": "PA-1 done", "seen": "-PA-1 active"}
              because of links.copies @copies:
        message link @main: by ann
          unlinked main ticket=t9 ref=TH-9
          linked main ticket=t8 ref=TH-8
          -> link link=copies add=false tickets=["t9"] ticket=ID ref=T-0001 mirror=false because of
              links.main @main:
          -> link link=copies add=true tickets=["t8"] ticket=ID ref=T-0001 mirror=false category=new
              values={} because of links.main @main:
          -> news tickets=["t8"] category=new values={} because of links.main @main:
        message link @main: by ann
          unlinked main ticket=t8 ref=TH-8
          -> link link=copies add=false tickets=["t8"] ticket=ID ref=T-0001 mirror=false because of
              links.main @main:
        command know @know: by ann
          set fix old=PA-1 done new=Reboot by=transitions.know.do.0
          moved know from=new to=known
          -> news tickets=["p3"] category=active values={} because of links.parts @parts:
          -> news tickets=["t1"] category=active values={"fix": "Reboot", "seen": "-PA-1 active"}
              because of links.copies @copies:
        message link @main:
          linked main ticket=p3 ref=PA-3
          -> news tickets=["p3"] category=active values={} because of links.parts @parts:
          -> news tickets=["p3"] category=active values={} because of links.main @main:
    """)
    assert kept(story.ticket, "links", "fields") == block("""
        fields reopen_count 0
        fields channel portal
        fields requester ann
        fields title A thing
        fields fix Reboot
        fields seen -PA-1 active
        links parts [{"ticket": "p3", "ref": "PA-3"}]
        links copies [{"ticket": "t1", "ref": "TH-1", "category": "active"}]
        links main [{"ticket": "p3", "ref": "PA-3"}]
    """)


def handed() -> list[Entry]:
    """Parts handed to another ticket; then there is nothing to hand over any more."""
    text = TEXT.replace("to: gone, who: everyone, do: [{move", "who: everyone, do: [{move")
    story = Story(a_definition(text), things=THINGS)
    story.open(parts=["PA-1", "PA-2"])
    found = [story.do("merge")]
    accepted(story.send(Relink("main", "p2", "PA-2"), ""))
    found.append(story.do("merge"))
    found.append(story.do("merge"))
    return found


def test_links_are_handed_over_without_the_ticket_that_takes_them() -> None:
    assert written(handed()) == block("""
        command merge @thing.yaml:15 by ann
          unavailable move_links link=parts reason=there is nothing to move, or nobody to take it
          moved merge
        command merge @thing.yaml:15 by ann
          unlinked parts ticket=p1 ref=PA-1
          moved merge
          set seen old=null new=-PA-1 active by=transitions.lose.do.0
          moved lose
          -> link link=whole add=false tickets=["p1"] ticket=ID ref=T-0001 mirror=false because of
              transitions.merge.do.0 @thing.yaml:15
          -> link link=whole add=true tickets=["p1"] ticket=p2 ref=PA-2 mirror=true because of
              transitions.merge.do.0 @thing.yaml:15
        command merge @thing.yaml:15 by ann
          unavailable move_links link=parts reason=there is nothing to move, or nobody to take it
          moved merge
    """)


# ---------------------------------------------------------------- tickets that a ticket opens

CHILDREN = """
fields: {log: {type: note}, order: {type: text}}
links:
  orders: {process: laptop, inverse: for_thing}
  parent: {process: thing, inverse: children}
  children: {process: thing, inverse: parent}
  becomes: {process: laptop, inverse: came_from}
states:
  new: {category: new, tasks: [order, book]}
  ready: {category: done}
  gone: {category: closed}
transitions:
  spawn:
    {from: new, who: everyone, do: [{create: {process: laptop, link: orders, fields: {title: "For {{ ticket.ref }}"}}}]}
  turn: {from: new, who: everyone, do: [{convert: {process: laptop, link: becomes, to: gone, fields: {title: x}}}]}
  end: {from: new, to: ready, who: everyone}
  reopen: {from: ready, to: new, who: everyone}
clocks: {c: {target: 4h, calendar: always, stop: {in: done}}}
tasks:
  order: {ticket: {process: laptop, link: orders, fields: {title: "{{ ticket.title }}"}}, save: {order: response.ref}}
  book: {assign: everyone}
"""


def children() -> Story:
    """A ticket that opens others: one for its task, one by a button, one that it becomes; and what comes back."""
    story = Story(a_definition(CHILDREN), published=("laptop",))
    first = story.open()

    def answer(entry: Entry, index: int, ref: str, **more: object) -> None:
        data = effects(entry, "create")[index].data
        found = ChildOpened(
            entry.seq, effects(entry, "create")[index].index, entry.at, str(data["link"]), "laptop",
            ticket=ref.lower(), ref=ref, task=str(data.get("task", "")), run=int(str(data.get("run", 0))),
        )  # fmt: skip
        story.now += story.at(minutes=5) - START
        story.answer(replace(found, **more))  # type: ignore[arg-type]  # fields of ChildOpened

    answer(first, 0, "LAP-1", category="new")
    spawned = story.do("spawn")
    answer(spawned, 0, "LAP-2")
    answer(spawned, 0, "LAP-2")
    answer(spawned, 0, "", error="title: this is required")
    accepted(story.send(ChildDone("order", 2, "LAP-1", "over"), ""))
    accepted(story.send(ChildDone("order", 1, "LAP-1", "over"), ""))
    accepted(story.send(ChildDone("order", 1, "LAP-1", "over"), ""))
    answer(first, 0, "LAP-3", run=7)
    turned = story.do("turn")
    answer(turned, 0, "", error="nobody may open it", to="gone", by="turn")
    answer(turned, 0, "LAP-9", to="gone", by="turn")
    answer(turned, 0, "LAP-8", to="gone", by="turn")
    return story


def test_tickets_that_are_opened_are_asked_for_linked_waited_for_and_may_fail() -> None:
    story = children()
    assert written(story.journal) == block("""
        command open @thing.yaml:31 by ann
          opened process=thing
          task order what=running
          task book what=opened
          clock c what=started
          clock c what=retargeted target=4h calendar=always
          -> create process=laptop link=orders inverse=for_thing task=order run=1 field.requester=ann
              field.title=A thing because of tasks.order.ticket @thing.yaml:20
        result create 1.0 @thing.yaml:20
          linked orders ticket=lap-1 ref=LAP-1
          -> link link=for_thing add=true tickets=["lap-1"] ticket=ID ref=T-0001 mirror=false
              category=new values={} because of tasks.order @thing.yaml:20
        command spawn @thing.yaml:13 by ann
          moved spawn
          -> create process=laptop link=orders inverse=for_thing field.requester=ann field.title=For
              T-0001 because of transitions.spawn.do.0 @thing.yaml:14
        result create 3.0
          linked orders ticket=lap-2 ref=LAP-2
          -> link link=for_thing add=true tickets=["lap-2"] ticket=ID ref=T-0001 mirror=false
              category=new values={} because of create
        result create 3.0
          unavailable create process=laptop reason=title: this is required
        message done LAP-1 @thing.yaml:20
        message done LAP-1 @thing.yaml:20
          set order old=null new=LAP-1 by=tasks.order.save
          task order what=done
        message done LAP-1 @thing.yaml:20
        result create 1.0 @thing.yaml:20
          linked orders ticket=lap-3 ref=LAP-3
          -> link link=for_thing add=true tickets=["lap-3"] ticket=ID ref=T-0001 mirror=false
              category=new values={} because of tasks.order @thing.yaml:20
          -> child_dropped tickets=["lap-3"] task=order run=7 because of tasks.order.ticket
              @thing.yaml:20
        command turn @thing.yaml:15 by ann
          moved turn
          -> create process=laptop link=becomes inverse=came_from to=gone by=turn keep=[] carried={}
              field.requester=ann field.title=x because of transitions.turn.do.0 @thing.yaml:15
        result create 10.0
          unavailable convert process=laptop reason=nobody may open it
        result create 10.0
          linked becomes ticket=lap-9 ref=LAP-9
          task book what=cancelled
          moved turn from=new to=gone
          set resolved_at old=null new=2026-03-02T09:25:00Z by=engine
          set closed_at old=null new=2026-03-02T09:25:00Z by=engine
          clock c what=stopped
          -> link link=came_from add=true tickets=["lap-9"] ticket=ID ref=T-0001 mirror=false
              category=closed values={} because of convert
          -> news tickets=["lap-1", "lap-2", "lap-3"] category=closed values={} because of links.orders
              @thing.yaml:4
          -> news tickets=["lap-9"] category=closed values={} because of links.becomes @thing.yaml:7
        result create 10.0
          linked becomes ticket=lap-8 ref=LAP-8
          -> link link=came_from add=true tickets=["lap-8"] ticket=ID ref=T-0001 mirror=false
              category=closed values={} because of convert
    """)
    assert kept(story.ticket, "state", "links", "tasks", "fields") == block("""
        state gone
        fields reopen_count 0
        fields channel portal
        fields requester ann
        fields title A thing
        fields order LAP-1
        fields resolved_at 2026-03-02T09:25:00Z
        fields closed_at 2026-03-02T09:25:00Z
        tasks order {"state": "done", "since": "2026-03-02T09:00:00Z", "run": 1, "response": {"ref":
            "LAP-1", "state": "over"}, "child": "lap-1"}
        tasks book {"state": "cancelled", "since": "2026-03-02T09:00:00Z", "assignees": ["everyone"],
            "run": 1}
        links orders [{"ticket": "lap-1", "ref": "LAP-1", "category": "new"}, {"ticket": "lap-2", "ref":
            "LAP-2"}, {"ticket": "lap-3", "ref": "LAP-3"}]
        links becomes [{"ticket": "lap-9", "ref": "LAP-9"}, {"ticket": "lap-8", "ref": "LAP-8"}]
    """)


def failed() -> list[Entry]:
    """The ticket of a task could not be opened, and that is told of the run it was asked for only."""
    story = Story(a_definition(CHILDREN), published=("laptop",))
    first = story.open()
    for run in (2, 1):
        story.answer(
            ChildOpened(
                1, effects(first)[0].index, first.at, "orders", "laptop", task="order", run=run, error="no"
            )
        )
    return story.journal[1:]


def test_a_ticket_that_could_not_be_opened_fails_the_task_that_asked_for_it() -> None:
    assert written(failed()) == block("""
        result create 1.0 @thing.yaml:20
          unavailable create process=laptop reason=no
        result create 1.0 @thing.yaml:20
          unavailable create process=laptop reason=no
          task order what=failed error=no
    """)


def a_child(task: str = "order") -> Story:
    """A ticket that another one opened, with what its clocks have counted there."""
    story = Story(a_definition(CHILDREN))
    carried = {
        "c": (Stretch(story.at(hours=-3), story.at(hours=-2)), Stretch(story.at(hours=-1))),
        "x": (Stretch(START),),
    }
    fields: dict[str, Json] = {"title": "x", "requester": "ann"}
    request = Open(
        TICKET_ID,
        "T-0001",
        story.definition.hashes,
        fields,
        "task",
        60.0,
        Parent("t9", "T-0009", "parent", task, 2),
        carried,
    )
    story.keep(
        open_ticket(story.definition, Command(1, "c1", request, story.now, ""), story.facts("ann"), story.now)
    )
    story.commands = 1
    story.now = story.at(minutes=30)
    for button in ("end", "reopen", "end"):
        story.do(button)
    return story


def test_a_child_knows_its_parent_tells_it_once_and_goes_on_from_what_clocks_have_counted() -> None:
    story = a_child()
    assert written(story.journal) == block("""
        command open @thing.yaml:31 by ann
          opened process=thing
          linked parent ticket=t9 ref=T-0009
          clock c what=carried
          task order what=running
          task book what=opened
          clock c what=started
          clock c what=retargeted target=4h calendar=always
          -> create process=laptop link=orders inverse=for_thing task=order run=1 field.requester=ann
              field.title=x because of tasks.order.ticket @thing.yaml:20
        command end @thing.yaml:16 by ann
          task order what=cancelled
          task book what=cancelled
          moved end from=new to=ready
          set resolved_at old=null new=2026-03-02T09:30:00Z by=engine
          clock c what=stopped
          -> child_done tickets=["t9"] task=order run=2 state=ready because of states.ready
              @thing.yaml:10
          -> news tickets=["t9"] category=done values={} because of links.parent @thing.yaml:5
        command reopen @thing.yaml:17 by ann
          moved reopen from=ready to=new
          set resolved_at old=2026-03-02T09:30:00Z new=null by=engine
          task order what=running
          task book what=opened
          -> create process=laptop link=orders inverse=for_thing task=order run=2 field.requester=ann
              field.title=x because of tasks.order.ticket @thing.yaml:20
          -> news tickets=["t9"] category=new values={} because of links.parent @thing.yaml:5
        command end @thing.yaml:16 by ann
          task order what=cancelled
          task book what=cancelled
          moved end from=new to=ready
          set resolved_at old=null new=2026-03-02T09:30:00Z by=engine
          -> news tickets=["t9"] category=done values={} because of links.parent @thing.yaml:5
    """)
    assert kept(story.ticket, "parent", "links", "clocks", "time_shift", "fields") == block("""
        time_shift 60.0
        fields reopen_count 0
        fields channel task
        fields requester ann
        fields title x
        fields resolved_at 2026-03-02T09:30:00Z
        clocks c {"status": "stopped", "cycle": 1, "target": "4h", "calendar": "always", "stretches":
            [{"from_at": "2026-03-02T06:00:00Z", "to_at": "2026-03-02T07:00:00Z"}, {"from_at":
            "2026-03-02T08:00:00Z", "to_at": "2026-03-02T09:00:00Z"}, {"from_at":
            "2026-03-02T09:00:00Z", "to_at": "2026-03-02T09:30:00Z"}], "ledger": [{"at":
            "2026-03-02T09:00:00Z", "what": "carried", "why": "clocks.c", "line": "thing.yaml:18"},
            {"at": "2026-03-02T09:00:00Z", "what": "started", "why": "clocks.c.start", "line":
            "thing.yaml:18"}, {"at": "2026-03-02T09:00:00Z", "what": "retargeted", "why":
            "clocks.c.target", "line": "thing.yaml:18", "target": "4h", "calendar": "always", "due_at":
            "2026-03-02T11:00:00Z"}, {"at": "2026-03-02T09:30:00Z", "what": "stopped", "why":
            "clocks.c.stop", "line": "thing.yaml:18"}]}
        links parent [{"ticket": "t9", "ref": "T-0009"}]
        parent ticket t9
        parent ref T-0009
        parent link parent
        parent task order
        parent run 2
        parent told true
    """)
    assert effects(a_child(task="").journal, "child_done") == []
