"""Clients as they should be written: a key for each request, the same key again until there is an answer."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2

Body = dict[str, Any]
Outcome = Literal["done", "refused", "stale"]

PATIENCE = 240.0  # seconds until a client that still has no answer fails the test
AGENTS, REQUESTERS = ("ann", "ben", "dan"), ("cora", "eve")


@dataclass(frozen=True)
class Told:
    """One definite answer to one request of a client. `revision` and `state` are the ticket's in that answer."""

    key: str
    who: str
    what: str  # open, or what was asked of a ticket
    ref: str
    outcome: Outcome
    status: int
    revision: int | None = None
    state: str | None = None
    code: str = ""
    accepted: bool = False  # 202 first, then the operation


@dataclass
class Known:
    """What clients have seen of a ticket last."""

    ref: str
    requester: str
    state: str = "new"
    revision: int = 0


@dataclass
class Crowd:
    """Everybody, what they were told, and what they know."""

    base: str
    tokens: dict[str, str]
    chance: random.Random
    most_live: int = 16
    told: list[Told] = field(default_factory=list)
    tickets: dict[str, Known] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    heard: Counter[str] = field(default_factory=Counter)
    at: list[tuple[str, int, float, float]] = field(default_factory=list)  # what, status, sent, answered
    settled_at: float = 0.0  # when the newest command that was settled at once had been sent
    outage: bool = False  # Temporal is away for long, on purpose
    stop: bool = False

    def live(self) -> list[Known]:
        """Tickets that are not closed, as far as is known."""
        return [known for known in self.tickets.values() if known.state != "closed"]

    async def run(self) -> None:
        """Until told to stop; what was begun is brought to its end."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._intake())
            for who in (*AGENTS, "cora"):
                group.create_task(self._work(who))

    async def _intake(self) -> None:
        """Opens tickets; in a long outage ever more of them, and writes to each without waiting for the outcome."""
        async with self._client() as http, asyncio.TaskGroup() as replies:
            while not self.stop:
                await self._nap(0.3, 1.6)
                live = self.live()
                person = Person(self, http, self.chance.choice(REQUESTERS))
                if len(live) < self.most_live or self.outage:
                    ref = await person.open()
                    if self.outage and ref is not None:
                        replies.create_task(person.reply(ref))
                elif mine := [one for one in live if one.requester == person.who]:
                    await person.look(self.chance.choice(mine))  # it may have been closed by time

    async def _work(self, who: str) -> None:
        async with self._client() as http:
            person = Person(self, http, who)
            while not self.stop:
                await self._nap(0.05, 0.7)
                mine = [one for one in self.live() if who in AGENTS or one.requester == who]
                if mine:
                    await person.act(self.chance.choice(mine))

    async def _nap(self, least: float, most: float) -> None:
        await asyncio.sleep(self.chance.uniform(least, most))

    def _client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(base_url=self.base, timeout=12.0, trust_env=False)


@dataclass
class Person:
    """One person at one HTTP client."""

    crowd: Crowd
    http: httpx2.AsyncClient
    who: str

    async def open(self) -> str | None:
        """Open a ticket; its number, None when something went wrong."""
        key = str(uuid.uuid4())
        severity = self.crowd.chance.choice(("high", "low"))
        body = {"process": "chaos", "fields": {"title": key, "severity": severity}, "channel": "api"}
        answers = await self._once_or_twice("open", "POST", "/api/v1/tickets", body, {"Idempotency-Key": key})
        ref = None
        for answer in answers:
            if answer.status_code != 201:
                self.crowd.faults.append(f"opening was answered {answer.status_code}: {answer.text[:300]}")
                continue
            ticket = answer.json()
            self.crowd.tickets.setdefault(ticket["ref"], Known(ticket["ref"], self.who))
            self._see(ticket)
            ref = str(ticket["ref"])
            told = Told(key, self.who, "open", ref, "done", 201, ticket["revision"], ticket["state"])
            self.crowd.told.append(told)
        return ref

    async def look(self, known: Known) -> Body | None:
        """Read a ticket. What was seen or answered before must be in it."""
        seen = known.revision
        ticket: Body = (await self._insist("look", "GET", f"/api/v1/tickets/{known.ref}")).json()
        if ticket.get("revision", -1) < seen:
            self.crowd.faults.append(
                f"{known.ref} was seen at revision {seen}, then reading it gave {ticket}"
            )
            return None
        self._see(ticket)
        return ticket

    async def reply(self, ref: str) -> None:
        """Write a public reply."""
        key = str(uuid.uuid4())
        path = f"/api/v1/tickets/{ref}/comments"
        await self._command(key, "reply", ref, path, {"text": key, "public": True}, {"Idempotency-Key": key})

    async def act(self, known: Known) -> None:
        """Look at a ticket, and do something that fits, mostly."""
        ticket = await self.look(known)
        if ticket is None:
            return
        what = self._choose(ticket)
        if what == "reply":
            await self.reply(known.ref)
            return
        key = str(uuid.uuid4())
        headers = {"Idempotency-Key": key}
        headers["If-Match"] = "*" if self.crowd.chance.random() < 0.2 else f'"{ticket["revision"]}"'
        fields = {"note": key} if what in ("ask", "solve") else {}
        path = f"/api/v1/tickets/{known.ref}/transitions"
        await self._command(key, what, known.ref, path, {"transition": what, "fields": fields}, headers)

    def _choose(self, ticket: Body) -> str:
        chance = self.crowd.chance
        if self.who not in AGENTS:
            return {"solved": chance.choice(("reopen", "close")), "waiting": "reply"}.get(
                ticket["state"], chance.choice(("reply", "nudge"))
            )
        if chance.random() < 0.1:  # whatever comes to mind; most of it is refused
            return chance.choice(("start", "solve", "close", "reopen", "acknowledge", "no_such_thing"))
        fits = {
            "new": ("start", "start", "acknowledge", "ask", "call", "deal", "nudge", "reply"),
            "working": ("acknowledge", "ask", "call", "nudge", "nudge", "deal", "reply", "solve"),
            "waiting": ("nudge", "call", "reply", "solve"),
            "solved": ("reopen", "close", "reply"),
        }
        return chance.choice(fits.get(ticket["state"], ("reply",)))

    # ---- inside

    async def _command(
        self, key: str, what: str, ref: str, path: str, body: Body, headers: dict[str, str]
    ) -> None:
        for answer in await self._once_or_twice(what, "POST", path, body, headers):
            accepted = answer.status_code == 202
            if accepted:
                answer = await self._outcome(answer.json()["operation"])
            self._note(key, what, ref, answer, accepted=accepted)

    async def _once_or_twice(
        self, what: str, method: str, path: str, body: Body, headers: dict[str, str]
    ) -> list[httpx2.Response]:
        """Mostly once; sometimes twice at the same moment, as a proxy that repeats requests does."""
        times = 2 if self.crowd.chance.random() < 0.1 and headers.get("If-Match") != "*" else 1
        sent = [self._insist(what, method, path, body, headers) for _ in range(times)]
        return list(await asyncio.gather(*sent))

    async def _outcome(self, operation: str) -> httpx2.Response:
        """Poll an operation until it has an outcome."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answer = await self._insist("poll", "GET", f"/api/v1/operations/{operation}")
            if answer.status_code != 200 or answer.json()["status"] != "pending":
                return answer
            await asyncio.sleep(0.3)
        raise AssertionError(f"operation {operation} is pending for {PATIENCE} s")

    async def _insist(
        self,
        what: str,
        method: str,
        path: str,
        body: Body | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx2.Response:
        """Send the same request until it is answered by anything but 503."""
        token = {"Authorization": f"Bearer {self.crowd.tokens[self.who]}"}
        until = time.monotonic() + PATIENCE
        last = ""
        while time.monotonic() < until:
            sent = time.monotonic()
            try:
                answer = await self.http.request(
                    method, path, json=body, headers={**token, **(headers or {})}
                )
            except httpx2.TransportError as error:
                last = type(error).__name__
                self.crowd.heard[last] += 1
                await asyncio.sleep(0.15)
                continue
            self.crowd.heard[f"{answer.status_code}"] += 1
            self.crowd.at.append((what, answer.status_code, sent, time.monotonic()))
            if what not in ("open", "look", "poll") and answer.status_code in (200, 201):
                self.crowd.settled_at = max(self.crowd.settled_at, sent)
            if answer.status_code == 500:
                self.crowd.faults.append(f"{method} {path}: 500 {answer.text[:300]}")
            elif answer.status_code != 503:
                return answer
            last = answer.text[:300]
            await asyncio.sleep(0.3)
        raise AssertionError(f"{method} {path} has no answer after {PATIENCE} s; last: {last}")

    def _note(self, key: str, what: str, ref: str, answer: httpx2.Response, *, accepted: bool) -> None:
        """Remember a definite answer."""
        body = answer.json()
        status, code = answer.status_code, str(body.get("code", ""))
        outcome: Outcome
        ticket: Body = {}
        if accepted and status == 200 and body["status"] == "done":
            outcome, ticket = "done", body["ticket"]
        elif accepted and status == 200 and body["status"] == "refused":
            outcome, code = "refused", body["problem"]["code"]
        elif status in (200, 201):
            outcome, ticket = "done", body if "revision" in body else {}
        elif status == 412:
            outcome = "stale"
        elif status in (403, 404, 409, 422):
            outcome = "refused"
        else:
            self.crowd.faults.append(f"{what} of {ref} was answered {status}: {answer.text[:300]}")
            return
        if code in ("engine_fault", "key_reused", "form_invalid", "not_found"):
            self.crowd.faults.append(f"{what} of {ref} was answered {status} {code}: {answer.text[:300]}")
        if ticket:
            self._see(ticket)
        elif outcome == "done":
            self._see_tag(ref, answer)
        told = Told(
            key,
            self.who,
            what,
            ref,
            outcome,
            status,
            ticket.get("revision"),
            ticket.get("state"),
            code,
            accepted,
        )
        self.crowd.told.append(told)

    def _see(self, ticket: Body) -> None:
        known = self.crowd.tickets[ticket["ref"]]
        if ticket["revision"] > known.revision:
            known.revision, known.state = ticket["revision"], ticket["state"]

    def _see_tag(self, ref: str, answer: httpx2.Response) -> None:
        known = self.crowd.tickets[ref]
        known.revision = max(known.revision, int(answer.headers["ETag"].strip('"')))
