"""`evertick definition show`: what an owner sees of a definition that is made of several files."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command import evertick


def test_every_line_says_where_it_comes_from() -> None:
    said = evertick("definition", "show", "definitions/incident.yaml")
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0] == "# incident.yaml, with common.yaml, calendars.yaml, agreements.yaml"
    assert any(line.startswith("  office:") and "# calendars.yaml:" in line for line in lines)
    assert any(line.startswith("  resolve:") and "# incident.yaml:" in line for line in lines)
    assert "\x1b" not in said.out


def test_the_output_is_a_definition_again(tmp_path: Path) -> None:
    file = tmp_path / "incident.yaml"
    file.write_text(evertick("definition", "show", "definitions/incident.yaml").out)
    said = evertick("definition", "check", str(file))
    assert "0 errors" in said.err


def test_what_is_not_used_is_named_and_shown_when_asked_for() -> None:
    short = evertick("definition", "show", "definitions/incident.yaml").out
    whole = evertick("definition", "show", "definitions/incident.yaml", "--all").out
    assert "#   freezes: double_eleven" in short
    assert "\nfreezes:" not in short
    assert "\nfreezes:" in whole


def test_one_part_can_be_asked_for_in_json_too() -> None:
    said = evertick("definition", "show", "definitions/incident.yaml", "--part", "clocks.resolve.pause")
    assert [line.split(" #")[0].rstrip() for line in said.out.splitlines()] == [
        "clocks:",
        "  resolve:",
        "    pause: {in: waiting_requester}",
    ]
    said = evertick(
        *("definition", "show", "definitions/incident.yaml", "--part", "clocks.resolve", "--format", "json")
    )
    answer = json.loads(said.out)
    assert answer["definition"]["clocks"]["resolve"]["pause"] == {"in": "waiting_requester"}
    assert answer["places"]["clocks.resolve"].startswith("incident.yaml:")


def test_a_library_is_shown_with_what_it_uses_and_loads_to_the_same(tmp_path: Path) -> None:
    (tmp_path / "lower.yaml").write_text(
        "kind: library\nlang: 1\nid: lower\nversion: 1\nroles: {boss: team:bosses}\n"
    )
    (tmp_path / "upper.yaml").write_text(
        "kind: library\nlang: 1\nid: upper\nversion: 1\nuses: [lower.yaml]\nroles: {staff: team:people}\n"
    )
    said = evertick("definition", "show", str(tmp_path / "upper.yaml"))
    assert said.code == 0
    assert "# upper.yaml, with lower.yaml" in said.out
    assert "  boss: team:bosses" in said.out and "# lower.yaml:5" in said.out
    (tmp_path / "whole.yaml").write_text(said.out)
    again = evertick("definition", "show", "--format", "json", str(tmp_path / "whole.yaml"))
    before = evertick("definition", "show", "--format", "json", str(tmp_path / "upper.yaml"))
    shown, was = (json.loads(one.out)["definition"] for one in (again, before))
    assert shown["roles"] == was["roles"]


def test_wrong_arguments_end_with_two_and_say_why(tmp_path: Path) -> None:
    said = evertick("definition", "show", "definitions/incident.yaml", "--part", "clocks.respons")
    assert (said.code, "nothing is called respons" in said.err) == (2, True)
    said = evertick("definition", "show", "definitions/incident.test.yaml")
    assert (said.code, "is a tests file; name the file of a process or library" in said.err) == (2, True)
    said = evertick("definition", "show", str(tmp_path / "no.yaml"))
    assert (said.code, "there is no file" in said.err) == (2, True)


def test_a_broken_definition_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("kind: process\nlang: 1\nid: p\nversion: 1\ntitle: P\nwhere: there\n")
    said = evertick("definition", "show", str(file))
    assert said.code == 1
    assert 'unknown key "where"' in said.err
