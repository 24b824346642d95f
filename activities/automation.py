"""Automatic tasks: scripts by name and HTTP calls. Attempts are counted here, as the definition's `retry` says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.http_calls import Call, CallFailed, make
from activities.scripts import SHIPPED, Script, ScriptCall, ScriptFailed
from domain.engine.ticket import Json
from workflows.messages import RunTask, TaskResult

log = logging.getLogger(__name__)

HttpCaller = Callable[[Call, str | None], Json]
"""Makes a call with the secret itself. Raises CallFailed."""


class Automation:
    """The `run_script` and `call_http` activities.

    A failure before the last attempt is raised, so that Temporal waits and tries again; the last one is the result.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        scripts: Mapping[str, Script] = SHIPPED,
        secrets: Mapping[str, str] | None = None,
        allow_private: bool = False,
        http: HttpCaller | None = None,
    ) -> None:
        self._clock = clock
        self._scripts = scripts
        self._secrets = dict(secrets or {})
        self._http = http or (lambda call, secret: make(call, allow_private=allow_private, secret=secret))

    @activity.defn(name="run_script")
    def run_script(self, request: RunTask) -> TaskResult:
        """Run a registered script."""
        name = str(request.data["name"])
        script = self._scripts.get(name)
        if script is None:
            known = ", ".join(sorted(self._scripts)) or "none"
            return self._failure(f'no script "{name}" is registered here; known are: {known}')
        try:
            response = script(ScriptCall(name, key_of(request), _under(request.data, "with.")))
        except ScriptFailed as error:
            return self._try_again(request, str(error))
        except Exception as error:  # a script is other people's code: what it raises is its failure
            log.exception("script failed", extra={"ticket": request.ticket_id, "task": request.task})
            return self._try_again(request, f"{type(error).__name__}: {error}")
        return TaskResult(True, self._clock(), response)

    @activity.defn(name="call_http")
    def call_http(self, request: RunTask) -> TaskResult:
        """Call a service."""
        data = request.data
        wanted = data.get("secret")
        secret = self._secrets.get(str(wanted)) if wanted else None
        if wanted and secret is None:
            return self._failure(
                f'the secret "{wanted}" is not set: set EVERTICK_SECRET_{str(wanted).upper()}'
            )
        expect = data.get("expect")
        call = Call(
            method=str(data["method"]),
            url=str(data["url"]),
            headers={name: str(value) for name, value in _under(data, "header.").items()},
            body=data["body"] if "body" in data else (_under(data, "body.") or None),
            expect=[status for status in expect if isinstance(status, int)]
            if isinstance(expect, list)
            else (200,),
            timeout=_seconds(data.get("timeout")),
            key=key_of(request),
        )
        try:
            response = self._http(call, secret)
        except CallFailed as error:
            return self._try_again(request, str(error))
        return TaskResult(True, self._clock(), response)

    def _try_again(self, request: RunTask, error: str) -> TaskResult:
        times = request.data.get("times")
        if activity.info().attempt >= (times if isinstance(times, int) else 1):
            return self._failure(error)
        raise ApplicationError(error, type="TaskFailed")

    def _failure(self, error: str) -> TaskResult:
        return TaskResult(False, self._clock(), error=error)


def key_of(request: RunTask) -> str:
    """The effect key of an automatic task: the same for every attempt."""
    return f"{request.ticket_id}/{request.seq}/{request.index}/{request.task}/{request.kind}"


def _under(data: Mapping[str, Json], prefix: str) -> dict[str, Json]:
    """The members the engine split up under `with.`, `header.` or `body.`."""
    return {name.removeprefix(prefix): value for name, value in data.items() if name.startswith(prefix)}


def _seconds(value: Json) -> float:
    return float(value) if isinstance(value, int | float) and value > 0 else 300.0
