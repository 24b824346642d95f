"""The page of a ticket."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response

from desk.values import ActionView, Pending, TicketView, TimelineView
from domain.errors import FormInvalid, Refused, TicketUnknown
from web.clocks import dial
from web.errors import status_of
from web.forms import new_key
from web.pickers import load_pickers
from web.sheet import Attempt, Sheet
from web.story import chapters, since
from web.visit import Visit
from web.votes import approval_blocks, has_panel

NEWEST = 200
_MOST = 5_000


async def show(visit: Visit) -> Response:
    """The ticket as it is now."""
    return await render(visit, visit.request.path_params["ref"])


async def render(visit: Visit, ref: str, attempt: Attempt | None = None) -> Response:
    """The ticket, with a refused attempt shown where it was made and everything that was typed in its place."""
    view = await visit.desk.ticket(visit.caller, ref)
    timeline, operation, _ = await asyncio.gather(
        _timeline(visit, view), _operation(visit), visit.load_rail()
    )
    fields = [*view.fields, *(field for action in view.actions for field in action.form), *view.adding_task]
    fields += [field for link in view.links for one in link.tickets for field in one.fields]
    sheet = Sheet(
        visit,
        view,
        await load_pickers(visit, [one for one in fields if one.editable or not one.display]),
        attempt,
    )
    buttons, more = sheet.panels()
    found = attempt is None or _has_panel(view, attempt)
    context: dict[str, Any] = {
        "view": view,
        "ticket": view.ticket,
        "title_line": sheet.field("title"),
        "description": sheet.field("description"),
        "priority": str(view.ticket.fields.get("priority") or ""),
        "buttons": buttons,
        "more": more,
        "dials": [dial(one, visit.now, visit.texts) for one in view.clocks],
        "groups": sheet.groups(),
        "empties": sheet.empties(),
        "tasks": sheet.tasks(),
        "adding_task": sheet.adding_task(),
        "approvals": approval_blocks(view, visit.caller.id, visit.texts, sheet.form, attempt),
        "chapters": chapters(timeline, visit.texts, plain=not visit.works_here),
        "earlier": bool(timeline) and timeline[0].entry.seq > 1,
        "attempt": attempt,
        "said": attempt.said(visit.texts) if attempt else "",
        "orphaned": not found,
        "meanwhile": since(timeline, attempt.revision, visit.texts)
        if attempt and attempt.stale and attempt.revision is not None
        else (),
        "operation": operation,
        "comment_key": new_key(),
        "assign_key": new_key(),
        "links": sheet.links(),
        "link_errors": _link_errors(visit, attempt),
        "link_keys": {one.name: new_key() for one in view.links},
        "mine": view.ticket.fields.get("assignee") == visit.caller.id,
        "may_assign": any(one.name == "assignee" and one.editable for one in view.fields),
    }
    return visit.render("ticket.html", status_of(attempt.error) if attempt else 200, **context)


async def _timeline(visit: Visit, view: TicketView) -> tuple[TimelineView, ...]:
    """The newest entries; with `?earlier` all of them."""
    if "earlier" not in visit.request.query_params:
        after = max(0, view.ticket.seq - NEWEST)
        return await visit.desk.timeline(visit.caller, view.ticket.ref, after_seq=after, limit=NEWEST)
    found: list[TimelineView] = []
    while len(found) < _MOST:
        after = found[-1].entry.seq if found else 0
        part = await visit.desk.timeline(visit.caller, view.ticket.ref, after_seq=after, limit=NEWEST)
        found += part
        if len(part) < NEWEST:
            break
    return tuple(found)


async def _operation(visit: Visit) -> tuple[str, str] | None:
    """How an action stands that was accepted but not carried out at once: (`pending` | `done` | `refused`, why)."""
    wanted = visit.request.query_params.get("operation")
    if not wanted:
        return None
    try:
        outcome = await visit.desk.operation(visit.caller, wanted)
    except Refused as refused:
        return "refused", visit.texts.of(refused.text)
    except TicketUnknown:  # an old address: the ticket itself is worth showing without it
        return None
    return ("pending" if isinstance(outcome, Pending) else "done"), ""


def _link_errors(visit: Visit, attempt: Attempt | None) -> list[str]:
    """Why a ticket was not linked, or not let go."""
    if attempt is None or attempt.panel != "link" or not isinstance(attempt.error, FormInvalid):
        return []
    return [visit.texts.of(dict(one.texts)) or one.message for one in attempt.error.errors]


def _has_panel(view: TicketView, attempt: Attempt) -> bool:
    """Whether the form that was sent is still on the page; if not, what was typed is shown by itself."""
    kind, _, name = attempt.panel.partition("-")
    if kind == "do":
        return any(one.name == name for one in view.actions if _drawn(one))
    if kind == "edit":
        return any(one.name == name and one.editable for one in view.fields)
    if kind == "add":
        return bool(view.adding_task)
    if kind == "vote":
        return has_panel(view, attempt.panel)
    if kind == "task":
        return any(one.get("name") == name and one.get("may_complete") for one in view.tasks)
    if kind == "link":
        refs = {f"{link.name}-{one.ref}" for link in view.links if link.may_link for one in link.tickets}
        return name in refs or (not name and any(one.may_link for one in view.links))
    return view.may_comment or view.may_comment_internal


def _drawn(action: ActionView) -> bool:
    return action.available
