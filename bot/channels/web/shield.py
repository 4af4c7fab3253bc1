"""What stands around every answer of the chat: headers, and help when the house is on fire."""

import logging
import secrets
import traceback

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web import errors
from core.audit import request_id
from core.config import settings

log = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
HTTPS_FOR_A_YEAR = "max-age=31536000; includeSubDomains"


class Shield:
    """Adds the headers that an answer has not set itself.

    A fault that nobody expected becomes 503 with whom to call in danger.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_shielded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(MutableHeaders(scope=message))
            await send(message)

        request_id.set(secrets.token_urlsafe(9))
        try:
            await self.app(scope, receive, send_shielded)
        except ClientDisconnect:
            return
        except Exception as fault:
            # Never the fault's message: it may quote the patient.
            place = traceback.extract_tb(fault.__traceback__)[-1]
            log.error(
                "the chat failed: %s in %s:%s", type(fault).__name__, place.name, place.lineno
            )
            if not started:
                answer = errors.unavailable(Request(scope, receive))
                await answer(scope, receive, send_shielded)


def _add_headers(headers: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if headers.get("Content-Type", "").startswith("text/event-stream"):
        headers["Cache-Control"] = "no-store"
    if settings().base_url.startswith("https://"):
        headers.setdefault("Strict-Transport-Security", HTTPS_FOR_A_YEAR)
