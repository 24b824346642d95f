"""Live, ready, degraded, unready."""

from __future__ import annotations

import logging

import pytest

from desk.values import Readiness
from tests.api.client import Client


def test_the_process_lives_whatever_is_down() -> None:
    client = Client()
    client.desk.away = True
    assert client.send("GET", "/health/live", by=None).json() == {"status": "live"}


def test_ready_needs_no_token() -> None:
    response = Client().send("GET", "/health/ready", by=None)
    assert (response.status_code, response.json()["status"]) == (200, "ready")


def test_without_temporal_or_workers_it_is_degraded_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    checks = {"database": "ok", "temporal": "no answer"}
    client.desk.readiness = Readiness(ready=True, degraded=("temporal",), checks=checks)
    with caplog.at_level(logging.WARNING, logger="api"):
        response = client.send("GET", "/health/ready", by=None)
    assert response.status_code == 200
    assert response.json() == {"status": "degraded", "degraded": ["temporal"], "checks": checks}
    assert [vars(record)["degraded"] for record in caplog.records] == [("temporal",)]


def test_without_its_database_or_definitions_it_is_unready(caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    client.desk.readiness = Readiness(ready=False, checks={"definitions": "no process is published"})
    response = client.send("GET", "/health/ready", by=None)
    assert (response.status_code, response.json()["status"]) == (503, "unready")
    client.desk.away = True
    with caplog.at_level(logging.ERROR, logger="api"):
        response = client.send("GET", "/health/ready", by=None)
    assert response.status_code == 503
    assert response.json()["checks"] == {"desk": "the database does not answer"}
    assert vars(caplog.records[-1])["checks"] == response.json()["checks"]
