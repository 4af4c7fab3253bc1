"""Bodies of requests: read within bounds, JSON objects only, with text that can be stored."""

import json
from typing import Any

from starlette.requests import Request

from bot.channels.web.errors import Malformed, NotJson, TooLarge
from core.errors import Invalid

MOST_BYTES = 64 * 1024
MOST_DRAINED = 1024 * 1024


async def json_object(request: Request, known: set[str]) -> dict[str, Any]:
    """Return the JSON object of a body.

    Raises `NotJson`, `TooLarge`, `Malformed`, or `Invalid` for another value than an object and
    for a field that is not `known`.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotJson("error.not_json")
    raw = await _read(request)
    try:
        given = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Malformed("error.malformed_json") from None
    if not isinstance(given, dict):
        raise Invalid("error.not_an_object")
    for name in sorted(given.keys() - known):
        raise Invalid("error.unknown_field", field=storable(name)[:40])
    return given


def text_field(given: dict[str, Any], name: str, most: int | None = None) -> str:
    """Return a field that has to be a text of at most `most` characters; raises `Invalid`."""
    value = given[name]
    if not isinstance(value, str) or (most is not None and len(value) > most):
        raise Invalid("error.field_wrong", field=name)
    return storable(value)


def storable(text: str) -> str:
    """Replace what no database and no encoding takes: NUL, and halves of surrogate pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")


async def _read(request: Request) -> bytes:
    """Return a body of at most 64 kB, whether it says its length before or not."""
    body = bytearray()
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= MOST_BYTES:
            body += chunk
        # What is too large is read on for a while: a client still writing would not see the answer.
        elif received > MOST_DRAINED:
            break
    if received > MOST_BYTES:
        raise TooLarge("error.body_too_large", kilobytes=MOST_BYTES // 1024)
    return bytes(body)
