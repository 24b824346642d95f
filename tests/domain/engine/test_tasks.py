"""Work items: people's, scripts, calls, mails and waits."""

from __future__ import annotations

from domain.engine.advance import next_deadline
from tests.builders import START, Story, a_definition, effects, happenings, refused

STATES = """
fields:
  log: {type: note}
  hot: {type: boolean}
  url: {type: url}
  number: {type: number}
  moment: {type: datetime}
  team2: {type: team}
states:
  new: {category: new}
  work: {category: active, tasks: [TASKS]}
  other: {category: active}
  wait: {category: waiting}
  wait2: {category: waiting}
  gone: {category: closed}
transitions:
  go: {from: any, to: work, who: everyone}
  elsewhere: {from: any, to: other, who: everyone}
  wait: {from: any, to: wait, who: everyone}
  wait2: {from: any, to: wait2, who: everyone}
  end: {from: any, to: gone, who: everyone}
  again: {from: any, who: everyone, do: [{run: a}]}
  all_done: {from: any, when: tasks.done, do: [{set: {log: "{{ ticket.log }}*"}}]}
  failed: {from: any, when: tasks.failed, do: [{set: {log: "{{ ticket.log }}!"}}]}
  a_done: {from: any, when: task.a.done, do: [{set: {log: "{{ ticket.log }}a"}}]}
  a_late: {from: any, when: task.a.overdue, do: [{set: {log: "{{ ticket.log }}o"}}]}
notifications: {hello: {to: "group:all", subject: Hello, body: "{{ ticket.title }}"}}
tasks:
"""


def a_story(names: str, tasks: str, *, go: bool = True) -> Story:
    story = Story(a_definition(STATES.replace("TASKS", names) + tasks))
    story.open()
    if go:
        story.do("go")
    return story


def state(story: Story, name: str = "a") -> str:
    return story.ticket.tasks[name].state


def log_of(story: Story) -> object:
    return story.ticket.fields.get("log")


PERSON = '  {}: {{assign: "person:ann"{}}}\n'


def person(name: str = "a", more: str = "") -> str:
    return PERSON.format(name, f", {more}" if more else "")


def test_a_states_tasks_open_on_entry_for_whom_they_are() -> None:
    story = a_story("a", person())
    assert state(story) == "open" and story.ticket.tasks["a"].assignees == ("person:ann",)
    story.complete("a")
    assert state(story) == "done" and log_of(story) == "a*"


def test_an_assignee_that_points_at_nobody_says_so() -> None:
    story = a_story("a", '  a: {assign: "lead-of:team2"}\n')
    assert story.ticket.tasks["a"].assignees == ("nobody:lead-of:team2",)


def test_tasks_wait_for_what_they_need_whatever_their_order() -> None:
    story = a_story("b, a", person("b", "needs: a") + person("a"))
    assert (state(story, "a"), state(story, "b")) == ("open", "pending")
    story.complete("a")
    assert state(story, "b") == "open" and log_of(story) == "a"
    story.complete("b")
    assert log_of(story) == "a*"


def test_the_condition_of_a_task_is_read_when_its_needs_are_met() -> None:
    story = a_story("a, b", person("a") + person("b", "needs: a, if: ticket.hot"))
    story.edit(hot=True)
    story.complete("a")
    assert state(story, "b") == "open"
    story = a_story("a, b", person("a") + person("b", "needs: a, if: ticket.hot"))
    story.complete("a")
    assert state(story, "b") == "skipped" and log_of(story) == "a*"


def test_tasks_done_is_raised_once_per_entry_of_the_state() -> None:
    story = a_story("a", person())
    story.complete("a")
    story.edit(hot=True)
    assert log_of(story) == "a*"
    story.do("elsewhere")
    story.do("go")
    assert state(story) == "open" and story.ticket.tasks["a"].run == 2
    story.complete("a")
    assert log_of(story) == "a*a*"


def test_leaving_a_state_cancels_its_open_tasks() -> None:
    story = a_story("a, b", person("a") + person("b"))
    story.complete("b")
    entry = story.do("elsewhere")
    assert (state(story, "a"), state(story, "b")) == ("cancelled", "done")
    assert happenings(entry, "task", "a")[0].detail == {"what": "cancelled"}


