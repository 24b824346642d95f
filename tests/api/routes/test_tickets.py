"""Open, list, read, edit and assign tickets."""

from __future__ import annotations

import re

import pytest

from desk.values import QueueFilter
from tests.api.client import NEW, ONE, TICKETS, Client, mistakes, problem


def test_opening_answers_with_the_ticket_where_it_is_and_its_revision() -> None:
    client = Client()
    response = client.open()
    assert response.status_code == 201
    assert response.headers["location"] == ONE
    assert response.headers["etag"] == '"1"'
    body = response.json()
    assert (body["ref"], body["state"], body["revision"]) == ("INC-000001", "new", 1)
    assert body["requester"] == {"id": "alice", "name": "Alice Chen"}
    assert body["opened_at"] == "2026-11-20T09:40:00Z"
    assert client.send("GET", response.headers["location"]).json() == body


def test_an_unknown_process_is_a_mistake_in_its_field() -> None:
    client = Client()
    found = problem(client.send("POST", TICKETS, json=NEW | {"process": "incidnt"}), 422, "form_invalid")
    assert mistakes(found) == {"process": "unknown"}
    assert "did you mean" in found["errors"][0]["message"]


def test_every_mistake_in_a_form_is_told_at_once() -> None:
    client = Client()
    fields = {"category": "vnp", "affected_users": "many", "colour": "red", "description": "x" * 5000}
    response = client.send("POST", TICKETS, json={"process": "incident", "fields": fields})
    found = problem(response, 422, "form_invalid")
    assert mistakes(found) == {
        "title": "missing",
        "category": "option",
        "affected_users": "type",
        "colour": "unknown",
        "description": "too_long",
    }
    assert client.desk.kept == {}


def test_a_body_of_wrong_types_is_told_at_once_too() -> None:
    body = {"process": 7, "fields": "title", "channel": None}
    found = problem(Client().send("POST", TICKETS, json=body), 422, "form_invalid")
    assert mistakes(found) == {"process": "type", "fields": "type", "channel": "type"}


def test_reading_by_number_and_by_id_is_the_same() -> None:
    client = Client()
    opened = client.open().json()
    by_id = client.send("GET", f"{TICKETS}/{opened['id']}")
    assert by_id.json() == opened
    assert by_id.headers["etag"] == '"1"'


def test_a_ticket_one_may_not_see_is_like_one_that_is_not_there() -> None:
    client = Client()
    client.open()
    hidden = problem(client.send("GET", ONE, by="bob"), 404, "ticket_unknown")
    absent = problem(client.send("GET", f"{TICKETS}/INC-000002", by="bob"), 404, "ticket_unknown")
    assert hidden["detail"].replace("INC-000001", "") == absent["detail"].replace("INC-000002", "")
    for part in ("transitions", "comments", "journal", "clocks", "clocks/response", "deliveries"):
        problem(client.send("GET", f"{ONE}/{part}", by="bob"), 404, "ticket_unknown")
    comment = {"text": "x", "public": True}
    problem(client.send("POST", f"{ONE}/comments", by="bob", json=comment), 404, "ticket_unknown")


def test_fields_one_may_not_see_are_nowhere_in_the_answer() -> None:
    client = Client()
    client.open()
    edit = {"fields": {"internal_notes": "the CEO again"}}
    assert client.send("PATCH", ONE, by="wang", json=edit, headers={"If-Match": "*"}).status_code == 200
    assert client.send("GET", ONE, by="wang").json()["fields"]["internal_notes"] == "the CEO again"
    for path in (ONE, f"{ONE}/journal", f"{ONE}/transitions", f"{ONE}/clocks", TICKETS):
        text = client.send("GET", path).text
        assert not re.search("CEO|secret", text), path


def test_editing_changes_what_is_named() -> None:
    client = Client()
    client.open()
    response = client.send("PATCH", ONE, json={"fields": {"title": "Fixed?"}}, headers={"If-Match": '"1"'})
    assert (response.status_code, response.headers["etag"]) == (200, '"2"')
    assert response.json()["title"] == "Fixed?"
    assert response.json()["fields"]["category"] == "vpn"
    empty = client.send("PATCH", ONE, json={"fields": {}}, headers={"If-Match": '"2"'})
    assert mistakes(problem(empty, 422, "form_invalid")) == {"fields": "missing"}


def test_assigning_says_team_and_person() -> None:
    client = Client()
    client.open()
    path, any_revision = f"{ONE}/assignment", {"If-Match": "*"}
    body = {"team": "service-desk", "assignee": "wang"}
    response = client.send("PUT", path, by="wang", json=body, headers=any_revision)
    assert response.json()["assignee"] == {"id": "wang", "name": "王芳"}
    nobody = client.send("PUT", path, by="wang", json={"team": "service-desk"}, headers=any_revision)
    assert nobody.json()["assignee"] is None


def test_a_list_is_paged_by_cursor_in_body_and_link() -> None:
    client = Client()
    for number in range(5):
        client.open(title=f"Ticket {number}")
    path, refs = f"{TICKETS}?limit=2&state=open&state=new", []
    while path:
        response = client.send("GET", path)
        refs += [row["ref"] for row in response.json()["tickets"]]
        link = response.headers.get("link", "")
        assert bool(link) == (response.json()["next_cursor"] is not None)
        path = link.removeprefix("<").removesuffix('>; rel="next"')
        assert client.desk.last_filter.states == ("open", "new")
    assert refs == [f"INC-{number:06}" for number in range(1, 6)]


def test_a_list_shows_only_what_one_may_see() -> None:
    client = Client()
    client.open(by="alice")
    client.open(by="bob")
    assert [row["ref"] for row in client.send("GET", TICKETS, by="bob").json()["tickets"]] == ["INC-000002"]
    assert len(client.send("GET", TICKETS, by="wang").json()["tickets"]) == 2


def test_every_filter_reaches_the_desk() -> None:
    client = Client()
    query = (
        "process=incident&state=waiting&team=network-l2&assignee=none&requester=me&priority=P1&priority=P2"
        "&service=vpn&q=%E4%B8%8A%E6%B5%B7&overdue=true&limit=200"
    )
    assert client.send("GET", f"{TICKETS}?{query}", by="wang").status_code == 200
    assert client.desk.last_filter == QueueFilter(
        process="incident",
        states=("waiting",),
        team="network-l2",
        assignee="none",
        requester="wang",
        priority=("P1", "P2"),
        service="vpn",
        text="上海",
        overdue=True,
    )
    client.send("GET", f"{TICKETS}?assignee=me", by="wang")
    assert client.desk.last_filter.assignee == "wang"


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("limit=0", "limit", "range"),
        ("limit=201", "limit", "range"),
        ("limit=ten", "limit", "type"),
        ("overdue=perhaps", "overdue", "type"),
        ("limt=5", "limt", "unknown"),
        ("q=" + "x" * 201, "q", "too_long"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(query: str, field: str, code: str) -> None:
    found = problem(Client().send("GET", f"{TICKETS}?{query}"), 422, "form_invalid")
    assert mistakes(found) == {field: code}


def test_a_cursor_that_was_never_given_is_a_bad_request() -> None:
    problem(Client().send("GET", f"{TICKETS}?cursor=nonsense"), 400, "cursor_invalid")
