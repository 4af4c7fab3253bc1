"""What every request passes: a number, a bound on its size, headers, one line in the log.

A fault that no surface caught ends here: it is logged with its place, and the reader is told the
number under which it can be found.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web import world
from core import texts
from core.audit import request_id
from core.config import settings

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024
MOST_DRAINED = 1024 * 1024
"""What is too large is read on for a while: a client still writing would not see the answer."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Set where a surface has not set its own."""
HTTPS_FOR_A_YEAR = "max-age=31536000; includeSubDomains"
QUIET = ("/livez", "/readyz")

_streams: set[asyncio.Task[object]] = set()


def end_streams() -> None:
    """End every open event stream: the server stops, and pages connect to its successor."""
    for task in list(_streams):
        task.cancel()


class Edge:
    """The outermost layer of the web process."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.https = settings().base_url.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        number = secrets.token_urlsafe(9)
        request_id.set(number)
        begun, status, this = time.perf_counter(), 0, asyncio.current_task()

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status, headers = message["status"], MutableHeaders(scope=message)
                self._add_headers(headers, number)
                if this and headers.get("Content-Type", "").startswith("text/event-stream"):
                    _streams.add(this)
            await send(message)

        try:
            bounded = await _bounded(receive)
            if bounded is None:
                await _too_large(scope)(scope, receive, send_on)
            else:
                await self.app(scope, bounded, send_on)
        except ClientDisconnect:
            return
        except asyncio.CancelledError:
            if this not in _streams:
                raise
            await send({"type": "http.response.body", "body": b""})
        except Exception:
            log.exception("a request failed", extra={"reference": number})
            if not status:
                await _failed(scope, number)(scope, receive, send_on)
        finally:
            if this:
                _streams.discard(this)
            _note(scope, status, time.perf_counter() - begun)

    def _add_headers(self, headers: MutableHeaders, number: str) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self.https:
            headers.setdefault("Strict-Transport-Security", HTTPS_FOR_A_YEAR)
        headers["X-Request-Id"] = number


async def _bounded(receive: Receive) -> Receive | None:
    """Read a body of at most 64 kB and return a `receive` that gives it; None for a larger one."""
    body, received = bytearray(), 0
    async for chunk in _chunks(receive):
        received += len(chunk)
        if received <= MOST_BYTES:
            body += chunk
        elif received > MOST_DRAINED:
            return None
    if received > MOST_BYTES:
        return None
    waiting: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        yield message.get("body", b"")
        more = message.get("more_body", False)


def _too_large(scope: Scope) -> Response:
    language = world.reader_language(Request(scope))
    said = texts.say(language, "error.body_too_large", kilobytes=MOST_BYTES // 1024)
    headers = {"Connection": "close", "Cache-Control": "no-store"}
    return JSONResponse({"error": "error.body_too_large", "text": said}, 413, headers)


def _failed(scope: Scope, number: str) -> Response:
    language = world.reader_language(Request(scope))
    said = texts.say(language, "error.unexpected_reference", reference=number)
    body = {"error": "error.unexpected_reference", "text": said, "reference": number}
    return JSONResponse(body, 500, {"Cache-Control": "no-store"})


def _note(scope: Scope, status: int, seconds: float) -> None:
    """Log a request by its route alone: paths and queries are whatever somebody typed."""
    route = getattr(scope.get("route"), "path", None)
    level = logging.DEBUG if route in QUIET else logging.INFO
    seen = {"method": scope["method"], "route": route, "status": status}
    log.log(level, "request", extra={**seen, "ms": round(seconds * 1000)})
