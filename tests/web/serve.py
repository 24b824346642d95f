"""The pages over the sample desk: in a thread for browser tests, or by hand (`python -m tests.web.serve`)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from tests.web.fake_desk import FakeDesk
from tests.web.sample import PEOPLE, t
from web.app import DemoAccount, mount_web

ACCOUNTS = tuple(
    DemoAccount(id, PEOPLE[id].name, role, about)
    for id, role, about in (
        ("alice", "requester", t("works in the Shanghai office", "上海办公室员工")),
        ("victor", "requester", t("a VIP", "VIP 用户")),
        ("deng", "agent", t("Service desk", "服务台")),
        ("wang", "agent", t("Network L2", "网络二线")),
        ("hanna", "agent", t("Messaging L2", "邮件二线")),
        ("mia", "manager", t("Incident manager", "事件经理")),
        ("zhao", "manager", t("Duty manager", "值班经理")),
        ("olga", "process_owner", t("owns the incident process", "负责事件流程")),
        ("root", "admin", t("runs the installation", "维护整个系统")),
    )
)


def sample_app(desk: FakeDesk) -> FastAPI:
    """The pages over this desk, at the time the sample stands still at."""
    app = FastAPI(openapi_url=None)

    @app.get("/api/v1/ping")
    async def ping() -> dict[str, str]:
        return {"answer": "pong"}

    mount_web(app, desk, demo_accounts=ACCOUNTS, clock=lambda: desk.now, site_zone="Asia/Shanghai")
    return app


@contextmanager
def served(desk: FakeDesk) -> Iterator[str]:
    """The base address of a server on a free port; it is gone at the end."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = uvicorn.Server(uvicorn.Config(sample_app(desk), log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


if __name__ == "__main__":
    with served(FakeDesk()) as address:
        print(address, flush=True)
        threading.Event().wait()
