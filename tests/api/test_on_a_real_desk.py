"""The API on the real desk and both databases: what is promised holds where it counts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from httpx2 import ASGITransport, AsyncClient, Response
from starlette.routing import Route

from api.app import create_api
from store.session import Database
from tests.api.client import TICKETS, mistakes, problem
from tests.api.test_fuzz import a_random_request
from tests.desk.desks import TestDesk, a_desk, run

PEOPLE = ("ann", "ben", "cora", "carl")


@dataclass
class Here:
    """A desk and the way to it."""

    desk: TestDesk
    http: AsyncClient
    routes: list[Route]

    async def send(self, who: str, method: str, path: str, **request: Any) -> Response:
        headers = {"Authorization": f"Bearer token-{who}"} | request.pop("headers", {})
        return await self.http.request(method, path, headers=headers, **request)

    async def open(self, who: str = "cora", **fields: object) -> Response:
        body = {"process": "small", "fields": {"title": "VPN unusable", **fields}}
        return await self.send(who, "POST", TICKETS, json=body)


@asynccontextmanager
async def real_desk(database: Database) -> AsyncIterator[Here]:
    """The API of a whole desk; only Temporal lives in memory."""
    desk = await a_desk(database)
    for who in PEOPLE:
        await desk.desk.issue_token(who, "test", token=f"token-{who}")
    app = create_api(desk.desk)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
        yield Here(desk, http, [route for route in app.routes if isinstance(route, Route)])
    await desk.close()


def test_a_ticket_goes_its_way(database: Database) -> None:
    async def story() -> None:
        async with real_desk(database) as here:
            opened = await here.open(service="vpn")
            assert opened.status_code == 201, opened.text
            where, tag = opened.headers["location"], opened.headers["etag"]
            assert (await here.send("cora", "GET", where)).json()["state"] == "new"
            started = await here.send(
                "ann",
                "POST",
                f"{where}/transitions",
                json={"transition": "start", "fields": {}},
                headers={"If-Match": tag},
            )
            assert started.status_code == 200, started.text
            assert started.json()["assignee"] == {"id": "ann", "name": "Ann Agent"}
            finish: dict[str, object] = {"transition": "finish", "fields": {}}
            stale = await here.send(
                "ann", "POST", f"{where}/transitions", json=finish, headers={"If-Match": tag}
            )
            problem(stale, 412, "revision_stale")
            seen = {"If-Match": started.headers["etag"]}
            missing = await here.send("ann", "POST", f"{where}/transitions", json=finish, headers=seen)
            assert mistakes(problem(missing, 422, "form_invalid")) == {"note": "missing"}
            done = await here.send(
                "ann",
                "POST",
                f"{where}/transitions",
                json=finish | {"fields": {"note": "好了"}},
                headers=seen,
            )
            assert done.json()["state"] == "done"
            journal = (await here.send("cora", "GET", f"{where}/journal")).json()["entries"]
            assert [entry["cause"]["name"] for entry in journal] == ["open", "start", "finish"]
            clock = (await here.send("cora", "GET", f"{where}/clocks/answer")).json()
            told = [line["what"] for line in clock["ledger"]]
            assert (told[0], told[-1]) == ("started", "stopped")
            rows = (await here.send("ann", "GET", TICKETS)).json()["tickets"]
            assert [row["ref"] for row in rows] == ["SM-0001"]

    run(story())


def test_a_stranger_sees_nothing(database: Database) -> None:
    async def story() -> None:
        async with real_desk(database) as here:
            where = (await here.open("cora")).headers["location"]
            for part in (
                "",
                "/journal",
                "/comments",
                "/clocks",
                "/transitions",
                "/deliveries",
                "/clocks/answer",
            ):
                problem(await here.send("carl", "GET", where + part), 404, "ticket_unknown")
            assert (await here.send("carl", "GET", TICKETS)).json()["tickets"] == []
            problem(await here.send("nobody", "GET", where), 401, "token_invalid")

    run(story())


def test_internal_words_stay_inside(database: Database) -> None:
    async def story() -> None:
        async with real_desk(database) as here:
            where = (await here.open("cora")).headers["location"]
            note = {"text": "she always says that", "public": False}
            assert (await here.send("ann", "POST", f"{where}/comments", json=note)).status_code == 201
            secret = {"fields": {"secret_note": "she always does that"}}
            edit = await here.send("ann", "PATCH", where, json=secret, headers={"If-Match": "*"})
            assert edit.json()["fields"]["secret_note"] == "she always does that"
            for part in ("", "/journal", "/comments", "/transitions"):
                seen = await here.send("cora", "GET", where + part)
                assert "she always" not in seen.text, part
            problem(await here.send("cora", "POST", f"{where}/comments", json=note), 403, "not_permitted")

    run(story())


def test_one_key_opens_one_ticket_however_concurrently_it_is_sent(database: Database) -> None:
    async def story() -> None:
        async with real_desk(database) as here:
            body = {"process": "small", "fields": {"title": "VPN"}}
            key = {"Idempotency-Key": "k-1"}
            answers = await asyncio.gather(
                *(here.send("cora", "POST", TICKETS, json=body, headers=key) for _ in range(12))
            )
            assert {one.status_code for one in answers} == {201}
            assert len({one.content for one in answers}) == 1
            assert sum("idempotency-replayed" not in one.headers for one in answers) == 1
            other = await here.send("cora", "POST", TICKETS, json=body | {"channel": "chat"}, headers=key)
            problem(other, 422, "key_reused")

    run(story())


def test_random_requests_never_get_a_500(database: Database) -> None:
    async def story() -> None:
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        chance = random.Random(seed)
        async with real_desk(database) as here:
            for _ in range(3):
                await here.open("cora")
            for _ in range(6):
                for route in here.routes:
                    method, path, request = a_random_request(chance, route)
                    path = path.replace("INC-00000", "SM-000")
                    response = await here.send(chance.choice(PEOPLE), method, path, **request)
                    assert response.status_code < 500, (method, path, request, response.text)

    run(story())
