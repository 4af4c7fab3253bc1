"""What the patient says, and everything that was said."""

import re
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web import body
from bot.channels.web.access import Reader
from bot.turn import Inbound, take_turn
from core import conversations, db
from core.errors import Invalid
from core.models import Conversation

router = APIRouter()
MESSAGE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
LONGEST_CHOICE = 200
LARGEST_SEQ = 2**31 - 1
PAGE = 500


@router.post("/messages")
async def receive(request: Request, conversation: Reader) -> Response:
    """Take one message: 202 once it is committed, 200 when it was committed before."""
    inbound = _inbound(conversation, await body.json_object(request, {"id", "text", "choice"}))
    # A task of its own, so that a page that goes away does not stop the turn half-way.
    taken = await db.unit_of_work(take_turn(inbound))
    return JSONResponse({"seq": taken.seq}, 202 if taken.created else 200)


@router.get("/messages")
async def read(request: Request, conversation: Reader) -> Response:
    """Return all messages after a sequence, oldest first."""
    after = sequence(request.query_params.get("after"), "after")
    rows: list[dict[str, Any]] = []
    while True:
        page = await conversations.read(conversation, after, PAGE)
        rows += page
        if len(page) < PAGE:
            return JSONResponse(rows)
        after = page[-1]["seq"]


def sequence(given: str | None, field: str) -> int:
    """Return a sequence number, 0 when none is given; raises `Invalid`."""
    if not given:
        return 0
    if not re.fullmatch(r"[0-9]{1,20}", given):
        raise Invalid("error.field_wrong", field=field)
    return min(int(given), LARGEST_SEQ)


def _inbound(conversation: Conversation, given: dict[str, Any]) -> Inbound:
    if "id" not in given:
        raise Invalid("error.field_missing", field="id")
    message_id = body.text_field(given, "id")
    if not MESSAGE_ID.fullmatch(message_id):
        raise Invalid("error.not_a_message_id")
    if ("text" in given) == ("choice" in given):
        raise Invalid("error.text_or_choice")
    common: dict[str, Any] = {
        "channel": "web",
        "conversation_id": conversation.id,
        "external_id": message_id.lower(),
    }
    if "choice" in given:
        choice = body.text_field(given, "choice", LONGEST_CHOICE)
        return Inbound(**common, kind="choice", choice=choice)
    said = body.text_field(given, "text")
    return Inbound(**common, kind="text" if said.strip() else "empty", text=said)
