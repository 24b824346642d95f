"""The file with the demo accounts of an installation. Light: the supervisor reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_FILE = "demo-accounts.json"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One demo account."""

    id: str
    name: str
    shows: str  # requester | agent | manager | process_owner | admin, or words with one of them
    token: str
    about: dict[str, str]  # the same by locale; empty when it was not translated


def read_accounts(home: Path) -> tuple[DemoPerson, ...]:
    """The accounts of an installation; none before its first start with a demo organisation."""
    try:
        return tuple(DemoPerson(**one) for one in json.loads((home / _FILE).read_text()))
    except FileNotFoundError:
        return ()


def write_accounts(home: Path, people: Sequence[DemoPerson]) -> None:
    """Keep them where only their owner can read them."""
    fresh = home / f"{_FILE}.new"
    fresh.touch(mode=0o600, exist_ok=True)
    fresh.write_text(json.dumps([asdict(one) for one in people], indent=2, ensure_ascii=False) + "\n")
    fresh.replace(home / _FILE)  # whole or not at all: the pages may read it at this moment
