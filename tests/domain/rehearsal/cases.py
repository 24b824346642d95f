"""Cases written in tests."""

from __future__ import annotations

from textwrap import dedent, indent

from domain.language.loader import load_tests
from domain.language.models_tests import Case, TestsFile, World
from domain.rehearsal.runner import CaseResult, run_case
from tests.builders import a_definition

PROCESS = """
fields:
  hot: {type: boolean}
  moment: {type: datetime}
  url: {type: url}
forms: {create: {title: required, hot: optional, moment: optional}}
roles: {agents: team:desk, requester: field:requester}
permissions:
  - {who: requester, can: [view, comment]}
  - {who: agents, can: [view, comment, comment_internal], edit: all}
links: {cause: {process: problem, inverse: things}}
states:
  new: {category: new, enter: [{notify: received}]}
  work: {category: active, tasks: [call, status, look]}
  gone: {category: closed}
transitions:
  start: {from: new, to: work, who: agents}
  spawn: {from: any, who: agents, do: [{create: {process: problem, link: cause, fields: {title: x}}}]}
  close: {from: any, to: gone, who: agents, if: "not ticket.hot", otherwise: Too hot.}
  meet: {from: new, at: ticket.moment, do: [{page: on-call:desk}]}
  tell: {from: any, when: message.ping, do: [{tell: {link: cause, message: pong}}]}
routing: [{team: desk, pick: least_loaded}]
clocks:
  c: {target: 1h, calendar: always, stop: {in: [work, closed]}, at: {50%: [{page: [on-call:desk, group:chiefs]}]}}
tasks:
  call: {script: {name: x}, save: {url: response.url}}
  status: {http: {url: "https://x.example", expect: [200]}, if_fails: hand_over, hand_over_to: agents}
  look: {assign: agents}
notifications: {received: {to: requester, subject: Hello, body: hello}}
messages: {ping: {from: system}}
"""

GIVEN = """
time_zone: Europe/Berlin
people:
  ann: {vip: true, manager: max}
  away: {teams: [desk], away: true}
  bob: {teams: [desk]}
  cho: {teams: [desk]}
on_call: {desk: bob}
leads: {desk: dan}
groups: {chiefs: [ann, bob]}
services: {vpn: {name: VPN, owner: olga}}
scripts: {call: {url: "https://meet.example/1"}}
http: {status: {status: 500}}
"""


def given() -> World:
    """The little world."""
    return _load("- {wait: 1m}", "2026-03-02 10:00").given


def a_case(steps: str, starts: str = "2026-03-02 10:00") -> Case:
    """One case of these steps."""
    return _load(steps, starts).cases[0]


def play(steps: str, starts: str = "2026-03-02 10:00") -> CaseResult:
    """Play steps on PROCESS in the little world."""
    return run_case(a_case(steps, starts), a_definition(PROCESS), given())


def failures(steps: str, starts: str = "2026-03-02 10:00") -> list[tuple[int, tuple[str, ...]]]:
    """What differed, by step."""
    return [(failure.step, failure.lines) for failure in play(steps, starts).failures]


def _load(steps: str, starts: str) -> TestsFile:
    text = f"""\
kind: tests
lang: 1
process: thing.yaml
given:
{indent(dedent(GIVEN), "  ")}
cases:
  - name: it
    starts: {starts}
    steps:
{indent(dedent(steps), "      ")}
"""
    loaded = load_tests("thing.test.yaml", lambda name: text.encode())
    assert loaded.tests is not None and loaded.ok, "\n".join(map(str, loaded.problems))
    return loaded.tests
