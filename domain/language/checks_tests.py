"""Checks of test files: steps that mean something, and names the process knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.errors import Problem
from domain.expressions import Scope
from domain.language.builtin_fields import DERIVED, field_defs
from domain.language.checks_test_people import people_problems
from domain.language.checks_test_values import TestValues, condition_problems
from domain.language.models_process import Process
from domain.language.models_tests import (
    ACTIONS,
    ON_APPROVALS,
    ON_LINKS,
    ON_TASKS,
    TASK_STATES,
    Answers,
    Case,
    Expect,
    Step,
    TestsFile,
    World,
)
from domain.language.names import ADHOC
from domain.language.places import Path, Places
from domain.language.suggest import did_you_mean, one_of
from domain.language.yaml_source import Node
from domain.local_time import zone_named

_WITH = ("do", *ON_APPROVALS, *ON_TASKS, "message", *ON_LINKS)
_BY_OTHERS = frozenset({"message", "migrate", *ON_LINKS})
_ABOUT_A_LINK = ("ticket", "category")
_CLOCK = ("due", "running", "paused", "breached", "elapsed")
_PAGED = ("who", "at")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the process, when it is understood, and what its expressions can read."""

    process: Process | None
    scope: Scope | None


def check_tests(
    tests: TestsFile,
    root: Node,
    sources: Mapping[str, str],
    tested: Version,
    earlier: Mapping[str, Version],
    *,
    whole: bool,
) -> list[Problem]:
    """Every problem of a test file. Names are checked with the version that a case is on at that step.

    `earlier`: the versions that cases open tickets with; `whole`: nothing of the file had to be left out.
    """
    checks = _Checks(Places(root, sources), tested, [], whole=whole)
    try:
        zone_named(tests.given.time_zone)
    except ValueError as error:
        checks.error(("given", "time_zone"), str(error))
    checks.values.world(tests.given)
    older = [_Checks(checks.places, one, checks.problems, whole=whole) for one in earlier.values()]
    checks.answers(("given",), tests.given, [checks, *older])
    names: set[str] = set()
    for index, case in enumerate(tests.cases):
        if case.name in names:
            checks.error(("cases", index, "name"), "another case has the same name; give each its own")
        names.add(case.name)
        checks.case(("cases", index), case, earlier)
    for path, key, message in people_problems(tests):
        found = checks.places.problem(path, message, key=key, severity="warning", code="unknown-name")
        checks.problems.append(found)
    return checks.problems


