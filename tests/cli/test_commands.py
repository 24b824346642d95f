"""Every command: its help, and what it says to what it cannot use."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli.main import app
from tests.cli.command import ROOT, evertick


def commands() -> Iterator[tuple[str, ...]]:
    """Every command there is, as one types it."""

    def below(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield path
            return
        for name, one in inner.items():
            yield from below(one, (*path, name))

    return below(typer.main.get_command(app), ())


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_help_is_instant_and_shows_an_example(command: tuple[str, ...]) -> None:
    said = evertick(*command, "--help")
    assert said.code == 0
    assert f"Usage: evertick {' '.join(command)}" in said.out
    assert "Example: " in said.out
    assert f"evertick {' '.join(command)}" in said.out.split("Example: ")[1]
    assert said.seconds < 10


def test_the_command_alone_lists_what_there_is() -> None:
    said = evertick()
    assert said.code == 2
    for name in ("run", "tour", "definition", "doctor", "reseed", "publish"):
        assert f"\n  {name} " in said.all
    assert "Start with: evertick run" in said.all
    assert "..." not in said.all.split("Commands:")[1], "a sentence is cut off"
    assert said.seconds < 10


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("rnu",), "No such command 'rnu'. Did you mean 'run'?"),
        (("run", "extra"), "unexpected extra argument"),
        (("doctor", "--reapir"), "No such option: --reapir"),
        (("tour", "--lang", "fr"), "the story is told in en and zh-CN"),
        (("publish", "nowhere/"), "there is no folder nowhere"),
        (("definition", "check"), "Missing argument 'files'"),
        (("definition", "check", "nowhere.yaml"), "there is no file nowhere.yaml"),
        (("definition", "test", "nowhere.test.yaml"), "there is no file nowhere.test.yaml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_arguments_are_said_with_exit_code_2(arguments: tuple[str, ...], line: str) -> None:
    said = evertick(*arguments)
    assert said.code == 2
    assert line in said.err
    assert "Traceback" not in said.all


@pytest.mark.parametrize(
    "command", ["run", "worker", "api", "doctor", "reseed", "publish", "token ann", "db upgrade"]
)
def test_a_setting_that_cannot_be_used_is_named(command: str, tmp_path: Path) -> None:
    settings = {"HOME": str(tmp_path), "PORT": "eighty", "DATABASE_URL": "mysql://somewhere"}
    env = {f"EVERTICK_{name}": value for name, value in settings.items()}
    said = CliRunner().invoke(app, command.split(), env=env)
    assert said.exit_code == 2
    assert "evertick: EVERTICK_PORT=eighty: should be a valid integer" in said.stderr
    assert "evertick: EVERTICK_DATABASE_URL=mysql://somewhere: should begin with postgresql://" in said.stderr
    assert isinstance(said.exception, SystemExit)


@pytest.mark.parametrize("command", ["doctor", "reseed", "publish"])
def test_a_home_nobody_started_in_is_said_and_left_alone(command: str, tmp_path: Path) -> None:
    said = evertick(command, HOME=str(tmp_path / "home"))
    assert said.code == 1
    assert said.err.startswith(f"evertick: there is no installation in {tmp_path / 'home'}")
    assert len(said.err.splitlines()) == 1
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", ["run", "db upgrade"])
def test_a_home_that_cannot_be_made_is_said(command: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = evertick(*command.split(), HOME=str(tmp_path / "file" / "home"))
    assert said.code == 1
    assert said.err.startswith("evertick: ")
    assert "cannot be used: Not a directory; set EVERTICK_HOME" in said.err
    assert len(said.err.splitlines()) == 1


def test_the_database_is_brought_up_to_date_once_and_then_published_into(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    assert evertick("db", "upgrade", HOME=home).out == "The schema was brought up to date.\n"
    assert evertick("db", "upgrade", HOME=home).out == "The schema is up to date.\n"
    first = evertick("publish", HOME=home)
    assert first.code == 0
    assert "incident: version 1 published" in first.out.splitlines()
    assert all(line.endswith(": version 1 published") for line in first.out.splitlines())
    second = evertick("publish", "definitions", HOME=home)
    assert (second.code, second.out, second.err) == (0, "Nothing has changed.\n", "")


def test_a_token_is_made_for_people_only(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    evertick("db", "upgrade", HOME=home)
    evertick("publish", HOME=home)
    made = evertick("token", "deng", HOME=home)
    assert (made.code, made.err) == (0, "")
    assert made.out.startswith("itsm_pat_")
    unknown = evertick("token", "nobody", HOME=home)
    assert unknown.code == 1
    assert "nobody" in unknown.err
    assert len(unknown.err.splitlines()) == 1


def test_without_temporal_the_doctor_says_what_to_start(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    evertick("db", "upgrade", HOME=home)
    said = evertick("doctor", HOME=home, TEMPORAL_PORT="1")
    assert said.code == 1
    assert said.err == (
        "evertick: Temporal does not answer at 127.0.0.1:1 (Connection refused). "
        "The runs of tickets can be examined while `evertick run` runs.\n"
    )


def test_help_and_definitions_need_no_server_code() -> None:
    """Neither imports FastAPI, SQLAlchemy or Temporal's SDK: that is what makes them quick."""
    code = """
import sys
from cli.main import app
for arguments in (["--help"], ["definition", "check", "definitions"], ["definition", "test", "definitions"]):
    try:
        app(arguments)
    except SystemExit as ending:
        assert ending.code == 0, (arguments, ending.code)
loaded = {name.partition(".")[0] for name in sys.modules}
heavy = loaded & {"fastapi", "starlette", "uvicorn", "sqlalchemy", "alembic", "temporalio", "pydantic_settings"}
assert not heavy, heavy
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