def test_going_to_wait_keeps_tasks_and_coming_back_goes_on_with_them() -> None:
    story = a_story("a, b, c", person("a") + person("b") + person("c", "needs: a"))
    story.complete("b")
    story.do("wait")
    assert (state(story, "a"), state(story, "b"), state(story, "c")) == ("open", "done", "pending")
    story.complete("a")
    assert state(story, "c") == "open"
    story.do("wait2")
    story.do("go")
    assert [story.ticket.tasks[name].run for name in "abc"] == [1, 1, 1]
    story.complete("c")
    assert log_of(story) == "a*"


def test_kept_tasks_are_cancelled_when_a_third_state_follows() -> None:
    story = a_story("a, b", person("a", "due: 1h") + person("b"))
    story.complete("b")
    story.do("wait")
    story.do("elsewhere")
    assert state(story) == "cancelled" and next_deadline(story.ticket) is None
    story.do("go")
    assert (state(story, "a"), state(story, "b")) == ("open", "open"), "this is a new entry"


def test_closing_cancels_every_open_task_so_that_a_closed_ticket_does_nothing() -> None:
    story = a_story("", person("a", "due: 1h"), go=False)
    story.do("again")
    story.do("end")
    assert state(story) == "cancelled" and next_deadline(story.ticket) is None


def test_a_task_run_by_a_rule_belongs_to_no_state() -> None:
    story = a_story("", person(), go=False)
    story.do("again")
    story.do("elsewhere")
    assert state(story) == "open"
    assert effects(story.do("again")) == [] and story.ticket.tasks["a"].run == 1, "it is under way"
    story.complete("a")
    story.do("again")
    assert state(story) == "open" and story.ticket.tasks["a"].run == 2


def test_a_task_of_the_state_that_a_rule_runs_again_still_belongs_to_it() -> None:
    story = a_story("a, b", person("a") + person("b"))
    story.complete("a", failed=True)
    story.complete("b")
    assert log_of(story) == "!"
    story.do("again")
    story.complete("a")
    assert log_of(story) == "!a*"


def test_a_due_task_is_overdue_once_and_can_still_be_done() -> None:
    story = a_story("a", person("a", "due: 1h"))
    (entry,) = story.until(story.at(hours=5))
    assert entry.at == story.at(hours=1) and log_of(story) == "o" and state(story) == "open"
    story.complete("a")
    assert log_of(story) == "oa*"


SCRIPT = """\
  a:
    script: {{name: make_it, with: {{title: "{{{{ ticket.title }}}}!", size: 3}}}}
    save: {{url: response.url, number: response.n}}
    {}
"""


def test_a_script_is_asked_for_and_its_result_saved() -> None:
    story = a_story("a", SCRIPT.format("retry: {times: 3, wait: 5s}\n    timeout: 1m"))
    (effect,) = effects(story.journal, "script")
    assert effect.data == {
        "task": "a", "run": 1, "timeout": 60.0, "times": 3, "wait": 5.0, "factor": 2.0, "max_wait": 600.0,
        "name": "make_it", "with.title": "A thing!", "with.size": 3,
    }  # fmt: skip
    assert state(story) == "running" and next_deadline(story.ticket) is None
    story.now = story.at(minutes=2)
    (entry,) = story.finish("a", response={"url": "https://x.example/1", "n": "many"})
    assert entry.cause.kind == "result" and entry.cause.name == "a" and entry.at == story.at(minutes=2)
    assert story.ticket.fields["url"] == "https://x.example/1" and "number" not in story.ticket.fields
    assert happenings(entry, "unavailable", "set")[0].detail["field"] == "number"
    assert log_of(story) == "a*"


def test_the_result_of_an_earlier_run_or_of_a_task_that_is_over_is_ignored() -> None:
    story = a_story("a", SCRIPT.format(""))
    assert story.finish("a", run=7) == []
    story.finish("a", response={})
    assert story.finish("a", response={}) == [], "told twice, counted once"
    story.do("elsewhere")
    story.do("go")
    assert story.finish("a", run=1) == [] and state(story) == "running"
    story.do("elsewhere")
    assert story.finish("a", run=2) == [] and state(story) == "cancelled"