class _Checks:
    def __init__(self, places: Places, version: Version, problems: list[Problem], *, whole: bool) -> None:
        self.whole = whole  # nothing had to be left out
        self.places = places
        self.process = process = version.process
        self.fields = (*field_defs(process), *DERIVED) if process else ()
        self.scope = version.scope
        self.problems = problems
        self.values = TestValues(self.error, field_defs(process) if process else {})

    def error(self, path: Path, message: str, *, key: bool = False, code: str = "test") -> None:
        self.problems.append(self.places.problem(path, message, key=key, code=code))

    def known(
        self, path: Path, what: str, name: str | None, names: Iterable[str], *, key: bool = False
    ) -> None:
        listed = list(names)
        if name is not None and name not in listed:
            hint = did_you_mean(name, listed) or (
                f"; known: {one_of(listed)}" if listed else "; there is none"
            )
            self.error(path, f'unknown {what} "{name}"{hint}', key=key, code="unknown-name")

    def case(self, path: Path, case: Case, earlier: Mapping[str, Version]) -> None:
        self.values.moment((*path, "starts"), case.starts)
        if not case.steps:
            self.error((*path, "steps"), "a case needs at least one step")
        before = self.before(path, case, earlier)
        self.answers((*path, "given"), case.given, [self, before])
        for index, step in enumerate(case.steps):
            before = self if step.migrate is not None else before
            before.step((*path, "steps", index), step)
            if step.expect is not None and before.process is not None:
                before.expect((*path, "steps", index, "expect"), step.expect, before.process)

    def answers(self, path: Path, given: Answers | World, versions: Iterable[_Checks]) -> None:
        """What scripts and calls answer: each for a task there is, on one of the versions."""
        known = [one.process for one in versions if one.process is not None]
        if not known:
            return
        for section, kind in (("scripts", "script"), ("http", "http")):
            tasks = [name for process in known for name, task in process.tasks.items() if task.kind == kind]
            for name in getattr(given, section):
                self.known((*path, section, name), f"task with `{kind}`", name, tasks, key=True)
        for name, said in given.scripts.items():
            if (
                isinstance(said, dict)
                and "fails" in said
                and (len(said) > 1 or not isinstance(said["fails"], str))
            ):
                message = "a script answers or fails: say only why, `{fails: no connection}`"
                self.error((*path, "scripts", name), message)

    def before(self, path: Path, case: Case, earlier: Mapping[str, Version]) -> _Checks:
        """The checks for the steps of a case before its ticket moves to the version under test."""
        moves = [index for index, step in enumerate(case.steps) if step.migrate is not None]
        if case.opened_with is None:
            for index in moves:
                message = "say which older version the ticket is opened with: `opened_with: earlier/….yaml`"
                self.error((*path, "steps", index, "migrate"), message, key=True)
            return self
        version = earlier[case.opened_with]
        place = (*path, "opened_with")
        if version.process is None:
            self.error(place, f'"{case.opened_with}" is no process file without errors', code="file")
        elif self.process is not None and version.process.id != self.process.id:
            message = (
                f'this is the process "{version.process.id}"; name an older version of "{self.process.id}"'
            )
            self.error(place, message)
        elif not moves and self.whole:
            self.error(place, "no step of this case moves the ticket; add `migrate: true`")
        for index in moves[1:]:
            self.error((*path, "steps", index, "migrate"), "the ticket has moved already", key=True)
        return _Checks(self.places, version, self.problems, whole=self.whole)

    def step(self, path: Path, step: Step) -> None:
        actions = [name for name in ACTIONS if getattr(step, name) is not None]
        if len(actions) > 1:
            self.error(
                path, f"a step is one action, and this one has {' and '.join(actions)}; make it two steps"
            )
        if step.at is not None and step.wait is not None:
            self.error((*path, "wait"), "give either `at` or `wait`", key=True)
        if step.with_ and not set(actions) & set(_WITH):
            self.error((*path, "with"), f"`with` goes with one of {', '.join(_WITH)}", key=True)
        if actions and not _BY_OTHERS & set(actions) and step.as_ is None:
            self.error(path, f"say who does this: add `as` to `{actions[0]}`")
        if self.whole and not (actions or step.expect or step.at or step.wait):
            self.error(path, "this step does nothing")
        self.values.step(path, step)
        if self.process is not None:
            self.names(path, step, self.process)

    def names(self, path: Path, step: Step, process: Process) -> None:
        self.known((*path, "do"), "transition", step.do, process.transitions)
        self.known((*path, "message"), "message", step.message, process.messages)
        for name in ("complete", "fail", "cancel_task"):
            self.task((*path, name), getattr(step, name), process)
        if step.add_task is not None and process.adhoc_tasks is None:
            self.error(
                (*path, "add_task"), "nobody can add tasks: the process has no `adhoc_tasks`", key=True
            )
        for name in ON_APPROVALS:
            self.known((*path, name), "approval", getattr(step, name), process.approvals)
        for name in ON_LINKS:
            self.linked(path, name, getattr(step, name), step, process)
        asked = (*self.fields, *process.links)  # a form may ask for linked tickets, too
        for section, names in (("create", asked), ("edit", self.fields)):
            for field in getattr(step, section) or {}:
                self.known((*path, section, field), "field", field, names, key=True)
        if step.do is not None or step.complete is not None or step.add_task is not None:
            base = (step.complete or "").partition(".")[0]
            added = process.adhoc_tasks.task if process.adhoc_tasks is not None else None
            task = process.tasks.get(base, added if base == ADHOC else None)
            own = {"outcome"} if task is not None and task.outcomes else set[str]()
            if step.add_task is not None:
                own = {"assignee", "team", "due"}
            for field in step.with_:
                if field not in own:
                    self.known((*path, "with", field), "field", field, asked, key=True)

    def linked(self, path: Path, what: str, name: str | None, step: Step, process: Process) -> None:
        if name is None:
            return
        self.known((*path, what), "link", name, process.links)
        if what == "link" and "ticket" not in step.with_:
            self.error((*path, what), "say which ticket: `with: {ticket: INC-000007}`")
        if what == "news" and "category" not in step.with_:
            self.error((*path, what), "say the category of the state it is in: `with: {category: closed}`")
        rule = process.links.get(name)
        also: Mapping[str, object] = {}
        if rule is not None:
            also = rule.reads if what == "news" else rule.fields if what == "link" else {}
        for word in step.with_:
            self.known((*path, "with", word), "word about a link", word, (*_ABOUT_A_LINK, *also), key=True)
        if what == "link" and rule is not None and not (step.expect and step.expect.refused):
            self.values.said((*path, "with"), step.with_, rule)

    def task(self, path: Path, name: str | None, process: Process, *, key: bool = False) -> None:
        """A task of the file, `grant.2` of a list, `adhoc.1` that was added."""
        base, _, number = (name or "").partition(".")
        listed = base in process.tasks and process.tasks[base].for_each is not None
        if number.isdecimal() and (listed or (base == ADHOC and process.adhoc_tasks is not None)):
            return
        self.known(path, "task", name, process.tasks, key=key)

    def expect(self, path: Path, expect: Expect, process: Process) -> None:
        self.values.expect(path, expect)
        if expect.if_ is not None and self.scope is not None:
            for offset, message in condition_problems(expect.if_, self.scope):
                self.problems.append(self.places.inside((*path, "if"), expect.if_, offset, message))
        self.known((*path, "state"), "state", expect.state, process.states)
        named: dict[str, tuple[str, Iterable[str], Iterable[str]]] = {
            "fields": ("field", expect.fields, self.fields),
            "clocks": ("clock", expect.clocks, process.clocks),
            "approval": ("approval", expect.approval, process.approvals),
        }
        for section, (what, given, names) in named.items():
            for name in given:
                self.known((*path, section, name), what, name, names, key=True)
        for name, task in expect.tasks.items():
            self.task((*path, "tasks", name), name, process, key=True)
            self.known((*path, "tasks", name, "state"), "state of a task", task.state, TASK_STATES)
        for name, linked in expect.links.items():
            self.known((*path, "links", name), "link", name, process.links, key=True)
            rule = process.links.get(name)
            for ref, said in linked.items() if rule is not None else ():
                for field in said:
                    place = (*path, "links", name, ref, field)
                    self.known(
                        place, f"field of the link {name}", field, rule.fields if rule else (), key=True
                    )
                if rule is not None:
                    self.values.said((*path, "links", name, ref), said, rule)
        for index, notified in enumerate(expect.notified or ()):
            for template in notified:
                place = (*path, "notified", index, template)
                self.known(place, "notification", template, process.notifications, key=True)
        for name, clock in expect.clocks.items():
            for what in clock:
                self.known((*path, "clocks", name, what), "word about a clock", what, _CLOCK, key=True)
        for index, page in enumerate(expect.paged or ()):
            for what in page:
                self.known((*path, "paged", index, what), "word about a page", what, _PAGED, key=True)
