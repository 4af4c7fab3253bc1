"""The stream that tells an open page to look again; it carries no data itself."""

import asyncio
from collections.abc import AsyncIterable
from contextlib import AsyncExitStack
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from admin.session import Reader, cookie_name
from core import signin, wake
from core.wake import Signal

router = APIRouter()
LOOK_AGAIN = 15.0
"""Seconds after which a stream asks whether its session still lasts."""
GATHER = 0.3
"""Seconds in which several changes become one event."""

Conversation = Annotated[str, Query(pattern=r"^[A-Za-z0-9_-]{0,22}$")]


@router.get("/events", response_class=EventSourceResponse)
async def events(
    request: Request, here: Reader, conversation: Conversation = ""
) -> AsyncIterable[ServerSentEvent]:
    """Yield `queues` and `thread` when their rows have changed, `ended` with the session."""
    token = request.cookies[cookie_name()]
    topics = {"queues": "inbox"}
    if conversation:
        topics["thread"] = f"conversation:{conversation}"
    async with AsyncExitStack() as stack:
        signals = {
            event: await stack.enter_async_context(wake.listen(topic))
            for event, topic in topics.items()
        }
        # A page that was away for a while has missed what changed meanwhile.
        for event in signals:
            yield ServerSentEvent(event=event, data="")
        while await signin.who(token, awake=False) is not None:
            for event in await _woken(signals):
                yield ServerSentEvent(event=event, data="")
        yield ServerSentEvent(event="ended", data="")


async def _woken(signals: dict[str, Signal]) -> list[str]:
    """Wait until something changed or it is time to look again; return which events to send."""
    waits = {
        event: asyncio.create_task(signal.wait(LOOK_AGAIN)) for event, signal in signals.items()
    }
    try:
        await asyncio.wait(waits.values(), return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(GATHER)
        return [event for event, wait in waits.items() if wait.done() and wait.result()]
    finally:
        for wait in waits.values():
            wait.cancel()
