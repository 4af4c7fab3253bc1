"""Where an error of the house becomes a status of the web, and words for the reader."""

import html
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.channels.web import world
from core import clock, texts
from core.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    PassungError,
    TooMany,
)
from core.rules.crisis import lines_open


class Malformed(Invalid):
    """Not JSON, though it says so."""


class NotJson(Invalid):
    """Another type of content."""


class NoSession(NotAllowed):
    """No token, or one that has ended."""


STATUS: dict[type[PassungError], int] = {
    Malformed: 400,
    NotJson: 415,
    NoSession: 401,
    Invalid: 422,
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    TooMany: 429,
}
RETRY_SECONDS = 5


def handle_in(chat: FastAPI) -> None:
    """Answer every error of the chat in one form: `{"error": key, "text": words}`."""
    chat.add_exception_handler(PassungError, _expected)
    chat.add_exception_handler(HTTPException, _of_routing)
    chat.add_exception_handler(Exception, _unexpected)


def unavailable(request: Request) -> Response:
    """Return 503 with whom to call in danger; needs no database."""
    language, network = world.reader_language(request), world.remembered()
    number = network.emergency_number if network else "112"
    said = texts.say(language, "error.chat_unavailable", number=number)
    lines = lines_open(network, clock.now(), None, language) if network else []
    retry = {"Retry-After": str(RETRY_SECONDS)}
    if "text/html" in request.headers.get("Accept", ""):
        return HTMLResponse(_plain_page(language, said), 503, retry)
    shown = [
        {"label": line.label, "tel": line.tel, "url": line.url, "hours": line.hours}
        for line in lines
    ]
    body = {"error": "error.chat_unavailable", "text": said, "lines": shown}
    return JSONResponse(body, 503, retry)


async def _expected(request: Request, error: Exception) -> Response:
    assert isinstance(error, PassungError)
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), None)
    if status is None:
        return unavailable(request)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.data.get("seconds", RETRY_SECONDS))
    return answer(request, status, error.key, error.data, headers)


async def _of_routing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    key = "error.no_such_method" if error.status_code == 405 else "error.not_found"
    return answer(request, error.status_code, key, {}, dict(error.headers or {}))


async def _unexpected(request: Request, error: Exception) -> Response:
    return unavailable(request)


def answer(
    request: Request, status: int, key: str, data: dict[str, Any], headers: dict[str, str]
) -> JSONResponse:
    language, network = world.reader_language(request), world.remembered()
    number = network.emergency_number if network else "112"
    try:
        said = texts.say(language, key, **{"number": number, **data})
    except KeyError:
        said = texts.say(language, "error.unexpected")
    return JSONResponse({"error": key, "text": said}, status, headers)


def _plain_page(language: str, said: str) -> str:
    return (
        f'<!doctype html><html lang="{language}" dir="{texts.direction(language)}">'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>…</title><p>{html.escape(said)}</p></html>"
    )
