"""All checks of a process beyond its shape."""

from __future__ import annotations

from domain.errors import Problem
from domain.language.checking import Checking
from domain.language.checks_calendars import check_calendars
from domain.language.checks_clocks import check_clocks
from domain.language.checks_expressions import check_expressions
from domain.language.checks_fields import check_fields
from domain.language.checks_references import check_references
from domain.language.checks_states import check_flow, check_states
from domain.language.checks_texts import check_texts
from domain.language.checks_work import check_work
from domain.language.merge import Merged
from domain.language.models import Process
from domain.language.yaml_source import Node


def check_process(
    process: Process, root: Node, merged: Merged, known_processes: frozenset[str], *, whole: bool
) -> list[Problem]:
    """Every problem of a process. `whole`: nothing of it had to be left out, so that gaps can be judged."""
    checking = Checking(process, root, merged, known_processes, whole=whole)
    found = list(checking.live_parts())
    check_references(checking, found)
    check_expressions(checking, found)
    check_fields(checking)
    check_states(checking)
    check_clocks(checking)
    check_work(checking, found)
    check_calendars(checking)
    check_texts(checking, found)
    if whole and not any(problem.severity == "error" for problem in checking.problems):
        check_flow(checking)
    return checking.problems
