"""Processes with their forms, and the organisation for pickers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api import answers, bodies, schemas_answers
from api.dependencies import Actor, TheDesk
from api.openapi import problems
from api.strict_route import StrictRoute

router = APIRouter(prefix="/api/v1", route_class=StrictRoute)


@router.get(
    "/processes",
    operation_id="listProcesses",
    tags=["processes"],
    response_model=schemas_answers.ProcessList,
    responses=problems(),
)
async def list_processes(desk: TheDesk, caller: Actor) -> Response:
    """Every process one can open tickets of."""
    return answers.Json({"processes": [bodies.process(one) for one in await desk.processes(caller)]})


@router.get(
    "/processes/{process}/form",
    operation_id="readForm",
    tags=["processes"],
    response_model=schemas_answers.Form,
    responses=problems("definition_unknown"),
)
async def read_form(
    process: Annotated[str, Path(examples=["incident"])], desk: TheDesk, caller: Actor
) -> Response:
    """What opening a ticket of this process asks for."""
    fields = await desk.create_form(caller, process)
    return answers.Json({"process": process, "fields": [bodies.field(one) for one in fields]})


@router.get(
    "/me",
    operation_id="readMe",
    tags=["directory"],
    response_model=schemas_answers.Me,
    responses=problems(),
)
async def read_me(caller: Actor) -> Response:
    """The person behind the token."""
    return answers.Json(bodies.caller(caller))


@router.get(
    "/people",
    operation_id="listPeople",
    tags=["directory"],
    response_model=schemas_answers.PersonList,
    responses=problems(),
)
async def list_people(desk: TheDesk, caller: Actor) -> Response:
    """People, for choosing one."""
    return answers.Json({"people": [bodies.person(one) for one in await desk.people(caller)]})


@router.get(
    "/teams",
    operation_id="listTeams",
    tags=["directory"],
    response_model=schemas_answers.TeamList,
    responses=problems(),
)
async def list_teams(desk: TheDesk, caller: Actor) -> Response:
    """Teams, for choosing one."""
    return answers.Json({"teams": [bodies.team(one) for one in await desk.teams(caller)]})


@router.get(
    "/services",
    operation_id="listServices",
    tags=["directory"],
    response_model=schemas_answers.ServiceList,
    responses=problems(),
)
async def list_services(desk: TheDesk, caller: Actor) -> Response:
    """Services, for choosing one."""
    return answers.Json({"services": [bodies.service(one) for one in await desk.services(caller)]})


@router.get(
    "/assets",
    operation_id="listAssets",
    tags=["directory"],
    response_model=schemas_answers.AssetList,
    responses=problems(),
)
async def list_assets(desk: TheDesk, caller: Actor) -> Response:
    """Assets, for choosing one; one's own come first."""
    return answers.Json({"assets": [bodies.asset(one) for one in await desk.assets(caller)]})
