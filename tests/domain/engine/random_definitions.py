"""Small processes put together at random, with everything the language has."""

from __future__ import annotations

from random import Random

from domain.language.definition import Definition
from tests.builders import a_definition
from tests.domain.engine import random_approvals
from tests.domain.engine.random_approvals import OLD, RandomApprovals

EVENTS = (
    *random_approvals.EVENTS,
    "created",
    "updated",
    "replied",
    "changed.hot",
    "entered.s1",
    "left.s2",
    "raised.x",
    "raised.y",
    "tasks.done",
    "task.t1.done",
    "task.t2.failed",
    "task.t4.one_done",
    "task.t4.done",
    "task.t5.done",
    "task.adhoc.opened",
    "task.adhoc.overdue",
    "tasks.failed",
    "clock.c1.breached",
    "escalation.e.exhausted",
    "done.m0",
    "message.ping",
)
CONDITIONS = (
    *random_approvals.CONDITIONS,
    "ticket.hot",
    "not ticket.hot",
    "ticket.size > 2",
    "clock.c1.breached",
    'ticket.priority == "P1"',
    "ticket.assignee == actor",
    'tasks.count("odd") > 0',
    'task.t4.state == "done"',
)
VERBS = (
    *random_approvals.VERBS,
    "set: {hot: true}",
    "set: {hot: false, size: 3}",
    'set: {moment: "{{ now + 2h }}"}',
    "set: {priority: P1}",
    "raise: x",
    "raise: y",
    "escalate: e",
    "stand_down: e",
    'page: "person:bob"',
    "run: [t1, t2]",
    "run: [t4, t5]",
    'set: {parts: ["q", "r"]}',
    "assign: {pick: least_loaded}",
    "assign: team:desk",
    'comment: "{{ ticket.size }} {{ clock.c1.due }}"',
)
STATES = ("s0", "s1", "s2", "s3")

TEXT = """
fields:
  hot: {{type: boolean, default: false}}
  size: {{type: number}}
  moment: {{type: datetime}}
  impact: {{type: choice, options: [high, low], default: low}}
  parts: {{type: choices, options: [p, q, r], default: [p]}}
  half: {{type: number, compute: ticket.size / 2}}
forms: {{create: {{title: required, impact: optional, size: optional, moment: optional}}}}
priority:
  levels: [P1, P2]
  rows: impact
  columns: impact
  matrix: {{high: {{high: P1, low: P1}}, low: {{high: P2, low: P2}}}}
  may_override: everyone
routing: [{{if: ticket.hot, team: network-l2, pick: least_loaded}}, {{team: service-desk}}]
calendars: {{office: {{time_zone: Europe/Berlin, week: {{mon-fri: "09:00-12:00, 13:00-17:00"}}}}}}
roles: {{team_lead: lead-of:team}}
links: {{kids: {{process: problem, inverse: parent}}}}
adhoc_tasks: {{who: {who_adds}, in: {where}, overdue: {overdue}, outcomes: [fine, odd]}}
messages: {{ping: {{from: system}}}}
starts_in: s0
states:
  s0: {{category: new, enter: {enter0}}}
  s1: {{category: active, enter: {enter1}, leave: {leave1}, tasks: [t1, t2, t4, t5]}}
  s2: {{category: waiting, enter: {enter2}, approval: a1}}
  s3: {{category: done, tasks: [t3]}}
  s4: {{category: closed}}
  s5: {{category: waiting, hold: true, enter: {enter0}}}
transitions:
  go0: {{from: any, to: s0, who: everyone, ask: {{hot: optional}}}}
  go1: {{from: any, to: s1, who: everyone}}
  go2: {{from: any, to: s2, who: everyone}}
  go3: {{from: any, to: s3, who: everyone}}
  go4: {{from: any, to: s4, who: everyone}}
  hold: {{from: [open, done], to: s5, who: everyone}}
  release: {{from: s5, to: back, who: everyone}}
  raises: {{from: any, who: everyone, do: [{{raise: x}}, {{raise: y}}]}}
{transitions}
clocks:
{clocks}
escalations:
  e:
    steps: [{{page: "person:a", wait: 10m}}, {{page: team_lead, wait: 1h, if: ticket.hot}}]
    repeat: {repeat}
    until: '{until}'
    otherwise: {otherwise}
  f: {chain}
approvals:
  a1: {approval1}
  a2: {approval2}
tasks:
  t1: {{assign: everyone, outcomes: [fine, odd], due: {due}, start: {start}, remind: {{every: 3h}}, overdue: {overdue}}}
  t2: {{script: {{name: x}}, needs: {needs}, if_fails: {fails}, save: {{size: response.n}}}}
  t3: {{wait: {wait}}}
  t4: {{for_each: ticket.parts, as: part, if: {each_if}, {each}, needs: {each_needs}, start: {each_start}}}
  t5: {{ticket: {{process: problem, link: kids, fields: {{title: "{{{{ ticket.ref }}}}"}}}}, needs: {child_needs}}}
"""


def a_random_definition(seed: int) -> Definition:
    """The definition of this seed."""
    return a_definition(a_random_text(seed))


