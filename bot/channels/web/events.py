"""New messages as they come: a stream of server-sent events for each open page."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from bot.channels.web import access
from bot.channels.web.messages import sequence
from core import chat_access, conversations, db, wake
from core.models import Conversation
from core.wake import Signal

log = logging.getLogger(__name__)
router = APIRouter()

POLL_SECONDS = 2.0
"""How late a message comes at worst, should a wake-up be lost."""
RECONNECT_MS = 1000


def _resume_after(request: Request) -> int:
    """A browser that reconnects says what it has; that is newer than its address."""
    last = request.headers.get("Last-Event-ID")
    if last:
        return sequence(last, "Last-Event-ID")
    return sequence(request.query_params.get("after"), "after")


@router.get("/events", response_class=EventSourceResponse)
async def stream(
    request: Request,
    conversation: access.Reader,
    last: Annotated[int, Depends(_resume_after)],
) -> AsyncIterator[ServerSentEvent]:
    """Send each message after the last one that the page has, once and in order.

    Keep-alive comments come from the framework, each 15 seconds.
    """
    token = access.token_of(request)
    topic = conversation.public_id
    yield ServerSentEvent(retry=RECONNECT_MS, comment="open")
    async with (
        wake.listen(f"conversation:{topic}") as news,
        wake.listen(f"typing:{topic}") as types,
    ):
        # Listening begins before the first read: what is committed in between wakes us.
        while True:
            rows = await _after(token, conversation, last)
            if rows is None:
                return
            for row in rows:
                last = row["seq"]
                yield ServerSentEvent(raw_data=orjson.dumps(row).decode(), id=str(last))
            if not rows and await _typing_before_news(news, types):
                yield ServerSentEvent(raw_data="{}", event="typing")


async def _after(token: str, conversation: Conversation, last: int) -> list[dict[str, Any]] | None:
    """Return the messages after `last`; None once the session has ended.

    A database that is away for a moment does not end the stream: the page would have to ask
    again and again, and all pages at once.
    """
    try:
        newest = await db.unit_of_work(chat_access.newest_seq(token))
        if newest is None:
            return None
        if newest <= last:
            return []
        return await db.unit_of_work(conversations.read(conversation, last))
    except Exception as fault:
        log.warning("a stream could not read: %s", type(fault).__name__)
        await asyncio.sleep(POLL_SECONDS)
        return []


async def _typing_before_news(news: Signal, typing: Signal) -> bool:
    """Wait for a new message, for somebody who types, or for the next look at the rows."""
    waits = [asyncio.create_task(signal.wait(POLL_SECONDS)) for signal in (typing, news)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        typed, told = (wait.done() and wait.result() for wait in waits)
        return typed and not told
    finally:
        for wait in waits:
            wait.cancel()
