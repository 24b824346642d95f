"""Results as JUnit XML, the form that build servers read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from cli.definition_files import shown

if TYPE_CHECKING:
    from cli.definition_test import Played
    from domain.language.models_tests import Case
    from domain.rehearsal.runner import CaseResult


def junit_xml(played: list[Played]) -> str:
    """`testsuites` → a `testsuite` for each file → a `testcase` for each case."""
    root = Xml.Element("testsuites", name="evertick")
    for one in played:
        file = str(one.rehearsal.file)
        suite = Xml.SubElement(
            root,
            "testsuite",
            name=file,
            tests=str(len(one.results) or bool(one.rehearsal.problems) * 1),
            failures=str(one.failed if one.results else 0),
            errors=str(int(bool(one.rehearsal.problems))),
            skipped="0",
            time=_seconds(sum(seconds for _, _, seconds in one.results)),
        )
        for case, result, seconds in one.results:
            _case(suite, one, case, result, seconds)
        if one.rehearsal.problems:
            broken = Xml.SubElement(
                suite, "testcase", name="it can be read", classname=_class(one), file=file, time="0.000"
            )
            lines = [shown(problem, one.rehearsal.file.parent) for problem in one.rehearsal.problems]
            Xml.SubElement(broken, "error", message=_clean(lines[0]), type="problem").text = _clean(
                "\n".join(lines)
            )
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _case(suite: Xml.Element, one: Played, case: Case, result: CaseResult, seconds: float) -> None:
    file, _, line = one.rehearsal.line(case).rpartition(":")
    element = Xml.SubElement(
        suite,
        "testcase",
        name=_clean(case.name),
        classname=_class(one),
        file=file,
        line=line,
        time=_seconds(seconds),
    )
    if result.passed:
        return
    lines = [
        f"{one.rehearsal.line(case, failure.step)}: step {failure.step + 1}: {line}"
        for failure in result.failures
        for line in failure.lines
    ]
    # The schema allows one failure in a case: all of it goes into its text.
    failure = Xml.SubElement(
        element, "failure", message=_clean(result.failures[0].lines[0]), type="expectation"
    )
    failure.text = _clean("\n".join(lines))


def _class(one: Played) -> str:
    return one.rehearsal.file.name.removesuffix(".yaml").removesuffix(".test")


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _clean(text: str) -> str:
    """Without the characters XML cannot hold."""
    return "".join(char for char in text if char in "\t\n" or char >= " ")
