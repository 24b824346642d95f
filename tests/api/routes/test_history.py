"""Journal, clocks, deliveries."""

from __future__ import annotations

from tests.api.client import ONE, Client, problem


def test_the_journal_is_read_in_parts_and_keeps_its_patches_to_itself() -> None:
    client = Client()
    client.open()
    client.move("start")
    client.move("resolve", revision=2, resolution="done")
    first = client.send("GET", f"{ONE}/journal?limit=2").json()
    assert [entry["seq"] for entry in first["entries"]] == [1, 2]
    rest = client.send("GET", f"{ONE}/journal?limit=2&after_seq={first['next_after_seq']}").json()
    assert [entry["seq"] for entry in rest["entries"]] == [3]
    end = client.send("GET", f"{ONE}/journal?after_seq={rest['next_after_seq']}").json()
    assert end == {"entries": [], "next_after_seq": None}
    entry = first["entries"][0]
    assert entry["cause"] == {"kind": "command", "name": "open", "line": None}
    assert "patch" not in entry
    assert "effects" not in entry
    problem(client.send("GET", f"{ONE}/journal?after_seq=-1"), 422, "form_invalid")


def test_clocks_are_listed_and_one_is_explained() -> None:
    client = Client()
    client.open()
    (clock,) = client.send("GET", f"{ONE}/clocks").json()["clocks"]
    assert (clock["left_seconds"], clock["elapsed_seconds"]) == (3000.0, 600.0)
    assert "ledger" not in clock
    explained = client.send("GET", f"{ONE}/clocks/response").json()
    assert explained["ledger"] == [
        {"at": "2026-11-20T09:40:00Z", "what": "started", "line": "incident.yaml:209"}
    ]
    assert explained["upcoming"][0]["at"] == "2026-11-20T10:10:00Z"
    assert client.send("GET", f"{ONE}/clocks/lunch").status_code == 404


def test_deliveries_say_who_was_told_what() -> None:
    client = Client()
    client.open()
    (delivery,) = client.send("GET", f"{ONE}/deliveries").json()["deliveries"]
    assert delivery["recipient"] == {"id": "wang", "name": "王芳"}
    assert delivery["status"] == "kept"