def test_a_failure_stops_what_needs_the_task_and_is_told() -> None:
    story = a_story("a, b", SCRIPT.format("") + person("b", "needs: a"))
    (entry,) = story.finish("a", ok=False)
    assert (state(story, "a"), state(story, "b")) == ("failed", "pending")
    assert story.ticket.tasks["a"].error == "it broke" and log_of(story) == "!"
    assert happenings(entry, "task", "a")[0].detail == {"what": "failed", "error": "it broke"}


def test_if_fails_continue_goes_on() -> None:
    story = a_story("a, b", SCRIPT.format("if_fails: continue") + person("b", "needs: a"))
    story.finish("a", ok=False)
    assert state(story, "b") == "open"
    story.complete("b")
    assert log_of(story) == "*"


def test_if_fails_hand_over_gives_the_task_to_people() -> None:
    story = a_story("a", SCRIPT.format('if_fails: hand_over\n    hand_over_to: "person:bob"'))
    story.finish("a", ok=False)
    task = story.ticket.tasks["a"]
    assert (task.state, task.assignees, task.error) == ("open", ("person:bob",), "it broke")
    story.complete("a", "bob")
    assert log_of(story) == "a*"


def test_a_handed_over_task_that_people_cannot_do_either_has_failed() -> None:
    story = a_story("a", SCRIPT.format('if_fails: hand_over\n    hand_over_to: "person:bob"'))
    story.finish("a", ok=False)
    story.complete("a", "bob", failed=True)
    assert state(story) == "failed" and log_of(story) == "!"


def test_an_http_task_carries_its_call_with_the_secret_by_name_only() -> None:
    story = a_story(
        "a",
        '  a: {http: {method: PUT, url: "https://x.example/{{ ticket.ref }}", secret: token, '
        'headers: {X-Ref: "{{ ticket.ref }}"}, body: {name: "{{ ticket.title }}", n: 1}, expect: [200]}}\n',
    )
    (effect,) = effects(story.journal, "http")
    data = {
        name: effect.data[name]
        for name in ("method", "secret", "url", "header.X-Ref", "body.name", "body.n", "expect")
    }
    assert data == {
        "method": "PUT", "secret": "token", "url": "https://x.example/T-0001", "header.X-Ref": "T-0001",
        "body.name": "A thing", "body.n": 1, "expect": [200],
    }  # fmt: skip


def test_an_email_task_is_done_when_it_is_sent_off() -> None:
    story = a_story("a", '  a: {email: {template: hello, to: "person:ann"}}\n')
    (effect,) = effects(story.journal, "notify")
    assert (
        effect.template == "hello"
        and effect.to == ("person:ann",)
        and effect.values == {"ticket.title": "A thing"}
    )
    assert state(story) == "done" and log_of(story) == "a*"


def test_a_wait_is_done_when_its_time_is_over() -> None:
    story = a_story("a", "  a: {wait: {for: 2h}}\n")
    assert state(story) == "running" and next_deadline(story.ticket) == story.at(hours=2)
    story.until(story.at(hours=2))
    assert state(story) == "done" and log_of(story) == "a*"


def test_a_wait_for_a_moment_follows_it_and_waits_while_it_is_unknown() -> None:
    story = a_story("a", "  a: {wait: {until: ticket.moment}}\n")
    assert state(story) == "running" and next_deadline(story.ticket) is None
    story.edit(moment="2026-03-02T12:00:00Z")
    assert next_deadline(story.ticket) == story.at(hours=3)
    story.edit(moment="2026-03-02T11:00:00Z")
    story.until(story.at(hours=2))
    assert state(story) == "done"


def test_an_automatic_task_cannot_be_completed_by_hand() -> None:
    from domain.engine.events import CompleteTask

    story = a_story("a", SCRIPT.format(""))
    assert refused(story.send(CompleteTask("a"))) == "transition_refused"


def test_tasks_have_time_from_when_a_late_step_was_handled() -> None:
    text = STATES.replace("TASKS", "a").replace(
        "  again:", "  slowly: {from: new, after: 1h, to: work}\n  again:"
    )
    story = Story(a_definition(text + person("a", "due: 1h")))
    story.open()
    story.outage_until(story.at(days=1))
    task = story.ticket.tasks["a"]
    assert task.due_at == story.at(days=1, hours=1) and task.since == story.at(hours=1) and task.since > START
