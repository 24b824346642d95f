"""What people do to a ticket."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from domain.engine.events import AddTask, Vote
from tests.web.fake_desk import FakeDesk
from tests.web.visitors import hidden, text_of, visitor

P1 = "/tickets/INC-000042"
RESOLVE = f"{P1}/transitions/resolve"


def guarded(client: TestClient, action: str, page: str = P1) -> dict[str, str]:
    return hidden(client.get(page).text, action)


def test_a_button_takes_the_transition_and_leads_back_with_a_notice() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    answer = client.post(f"{P1}/transitions/start", data=guarded(client, f"{P1}/transitions/start"))
    assert (answer.status_code, answer.headers["location"]) == (303, P1)
    page = client.get(P1).text
    assert "In progress" in page
    assert 'role="status"' in page
    assert 'role="status"' not in client.get(P1).text, "a notice is shown once"


def test_a_form_with_mistakes_is_shown_again_open_with_every_mistake_and_what_was_typed() -> None:
    client = visitor("wang")
    data = guarded(client, RESOLVE) | {
        "f.resolution_code": "workaround",
        "f.resolution": "Use <b>web mail</b>",
        "f.workaround": "",
    }
    answer = client.post(RESOLVE, data=data)
    assert answer.status_code == 422
    panel = re.search(r'<form[^>]*id="do-resolve" class="panel open".*?</form>', answer.text, re.DOTALL)
    assert panel
    assert "Please fill this in." in panel[0]
    assert "Use &lt;b&gt;web mail&lt;/b&gt;" in panel[0]
    assert '<option value="workaround" selected>' in panel[0]


def test_a_conditional_field_that_does_not_apply_is_left_out() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    data = guarded(client, RESOLVE) | {
        "f.resolution_code": "fixed",
        "f.resolution": "done",
        "f.workaround": "left over",
    }
    assert client.post(RESOLVE, data=data).status_code == 303
    assert ("resolve", {"resolution_code": "fixed", "resolution": "done"}) in desk.calls


def test_a_stale_form_says_what_changed_meanwhile_and_keeps_what_was_typed() -> None:
    desk = FakeDesk()
    slow, quick = visitor("wang", desk), visitor("deng", desk)
    before = guarded(slow, RESOLVE)
    quick.post(f"{P1}/transitions/start", data=guarded(quick, f"{P1}/transitions/start"))
    data = before | {"f.resolution_code": "fixed", "f.resolution": "Restarted the second RADIUS server"}
    answer = slow.post(RESOLVE, data=data)
    assert answer.status_code == 412
    words = text_of(answer.text)
    assert "Somebody changed this ticket meanwhile" in words
    assert "Deng Rui: Take it" in words
    assert "Restarted the second RADIUS server" in words
    again = hidden(answer.text, RESOLVE)
    assert again["revision"] != before["revision"]
    assert slow.post(RESOLVE, data=data | again).status_code == 303


def test_what_was_typed_into_a_form_that_is_gone_is_still_shown() -> None:
    desk = FakeDesk()
    slow, quick = visitor("wang", desk), visitor("deng", desk)
    before = guarded(slow, RESOLVE)
    done = {"f.resolution_code": "fixed", "f.resolution": "ok"}
    assert quick.post(RESOLVE, data=guarded(quick, RESOLVE) | done).status_code == 303
    answer = slow.post(RESOLVE, data=before | done | {"f.resolution": "my long explanation"})
    assert answer.status_code == 412
    assert 'id="do-resolve"' not in answer.text
    assert "my long explanation" in answer.text


def test_the_same_form_sent_twice_happens_once() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    data = guarded(client, RESOLVE) | {"f.resolution_code": "fixed", "f.resolution": "ok"}
    assert [client.post(RESOLVE, data=data).status_code for _ in range(2)] == [303, 303]
    assert [call for call, _ in desk.calls] == ["resolve"]


def test_the_same_key_with_other_content_is_refused_and_kept() -> None:
    client = visitor("wang")
    data = guarded(client, RESOLVE) | {"f.resolution_code": "fixed", "f.resolution": "ok"}
    client.post(RESOLVE, data=data)
    answer = client.post(RESOLVE, data=data | {"f.resolution": "something else entirely"})
    assert answer.status_code == 422
    assert "sent before with other content" in answer.text
    assert "something else entirely" in answer.text


def test_a_form_without_its_revision_is_refused() -> None:
    answer = visitor("wang").post(f"{P1}/transitions/start", data={"key": "k"})
    assert answer.status_code == 428


@pytest.mark.parametrize(
    ("language", "reason"), [("en", "You may not do this."), ("zh-CN", "您无权执行此操作。")]
)
def test_a_transition_that_is_not_for_this_person_is_refused_in_words(language: str, reason: str) -> None:
    client = visitor("alice", language=language)
    data = {"key": "k", "revision": "4"}
    answer = client.post(f"{P1}/transitions/start", data=data)
    assert answer.status_code == 403
    assert reason in answer.text


def test_an_action_that_takes_longer_leads_to_its_operation() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    data = guarded(client, f"{P1}/transitions/start")
    desk.slow = True
    answer = client.post(f"{P1}/transitions/start", data=data)
    assert answer.headers["location"] == f"{P1}?operation=op-1"


@pytest.mark.parametrize(
    ("visibility", "public"), [("public", True), ("internal", False), ("", False), ("PUBLIC", False)]
)
def test_only_a_plain_public_makes_a_reply_public(visibility: str, public: bool) -> None:
    desk = FakeDesk()
    answer = visitor("wang", desk).post(
        f"{P1}/comments", data={"text": "hi\r\nthere", "visibility": visibility}
    )
    assert answer.status_code == 303
    assert desk.calls == [("comment", ("hi\nthere", public))]


def test_an_empty_comment_is_refused_beside_the_field() -> None:
    answer = visitor("wang").post(f"{P1}/comments", data={"text": "  ", "visibility": "internal"})
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text
    assert 'value="internal" checked' in answer.text, "the choice is kept"


def test_a_field_is_edited_in_place_and_a_mistake_keeps_it_open() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    action = f"{P1}/fields/affected_users"
    answer = client.post(action, data=guarded(client, action) | {"f.affected_users": "many"})
    assert answer.status_code == 422
    assert re.search(r'<details class="edit-field" open>.*?value="many"', answer.text, re.DOTALL)
    assert client.post(action, data=guarded(client, action) | {"f.affected_users": "900"}).status_code == 303
    assert ("edit", {"affected_users": 900}) in desk.calls


def test_an_emptied_field_is_cleared() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    action = f"{P1}/fields/service"
    client.post(action, data=guarded(client, action) | {"f.service": ""})
    assert ("edit", {"service": None}) in desk.calls


def test_assign_to_me_works_from_the_queue_and_comes_back_there() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    data = hidden(client.get("/?priority=P1").text, f"{P1}/assignment")
    answer = client.post(f"{P1}/assignment", data=data)
    assert answer.headers["location"] == "/?priority=P1"
    assert desk.items[0].assignee == "wang"


def test_assign_to_me_does_not_take_a_ticket_from_somebody_who_was_faster() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    data = hidden(client.get("/").text, f"{P1}/assignment")
    desk.items[0].assignee = "deng"
    answer = client.post(f"{P1}/assignment", data=data)
    assert answer.status_code == 409
    assert "Somebody may have been faster" in answer.text
    assert desk.items[0].assignee == "deng"


def test_a_task_is_completed_with_its_form_or_said_to_be_impossible_without() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    page, action = "/tickets/INC-000040", "/tickets/INC-000040/tasks/review_major"
    answer = client.post(
        action, data=guarded(client, action, page) | {"outcome": "done", "f.resolution": "x"}
    )
    assert answer.status_code == 422
    assert '<details class="task-form" open>' in answer.text
    answer = client.post(action, data=guarded(client, action, page) | {"outcome": "failed"})
    assert answer.status_code == 303
    assert desk.items[2].tasks[2]["state"] == "failed"


def test_a_task_is_added_with_its_form_and_taken_back() -> None:
    desk = FakeDesk()
    client = visitor("wang", desk)
    page, action = "/tickets/INC-000040", "/tickets/INC-000040/tasks"
    due = {"f.due_at": "2026-11-28T09:00", "f.assignee": "deng", "f.cost_centre": "77"}
    answer = client.post(action, data=guarded(client, action, page) | due)
    assert answer.status_code == 422
    assert '<details class="task-form task-add" open>' in answer.text and 'value="77"' in answer.text
    answer = client.post(action, data=guarded(client, action, page) | {"f.title": "x", "f.due_at": "soon"})
    assert answer.status_code == 422
    answer = client.post(action, data=guarded(client, action, page) | due | {"f.title": "Call the vendor"})
    assert answer.status_code == 303
    ((_, task),) = [call for call in desk.calls if call[0] == "add_task"]
    assert isinstance(task, AddTask)
    assert (task.title, task.assignee, task.team, task.fields) == (
        "Call the vendor",
        "deng",
        "",
        {"cost_centre": "77"},
    )
    assert task.due_at is not None
    shown = client.get(page).text
    assert "Call the vendor" in shown
    cancel = f"{action}/{desk.items[2].tasks[-1]['name']}/cancel"
    assert client.post(cancel, data=guarded(client, cancel, page)).status_code == 303
    assert desk.items[2].tasks[-1]["state"] == "cancelled"


def test_who_may_not_add_tasks_sees_no_form_for_it() -> None:
    assert "task-add" not in visitor("alice").get("/tickets/INC-000042").text


def test_a_vote_carries_what_was_seen_and_what_is_missing_is_said_beside_it() -> None:
    desk = FakeDesk()
    client = visitor("zhao", desk)
    page, action = "/tickets/INC-000040", "/tickets/INC-000040/approvals/cab/board"
    answer = client.post(
        action, data=guarded(client, action, page) | {"answer": "reject", "f.cost_centre": "77"}
    )
    assert answer.status_code == 422
    assert "Please fill this in." in text_of(answer.text) and 'value="77"' in answer.text
    answer = client.post(
        action, data=guarded(client, action, page) | {"answer": "approve", "comment": "Yes,\r\nbut"}
    )
    assert answer.status_code == 422 and ">\nYes,\nbut</textarea>" in answer.text
    sent = guarded(client, action, page) | {"answer": "approve", "comment": " Go ", "f.cost_centre": "77"}
    assert client.post(action, data=sent | {"hash": "old"}).status_code == 409
    assert client.post(action, data=sent).status_code == 303
    assert desk.items[2].votes == {
        "zhao": Vote("cab", "approve", "Go", "board", {"cost_centre": "77"}, "abc")
    }
    assert "Your answer is recorded." in client.get(page).text


def test_writing_needs_somebody_who_is_signed_in() -> None:
    client = visitor("wang")
    client.cookies.clear()
    answer = client.post(f"{P1}/comments", data={"text": "x"})
    assert answer.headers["location"] == "/sign-in"


def test_tickets_are_linked_and_let_go_and_a_wrong_number_is_said_where_it_was_typed() -> None:
    client = visitor("wang")
    to = f"{P1}/links"
    form = guarded(client, to)
    wrong = client.post(to, data=form | {"link": "problem", "ticket": "PRB-9"})
    assert wrong.status_code == 422
    assert "there is no ticket" in text_of(wrong.text)
    assert 'value="PRB-9"' in wrong.text
    answer = client.post(to, data=guarded(client, to) | {"link": "problem", "ticket": "INC-000041"})
    assert (answer.status_code, answer.headers["location"]) == (303, P1)
    page = client.get(P1).text
    assert 'href="/tickets/INC-000041"' in page
    assert "Let go of INC-000041" in page
    client.post(to, data=guarded(client, to) | {"link": "problem", "ticket": "INC-000041", "do": "remove"})
    assert 'href="/tickets/INC-000041"' not in client.get(P1).text


def test_what_is_known_of_a_linked_ticket_is_shown_and_changed_beside_it() -> None:
    client = visitor("wang")
    to = f"{P1}/links"
    about = {"link": "problem", "ticket": "INC-000041"}
    client.post(to, data=guarded(client, to) | about)
    assert "Say something of it" in client.get(P1).text
    edit = about | {"do": "edit", "f.cause": "other", "f.minute": "Seen\ntwice"}
    answer = client.post(to, data=guarded(client, to) | edit)
    assert (answer.status_code, answer.headers["location"]) == (303, P1)
    page = client.get(P1).text
    assert "Cause: other Minute: Seen twice" in text_of(page)
    assert '<option value="other" selected' in page
    wrong = client.post(to, data=guarded(client, to) | edit | {"f.minute": "!no"})
    assert wrong.status_code == 422
    assert "!no</textarea>" in wrong.text and "field-error" in wrong.text
    client.post(to, data=guarded(client, to) | edit | {"f.minute": ""})
    assert "Minute:" not in text_of(client.get(P1).text)


def test_who_may_not_link_reads_what_is_known_and_has_no_form_for_it() -> None:
    desk = FakeDesk()
    client, to = visitor("wang", desk), f"{P1}/links"
    about = {"link": "problem", "ticket": "INC-000041"}
    client.post(to, data=guarded(client, to) | about)
    client.post(to, data=guarded(client, to) | about | {"do": "edit", "f.cause": "same"})
    page = visitor("alice", desk).get(P1).text
    assert "Cause: same" in text_of(page)
    assert f'action="{to}"' not in page
