"""One ticket through HTTP, real database and real Temporal: commands are settled by its workflow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from httpx2 import ASGITransport, AsyncClient

from api.app import create_api
from bootstrap.temporary_desk import TemporaryDesk, TemporaryWorld, temporary_desk
from tests.api.client import TICKETS, problem
from tests.desk.desks import FILES, START, organisation, run

pytestmark = pytest.mark.live


def test_a_ticket_lives_in_its_workflow_and_is_moved_over_http() -> None:
    async def story() -> None:
        world = TemporaryWorld(
            starts=START, definitions=FILES, processes=("small.yaml",), organisation=organisation()
        )
        async with temporary_desk(world) as here:
            for who in ("ann", "cora"):
                await here.desk.issue_token(who, "test", token=f"token-{who}")
            async with AsyncClient(
                transport=ASGITransport(create_api(here.desk)), base_url="http://test"
            ) as http:
                await _live_through_it(here, http)

    run(story())


async def _live_through_it(here: TemporaryDesk, http: AsyncClient) -> None:
    cora, ann = ({"Authorization": f"Bearer token-{who}"} for who in ("cora", "ann"))
    assert (await http.get("/health/ready")).json()["status"] == "ready"
    body = {"process": "small", "fields": {"title": "VPN unusable"}}
    opened = await http.post(TICKETS, json=body, headers=cora | {"Idempotency-Key": "one"})
    assert opened.status_code == 201, opened.text
    where, ticket = opened.headers["location"], opened.json()["id"]

    await here.jump_to(ticket, START + timedelta(minutes=16))  # half of the time to answer
    sent = (await http.get(f"{where}/deliveries", headers=ann)).json()["deliveries"]
    assert "page" in {one["kind"] for one in sent}

    start = {"transition": "start", "fields": {}}
    guarded = ann | {"If-Match": opened.headers["etag"], "Idempotency-Key": "two"}
    started = await http.post(f"{where}/transitions", json=start, headers=guarded)
    assert (started.status_code, started.json()["state"]) == (200, "working")
    again = await http.post(f"{where}/transitions", json=start, headers=guarded)
    assert (again.status_code, again.content) == (200, started.content)
    assert again.headers["idempotency-replayed"] == "true"
    problem(await http.patch(where, json={"fields": {"note": "x"}}, headers=ann), 428, "revision_missing")
    comment = await http.post(f"{where}/comments", json={"text": "Danke", "public": True}, headers=cora)
    assert comment.status_code == 201

    entries = (await http.get(f"{where}/journal", headers=ann)).json()["entries"]
    assert [entry["cause"]["kind"] for entry in entries].count("command") == 3
    assert any(entry["cause"]["kind"] == "clock" for entry in entries)
