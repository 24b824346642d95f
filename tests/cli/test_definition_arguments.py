"""Whatever is named on the command line: one clear line and an exit code, never a trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import evertick

INCIDENT = "definitions/incident.yaml"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diagram", INCIDENT, "--output", "/nowhere/x.svg"), "/nowhere/x.svg cannot be written"),
        (("test", INCIDENT, "-k", "reopen", "--junit", "/nowhere/x.xml"), "/nowhere/x.xml cannot be written"),
        (("schema", "--out", INCIDENT), "incident.yaml is a file; name a folder"),
        (("simulate", "definitions"), "definitions is a folder; name one file"),
        (("simulate", INCIDENT, "--profile", "nofile.yaml"), "there is no file nofile.yaml"),
        (("diff", INCIDENT, "definitions/common.yaml"), "is a library file; name the file of a process"),
        (("explain", "a", "b", "c"), "give one name and one file"),
        (("new", "Nice name"), "cannot be a name"),
        (("new", "null"), "cannot be a name: small letters, digits and _; write 'process_null'"),
        (("new", "a" * 300), "a name has at most 60 characters, this one has 300"),
        (("new", "plain", "--title", "{{ x }}"), "a title is plain text"),
        (("check", INCIDENT, "--organisation", INCIDENT), "is a process file; name an organisation file"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    answer = evertick("definition", *arguments)
    assert answer.code == 2, answer.err
    assert said in answer.err and len(answer.err.splitlines()) == 1


def test_a_library_that_no_process_lies_beside_is_checked_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("kind: library\nlang: 1\nid: own\nversion: 1\nroles: {staff: team:x}\n")
    assert evertick("definition", "check", str(file)).code == 0
    file.write_text("kind: library\nlang: 1\nid: own\nversion: 1\nrolls: {staff: team:x}\n")
    answer = evertick("definition", "check", str(file))
    assert answer.code == 1 and 'unknown key "rolls"; did you mean "roles"?' in answer.out + answer.err
