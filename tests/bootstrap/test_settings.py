"""Settings come from the environment and reach every process of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bootstrap.settings import Settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith(("EVERTICK_", "TEMPORAL_", "SMTP_")):
            monkeypatch.delenv(name)


def test_defaults_make_the_embedded_mode(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = Settings()
    assert settings.home == tmp_path / "evertick"
    assert settings.database == f"sqlite:///{tmp_path}/evertick/evertick.db"
    assert settings.is_embedded_temporal
    assert settings.is_loopback
    assert settings.demo


def test_a_temporal_server_of_ones_own_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example:7233")
    settings = Settings()
    assert not settings.is_embedded_temporal
    assert settings.temporal_target == "temporal.example:7233"


def test_demo_is_switched_off_by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERTICK_DEMO", "off")
    assert not Settings().demo
    monkeypatch.setenv("EVERTICK_DEMO", "perhaps")
    with pytest.raises(ValidationError, match="demo"):
        Settings()


def test_secrets_are_found_by_the_name_definitions_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERTICK_SECRET_STATUS_PAGE_TOKEN", "s3cret")
    assert Settings().secrets() == {"status_page_token": "s3cret"}


def test_a_child_sees_what_was_decided_in_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = Settings(home=tmp_path, port=8001, temporal_port=7001, demo=False, sweep_every=0.5)
    for name, value in chosen.child_environment().items():
        monkeypatch.setenv(name, value)
    child = Settings()
    for name in ("home", "port", "demo", "sweep_every", "database", "task_queue", "smtp_from"):
        assert getattr(child, name) == getattr(chosen, name), name
    assert child.temporal_target == "127.0.0.1:7001"
