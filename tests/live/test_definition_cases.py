"""Cases of the shipped test files, on the virtual clock and on a real desk: the journals are the same."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bootstrap.definition_files import process_files
from bootstrap.public_holidays import PublicHolidays
from bootstrap.settings import SHIPPED_DEFINITIONS
from bootstrap.temporal_server import TemporalServer
from bootstrap.temporary_desk import TemporaryWorld, temporary_desk
from domain.language.definition import Definition
from domain.language.loader import load_process, load_tests
from domain.language.models_tests import ACTIONS, Case, TestsFile
from domain.language.published import publish
from domain.rehearsal.runner import opened_by, run_case
from domain.rehearsal.script import plays
from tests.live.case_player import CasePlayer, comparable_journal, where_they_differ

pytestmark = pytest.mark.anyio


def read(name: str) -> bytes | None:
    path = SHIPPED_DEFINITIONS / name
    return path.read_bytes() if path.is_file() else None


def loaded_cases(path: Path) -> TestsFile:
    loaded = load_tests(path.name, read)
    assert loaded.tests is not None, loaded.problems
    return loaded.tests


def worth_their_time(tests: TestsFile) -> list[Case]:
    """Every case of the incident; of the others the two in which most different things are done, the rest goes the same
    ways.
    """
    if tests.process == "incident.yaml":
        return list(tests.cases)
    varied = sorted(tests.cases, key=lambda case: -len(_done(case)))[:2]
    return [case for case in tests.cases if case in varied]


def _done(case: Case) -> set[tuple[str, str]]:
    """What people do in a case: which verb, with which button, task or approval."""
    return {
        (verb, found if isinstance(found, str) else "")
        for step in case.steps
        for verb in ACTIONS
        if (found := getattr(step, verb)) is not None
    }


CASES = [
    pytest.param(tests, case, id=f"{path.stem}-{case.name}"[:90])
    for path in sorted(SHIPPED_DEFINITIONS.glob("*.test.yaml"))
    for tests in [loaded_cases(path)]
    for case in worth_their_time(tests)
]


@pytest.mark.parametrize(("tests", "case"), CASES)
async def test_a_case_writes_the_same_journal_on_a_real_desk(
    tests: TestsFile, case: Case, temporal: TemporalServer
) -> None:
    known = frozenset(process_files(SHIPPED_DEFINITIONS).values())
    loaded = load_process(tests.process, read, known_processes=known)
    zone = ZoneInfo(tests.given.time_zone)
    first = date(2026, 1, 1)
    definition = Definition.from_published(publish(loaded, PublicHolidays(), first))
    virtual = run_case(case, definition, tests.given, known)
    assert virtual.passed, virtual.failures

    starts = plays(case, definition, zone)[0].at.astimezone(UTC)
    files = {process: name for name, process in process_files(SHIPPED_DEFINITIONS).items()}
    opened = [files[process] for process in opened_by(definition)]
    world = TemporaryWorld(
        starts=starts,
        processes=(tests.process, *opened),
        given=case.given.over(tests.given),
        temporal=temporal.address,
    )
    async with temporary_desk(world) as desk:
        player = CasePlayer(desk)
        real = await player.play(case, definition, zone)

    expected, found = comparable_journal(virtual.journal), comparable_journal(real)
    assert where_they_differ(expected, found) == []
    late = [entry.handled_at - entry.at for entry in real]
    assert max(late) < timedelta(seconds=60), "the ticket's own time ran away from the desk's"