def a_random_text(seed: int) -> str:
    """The YAML of this seed."""
    made = _Random(seed)
    asked = RandomApprovals(made, CONDITIONS, made.effects)
    return TEXT.format(
        enter0=made.effects(),
        enter1=made.effects(),
        enter2=made.effects(),
        leave1=made.effects(1),
        transitions="\n".join(made.transition(f"m{number}") for number in range(made.randint(4, 9))),
        clocks="\n".join(made.clock(f"c{number}") for number in range(1, 4)),
        repeat=made.randint(0, 2),
        until=made.choice(CONDITIONS),
        otherwise=made.effects(),
        chain=asked.chain(),
        approval1=asked.approval(),
        approval2=asked.approval(),
        due=made.choice(("1h", "2d", "{at: ticket.moment}")),
        start=made.choice(("0s", "2h", "{at: ticket.moment}")),
        overdue=f"{{every: 4h, times: 3, do: {made.effects()}}}",
        needs=made.choice(("t1", "[]")),
        fails=made.choice(("stop", "continue")),
        who_adds=made.choice(("everyone", "team:desk")),
        where=made.choice(("open", "[s0, s1]", "any")),
        each=made.choice(
            (
                "assign: everyone, outcomes: [fine, odd], due: 90m, overdue: {do: [{raise: x}]}",
                "script: {name: x, with: {what: '{{ part }}'}}, if_fails: continue",
                "ticket: {process: problem, link: kids, fields: {title: '{{ part }}'}}",
                "wait: {for: 40m}",
            )
        ),
        each_if=made.choice(("'true'", "part != 'q'", "ticket.hot")),
        each_needs=made.choice(("t1", "[]")),
        each_start=made.choice(("0s", "30m")),
        child_needs=made.choice(("t4", "[]")),
        wait=made.choice(("{for: 3h}", "{until: ticket.moment}")),
    )


class _Random(Random):
    def maybe(self, share: float, text: str) -> str:
        return text if self.random() < share else ""

    def effect(self) -> str:
        return "{" + self.maybe(0.4, f"if: '{self.choice(CONDITIONS)}', ") + self.choice(VERBS) + "}"

    def effects(self, most: int = 3) -> str:
        return "[" + ", ".join(self.effect() for _ in range(self.randint(0, most))) + "]"

    def condition(self, *, steady: bool = True) -> str:
        """When a clock does something; not `steady`: never by states alone."""
        kinds = [
            f"in: {self.choice((*STATES, 'open', 'waiting', 'active'))}",
            f"if: '{self.choice(CONDITIONS)}'",
            f"when: {self.choice(EVENTS)}",
        ]
        chosen = self.sample(kinds, self.randint(1, 2)) if steady else [self.choice(kinds[1:])]
        return "{" + ", ".join(chosen) + "}"

    def transition(self, name: str) -> str:
        timed = self.choice(
            (
                f"after: {self.choice(('10m', '3h', '2d'))}",
                "after: {P1: 10m, else: 5h}, calendar: {by: impact, low: office, else: always}",
                "after: ticket.moment - now",
                f"every: 2h, times: {self.randint(1, 4)}, restart: {self.choice(EVENTS)}",
                f"after: 1h, every: 1d, restart: [updated, {self.choice(EVENTS)}]",
            )
        )
        triggers = (
            "who: everyone",
            "who: everyone",
            f"when: {self.choice(EVENTS)}",
            timed,
            "at: ticket.moment",
        )
        leads = self.maybe(0.6, f"to: {self.choice((*STATES, *STATES, 's4'))}, ") or self.maybe(
            0.3, "reenter: true, "
        )
        where = f"from: {self.choice((*STATES, 'any', 'open'))}, {leads}"
        guard = self.maybe(0.4, f"if: '{self.choice((*CONDITIONS, *OLD))}', ")
        return f"  {name}: {{{where}{self.choice(triggers)}, {guard}do: [{self.effect()}, {self.effect()}]}}"

    def clock(self, name: str) -> str:
        length = f"target: {{P1: {self.choice(('30m', '2h', '45m'))}, P2: {self.choice(('4h', '8h'))}}}"
        lines = (
            f"[{{if: '{self.choice(CONDITIONS)}', until: ticket.moment}}, {{target: 3h, calendar: office}}]"
        )
        after = self.choice(("", f", 150%: {self.effects()}", f", 1h after: {self.effects()}"))
        parts = [
            self.choice((length, length, length, "until: ticket.moment", f"targets: {lines}")),
            f"calendar: {{P1: always, else: {self.choice(('office', 'always'))}}}",
            f"stop: {self.condition(steady=False)}",
            f"at: {{50%: {self.effects()}, 30m left: {self.effects()}, 100%: {self.effects()}{after}}}",
            *(f"{part}: {self.condition()}" for part in ("pause", "resume") if self.random() < 0.4),
        ]
        if self.random() < 0.4:
            parts.append(f"start: {self.choice((self.condition(), '{at: ticket.moment}'))}")
        if (
            self.random() < 0.4
        ):  # by an event: a condition that goes on to hold would reset the clock for ever
            parts.append(f"reset: {{when: {self.choice(EVENTS)}}}")
        if self.random() < 0.5:
            every, times = self.choice(("10m", "2h")), self.randint(1, 4)
            parts.append(f"overdue: {{every: {every}, times: {times}, do: {self.effects()}}}")
        return f"  {name}: {{{', '.join(parts)}}}"
