"""Names in test files that look like a slip: people who are only mentioned exist, unless one letter tells them from
somebody who is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.language.models_tests import Expect, Step, TestsFile, World
from domain.language.places import Path

Mention = tuple[Path, bool, str]  # where, whether the name is the key there, the name


def people_problems(tests: TestsFile) -> Iterator[tuple[Path, bool, str]]:
    """Where a name is a slip, whether it is a key, and what to say of it."""
    given = tests.given.people
    for path, key, name in _mentions(tests):
        if name in given:
            continue
        meant = next((one for one in given if _is_slip(name, one)), None)
        if meant is not None:
            message = f'"{name}" is not in `given.people`; did you mean "{meant}"? Somebody else is listed there, too'
            yield path, key, message


def _is_slip(written: str, meant: str) -> bool:
    """Whether one letter was added, left out, changed or swapped with the next, or only upper and lower case differ.

    Not the first letter: Mia and Pia are two people.
    """
    one, other = written.lower(), meant.lower()
    if one == other:
        return True
    if min(len(one), len(other)) < 3 or one[0] != other[0]:
        return False
    if len(one) == len(other):
        wrong = [index for index in range(len(one)) if one[index] != other[index]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
        return len(wrong) == 1 or (
            swapped and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
        )
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and any(
        longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer))
    )


def _mentions(tests: TestsFile) -> Iterator[Mention]:
    yield from _in_world(tests.given)
    for case_number, case in enumerate(tests.cases):
        for number, step in enumerate(case.steps):
            path = ("cases", case_number, "steps", number)
            yield from _in_step(path, step)
            if step.expect is not None:
                yield from _in_expect((*path, "expect"), step.expect)


def _in_world(given: World) -> Iterator[Mention]:
    for name, person in given.people.items():
        if person.manager is not None:
            yield ("given", "people", name, "manager"), False, person.manager
        for index, one in enumerate(person.delegates):
            yield ("given", "people", name, "delegates", index, "to"), False, one.to
    for section in ("on_call", "leads"):
        for key, name in getattr(given, section).items():
            yield ("given", section, key), False, name
    for group, names in given.groups.items():
        yield from _listed(("given", "groups", group), names)


def _in_step(path: Path, step: Step) -> Iterator[Mention]:
    if step.as_ is not None:
        yield (*path, "as"), False, step.as_
    for word in ("person", "to", "assignee"):
        if isinstance(name := step.with_.get(word), str):
            yield (*path, "with", word), False, name


def _in_expect(path: Path, expect: Expect) -> Iterator[Mention]:
    for index, page in enumerate(expect.paged or ()):
        if isinstance(who := page.get("who"), str):
            yield (*path, "paged", index, "who"), False, who
    for index, notified in enumerate(expect.notified or ()):
        for template, names in notified.items():
            yield from _listed((*path, "notified", index, template), names or ())
    for section in ("not_paged", "reminded", "waiting_for"):
        yield from _listed((*path, section), getattr(expect, section) or ())
    for name in expect.may or {}:
        yield (*path, "may", name), True, name


def _listed(path: Path, names: Iterable[str]) -> Iterator[Mention]:
    for index, name in enumerate(names):
        yield (*path, index), False, name
