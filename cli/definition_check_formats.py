"""Problems of definitions as other programs read them: JSON, GitHub's workflow commands, SARIF 2.1.0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from cli.definition_check import Found


def as_json(found: list[Found]) -> str:
    """`{errors, warnings, problems: [{file, line, column, severity, code, message}]}`."""
    problems = [
        {
            "file": str(one.file),
            "line": one.line,
            "column": one.column,
            "severity": one.severity,
            "code": one.code,
            "message": one.message,
        }
        for one in found
    ]
    errors = sum(one.severity == "error" for one in found)
    told = {"errors": errors, "warnings": len(found) - errors, "problems": problems}
    return json.dumps(told, ensure_ascii=False, indent=2)


def as_github(found: list[Found]) -> str:
    """One annotation for each problem: shown beside the line in a pull request."""
    return "\n".join(
        f"::{one.severity} file={_property(str(one.file))},line={one.line},col={one.column},"
        f"title={_property(one.code)}::{_data(one.message)}"
        for one in found
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(found: list[Found]) -> str:
    """A SARIF 2.1.0 log of one run."""
    from domain.language.codes import CODES

    codes = sorted({one.code for one in found})
    rules = [
        {"id": code, "shortDescription": {"text": CODES.get(code, "A problem of another kind.")}}
        for code in codes
    ]
    driver = {"name": "evertick", "rules": rules}
    results = [
        {
            "ruleId": one.code,
            "ruleIndex": codes.index(one.code),
            "level": one.severity,
            "message": {"text": one.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(one.file)},
                        "region": {"startLine": one.line, "startColumn": one.column},
                    }
                }
            ],
        }
        for one in found
    ]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=2)


def _uri(file: Path) -> str:
    return file.as_uri() if file.is_absolute() else quote(file.as_posix())
