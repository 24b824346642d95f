"""The folder an installation keeps its data in: where what lies, and who is using it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from domain.errors import EvertickError


class HomeInUse(EvertickError):
    """Another `evertick run` uses this folder."""

    code = "home_in_use"


class HomeUnusable(EvertickError):
    """The folder cannot be made or written."""

    code = "home_unusable"


_DEMO_LOADED = "demo-loaded"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of a running installation are reached."""

    web: str
    api_docs: str
    temporal: str
    temporal_ui: str
    pid: int  # of the supervisor


def usable(home: Path) -> None:
    """Make the folder if need be. Raises HomeUnusable."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "lock").touch()
    except OSError as error:
        raise HomeUnusable(
            f"{home} cannot be used: {error.strerror}; set EVERTICK_HOME to a folder you may write to"
        ) from error


@contextmanager
def occupied(home: Path) -> Iterator[None]:
    """Hold the folder while we use it; the lock ends with the process, however it ends.

    Raises HomeInUse, HomeUnusable.
    """
    usable(home)
    with (home / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeInUse(
                f"another `evertick run` uses {home}; stop it first, or set EVERTICK_HOME to another folder"
            ) from None
        os.set_inheritable(lock.fileno(), False)
        yield


def remember(home: Path, addresses: Addresses) -> None:
    """Write down where we are reached, for the other commands."""
    (home / "running.json").write_text(json.dumps(asdict(addresses), indent=2) + "\n")


def forget(home: Path) -> None:
    """We are not running any more."""
    (home / "running.json").unlink(missing_ok=True)


def addresses_of(home: Path) -> Addresses | None:
    """Where a running installation is reached; None when none runs."""
    try:
        found = Addresses(**json.loads((home / "running.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    try:
        os.kill(found.pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return found
    return found


def demo_loaded(home: Path) -> bool:
    """Whether the demo tickets were loaded before, whole."""
    return (home / _DEMO_LOADED).exists()


def mark_demo_loaded(home: Path) -> None:
    """They are all there."""
    (home / _DEMO_LOADED).touch()
