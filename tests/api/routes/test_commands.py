"""Transitions, comments, tasks and messages."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.api.client import ONE, Client, mistakes, problem


def test_a_transition_answers_with_the_ticket_after_it() -> None:
    client = Client()
    client.open()
    response = client.move("start")
    assert (response.status_code, response.json()["state"], response.headers["etag"]) == (
        200,
        "in_progress",
        '"2"',
    )
    resolved = client.move("resolve", revision=2, resolution="Restarted the gateway")
    assert resolved.json()["state"] == "resolved"


def test_transitions_are_listed_with_forms_and_reasons() -> None:
    client = Client()
    client.open()
    response = client.send("GET", f"{ONE}/transitions")
    assert response.headers["etag"] == '"1"'
    (start,) = response.json()["transitions"]
    assert (start["name"], start["available"]) == ("start", False)
    assert start["why_not"] == {"en": "Not now.", "zh-CN": "不可用"}
    (start,) = client.send("GET", f"{ONE}/transitions", by="wang").json()["transitions"]
    assert start["available"]
    assert start["why_not"] is None


def test_what_is_refused_is_told_with_its_status_and_changes_nothing() -> None:
    client = Client()
    client.open()
    before = client.desk.kept["INC-000001"].ticket
    problem(client.move("start", by="alice"), 403, "not_permitted")
    problem(client.move("resolve"), 409, "transition_refused")
    problem(client.move("explode"), 409, "transition_refused")
    problem(client.move("start", colour="red"), 422, "form_invalid")
    assert client.desk.kept["INC-000001"].ticket is before


def test_a_missing_form_field_is_named() -> None:
    client = Client()
    client.open()
    client.move("start")
    found = problem(client.move("resolve", revision=2, colour="red"), 422, "form_invalid")
    assert mistakes(found) == {"resolution": "missing", "colour": "unknown"}


def test_what_takes_long_is_accepted_and_polled() -> None:
    client = Client()
    client.open()
    client.desk.slow = True
    response = client.move("start")
    assert response.status_code == 202
    assert response.headers["location"] == "/api/v1/operations/op-1"
    assert response.headers["retry-after"] == "1"
    assert response.json() == {"operation": "op-1", "status": "pending", "ticket_ref": "INC-000001"}
    done = client.send("GET", response.headers["location"], by="wang").json()
    assert (done["status"], done["ticket"]["state"]) == ("done", "in_progress")


def test_a_comment_comes_back_as_it_was_kept() -> None:
    client = Client()
    client.open()
    response = client.send("POST", f"{ONE}/comments", json={"text": "谢谢\nBye", "public": True})
    assert response.status_code == 201
    assert response.json() == {
        "id": "c1",
        "author": {"id": "alice", "name": "Alice Chen"},
        "public": True,
        "text": "谢谢\nBye",
        "at": "2026-11-20T09:40:00Z",
    }
    assert client.send("GET", f"{ONE}/comments").json() == {"comments": [response.json()]}


def test_internal_notes_are_for_those_who_may_read_them() -> None:
    client = Client()
    client.open()
    note = {"text": "the CEO again", "public": False}
    assert client.send("POST", f"{ONE}/comments", by="wang", json=note).status_code == 201
    problem(client.send("POST", f"{ONE}/comments", json=note), 403, "not_permitted")
    assert client.send("GET", f"{ONE}/comments").json() == {"comments": []}


def test_a_comment_says_whether_it_is_public_and_says_something() -> None:
    client = Client()
    client.open()
    path = f"{ONE}/comments"
    assert mistakes(problem(client.send("POST", path, json={"text": "x"}), 422, "form_invalid")) == {
        "public": "missing"
    }
    found = problem(client.send("POST", path, json={"text": "", "public": "yes"}), 422, "form_invalid")
    assert mistakes(found) == {"text": "missing", "public": "type"}
    long = client.send("POST", path, json={"text": "x" * 32_001, "public": True})
    assert mistakes(problem(long, 422, "form_invalid")) == {"text": "too_long"}


def test_a_task_is_added_and_taken_back() -> None:
    client = Client()
    client.open()
    seen = {"If-Match": "*"}
    wanted = {
        "title": "Call the vendor",
        "team": "net",
        "due_at": "2026-11-27T16:00:00+08:00",
        "fields": {"cost": 4},
    }
    added = client.send("POST", f"{ONE}/tasks", by="wang", json=wanted, headers=seen)
    assert added.status_code == 200
    (task,) = client.desk.added
    assert (task.title, task.assignee, task.team, task.fields) == ("Call the vendor", "", "net", {"cost": 4})
    assert task.due_at == datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    problem(client.send("POST", f"{ONE}/tasks", json=wanted, headers=seen), 403, "not_permitted")
    found = client.send("POST", f"{ONE}/tasks", by="wang", json={"due_at": "soon"}, headers=seen)
    assert mistakes(problem(found, 422, "form_invalid")).keys() == {"title", "due_at"}
    cancelled = client.send("POST", f"{ONE}/tasks/adhoc.1/cancellation", by="wang", headers=seen)
    assert cancelled.status_code == 200
    wrong = client.send("POST", f"{ONE}/tasks/review/cancellation", by="wang", headers=seen)
    problem(wrong, 409, "transition_refused")
    listed = client.send("GET", f"{ONE}/tasks").json()
    assert ([one["name"] for one in listed["tasks"]], listed["may_add"]) == (["review"], False)


def test_a_task_is_completed_and_a_message_is_sent() -> None:
    client = Client()
    client.open()
    seen = {"If-Match": "*"}
    done = client.send("POST", f"{ONE}/tasks/review/completion", by="wang", json={}, headers=seen)
    assert done.status_code == 200
    unknown = client.send("POST", f"{ONE}/tasks/nap/completion", by="wang", json={}, headers=seen)
    problem(unknown, 409, "transition_refused")
    told = client.send("POST", f"{ONE}/messages", json={"message": "workaround_found", "fields": {}})
    assert told.status_code == 200
    unknown = client.send("POST", f"{ONE}/messages", json={"message": "hello"})
    assert mistakes(problem(unknown, 422, "form_invalid")) == {"message": "unknown"}


def test_tickets_are_linked_and_let_go() -> None:
    client = Client()
    client.open()
    linked = client.send("POST", f"{ONE}/links", json={"link": "problem", "ticket": "PRB-000007"})
    assert linked.status_code == 200
    assert linked.json()["links"] == {
        "problem": [{"id": "PRB-000007", "ref": "PRB-000007", "category": None, "fields": {}}]
    }
    address = f"{ONE}/links/problem/PRB-000007"
    said = client.send("PATCH", address, json={"fields": {"cause": "same"}})
    assert said.json()["links"]["problem"][0]["fields"] == {"cause": "same"}
    nothing = client.send("PATCH", address, json={"fields": {}})
    assert nothing.status_code == 422
    unknown = client.send("POST", f"{ONE}/links", json={"link": "family", "ticket": "PRB-000007"})
    assert mistakes(problem(unknown, 422, "form_invalid")) == {"link": "unknown"}
    gone = client.send("DELETE", f"{ONE}/links/problem/PRB-000007")
    assert gone.json()["links"] == {}
