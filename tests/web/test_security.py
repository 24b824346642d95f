"""What stands between a browser and the pages."""

from __future__ import annotations

import pytest

from tests.web.fake_desk import FakeDesk
from tests.web.visitors import anybody, visitor
from web.security import local_path

NOTE = "/tickets/INC-000042/comments"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, 403),
    ],
)
def test_only_our_own_pages_may_write(headers: dict[str, str], status: int) -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    answer = client.post(NOTE, data={"text": "hello", "visibility": "public"}, headers=headers)
    assert answer.status_code == status
    assert (("comment", ("hello", True)) in desk.calls) is (status == 303)


@pytest.mark.parametrize(
    ("origin", "status"), [("http://testserver", 303), ("http://testserver.evil.example", 403), (None, 403)]
)
def test_a_browser_that_does_not_say_its_site_is_known_by_its_origin(origin: str | None, status: int) -> None:
    client = visitor("wang")
    del client.headers["Sec-Fetch-Site"]
    answer = client.post(NOTE, data={"text": "x"}, headers={"Origin": origin} if origin else {})
    assert answer.status_code == status


def test_signing_in_from_another_site_is_refused_too() -> None:
    answer = anybody().post("/sign-in", data={"account": "wang"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["/sign-in", "/", "/tickets/INC-000042", "/nowhere", "/static/x/evertick.css"]
)
def test_every_answer_carries_the_headers(path: str) -> None:
    headers = visitor("wang").get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_pages_are_kept_by_nobody() -> None:
    assert visitor("wang").get("/").headers["cache-control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_secure_over_https() -> None:
    plain = anybody().post("/sign-in", data={"account": "wang"}).headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Secure" not in plain
    client = anybody()
    client.base_url = "https://testserver"
    answer = client.post("/sign-in", data={"account": "wang"})
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def test_a_huge_form_is_refused_before_anything_reads_it() -> None:
    answer = visitor("wang").post(NOTE, data={"text": "x" * 2_000_000})
    assert answer.status_code == 413
    assert "too much" in answer.text


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"text=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a=1" for _ in range(600)), "application/x-www-form-urlencoded", 400),
        (b'{"text": "x"}', "application/json", 415),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, kind: str, status: int) -> None:
    answer = visitor("wang").post(NOTE, content=body, headers={"Content-Type": kind})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"],
)
def test_no_redirect_leads_to_another_site(target: str) -> None:
    assert local_path(target) == "/"


def test_a_redirect_may_lead_to_any_page_of_ours() -> None:
    assert local_path("/tickets/INC-000042?x=1#e3") == "/tickets/INC-000042?x=1#e3"
