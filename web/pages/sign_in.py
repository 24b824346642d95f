"""Signing in, as a demo account or with a token, and out."""

from __future__ import annotations

from starlette.responses import Response

from web.security import local_path
from web.visit import SESSION, DemoAccount, Visit

ROLES = ("requester", "agent", "manager", "process_owner", "admin")


async def show(visit: Visit) -> Response:
    """The sign-in page; who is signed in already goes on."""
    back = local_path(visit.request.query_params.get("next", "/"))
    if visit.signed_in:
        return visit.redirect(back)
    return _page(visit, back)


async def sign_in(visit: Visit) -> Response:
    """Start a session for a demo account or for the person a token belongs to."""
    form = await visit.read_form()
    back = local_path(form.get("next", "/"))
    person = await _person(visit, form.get("account", ""), form.get("token", "").strip())
    if person is None:
        return _page(visit, back, status=401, wrong=True)
    session = await visit.desk.sign_in(person)
    response = visit.redirect(back)
    visit.set_cookie(response, SESSION, session)
    return response


async def sign_out(visit: Visit) -> Response:
    """End the session here and on the desk."""
    session = visit.request.cookies.get(SESSION)
    if session:
        await visit.desk.sign_out(session)
    response = visit.redirect("/sign-in")
    response.delete_cookie(SESSION, path="/")
    return response


def _heading(account: DemoAccount) -> str:
    """The role an account is listed under: the last one its words name (`agent and process owner`), else agent."""
    words = account.role.replace(" ", "_")
    return next((role for role in reversed(ROLES) if role in words), "agent")


async def _person(visit: Visit, account: str, token: str) -> str | None:
    if account:
        return next((one.id for one in visit.tools.demo_accounts if one.id == account), None)
    if not token:
        return None
    caller = await visit.desk.caller_by_token(token)
    return caller.id if caller else None


def _page(visit: Visit, back: str, *, status: int = 200, wrong: bool = False) -> Response:
    accounts: list[tuple[str, list[DemoAccount]]] = [
        (role, [one for one in visit.tools.demo_accounts if _heading(one) == role]) for role in ROLES
    ]
    listed = [(role, people) for role, people in accounts if people]
    return visit.render("sign_in.html", status, accounts=listed, back=back, wrong=wrong)
