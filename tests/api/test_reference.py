"""The reference page explains everything, from this host alone, without scripts."""

from __future__ import annotations

import re
import shlex
from html import unescape

from api.problems import KINDS
from tests.api.client import Client

PAGE = Client().send("GET", "/api/docs", by=None)


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_run() -> None:
    assert PAGE.status_code == 200
    assert PAGE.headers["content-type"] == "text/html; charset=utf-8"
    policy = PAGE.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script" not in policy
    assert "<script" not in PAGE.text
    assert " style=" not in PAGE.text
    assert not re.search(r"<[^>]*\son\w+=", PAGE.text)
    loaded = re.findall(r'(?:src|href)="((?!#)[^"]*)"', PAGE.text)
    assert set(loaded) == {"/api/docs/style.css", "/api/v1/openapi.json"}
    for address in loaded:
        assert Client().send("GET", address, by=None).status_code == 200


def test_every_operation_schema_and_problem_has_its_place_and_every_link_leads_to_one() -> None:
    client = Client()
    document = client.app.openapi()
    places = set(re.findall(r' id="([^"]*)"', PAGE.text))
    for methods in document["paths"].values():
        assert {operation["operationId"] for operation in methods.values()} <= places
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= places
    assert {f"problem-{code}" for code in KINDS} <= places
    assert set(re.findall(r'href="#([^"]*)"', PAGE.text)) <= places


def test_the_examples_work_when_they_are_pasted() -> None:
    client = Client()
    client.open()
    client.move("start")
    tried = 0
    for example in re.findall(r"<pre[^>]*>(curl .*?)</pre>", PAGE.text, re.DOTALL):
        _, *words = shlex.split(unescape(example).replace("\\\n", " "))
        method = words[words.index("-X") + 1] if "-X" in words else "GET"
        address = next(word for word in words if word.startswith("http://testserver/"))
        headers = dict(words[i + 1].split(": ", 1) for i, word in enumerate(words) if word == "-H")
        headers.pop("Authorization", None)
        headers |= {"If-Match": "*"} if "If-Match" in headers else {}
        content = words[words.index("-d") + 1] if "-d" in words else ""
        path = address.removeprefix("http://testserver").replace("INC-000042", "INC-000001")
        response = client.send(method, path, by="wang", headers=headers, content=content.encode())
        # The example's values need not fit this desk, but the request is well written.
        assert response.status_code in (200, 201, 202, 404, 409, 422), (example, response.text)
        tried += 1
    assert tried >= 25


def test_texts_of_the_document_are_escaped() -> None:
    page = Client().send("GET", "/api/docs", by=None, headers={"Host": 'x"><script>alert(1)</script>'})
    assert "<script" not in page.text
