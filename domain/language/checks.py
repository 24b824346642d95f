"""All checks of a process beyond its shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.errors import Problem
from domain.language.checking import Checking, EnoughProblems
from domain.language.checks_approvals import check_approvals
from domain.language.checks_calendars import check_calendars
from domain.language.checks_clock_traps import check_clock_traps
from domain.language.checks_clocks import check_clocks
from domain.language.checks_conditions import check_conditions
from domain.language.checks_convert import check_convert
from domain.language.checks_escalations import check_escalations
from domain.language.checks_expressions import check_expressions
from domain.language.checks_fields import check_fields
from domain.language.checks_freezes import check_freezes
from domain.language.checks_lengths import check_lengths
from domain.language.checks_links import check_links
from domain.language.checks_messages import check_messages
from domain.language.checks_migrate import check_migrate
from domain.language.checks_never import check_never
from domain.language.checks_outcomes import check_outcomes
from domain.language.checks_outside import check_outside
from domain.language.checks_people import check_people
from domain.language.checks_references import check_references
from domain.language.checks_rules import check_rules
from domain.language.checks_schedule import check_schedules
from domain.language.checks_states import check_flow, check_states
from domain.language.checks_tables import check_tables
from domain.language.checks_tasks import check_tasks
from domain.language.checks_texts import check_texts
from domain.language.checks_times import check_times
from domain.language.checks_unused import check_unused
from domain.language.checks_votes import check_votes
from domain.language.checks_work import check_work
from domain.language.flow import Flow
from domain.language.merge import Merged
from domain.language.models import Model, Process, Word
from domain.language.places import Path
from domain.language.usage import Usage
from domain.language.yaml_source import Node

MOST_ENTRIES = 500  # of one section


def check_process(
    process: Process, root: Node, merged: Merged, known_processes: frozenset[str], *, whole: bool
) -> list[Problem]:
    """Every problem of a process. `whole`: nothing of it had to be left out, so that gaps can be judged."""
    checking = Checking(process, root, merged, known_processes, whole=whole)
    found = list(checking.live_parts())
    try:
        _check_size(checking)
        for area, check in _CHECKS.items():
            checking.area = area
            check(checking, found)
        if whole and not any(problem.severity == "error" for problem in checking.problems):
            _check_sense(checking, found)
    except EnoughProblems:
        pass  # it is said as the last of them
    return checking.problems


def _check_work(checking: Checking, parts: Sequence[tuple[Path, Model | Word]]) -> None:
    check_tasks(checking, parts)
    check_work(checking, parts)
    check_convert(checking, parts)
    check_links(checking, parts)
    check_schedules(checking)
    check_lengths(checking, parts)
    check_escalations(checking, parts)


def _check_fields(checking: Checking) -> None:
    check_fields(checking)
    check_messages(checking)


def _check_size(checking: Checking) -> None:
    """Everything is compared with everything; a section that nobody could survey is refused."""
    for section in type(checking.process).model_fields:
        entries = getattr(checking.process, section)
        if isinstance(entries, dict | tuple) and len(entries) > MOST_ENTRIES:
            message = f"more than {MOST_ENTRIES} {section} in one process; split it into several"
            checking.error((section,), message, key=True, code="shape")
            raise EnoughProblems
    if checking.process.version < 1:
        checking.error(
            ("version",), "version should be at least 1: versions count up from there", code="shape"
        )


def _check_sense(checking: Checking, found: Sequence[tuple[Path, Model | Word]]) -> None:
    """What can be judged of a process in which every name and type is right."""
    flow = Flow(checking.process)
    usage = Usage(checking, found)
    check_flow(checking, flow)
    check_conditions(checking, found, flow)
    check_clock_traps(checking, flow)
    check_people(checking, found, usage)
    check_votes(checking, found, usage)
    check_outcomes(checking, found, flow)
    check_never(checking)
    check_times(checking, found)
    check_freezes(checking)
    check_unused(checking, found, usage)


_CHECKS: dict[str, Callable[[Checking, Sequence[tuple[Path, Model | Word]]], None]] = {
    "unknown-name": check_references,
    "value": check_expressions,
    "field": lambda checking, _: _check_fields(checking),
    "rule": lambda checking, _: check_rules(checking),
    "table": lambda checking, _: check_tables(checking),
    "transition": lambda checking, _: check_states(checking),
    "clock": lambda checking, _: check_clocks(checking),
    "work": _check_work,
    "approval": check_approvals,
    "check-not-made": check_outside,
    "calendar": lambda checking, _: check_calendars(checking),
    "migrate": lambda checking, _: check_migrate(checking),
    "text": check_texts,
}
"""By the code of what they find, where a problem has none of its own."""
