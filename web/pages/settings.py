"""What a reader chooses for themselves: language and theme, kept in cookies."""

from __future__ import annotations

from starlette.responses import Response

from web.security import local_path
from web.visit import LANGUAGE, THEME, THEMES, Visit, known_locale


async def change(visit: Visit) -> Response:
    """Remember the choice and go back to where it was made."""
    form = await visit.read_form()
    response = visit.redirect(local_path(form.get("back", "/")))
    locale = known_locale(form.get("language", ""))
    if locale:
        visit.remember(response, LANGUAGE, locale)
    theme = form.get("theme", "")
    if theme in THEMES:
        visit.remember(response, THEME, theme)
    elif theme == "auto":
        response.delete_cookie(THEME, path="/")
    return response
