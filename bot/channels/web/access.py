"""Who is asking: the session of a browser's cookie or of a client's bearer token."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.errors import NoSession
from core import chat_access
from core.config import settings
from core.errors import NotAllowed
from core.models import Conversation

LOCAL = ("localhost", "127.0.0.1", "::1")
SAFE = ("GET", "HEAD", "OPTIONS")


def is_https() -> bool:
    return settings().base_url.startswith("https://")


def cookie_name() -> str:
    # The __Host- prefix needs Secure, which browsers do not keep over plain http.
    return "__Host-passung" if is_https() else "passung"


def set_cookie(response: Response, token: str) -> None:
    """Give a browser the session until it is closed: on a shared phone nothing stays."""
    response.set_cookie(
        cookie_name(), token, path="/", secure=is_https(), httponly=True, samesite="lax"
    )


def clear_cookie(response: Response) -> None:
    response.delete_cookie(
        cookie_name(), path="/", secure=is_https(), httponly=True, samesite="lax"
    )


def bearer(request: Request) -> str | None:
    """Return the token of an `Authorization: Bearer` header; other schemes are a proxy's."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def token_of(request: Request) -> str:
    """Return the token of a request, a bearer's before a cookie's; empty when there is none.

    Raises `NotAllowed` when another site makes a browser send its cookie along with a change.
    """
    given = bearer(request)
    if given is not None:
        return given
    kept = request.cookies.get(cookie_name(), "")
    if kept:
        check_origin(request, required=True)
    return kept


def check_origin(request: Request, *, required: bool = False) -> None:
    """Raise `NotAllowed` for a change that a page of another site asks for."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    if origin is None and request.headers.get("Sec-Fetch-Site") in (None, "same-origin", "none"):
        if not required or request.headers.get("Sec-Fetch-Site") == "same-origin":
            return
    elif origin is not None and origin in _own_origins(request):
        return
    raise NotAllowed("error.other_site")


def _own_origins(request: Request) -> tuple[str, ...]:
    base = urlsplit(settings().base_url)
    own = f"{base.scheme}://{base.netloc}"
    # On one's own machine localhost and 127.0.0.1 are the same place, whichever was typed.
    host = request.headers.get("Host", "")
    if base.hostname in LOCAL and urlsplit(f"//{host}").hostname in LOCAL:
        return own, f"{base.scheme}://{host}"
    return (own,)


async def _reader(request: Request) -> Conversation:
    token = token_of(request)
    conversation = await chat_access.find(token) if token else None
    if conversation is None:
        raise NoSession("error.no_session")
    request.scope["passung.language"] = conversation.language
    return conversation


Reader = Annotated[Conversation, Depends(_reader)]
"""The conversation of the request's session; raises `NoSession` without one."""
