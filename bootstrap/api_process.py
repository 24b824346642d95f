"""The process that serves the API and the pages. `python -m bootstrap.api_process`, or `evertick api`."""

from __future__ import annotations

import asyncio

import uvicorn
from uvicorn.loops.auto import auto_loop_factory

from bootstrap.http_app import http_app
from bootstrap.leaving import leave
from bootstrap.logs import set_up_logs
from bootstrap.settings import Settings
from bootstrap.wiring import connected


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C. Temporal may come up later: intake goes on without it."""
    client = await connected(settings, lazy=True)
    config = uvicorn.Config(
        http_app(settings, client),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
        server_header=False,
    )
    await uvicorn.Server(config).serve()


def main() -> None:
    """Run with the settings of the environment."""
    settings = Settings()
    set_up_logs(settings.log_level, settings.log_format)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:  # uvloop where there is one
        runner.run(serve(settings))


if __name__ == "__main__":
    main()
    leave(0)
