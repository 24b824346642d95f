"""The incident's story, told by a temporary desk with real parts: what is printed is what its journal says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx2
import uvicorn

from api.app import create_api
from bootstrap.ports import a_free_port
from bootstrap.temporary_desk import TemporaryDesk, TemporaryWorld, temporary_desk
from desk.values import Caller, DeliveryView, TimelineView
from domain.errors import EvertickError
from domain.language.models import text_in

Say = Callable[[str], None]

REQUESTER, RESOLVER, WATCHER = "alice", "wang", "mia"
VPN = {
    "title": "VPN unusable",
    "description": "Nobody in the Shanghai office can log in since 17:45.",
    "service": "vpn",
    "category": "vpn",
    "impact": "extensive",
    "urgency": "critical",
    "affected_users": 800,
}
EXPECTED = ("deng", "wang", "liu", "zhao", "zhao", "mia", "zhao")
"""Who is paged, in order: service desk, L2 on call, L2 lead, duty manager at 75 %, duty manager as third step, and
at the breach the incident manager and the duty manager."""

TEXTS = {
    "en": {
        "desk": "A desk of its own: Temporal, database, worker, API. Started in {seconds:.1f} s.",
        "opened": "\n{name} opens “VPN unusable” through the API ({method} → {status}): {ref}, {priority}.",
        "jump": "\n… the ticket's time jumps to {at:%H:%M} …",
        "takes": "\n{name} takes it, too late, and resolves it 20 minutes later.",
        "end": "\nEvery line above is an entry of the ticket's journal, kept by a durable workflow and its row.",
    },
    "zh-CN": {
        "desk": "启动一个临时服务台：Temporal、数据库、工作进程、API，用时 {seconds:.1f} 秒。",
        "opened": "\n{name} 通过 API 提交 “VPN unusable”（{method} → {status}）：{ref}，{priority}。",
        "jump": "\n…… 工单时间跳到 {at:%H:%M} ……",
        "takes": "\n{name} 接手（已经迟了），并在 20 分钟后解决。",
        "end": "\n以上每一行都是工单日志的条目，由持久工作流与数据库行共同保存。",
    },
}


class TourFailed(EvertickError):
    """The story did not happen as it is told."""

    code = "tour_failed"


@dataclass
class _Teller:
    """Prints journal lines that were not printed yet, and remembers who was paged."""

    temporary: TemporaryDesk
    caller: Caller
    lang: str
    zone: ZoneInfo
    say: Say
    told: int = 0
    paged: list[str] = field(default_factory=list)

    async def catch_up(self, ref: str) -> None:
        for line in await self.temporary.desk.timeline(self.caller, ref, after_seq=self.told):
            self.told = line.entry.seq
            for words in self._lines(line):
                self.say(words)

    def _lines(self, line: TimelineView) -> list[str]:
        at = f"{line.entry.at.astimezone(self.zone):%H:%M}"
        pages = [delivery for delivery in line.deliveries if delivery.kind == "page"]
        self.paged += [delivery.recipient for delivery in pages]
        who = f" · {line.actor_name}" if line.actor_name else ""
        found = [f"  {at}  {text_in(words, self.lang)}{who}" for words in line.words]
        found += [f"  {at}  ☎  {self._page(delivery)}" for delivery in pages]
        return found

    def _page(self, delivery: DeliveryView) -> str:
        name = delivery.recipient_name or delivery.error
        return f"{name}: {delivery.subject}"


async def tell(lang: str, say: Say) -> None:
    """Tell the story. Raises TourFailed when it does not happen as told, EvertickError when the desk cannot start."""
    texts = TEXTS[lang]
    begun = asyncio.get_running_loop().time()
    async with temporary_desk(TemporaryWorld(starts=_friday_evening())) as temporary:
        zone = ZoneInfo("Asia/Shanghai")
        caller = await temporary.desk.caller(WATCHER)
        if caller is None:
            raise TourFailed(f"the organisation has no {WATCHER}")
        teller = _Teller(temporary, caller, lang, zone, say)
        async with _served(temporary) as base:
            say(texts["desk"].format(seconds=asyncio.get_running_loop().time() - begun))
            await _story(temporary, teller, base, texts)
        say(texts["end"])


async def _story(temporary: TemporaryDesk, teller: _Teller, base: str, texts: dict[str, str]) -> None:
    started = temporary.clock()
    async with _client(temporary, base, REQUESTER) as requester:
        opened = await requester.post("/api/v1/tickets", json={"process": "incident", "fields": VPN})
        ticket = _answered(opened, 201)
    id, ref = str(ticket["id"]), str(ticket["ref"])
    priority = str(ticket.get("priority") or "P1")
    teller.say(
        texts["opened"].format(
            name=REQUESTER, method="POST /api/v1/tickets", status=201, ref=ref, priority=priority
        )
    )
    await temporary.at_rest(id)
    await teller.catch_up(ref)
    for minutes in (31, 41, 61):
        at = started + timedelta(minutes=minutes)
        teller.say(texts["jump"].format(at=at.astimezone(teller.zone)))
        await temporary.jump_to(id, at)
        await teller.catch_up(ref)
    paged = tuple(teller.paged)
    if sorted(paged[:5]) != sorted(EXPECTED[:5]) or set(paged) != set(EXPECTED):
        raise TourFailed(f"paged: {', '.join(paged)}; told: {', '.join(EXPECTED)}")
    teller.say(texts["takes"].format(name=RESOLVER))
    async with _client(temporary, base, RESOLVER) as resolver:
        await _move(resolver, ref, "start", {})
        await temporary.jump_to(id, temporary.clock() + timedelta(minutes=20))
        fields = {"resolution_code": "fixed", "resolution": "The certificate of the gateway was renewed."}
        await _move(resolver, ref, "resolve", fields)
        await temporary.at_rest(id)
        state = _answered(await resolver.get(f"/api/v1/tickets/{ref}"), 200).get("state")
    await teller.catch_up(ref)
    if state != "resolved":
        raise TourFailed(f"the ticket is {state}, not resolved")


async def _move(client: httpx2.AsyncClient, ref: str, transition: str, fields: dict[str, str]) -> None:
    tag = (await client.get(f"/api/v1/tickets/{ref}")).headers.get("ETag", "")
    body = {"transition": transition, "fields": fields}
    _answered(
        await client.post(f"/api/v1/tickets/{ref}/transitions", json=body, headers={"If-Match": tag}), 200
    )


def _answered(answer: httpx2.Response, status: int) -> dict[str, object]:
    if answer.status_code != status:
        raise TourFailed(
            f"{answer.request.method} {answer.request.url.path} answered {answer.status_code}: {answer.text}"
        )
    body: dict[str, object] = answer.json()
    return body


@asynccontextmanager
async def _client(temporary: TemporaryDesk, base: str, person: str) -> AsyncIterator[httpx2.AsyncClient]:
    token = await temporary.desk.issue_token(person, "tour")
    async with httpx2.AsyncClient(
        base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=30
    ) as client:
        yield client


@asynccontextmanager
async def _served(temporary: TemporaryDesk) -> AsyncIterator[str]:
    """The API of the temporary desk on a port of its own."""
    port = a_free_port()
    config = uvicorn.Config(
        create_api(temporary.desk), host="127.0.0.1", port=port, log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if serving.done():
                raise TourFailed("the API could not be served")
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


def _friday_evening() -> datetime:
    """The next Friday, 17:50 in Shanghai: the story does not depend on when it is told."""
    zone = ZoneInfo("Asia/Shanghai")
    today = datetime.now(UTC).astimezone(zone)
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    return friday.replace(hour=17, minute=50, second=0, microsecond=0).astimezone(UTC)
