"""Linking by people: the number they give becomes a ticket of the right process that they may see."""

from __future__ import annotations

from datetime import datetime

from desk.tools import Tools
from desk.values import Caller
from desk.views import see
from domain.engine.events import Relink
from domain.engine.ticket import Json
from domain.errors import FieldError, FormInvalid, TicketUnknown
from store.session import Session


def linking(
    session: Session,
    tools: Tools,
    caller: Caller,
    ref: str,
    link: str,
    other: str,
    now: datetime,
    *,
    add: bool,
    fields: dict[str, Json],
    present: bool = False,
) -> Relink:
    """What is asked of ticket `ref`. `fields`: what is said of the other; `present`: of one that is linked already.

    Raises TicketUnknown for it, FormInvalid for what does not fit.
    """
    here = see(session, tools, caller, ref, now)
    rule = here.definition.process.links.get(link)
    if rule is None:
        raise FormInvalid([FieldError("link", "unknown", f"this process has no link {link[:100]!r}")])
    other = other.strip()
    if not add or present:  # what is linked can be let go, whoever may see it
        found = next((one for one in here.ticket.links.get(link, ()) if other in (one.ref, one.ticket)), None)
        if found is None:
            raise _wrong("unknown", f"{other[:100]!r} is not linked here.", f"{other[:100]} 未与此工单关联。")
        return Relink(link, found.ticket, found.ref, add=add, fields=fields, present=present)
    try:
        there = see(session, tools, caller, other, now).head
    except TicketUnknown as unknown:
        raise _wrong(
            "unknown",
            f"There is no ticket {other[:100]!r}, or you may not see it.",
            f"工单 {other[:100]} 不存在，或您无权查看。",
        ) from unknown
    if there.process not in rule.process:
        wanted = " or ".join(rule.process)
        raise _wrong("option", f"{there.ref} is no {wanted}.", f"{there.ref} 不属于流程 {wanted}。")
    if there.id == here.head.id:
        raise _wrong("option", "A ticket cannot be linked to itself.", "工单不能与自身关联。")
    return Relink(link, there.id, there.ref, add=True, fields=fields)


def _wrong(code: str, english: str, chinese: str) -> FormInvalid:
    return FormInvalid([FieldError("ticket", code, english, (("en", english), ("zh-CN", chinese)))])
