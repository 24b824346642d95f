"""The golden random lives: things that happened to tickets of random and of shipped processes, and what was written.

`python -m tests.domain.engine.golden.random_lives` writes the file anew: for a new engine number, or while none was
released. The processes, what happens and the journals all lie in the file, so that a change of what is random changes
nothing in it.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from domain.engine.serialise import entry_to_json
from domain.engine.ticket import ENGINE, Json
from domain.language.definition import Definition
from tests.builders import a_publication
from tests.domain.engine.golden.cases import golden_files, stored
from tests.domain.engine.lives import FRIDAY, MONDAY, Act, lived, random_acts
from tests.domain.engine.random_definitions import a_random_text

FOLDER = Path(__file__).parent
SEED = 20261121
RANDOM, SHIPPED = 24, ("access", "change", "incident", "laptop")
LIVES, LENGTH = 2, 25


def golden_random_lives(engine: int) -> Path:
    """Where the golden lives of an engine lie."""
    return FOLDER / f"random-lives-{engine}.json.gz"


@cache
def stored_lives(file: Path) -> list[dict[str, Any]]:
    """Each has what was `published`, the `start`, the acts of some `lives`, and their `journals`."""
    return json.loads(gzip.decompress(file.read_bytes()))  # type: ignore[no-any-return]  # our own file


def journals(one: dict[str, Any]) -> list[list[dict[str, Json]]]:
    """What this engine writes in the lives of tickets of one process."""
    definition, start = Definition.from_json(**one["published"]), datetime.fromisoformat(one["start"])
    found = [
        [
            entry_to_json(entry)
            for entry in lived(definition, start, value, [Act(**act) for act in acts], reload=value == 1)
        ]
        for value, acts in enumerate(one["lives"])
    ]
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]  # as it is stored


def _write() -> None:
    random = Random(SEED)
    pinned = [(_pinned(asdict(a_publication(a_random_text(seed)))), MONDAY) for seed in range(RANDOM)]
    shipped = {file.name.split("-")[2].split(".")[0]: file for file in golden_files(ENGINE)}
    pinned += [(stored(shipped[name])["published"], FRIDAY) for name in SHIPPED]
    found = []
    for published, start in pinned:
        lives = [[asdict(act) for act in random_acts(random, LENGTH)] for _ in range(LIVES)]
        one = {"published": published, "start": start.isoformat(), "lives": lives}
        found.append({**one, "journals": journals(one)})
    golden_random_lives(ENGINE).write_bytes(gzip.compress(json.dumps(found).encode(), mtime=0))


def _pinned(published: dict[str, Any]) -> dict[str, Any]:
    return {one: published[one] for one in ("process", "calendars", "agreements", "windows")}


if __name__ == "__main__":
    _write()
