"""Going through a definition that others are using."""

from __future__ import annotations

from domain.language.models import Effect
from domain.language.walker import parts
from tests.builders import shipped


def test_what_is_computed_of_a_part_meanwhile_changes_nothing() -> None:
    process = shipped("incident.yaml").process
    before = [path for path, _ in parts(process)]
    seen = []
    for path, part in parts(process):
        seen.append(path)
        if isinstance(part, Effect):
            assert part.verb and part.argument is not None
    assert seen == before == [path for path, _ in parts(process)]
