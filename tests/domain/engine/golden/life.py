"""A ticket that lives through the rarer things: its organisation, and a story that goes on whatever is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from domain.engine.entries import Entry
from domain.engine.events import Command, Facts, Move, Open
from domain.engine.handle import open_ticket
from domain.engine.ticket import Hashes, Json
from domain.language.models_tests import World
from tests.builders import TICKET_ID, a_definition
from tests.domain.engine.boards import Board

FOLDER = Path(__file__).parent
WORLD = World.model_validate(
    {
        "people": {
            "ann": {"manager": "maria"},
            "maria": {"manager": "bruno", "vip": True},
            "bruno": {"manager": "zoe"},
            "otto": {"manager": "bruno", "away": True},
            "a": {"teams": ["board"]},
            "b": {
                "teams": ["board"],
                "delegates": [{"to": "x", "from": "2026-03-02 11:00", "until": "2026-03-02 14:00"}],
            },
            "c": {"teams": ["board", "desk"], "away": True, "manager": "bruno"},
            "bob": {"teams": ["desk"], "locale": "zh-CN"},
        },
        "groups": {"security": ["sara", "b"], "more": ["x", "y"], "empty": [], "chiefs": ["chief", "maria"]},
        "on_call": {"duty": "bob"},
        "leads": {"desk": "bob"},
        "services": {"vpn": {"tier": "gold", "owner": "olga", "team": "desk"}},
    }
)


@dataclass
class Life(Board):
    """A story that goes on whatever is refused, and whose definition may change its hash."""

    published: tuple[str, ...] = ("problem",)

    def open(self, person: str = "ann", channel: str = "portal", /, **fields: Json) -> Entry:
        """Open the ticket now, with hashes that are made up."""
        request = Open(TICKET_ID, "T-0001", Hashes("p", "c", "a"), {"title": "A thing", **fields}, channel)
        command = Command(1, "c1", request, self.now, person)
        outcome = open_ticket(self.definition, command, self.facts(person), self.now)
        self.commands = 1
        return self.keep(outcome)[-1]

    def facts(self, person: str) -> Facts:
        """What travels with a send: everybody, what the story adds, and what is missing."""
        found = super().facts(person)
        return replace(found, things={**found.things, **self.things}, published=self.published)

    def wait(self, **later: float) -> None:
        """Let time pass on a healthy desk."""
        self.until(self.now + timedelta(**later))

    def outage(self, **later: float) -> None:
        """Let time pass while nothing is handled."""
        self.outage_until(self.now + timedelta(**later))

    def asks(self, person: str, *requests: object) -> None:
        """Somebody asks for these, one after the other; what is refused is in the journal too."""
        for request in requests:
            self.send(request, person)  # type: ignore[arg-type]  # each is a Request

    def press(self, person: str, *buttons: str) -> None:
        """Somebody presses these buttons."""
        self.asks(person, *map(Move, buttons))


def lived(parts: Sequence[str], **fields: Json) -> Life:
    """A ticket that was just opened, of the process that these files make together."""
    text = "".join((FOLDER / f"lives/{part}.yaml").read_text() for part in parts)
    story = Life(a_definition(text), world=WORLD)
    story.open(**fields)
    return story
