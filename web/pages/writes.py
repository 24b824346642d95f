"""What people do to a ticket. A refusal shows the page again with what was typed; success leads back to it."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from urllib.parse import quote

from starlette.responses import Response

from desk.values import FieldView, Pending, Settled, TicketView
from domain.engine.events import AddTask, Vote
from domain.errors import Conflict, EngineFault, FieldError, FormInvalid, Refused
from web.forms import PREFIX, Told, as_instant, guard_of, tell
from web.pages.ticket import render
from web.security import Form, local_path
from web.sheet import Attempt
from web.visit import Visit
from web.votes import vote_form


async def move(visit: Visit) -> Response:
    """Take a transition with the values of its form."""
    form = await visit.read_form()
    ref, transition = _path(visit, "ref"), _path(visit, "transition")
    view = await visit.desk.ticket(visit.caller, ref)
    asked = next((one.form for one in view.actions if one.name == transition), ())
    told = _told(visit, view, form, asked)
    doing = visit.desk.move(visit.caller, ref, transition, told.values, guard=guard_of(form, guarded=True))
    return await _done(visit, ref, doing, _sent(f"do-{transition}", told, form), "moved")


async def comment(visit: Visit) -> Response:
    """A public reply, or an internal note. Anything but a plain `public` is internal."""
    form = await visit.read_form()
    ref = _path(visit, "ref")
    text = form.get("text", "").replace("\r\n", "\n").strip()
    public = form.get("visibility") == "public"
    told = Told({"text": (form.get("text", ""),), "visibility": (form.get("visibility", ""),)})
    doing = visit.desk.comment(visit.caller, ref, text, public=public, guard=guard_of(form, guarded=False))
    return await _done(visit, ref, doing, _sent("comment", told, form), "replied" if public else "noted")


async def edit(visit: Visit) -> Response:
    """Change one field; an empty answer clears it."""
    form = await visit.read_form()
    ref, name = _path(visit, "ref"), _path(visit, "field")
    view = await visit.desk.ticket(visit.caller, ref)
    told = _told(visit, view, form, [one for one in view.fields if one.name == name])
    doing = visit.desk.edit(
        visit.caller, ref, {name: told.values.get(name)}, guard=guard_of(form, guarded=True)
    )
    return await _done(visit, ref, doing, _sent(f"edit-{name}", told, form), "changed")


async def assign(visit: Visit) -> Response:
    """Assign to me, from the ticket or from a row of the queue.

    A row does not know the revision but who had the ticket (`was`): enough to notice that somebody else was faster.
    """
    form = await visit.read_form()
    ref = _path(visit, "ref")
    guard = guard_of(form, guarded=True)
    if guard.revision is None and "was" in form:
        view = await visit.desk.ticket(visit.caller, ref)
        if (view.ticket.fields.get("assignee") or "") != form["was"]:
            raise Conflict(f"{ref} was assigned meanwhile")
        guard = type(guard)(guard.key, guard.request_hash, view.revision)
    doing = visit.desk.assign(visit.caller, ref, None, visit.caller.id, guard=guard)
    back = local_path(form.get("back", ""), visit.frame().ticket_url(ref))
    return await _done(visit, ref, doing, _sent("assign", Told(), form), "assigned", back)


async def complete_task(visit: Visit) -> Response:
    """A task is done, or could not be done."""
    form = await visit.read_form()
    ref, name = _path(visit, "ref"), _path(visit, "task")
    view = await visit.desk.ticket(visit.caller, ref)
    task = next((one for one in view.tasks if one.get("name") == name), {})
    asked = task.get("form")
    fields = [one for one in asked if isinstance(one, FieldView)] if isinstance(asked, list | tuple) else []
    told = _told(visit, view, form, fields)
    failed = form.get("outcome") == "failed"
    guard = guard_of(form, guarded=True)
    doing = visit.desk.complete_task(visit.caller, ref, name, told.values, failed=failed, guard=guard)
    return await _done(visit, ref, doing, _sent(f"task-{name}", told, form), "task")


async def add_task(visit: Visit) -> Response:
    """A task that no rule foresaw: title, person or team, due, then what the process asks besides."""
    form = await visit.read_form()
    ref = _path(visit, "ref")
    view = await visit.desk.ticket(visit.caller, ref)
    told = _told(visit, view, form, view.adding_task)
    given = dict(told.values)
    title, assignee, team = (str(given.pop(name, None) or "") for name in ("title", "assignee", "team"))
    due = given.pop("due_at", None)
    task = AddTask(title, assignee, team, as_instant(due), given)

    async def doing() -> Settled | Pending:
        if due is not None and task.due_at is None:
            raise FormInvalid([FieldError("due_at", "type", "write a date and a time")])
        return await visit.desk.add_task(visit.caller, ref, task, guard=guard_of(form, guarded=True))

    return await _done(visit, ref, doing(), _sent("add-task", told, form), "task_added")


async def cancel_task(visit: Visit) -> Response:
    """A task that somebody added is taken back."""
    form = await visit.read_form()
    ref, name = _path(visit, "ref"), _path(visit, "task")
    doing = visit.desk.cancel_task(visit.caller, ref, name, guard=guard_of(form, guarded=True))
    return await _done(visit, ref, doing, _sent(f"task-{name}", Told(), form), "task_cancelled")


async def vote(visit: Visit) -> Response:
    """Answer a ballot paper. It carries the hash of what was on the page: votes are given on what was seen."""
    form = await visit.read_form()
    ref, approval, stage = _path(visit, "ref"), _path(visit, "approval"), _path(visit, "stage")
    view = await visit.desk.ticket(visit.caller, ref)
    told = _told(visit, view, form, vote_form(view, approval, stage, visit.texts))
    comment = form.get("comment", "").replace("\r\n", "\n")
    kept = Told({**told.typed, "comment": (comment,)}, told.values)
    wanted = Vote(approval, form.get("answer", ""), comment.strip(), stage, told.values, form.get("hash", ""))
    doing = visit.desk.approval(visit.caller, ref, wanted, guard=guard_of(form, guarded=True))
    return await _done(visit, ref, doing, _sent(f"vote-{approval}-{stage}", kept, form), "voted")


async def link(visit: Visit) -> Response:
    """Link another ticket by its number, let go of one, or change what is known of one."""
    form = await visit.read_form()
    ref, name, add = _path(visit, "ref"), form.get("link", ""), form.get("do") != "remove"
    other = form.get("ticket", "").strip()
    if form.get("do") == "edit":
        return await _edit_link(visit, ref, name, other, form)
    doing = visit.desk.link(visit.caller, ref, name, other, add=add, guard=guard_of(form, guarded=False))
    told = Told({"ticket": (other,)})
    return await _done(visit, ref, doing, _sent("link", told, form), "linked" if add else "unlinked")


async def _edit_link(visit: Visit, ref: str, name: str, other: str, form: Form) -> Response:
    """Change what is known of a linked ticket; an empty answer clears it."""
    view = await visit.desk.ticket(visit.caller, ref)
    links = (link for link in view.links if link.name == name)
    fields = next((one.fields for link in links for one in link.tickets if one.ref == other), ())
    told = _told(visit, view, form, fields)
    said = {one.name: told.values.get(one.name) for one in fields}
    doing = visit.desk.edit_link(visit.caller, ref, name, other, said, guard=guard_of(form, guarded=False))
    return await _done(visit, ref, doing, _sent(f"link-{name}-{other}", told, form), "changed")


def _sent(panel: str, told: Told, form: Form) -> tuple[str, Told, int | None]:
    """What is needed to show the form again, should it be refused."""
    revision = form.get("revision", "")
    return panel, told, int(revision) if revision.isdecimal() else None


async def _done(
    visit: Visit,
    ref: str,
    doing: Awaitable[Settled | Pending],
    sent: tuple[str, Told, int | None],
    notice: str,
    back: str = "",
) -> Response:
    try:
        outcome = await doing
    except (Refused, Conflict, EngineFault) as error:
        panel, told, revision = sent
        return await render(visit, ref, Attempt(panel, told, error, revision))
    target = back or visit.frame().ticket_url(ref)
    if isinstance(outcome, Pending):
        return visit.redirect(
            f"{visit.frame().ticket_url(ref)}?operation={quote(outcome.operation, safe='')}"
        )
    return visit.redirect(target, notice=notice)


def _told(visit: Visit, view: TicketView, form: Form, fields: Sequence[FieldView]) -> Told:
    """The form by its fields; with fields that are no longer asked for, what was typed is kept to be shown."""
    told = tell(form, fields, visit.zone, {one.name: one.value for one in view.fields})
    left = {key.removeprefix(PREFIX): (value,) for key, value in form.multi_items() if key.startswith(PREFIX)}
    return Told({**left, **told.typed}, told.values)


def _path(visit: Visit, name: str) -> str:
    return str(visit.request.path_params[name])
