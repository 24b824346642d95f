"""Opening a ticket with the create form of its process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.responses import Response

from desk.values import FieldView
from domain.errors import Conflict, DefinitionUnknown, FormInvalid, KeyReused, Refused
from web.errors import status_of
from web.forms import Asked, Told, ask, guard_of, tell
from web.pickers import load_pickers
from web.port import TitledProcess
from web.visit import Visit


async def choose(visit: Visit) -> Response:
    """Which process; with only one there is nothing to choose."""
    processes, _ = await asyncio.gather(visit.desk.processes(visit.caller), visit.load_rail())
    if len(processes) == 1:
        return visit.redirect(f"/new/{processes[0].id}")
    return visit.render("choose.html", processes=processes)


async def show(visit: Visit) -> Response:
    """The empty form."""
    process, fields = await _form_of(visit)
    asked = ask(fields, visit.texts, visit.zone, pickers=await load_pickers(visit, fields))
    return await _page(visit, process, asked)


async def open_ticket(visit: Visit) -> Response:
    """Open the ticket; every mistake is shown at once beside its field, with what was typed."""
    form = await visit.read_form()
    process, fields = await _form_of(visit)
    told = tell(form, fields, visit.zone)
    guard = guard_of(form, guarded=False)
    try:
        settled = await visit.desk.open(visit.caller, process.id, told.values, channel="web", guard=guard)
    except (Refused, Conflict) as error:
        return await _again(visit, process, fields, told, error)
    return visit.redirect(visit.frame().ticket_url(settled.ticket.ticket.ref), notice="opened")


async def _again(
    visit: Visit, process: TitledProcess, fields: Sequence[FieldView], told: Told, error: Refused | Conflict
) -> Response:
    asked = ask(
        fields,
        visit.texts,
        visit.zone,
        pickers=await load_pickers(visit, fields),
        told=told,
        errors=error.errors if isinstance(error, FormInvalid) else (),
    )
    said = ""
    if isinstance(error, KeyReused):
        said = visit.texts("error.key_reused")
    elif isinstance(error, Refused) and not isinstance(error, FormInvalid):
        said = visit.texts.of(error.text)
    return await _page(visit, process, asked, status=status_of(error), said=said)


async def _form_of(visit: Visit) -> tuple[TitledProcess, Sequence[FieldView]]:
    wanted = visit.request.path_params["process"]
    process = next((one for one in await visit.desk.processes(visit.caller) if one.id == wanted), None)
    if process is None:
        raise DefinitionUnknown(f"no process {wanted}")
    return process, await visit.desk.create_form(visit.caller, process.id)


async def _page(
    visit: Visit, process: TitledProcess, asked: Asked, *, status: int = 200, said: str = ""
) -> Response:
    await visit.load_rail()
    wrong = sum(1 for one in asked.inputs if one.error) + len(asked.errors)
    return visit.render("new.html", status, process=process, asked=asked, said=said, wrong=wrong)
