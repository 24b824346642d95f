"""Whether the process lives and whether it can serve: for load balancers and operators, without a token."""

from __future__ import annotations

import logging

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import answers, bodies, schemas_answers
from api.dependencies import TheDesk
from api.openapi import problems
from desk.values import Readiness
from domain.errors import Unavailable

log = logging.getLogger(__name__)

OPEN: dict[str, object] = {"security": []}  # no token: who asks is a machine that has none

router = APIRouter(prefix="/health", tags=["health"])


@router.get(
    "/live",
    operation_id="readLiveness",
    response_model=schemas_answers.Liveness,
    responses=problems("internal_error", always=()),
    openapi_extra=OPEN,
)
async def read_liveness() -> Response:
    """The process answers. Nothing else is asked: restarting it mends no database."""
    return answers.Json({"status": "live"})


@router.get(
    "/ready",
    operation_id="readReadiness",
    response_model=schemas_answers.ReadinessReport,
    responses=problems(
        "internal_error",
        always=(),
        also={503: {"model": schemas_answers.ReadinessReport, "description": "Unready: ask elsewhere."}},
    ),
    openapi_extra=OPEN,
)
async def read_readiness(request: Request, desk: TheDesk) -> Response:
    """Ready, degraded (200: intake goes on without what is named) or unready (503)."""
    try:
        state = await desk.ready()
    except Unavailable as error:
        state = Readiness(ready=False, checks={"desk": str(error)})
    body = bodies.readiness(state)
    _log_change(request, body)
    return answers.Json(body, 200 if state.ready else 503)


def _log_change(request: Request, body: bodies.Body) -> None:
    """A line for each change only: probes come every few seconds."""
    before, request.app.state.readiness = getattr(request.app.state, "readiness", None), body
    if body != before:
        level = {"ready": logging.INFO, "degraded": logging.WARNING, "unready": logging.ERROR}[
            str(body["status"])
        ]
        log.log(level, "readiness changed", extra=body)
