"""How the pages are put into an application, and its static files."""

from __future__ import annotations

import re

from tests.web.visitors import anybody


def test_paths_of_the_api_are_never_answered_by_the_pages() -> None:
    client = anybody()
    assert client.get("/api/v1/ping").json() == {"answer": "pong"}
    assert client.post("/api/v1/ping").status_code == 405
    assert client.get("/api/v1/nothing").json() == {"detail": "Not Found"}
    assert client.get("/health/nothing").json() == {"detail": "Not Found"}


def test_a_static_file_is_kept_for_good_under_its_hash_only() -> None:
    client = anybody()
    path = re.search(r'href="(/static/[0-9a-f]{12}/evertick\.css)"', client.get("/sign-in").text)
    assert path
    answer = client.get(path[1])
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    outdated = client.get("/static/000000000000/evertick.css")
    assert outdated.text == answer.text
    assert outdated.headers["cache-control"] == "no-cache"


def test_nothing_but_static_files_is_served_as_one() -> None:
    client = anybody()
    for name in ("app.py", "..%2fapp.py", "%2e%2e/app.py", "nothing.css"):
        assert client.get(f"/static/x/{name}").status_code == 404
