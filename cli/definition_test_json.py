"""Results of cases as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cli.definition_files import shown

if TYPE_CHECKING:
    from cli.definition_test import Played
    from domain.language.models_tests import Case
    from domain.rehearsal.coverage import Coverage
    from domain.rehearsal.runner import CaseResult


def as_json(played: list[Played], covered: dict[str, Coverage]) -> str:
    """`{passed, failed, files: [{file, problems, cases: [{name, place, passed, seconds, failures}]}], coverage}`."""
    return json.dumps(
        {
            "passed": sum(one.passed for one in played),
            "failed": sum(one.failed for one in played),
            "files": [
                {
                    "file": str(one.rehearsal.file),
                    "problems": [
                        shown(problem, one.rehearsal.file.parent)
                        for problem in (*one.rehearsal.problems, *one.rehearsal.doubts)
                    ],
                    "cases": [_case(one, *result) for result in one.results],
                }
                for one in played
            ],
            "coverage": {process: _coverage(coverage) for process, coverage in covered.items()},
        },
        ensure_ascii=False,
        indent=2,
    )


def _case(one: Played, case: Case, result: CaseResult, seconds: float) -> dict[str, object]:
    failures = []
    for failure in result.failures:
        told: dict[str, object] = {"step": failure.step + 1, "place": one.rehearsal.line(case, failure.step)}
        if failure.reason:
            told["reason"] = failure.reason
        else:
            told["at"] = failure.at.astimezone(result.zone).isoformat()
            told["differences"] = [
                {"what": each.what, "expected": each.expected, "got": each.got}
                for each in failure.differences
            ]
        failures.append(told)
    return {
        "name": case.name,
        "place": one.rehearsal.line(case),
        "passed": result.passed,
        "seconds": round(seconds, 3),
        "failures": failures,
    }


def _coverage(coverage: Coverage) -> dict[str, object]:
    return {
        "percent": coverage.percent,
        "items": len(coverage.items),
        "missing": [
            {"kind": item.kind, "path": item.path, "name": item.name, "line": item.line}
            for item in coverage.missing
        ],
    }
