"""Signing in and out, language and theme."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.web.fake_desk import FakeDesk
from tests.web.visitors import OURS, anybody, text_of, visitor
from web.app import DemoAccount, mount_web


def test_demo_accounts_are_listed_by_role_in_both_languages() -> None:
    english = text_of(anybody().get("/sign-in").text)
    assert english.index("Requester") < english.index("Alice Chen") < english.index("Agent")
    chinese = text_of(anybody(language="zh-CN").get("/sign-in").text)
    assert "网络二线" in chinese
    assert "坐席" in chinese


def test_an_account_described_in_words_is_listed_under_the_role_they_name() -> None:
    app = FastAPI()
    accounts = [
        DemoAccount("ines", "Inês", "agent of the messaging team"),
        DemoAccount("mia", "Mia", "incident manager"),
        DemoAccount("olga", "Olga", "process owner"),
        DemoAccount("kim", "Kim", "somebody"),
    ]
    mount_web(app, FakeDesk(), demo_accounts=accounts)
    words = text_of(TestClient(app, headers=OURS | {"Accept-Language": "en"}).get("/sign-in").text)
    parts = [
        "Agent works",
        "Inês agent of the messaging team",
        "Kim",
        "Manager steps",
        "Mia",
        "Process owner writes",
        "Olga",
    ]
    places = [words.index(part) for part in parts]
    assert places == sorted(places)


def test_without_demo_accounts_only_a_token_opens_the_desk() -> None:
    app = FastAPI()
    mount_web(app, FakeDesk())
    client = TestClient(app, headers=OURS, follow_redirects=False)
    assert 'name="account"' not in client.get("/sign-in").text
    assert client.post("/sign-in", data={"account": "wang"}).status_code == 401
    assert client.post("/sign-in", data={"token": "token-wang"}).status_code == 303
    assert client.get("/").status_code == 200


def test_a_wrong_token_is_said_beside_the_field() -> None:
    answer = anybody().post("/sign-in", data={"token": "wrong"})
    assert answer.status_code == 401
    assert "This token does not open this desk" in answer.text
    assert "evertick_session" not in answer.headers.get("set-cookie", "")


def test_who_is_not_signed_in_is_asked_to_and_comes_back() -> None:
    client = anybody()
    answer = client.get("/tickets/INC-000042?earlier=1")
    assert answer.headers["location"] == "/sign-in?next=/tickets/INC-000042%3Fearlier%3D1"
    page = client.get(answer.headers["location"])
    assert 'value="/tickets/INC-000042?earlier=1"' in page.text
    signed = client.post("/sign-in", data={"account": "wang", "next": "/tickets/INC-000042?earlier=1"})
    assert signed.headers["location"] == "/tickets/INC-000042?earlier=1"


def test_signing_in_never_leads_to_another_site() -> None:
    answer = anybody().post("/sign-in", data={"account": "wang", "next": "//evil.example"})
    assert answer.headers["location"] == "/"


def test_signing_out_ends_the_session_on_the_desk() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    session = client.cookies["evertick_session"]
    assert client.post("/sign-out").status_code == 303
    assert session not in desk.sessions
    client.cookies.set("evertick_session", session)
    assert client.get("/").headers["location"] == "/sign-in"


def test_the_language_is_the_persons_until_another_is_chosen() -> None:
    desk = FakeDesk()
    client = visitor("victor", desk)
    client.cookies.delete("evertick_language")
    assert '<html lang="zh-CN"' in client.get("/").text
    answer = client.post("/settings", data={"language": "en", "back": "/?q=x"})
    assert answer.headers["location"] == "/?q=x"
    assert '<html lang="en"' in client.get("/").text


def test_an_unknown_language_or_theme_changes_nothing() -> None:
    client = visitor("wang")
    answer = client.post("/settings", data={"language": "tlh", "theme": "neon"})
    assert "set-cookie" not in answer.headers


def test_a_theme_is_kept() -> None:
    client = visitor("wang")
    client.post("/settings", data={"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/").text
    client.post("/settings", data={"theme": "auto"})
    assert "data-theme" not in client.get("/").text
