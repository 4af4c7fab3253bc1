"""Beginning, reopening and leaving a conversation."""

import secrets
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web import access, body, world
from bot.turn import Inbound, take_turn
from core import chat_access, conversations, db
from core.models import Conversation

router = APIRouter()
LONGEST_CODE = 200


@router.post("/sessions")
async def open_session(request: Request) -> Response:
    """Begin a conversation, or reopen the one of a return code."""
    if access.bearer(request) is None:
        access.check_origin(request)
    given = await body.json_object(request, {"language", "code"})
    wished = body.text_field(given, "language", 35) if "language" in given else None
    if "code" in given:
        code = body.text_field(given, "code", LONGEST_CODE)
        conversation = await chat_access.redeem(code, world.address(request))
    else:
        await chat_access.count_new_session(world.address(request))
        conversation = await _begin(request, wished)
    token = await chat_access.open_session(conversation)
    replaced = request.cookies.get(access.cookie_name())
    if replaced and access.bearer(request) is None:
        await chat_access.end(replaced)
    content: dict[str, Any] = {"token": token, "conversation": conversation.public_id}
    response = JSONResponse(content, 201)
    access.set_cookie(response, token)
    return response


@router.delete("/sessions")
async def leave(request: Request, conversation: access.Reader) -> Response:
    """Leave quickly: nothing of the conversation stays in the browser."""
    await chat_access.end(access.token_of(request))
    response = Response(status_code=204)
    access.clear_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


async def _begin(request: Request, wished: str | None) -> Conversation:
    """Start a conversation and let the bot greet, so that the greeting is there to be read."""
    offered = (await world.network()).languages
    if wished is None:
        language = world.accepted(request, offered)
    else:
        language = world.match_language(wished, offered)
    conversation = await conversations.start(
        "web", language or offered[0], secrets.token_urlsafe(16)
    )
    start = Inbound(
        channel="web", conversation_id=conversation.id, external_id="start", kind="start"
    )
    await db.unit_of_work(take_turn(start))
    return conversation
