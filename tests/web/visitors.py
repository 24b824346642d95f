"""People at the door: test clients that behave like a browser, signed in or not."""

from __future__ import annotations

import html
import re

from starlette.testclient import TestClient

from tests.web.fake_desk import FakeDesk
from tests.web.serve import sample_app

OURS = {"Sec-Fetch-Site": "same-origin"}


def anybody(desk: FakeDesk | None = None, *, language: str = "en") -> TestClient:
    """Somebody who has not signed in."""
    client = TestClient(sample_app(desk or FakeDesk()), headers=OURS, follow_redirects=False)
    client.cookies.set("evertick_language", language)
    return client


def visitor(person: str, desk: FakeDesk | None = None, *, language: str = "en") -> TestClient:
    """Somebody who has signed in with a demo account."""
    client = anybody(desk, language=language)
    answer = client.post("/sign-in", data={"account": person})
    assert answer.status_code == 303, answer.text
    return client


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden inputs of the form that goes to `action`."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, f"there is no form for {action}"
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
    return {name: html.unescape(value) for name, value in found}


def text_of(page: str) -> str:
    """The words of a page, without its tags."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))
