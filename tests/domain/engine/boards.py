"""A little organisation and a process with one approval, for tests of approvals."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.engine import approvers
from domain.engine.approval_state import Approval, Stage
from domain.engine.approvals import waiting_for
from domain.engine.entries import Entry, Outcome
from domain.engine.events import SYSTEM, Command, Facts, Request, Vote
from domain.engine.handle import handle, handle_result
from domain.engine.needs import Needs
from domain.engine.ticket import Json
from domain.language.definition import Definition
from domain.language.models_tests import World
from domain.rehearsal.world import WorldDirectory
from tests.builders import Story, a_definition, accepted, effects

WORLD = World.model_validate(
    {
        "people": {
            "ann": {"manager": "maria"},
            "maria": {"manager": "bruno"},
            "bruno": {"manager": "zoe"},
            "otto": {"manager": "bruno", "away": True},
            "carla": {"manager": "otto"},
            "a": {"teams": ["board"]},
            "b": {"teams": ["board"]},
            "c": {"teams": ["board"]},
            "d": {"teams": ["board"]},
            "e": {"teams": ["board"]},
        },
        "groups": {"security": ["sara"], "more": ["x", "y"], "empty": [], "chiefs": ["chief"]},
        "on_call": {"director": "hans"},
    }
)

PROCESS = """
fields:
  amount: {{type: number, default: 100}}
  plan: {{type: text}}
  code: {{type: text}}
  site: {{type: choice, options: [hq, branch]}}
  log: {{type: note}}
forms: {{create: {{title: required, amount: optional, plan: optional, site: optional}}}}
calendars: {{office: {{time_zone: UTC, week: {{mon-fri: "09:00-17:00"}}}}}}
states:
  new: {{category: new}}
  asked: {{category: waiting, approval: board}}
  held: {{category: waiting, hold: true}}
  go: {{category: active}}
  no: {{category: done}}
  end: {{category: closed}}
transitions:
  ask: {{from: new, to: asked, who: everyone}}
  yes: {{from: asked, to: go, when: approval.board.approved}}
  refused: {{from: asked, to: no, when: approval.board.rejected}}
  again: {{from: [go, no], to: asked, who: everyone}}
  back: {{from: [asked, held], to: new, who: everyone}}
  hold: {{from: asked, to: held, who: everyone}}
  release: {{from: held, to: back, who: everyone}}
  void: {{from: go, to: asked, when: approval.board.voided}}
  lapsed: {{from: asked, when: approval.board.timed_out, do: [{{set: {{log: "{{{{ ticket.log }}}}t"}}}}]}}
  taken_back: {{from: asked, to: new, when: approval.board.withdrawn}}
  close: {{from: any, to: end, who: everyone}}
permissions: [{{who: requester, can: [view, comment], edit: all}}]
approvals:
  board:
{approval}
"""


@dataclass
class Board(Story):
    """A story in which the directory answers at once."""

    world: World = WORLD
    directory: WorldDirectory = field(init=False)
    answering: bool = True

    def __post_init__(self) -> None:
        self.directory = WorldDirectory(self.world)

    def facts(self, person: str) -> Facts:
        """What travels with a send: the person as the world knows them."""
        everybody = {*self.world.people, "x", "y", "chief", "sara", "hans", "zoe"}
        needs = Needs(tuple(f"person:{name}" for name in sorted(everybody)))
        found = self.directory.facts(person, needs, self.published, paged=False)
        found = replace(found, things={**found.things, **self.things}, checks={**found.checks, **self.checks})
        return found if person else replace(found, actor=SYSTEM)

    def keep(self, outcome: Outcome) -> list[Entry]:
        """Keep an outcome, and answer the questions it asks."""
        found = super().keep(outcome)
        if not self.answering:
            return found
        for entry in list(found):
            for effect in effects(entry, approvers.KIND):
                answer = approvers.answer(effect.data, self.directory, entry.at)
                now = max(self.now, self.ticket.last_at)
                found += self.keep(handle_result(self.definition, self.ticket, answer, now))
        return found

    def send(
        self,
        request: Request,
        person: str = "ann",
        *,
        received_at: datetime | None = None,
        onto: Definition | None = None,
    ) -> Entry:
        """Carry out a request now; its entry, whether it was accepted or refused."""
        self.commands += 1
        number = self.commands
        command = Command(number, f"c{number}", request, received_at or self.now, person)
        outcome = handle(self.definition, self.ticket, command, self.facts(person), self.now, onto=onto)
        self.definition = onto if onto and outcome.entries[-1].result == "done" else self.definition
        found = self.keep(outcome)
        return next(entry for entry in found if entry.command == number)

    def vote(self, person: str, answer: str = "approve", /, **more: Json) -> Entry:
        """Vote; a refusal fails the test."""
        return accepted(self.send(Vote("board", answer, **more), person))  # type: ignore[arg-type]  # of Vote

    @property
    def run(self) -> Approval:
        """The approval as it is."""
        return self.ticket.approvals["board"]

    @property
    def waiting(self) -> set[str]:
        """Who is asked now."""
        return set(waiting_for(self.ticket, self.now))

    def stage(self, id: str = "s") -> Stage:
        """A stage as it is."""
        return self.run.stages[id]


def a_board(approval: str, *, world: World = WORLD, opened_by: str = "ann", **fields: Json) -> Board:
    """A ticket whose approval was just asked for. `approval` is the YAML below its name."""
    text = "\n".join("    " + line for line in approval.strip("\n").splitlines())
    story = Board(a_definition(PROCESS.format(approval=text)), world=world)
    story.open(opened_by, **fields)
    story.do("ask", opened_by)
    return story


def stage(rest: str, **approval: str) -> str:
    """One stage `s` of the board, with more keys."""
    more = "".join(f"{name}: {value}\n" for name, value in approval.items())
    return f"{more}stages: [{{{', '.join(filter(None, ('id: s', 'approvers: team:board', rest)))}}}]"
