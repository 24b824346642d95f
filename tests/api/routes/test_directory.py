"""Processes, forms and pickers."""

from __future__ import annotations

from tests.api.client import Client, problem


def test_processes_and_their_forms_are_listed() -> None:
    client = Client()
    assert client.send("GET", "/api/v1/processes").json() == {
        "processes": [{"id": "incident", "title": {"en": "Incident", "zh-CN": "事件"}, "version": 1}]
    }
    fields = client.send("GET", "/api/v1/processes/incident/form").json()["fields"]
    assert [(field["name"], field["required"]) for field in fields] == [
        ("title", True),
        ("category", True),
        ("affected_users", False),
    ]
    assert fields[1]["options"][0] == {"value": "vpn", "label": {"en": "vpn"}}
    problem(client.send("GET", "/api/v1/processes/nothing/form"), 404, "definition_unknown")


def test_pickers_offer_people_teams_services_and_assets() -> None:
    client = Client()
    assert {one["id"] for one in client.send("GET", "/api/v1/people").json()["people"]} == {
        "alice",
        "bob",
        "wang",
    }
    assert client.send("GET", "/api/v1/teams").json()["teams"][1] == {
        "id": "service-desk",
        "name": "Service desk",
        "lead": None,
    }
    assert client.send("GET", "/api/v1/services").json()["services"][0]["team"] == "network-l2"
    assert client.send("GET", "/api/v1/assets").json()["assets"] == [
        {"id": "NB-0815", "name": "ThinkPad X1", "kind": "laptop", "owner": "alice"},
        {"id": "PR-0001", "name": "Printer", "kind": None, "owner": None},
    ]


def test_one_is_told_who_one_is() -> None:
    me = Client().send("GET", "/api/v1/me", by="wang").json()
    assert (me["id"], me["name"], me["roles"]) == ("wang", "王芳", ["agent"])
