"""Bodies of requests: JSON objects only, with text that can be stored.

How large a body may be is decided before, at the edge of the process.
"""

import json
from typing import Any

from starlette.requests import Request

from bot.channels.web.errors import Malformed, NotJson
from bot.inbound import storable
from core.errors import Invalid


async def json_object(request: Request, known: set[str]) -> dict[str, Any]:
    """Return the JSON object of a body.

    Raises `NotJson`, `Malformed`, or `Invalid` for another value than an object and for a field
    that is not `known`.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotJson("error.not_json")
    try:
        given = json.loads((await request.body()).decode("utf-8-sig"))
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
