"""The floors: bare Temporal (an empty workflow) and a bare FastAPI insert, on the same machine in the same run."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx2
from temporalio.client import Client

from bench.empty_workflow import QUEUE, Empty
from bench.figures import Figures
from bench.load import closed_loop


async def bare_temporal(address: str, *, calls: int) -> list[Figures]:
    """Start and update empty workflows, the worker in a process of its own, as a desk has it."""
    client = await Client.connect(address)
    snapshot = {"text": "x" * 2400}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.bare_worker", address, stdin=asyncio.subprocess.DEVNULL
    )
    found: list[Figures] = []
    try:

        async def start(number: int) -> None:
            await client.start_workflow(Empty.run, snapshot, id=f"bare/{uuid4()}", task_queue=QUEUE)

        async def running(number: int) -> None:
            handle = await client.start_workflow(Empty.run, snapshot, id=f"bare/{uuid4()}", task_queue=QUEUE)
            await handle.query(Empty.count)

        await running(0)
        for clients in (1, 8, 32):
            found.append(await closed_loop("bare Temporal start accepted", calls, clients, start))
        for clients in (1, 8, 32):
            found.append(await closed_loop("bare Temporal start running", calls, clients, running))
        handles = [
            await client.start_workflow(Empty.run, snapshot, id=f"bare/{uuid4()}", task_queue=QUEUE)
            for _ in range(64)
        ]

        async def update(number: int) -> None:
            await handles[number % len(handles)].execute_update(Empty.bump, number)

        for clients in (1, 8):
            found.append(await closed_loop("bare Temporal update", calls, clients, update))
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    return found


APP = """
import json, sqlite3, uuid
from fastapi import FastAPI, Request
app = FastAPI()
db = sqlite3.connect({path!r}, check_same_thread=False, isolation_level=None)
db.execute("pragma journal_mode=wal"); db.execute("pragma synchronous=full")
db.execute("create table if not exists t (id text primary key, body text)")
@app.post("/rows", status_code=201)
def insert(body: dict) -> dict:
    key = str(uuid.uuid4())
    db.execute("insert into t values (?, ?)", (key, json.dumps(body)))
    return {{"id": key}}
"""


@asynccontextmanager
async def _insert_server(port: int) -> AsyncIterator[str]:
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "bare_insert.py").write_text(APP.format(path=str(Path(home) / "rows.db")))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "uvicorn",
            "bare_insert:app",
            "--port",
            str(port),
            "--log-level",
            "warning",
            cwd=home,
            env={**os.environ, "PYTHONPATH": home},
            stdin=asyncio.subprocess.DEVNULL,
        )
        try:
            base = f"http://127.0.0.1:{port}"
            async with httpx2.AsyncClient() as client:
                for _ in range(200):
                    try:
                        await client.get(f"{base}/openapi.json")
                        break
                    except httpx2.TransportError:
                        await asyncio.sleep(0.05)
            yield base
        finally:
            process.terminate()
            await process.wait()


async def bare_insert(port: int, *, calls: int) -> list[Figures]:
    """POST one row into SQLite (WAL, synchronous=FULL) through FastAPI."""
    async with _insert_server(port) as base, httpx2.AsyncClient(base_url=base) as client:

        async def insert(number: int) -> None:
            answer = await client.post("/rows", json={"title": f"row {number}", "text": "x" * 400})
            answer.raise_for_status()

        return [await closed_loop("bare FastAPI insert", calls, clients, insert) for clients in (1, 8, 32)]


def sqlite_version() -> str:
    """For the description of the machine."""
    return sqlite3.sqlite_version
