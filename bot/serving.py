"""The web server in this process: uvicorn, stopped by an event instead of its own signals."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from fastapi import FastAPI

from bot.edge import end_streams
from bot.warmth import warm_up
from core.config import Settings
from core.errors import Misconfigured

FINISH_SECONDS = 8
BACKLOG = 2048


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The process stops its worker and its server together, and ends with its own status.
        yield

    ready: Callable[[], object] = staticmethod(lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Open event streams would keep the server waiting until its patience ends.
        end_streams()
        await super().shutdown(sockets)


async def serve(
    app: FastAPI, settings: Settings, stop: asyncio.Event, ready: Callable[[], object]
) -> None:
    """Serve until `stop` is set; requests under way may take eight seconds more.

    `ready` is called once connections are accepted. Raises `Misconfigured` when nothing can
    listen on the address.
    """
    await warm_up()
    listener = _listener(settings.host, settings.port)
    server = _Server(
        uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies or None,
            timeout_graceful_shutdown=FINISH_SECONDS,
        )
    )

    server.ready = ready

    async def watch() -> None:
        await stop.wait()
        server.should_exit = True

    watching = asyncio.create_task(watch())
    try:
        await server.serve([listener])
    finally:
        watching.cancel()
        listener.close()


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Misconfigured("error.cannot_listen", host=host, port=port, reason=reason) from None
