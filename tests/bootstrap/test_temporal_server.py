"""The embedded server: its command, and the guard of its database file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.temporal_server import (
    TemporalFileMismatch,
    TemporalServerMissing,
    TemporalServerSettings,
    check_stamp,
    command_line,
    find_cli,
    stamp_of,
    version_of,
)


def test_this_environment_has_the_server_and_it_says_its_version() -> None:
    version = version_of(find_cli())
    assert version.cli
    assert version.server.startswith("1.")


def test_what_is_no_temporal_command_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "temporal"
    other.write_text("#!/bin/sh\necho hello\n")
    other.chmod(0o755)
    with pytest.raises(TemporalServerMissing, match="hello"):
        version_of(other)


def test_a_file_of_another_server_version_is_refused_with_the_way_out(tmp_path: Path) -> None:
    database = tmp_path / "temporal.db"
    check_stamp(database, "1.32.0")
    assert stamp_of(database).read_text() == "1.32.0\n"
    database.touch()
    check_stamp(database, "1.32.0")
    with pytest.raises(TemporalFileMismatch, match="evertick reseed"):
        check_stamp(database, "1.33.0")
    database.unlink()
    check_stamp(database, "1.33.0")  # a new file is this version's
    assert stamp_of(database).read_text() == "1.33.0\n"


def test_time_skipping_is_there_only_when_asked_for(tmp_path: Path) -> None:
    plain = command_line(Path("temporal"), TemporalServerSettings(tmp_path / "t.db", 7233, 8233))
    skipping = command_line(
        Path("temporal"), TemporalServerSettings(tmp_path / "t.db", 7233, time_skipping=True)
    )
    assert not [part for part in plain if "TimeSkipping" in part]
    assert [part for part in skipping if "TimeSkipping" in part]
    assert "synchronous=FULL" in plain
    assert plain[plain.index("--ui-port") + 1] == "8233"
    assert "--headless" in skipping
