"""What the demo desk's tickets are told as."""

from __future__ import annotations

from dataclasses import dataclass

from domain.engine.ticket import Json

Fields = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Story:
    """A demo ticket: who opened it how many minutes ago with what, and what was done since, in order.

    `acts`: person, what they did, its values. What they did is a transition, `reply`, `note`, `approve`, `reject` or
    `complete:<task>`.
    """

    minutes_ago: int
    requester: str
    fields: Fields
    acts: tuple[tuple[str, str, Fields], ...] = ()
    process: str = "incident"
