"""Messages come by themselves, each once and in order, over broken lines and restarts too."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from bot.channels.web import events
from core import chat_access, clock, conversations, db, wake
from core.models import ChatSession, Conversation
from tests.served import Served
from tests.visitor import Event, Visitor

pytestmark = pytest.mark.anyio


async def until(stream: AsyncIterator[Event], seq: int, seconds: float = 20) -> list[int]:
    """Read a stream up to a sequence; return the sequences that came."""
    came: list[int] = []
    async with asyncio.timeout(seconds):
        async for event in stream:
            if event.name == "message" and event.data is not None:
                assert event.id == str(event.data["seq"])
                came.append(event.data["seq"])
                if came[-1] >= seq:
                    break
    return came


async def append(visitor: Visitor, texts: list[str], sender: str = "staff") -> int:
    """Write into a thread from another process than the server's; return the last sequence."""
    found = await Conversation.get(public_id=visitor.conversation)
    async with db.transaction():
        thread = await conversations.locked(found.id)
        for text in texts:
            await conversations.append(thread, sender, "text", {"text": text})
    return thread.seq


async def test_a_stream_sends_the_same_objects_as_reading_does(leyla: Visitor) -> None:
    await leyla.say("Guten Tag")
    shown = await leyla.read()
    last = shown[-1]["seq"]
    came = []
    async with leyla.events() as stream:
        async for event in stream:
            if event.data is not None:
                came.append(event.data)
                if event.data["seq"] == last:
                    break
    assert came == shown


async def test_a_stream_goes_on_after_what_the_page_has(leyla: Visitor) -> None:
    last = await append(leyla, ["eins", "zwei", "drei"])
    async with leyla.events(last=last - 2) as stream:
        assert await until(stream, last) == [last - 1, last]
    address = f"/chat/events?after={last - 1}"
    async with leyla.http.stream("GET", address, headers=leyla.bearer) as answer:
        lines = [line async for line in _first(answer, 6)]
    assert f"id: {last}" in lines


async def _first(answer: httpx.Response, n: int) -> AsyncIterator[str]:
    async for line in answer.aiter_lines():
        yield line
        n -= 1
        if n == 0:
            return


async def test_a_message_written_elsewhere_arrives_within_a_second(leyla: Visitor) -> None:
    begin = len(await leyla.read())
    async with leyla.events(last=begin) as stream:
        await anext(stream)
        for _ in range(3):
            await asyncio.sleep(0.3)
            began = time.monotonic()
            last = await append(leyla, ["Hier schreibt Paula Sommer"])
            assert await until(stream, last) == [last]
            assert time.monotonic() - began < 1


async def test_somebody_who_types_is_shown_without_an_id(leyla: Visitor) -> None:
    if not db.is_postgres():
        pytest.skip("on SQLite a process hears of its own typing only")
    async with leyla.events(last=len(await leyla.read())) as stream:
        await anext(stream)
        async with asyncio.timeout(5):
            arriving = asyncio.ensure_future(anext(stream))
            while not arriving.done():
                async with db.transaction():
                    await wake.announce(f"typing:{leyla.conversation}")
                await asyncio.sleep(0.1)
        event = arriving.result()
        assert (event.name, event.id) == ("typing", None)


async def test_a_change_elsewhere_does_not_look_like_typing(leyla: Visitor, josef: Visitor) -> None:
    begin = len(await leyla.read())
    async with leyla.events(last=begin) as stream:
        await anext(stream)
        for _ in range(5):
            await append(josef, ["etwas ganz anderes"])
            await asyncio.sleep(0.25)
        last = await append(leyla, ["fertig"])
        async for event in stream:
            assert event.name == "message"
            if event.id == str(last):
                break


async def test_nothing_of_another_conversation_comes(leyla: Visitor, josef: Visitor) -> None:
    begin = len(await leyla.read())
    async with leyla.events(last=begin) as stream:
        await anext(stream)
        await append(josef, ["nur für Josef"])
        last = await append(leyla, ["nur für Leyla"])
        assert await until(stream, last) == [last]


async def test_no_message_is_lost_or_doubled_over_a_killed_server(
    chat: Served, leyla: Visitor
) -> None:
    begin = len(await leyla.read())
    came: list[int] = []
    final = 10**9

    async def page() -> None:
        """What a browser does: reconnect for ever, saying what it has."""
        last = begin
        while last < final:
            try:
                async with leyla.events(last=last) as stream:
                    async for event in stream:
                        if event.data is not None and event.name == "message":
                            last = event.data["seq"]
                            came.append(last)
                            if last >= final:
                                break
            except (httpx.TransportError, AssertionError):
                await asyncio.sleep(0.1)

    reading = asyncio.create_task(page())
    for kill in range(2):
        for n in range(15):
            await append(leyla, [f"{kill} {n} a", f"{kill} {n} b"])
            await asyncio.sleep(0.02)
        await asyncio.to_thread(chat.stop, signal.SIGKILL)
        await append(leyla, ["während er aus war"])
        await asyncio.to_thread(chat.start)
    # Known before it is written, or it could arrive unrecognised.
    final = await append(leyla, ["das vorletzte"]) + 1
    await append(leyla, ["das letzte"])
    await asyncio.wait_for(reading, 20)
    assert came == list(range(begin + 1, final + 1))


async def test_a_stream_ends_when_the_patient_leaves(leyla: Visitor) -> None:
    async with leyla.events(last=0) as stream:
        await until(stream, 1)
        began = time.monotonic()
        await leyla.http.delete("/chat/sessions", headers=leyla.bearer)
        async with asyncio.timeout(5):
            rest = [event async for event in stream]
        assert time.monotonic() - began < 1
        assert all(event.name == "message" for event in rest)


async def test_a_stream_ends_when_the_session_has_lasted_long_enough(leyla: Visitor) -> None:
    async with leyla.events(last=len(await leyla.read())) as stream:
        await anext(stream)
        await ChatSession.filter(conversation__public_id=leyla.conversation).update(
            created_at=clock.now() - chat_access.ABSOLUTE - timedelta(seconds=1)
        )
        async with asyncio.timeout(events.POLL_SECONDS * 3):
            assert [event async for event in stream] == []


async def test_a_server_that_stops_does_not_wait_for_open_pages(
    chat: Served, leyla: Visitor
) -> None:
    async with leyla.events(last=0) as stream:
        await until(stream, 1)
        assert await asyncio.to_thread(chat.stop) < 5
        _ = [event async for event in stream]
    await asyncio.to_thread(chat.start)


async def test_twenty_pages_of_one_conversation_all_get_everything(leyla: Visitor) -> None:
    begin = len(await leyla.read())

    async def page(last: int) -> list[int]:
        async with leyla.events(last=begin) as stream:
            return await until(stream, last)

    pages = [asyncio.create_task(page(begin + 10)) for _ in range(20)]
    for n in range(10):
        await append(leyla, [str(n)])
    for came in await asyncio.gather(*pages):
        assert came == list(range(begin + 1, begin + 11))


@pytest.mark.nightly
async def test_a_quiet_stream_is_kept_alive_every_fifteen_seconds(leyla: Visitor) -> None:
    async with leyla.events(last=len(await leyla.read())) as stream:
        await anext(stream)
        began = time.monotonic()
        async with asyncio.timeout(20):
            event = await anext(stream)
        assert event.comment is not None and event.data is None
        assert 13 < time.monotonic() - began < 17
