"""Automatic tasks: scripts by name, attempts counted as the definition says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.automation import Automation
from activities.http_calls import Call, CallFailed
from activities.scripts import ScriptCall, ScriptFailed
from domain.engine.ticket import Json
from workflows.messages import RunTask, TaskResult

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def a_task(kind: str = "script", **data: Json) -> RunTask:
    return RunTask("t-1", 4, 1, "open_bridge", 1, kind, {"name": "create_conference", "times": 2, **data})


def on_attempt(attempt: int) -> ActivityEnvironment:
    environment = ActivityEnvironment()
    environment.info = ActivityEnvironment.default_info()
    object.__setattr__(environment.info, "attempt", attempt)
    return environment


def run(automation: Automation, task: RunTask, attempt: int = 1) -> TaskResult:
    step = automation.run_script if task.kind == "script" else automation.call_http
    return on_attempt(attempt).run(step, task)


def test_the_demonstration_script_gives_the_same_room_for_the_same_call() -> None:
    automation = Automation(lambda: NOW)
    first = run(automation, a_task(**{"with.title": "INC-1 VPN"}))
    assert first == run(automation, a_task(**{"with.title": "INC-1 VPN"}))
    assert first.ok
    assert first.completed_at == NOW
    assert isinstance(first.response, dict)
    assert str(first.response["url"]).startswith("https://meet.example.com/")
    assert first.response["title"] == "INC-1 VPN"


def test_an_unknown_script_fails_at_once_and_says_what_is_known() -> None:
    result = run(Automation(lambda: NOW), a_task(name="create_conferense"))
    assert not result.ok
    assert "known are: create_conference" in result.error


def test_a_failing_script_is_tried_again_and_its_last_attempt_is_the_result() -> None:
    def fails(call: ScriptCall) -> Json:
        raise ScriptFailed("no room free")

    automation = Automation(lambda: NOW, scripts={"create_conference": fails})
    with pytest.raises(ApplicationError, match="no room free"):
        run(automation, a_task(), attempt=1)
    assert run(automation, a_task(), attempt=2) == TaskResult(False, NOW, error="no room free")
    # A worker that died used up attempts, not the task's: it is still tried, and its outcome counts.
    assert run(automation, a_task(), attempt=5).error == "no room free"


def test_what_a_script_raises_by_mistake_is_its_failure() -> None:
    def broken(call: ScriptCall) -> Json:
        raise KeyError("missing")

    result = run(Automation(lambda: NOW, scripts={"create_conference": broken}), a_task(times=1))
    assert result.error == "KeyError: 'missing'"


def test_a_call_gets_its_parts_and_the_secret_by_its_name() -> None:
    seen: list[tuple[Call, str | None]] = []

    def http(call: Call, secret: str | None) -> Json:
        seen.append((call, secret))
        return {"id": 7}

    automation = Automation(lambda: NOW, secrets={"status_page_token": "s3cret"}, http=http)
    task = a_task(
        "http",
        method="POST",
        url="https://status.example.com/api",
        secret="status_page_token",
        expect=[201],
        timeout=30.0,
        **{"header.X-Ref": "INC-1", "body.name": "VPN", "body.count": 3},
    )
    assert run(automation, task).response == {"id": 7}
    ((call, secret),) = seen
    assert secret == "s3cret"
    assert (call.method, call.headers, call.body) == ("POST", {"X-Ref": "INC-1"}, {"name": "VPN", "count": 3})
    assert (list(call.expect), call.timeout, call.key) == ([201], 30.0, "t-1/4/1/open_bridge/http")


def test_a_missing_secret_fails_at_once_and_says_how_to_set_it() -> None:
    task = a_task("http", method="GET", url="https://x.example", secret="status_page_token")
    result = run(Automation(lambda: NOW), task)
    assert "EVERTICK_SECRET_STATUS_PAGE_TOKEN" in result.error


def test_a_failing_call_is_tried_as_often_as_the_definition_says() -> None:
    def http(call: Call, secret: str | None) -> Json:
        raise CallFailed("answered 503")

    automation = Automation(lambda: NOW, http=http)
    task = a_task("http", method="GET", url="https://x.example", secret=None)
    with pytest.raises(ApplicationError, match="503"):
        run(automation, task, attempt=1)
    assert not run(automation, task, attempt=2).ok
