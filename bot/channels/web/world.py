"""What the chat knows around a request: its network, and the reader's language and address."""

import asyncio
import ipaddress
from collections.abc import Sequence

from starlette.requests import Request

from core import db, texts
from core.network import store
from core.network.schema import Network

PATIENCE_SECONDS = 3.0

_remembered: Network | None = None


async def network() -> Network:
    """Return the network in force; while the database is away, the one that was last seen.

    The page and its crisis lines are shown also then. Raises what the database raises when this
    process has not seen one yet.
    """
    global _remembered
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            _remembered = await db.unit_of_work(store.current())
    except Exception:
        if _remembered is None:
            raise
    return _remembered


def remembered() -> Network | None:
    """Return the network that was last seen by this process, without asking the database."""
    return _remembered


def accepted(request: Request, offered: Sequence[str]) -> str | None:
    """Return the offered language that the browser likes best, None when it names none of them."""
    wishes: list[tuple[float, str]] = []
    for part in request.headers.get("Accept-Language", "")[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), tag))
        except ValueError:
            continue
    found = (match_language(tag, offered) for _, tag in sorted(wishes, key=lambda wish: wish[0]))
    return next(filter(None, found), None)


def match_language(tag: str, offered: Sequence[str]) -> str | None:
    """Return the offered language for a tag such as `de-AT`, or None."""
    main = tag.strip().lower().replace("_", "-").partition("-")[0]
    return next((language for language in offered if language.lower() == main), None)


def reader_language(request: Request) -> str:
    """Return the language of the conversation, else one that the browser asks for."""
    known = request.scope.get("passung.language")
    if known in texts.languages():
        return str(known)
    offered = _remembered.languages if _remembered else texts.languages()
    return accepted(request, offered) or offered[0]


def address(request: Request) -> str:
    """Return whence a request comes, for limits; a home has a whole /64 of IPv6."""
    host = request.client.host if request.client else ""
    try:
        given = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(given, ipaddress.IPv6Address):
        if given.ipv4_mapped:
            return str(given.ipv4_mapped)
        return str(ipaddress.ip_network((given, 64), strict=False))
    return str(given)
