"""What holds for every request and answer of the office, whatever comes of it.

An unsafe request must come from our own pages, as a form of a bearable size; every answer,
faults included, forbids scripts, styles and frames of others and is kept by no cache.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admin.languages import language_of
from core import texts
from core.config import settings

LARGEST = 64 * 1024
"""Bytes of one form."""
SAFE = ("GET", "HEAD", "OPTIONS")
FORM = "application/x-www-form-urlencoded"
LOOPBACK = ("localhost", "127.0.0.1", "::1")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would blank the Origin of our own forms as well.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Vary": "HX-Request",
}
YEAR = 365 * 24 * 3600


class Guard:
    """ASGI application around the office."""

    def __init__(self, office: ASGIApp) -> None:
        self._office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what did not come from our pages, and put the headers on every answer."""
        if scope["type"] != "http":
            return
        static = scope["path"].removeprefix(scope.get("root_path", "")).startswith("/static/")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _put_headers(MutableHeaders(scope=message), static)
            await send(message)

        if scope["method"] not in SAFE:
            refusal = _refusal(scope)
            body = None if refusal else await _whole(receive)
            if refusal or body is None:
                refusal = refusal or _refused(scope, 413, "error.too_large")
                await refusal(scope, receive, send_guarded)
                return
            receive = _replay(body, receive)
        await self._office(scope, receive, send_guarded)


def is_own(origin: str, host: str) -> bool:
    """Tell whether an Origin is this server's: the configured address, or loopback itself."""
    given, own = urlsplit(origin), urlsplit(settings().base_url)
    if (given.scheme, given.netloc) == (own.scheme, own.netloc):
        return True
    return given.netloc == host and given.hostname in LOOPBACK and own.scheme == "http"


def _refused(scope: Scope, status: int, key: str) -> Response:
    return PlainTextResponse(texts.say(language_of(Request(scope)), key), status)


def _refusal(scope: Scope) -> Response | None:
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None:
        ours = headers.get("sec-fetch-site") == "same-origin"
    else:
        ours = is_own(origin, headers.get("host", ""))
    if not ours or headers.get("content-type", "").partition(";")[0].strip() != FORM:
        return _refused(scope, 403, "error.not_from_here")
    return None


async def _whole(receive: Receive) -> bytes | None:
    """Return the body; None when it is larger than any form of ours."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > LARGEST:
            return None
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return parts.pop() if parts else await receive()

    return again


def _put_headers(headers: MutableHeaders, static: bool) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    # The files carry their own ETag: a new release is seen at the next page.
    headers["Cache-Control"] = "no-cache" if static else "no-store"
    if settings().base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
