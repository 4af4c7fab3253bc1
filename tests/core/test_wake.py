"""Wake-ups: who waits for a topic looks at the rows again once a change is durable."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from core import clock, db, wake
from core.models import Heartbeat
from tests.architecture.source import ROOT

SOON, NEVER = 10.0, 0.5


@pytest.fixture
async def hearing(database: str) -> AsyncIterator[None]:
    """The process hears what is announced."""
    task = asyncio.create_task(wake.run())
    async with wake.listen("ready") as signal:
        # The first wake-up of all says that the listener stands.
        assert await signal.wait(SOON)
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def announce(topic: str) -> None:
    async with db.transaction():
        await wake.announce(topic)


async def test_a_listener_is_woken_after_the_commit_and_not_before(
    database: str, hearing: None
) -> None:
    async with wake.listen("leyla") as signal:
        async with db.transaction():
            await wake.announce("leyla")
            await asyncio.sleep(0.1)
            assert not await signal.wait(0)
        assert await signal.wait(SOON)


async def test_what_was_undone_wakes_nobody(database: str, hearing: None) -> None:
    async with wake.listen("leyla") as signal:
        with pytest.raises(ValueError):
            async with db.transaction():
                await wake.announce("leyla")
                raise ValueError
        assert not await signal.wait(NEVER)


async def test_one_topic_wakes_its_listeners_only_and_once(database: str, hearing: None) -> None:
    async with (
        wake.listen("leyla") as one,
        wake.listen("leyla") as two,
        wake.listen("josef") as other,
    ):
        async with db.transaction():
            for _ in range(3):
                await wake.announce("leyla")
        assert await one.wait(SOON) and await two.wait(SOON)
        assert not await one.wait(NEVER)
        assert not await other.wait(0)
    assert not wake._waiting


async def test_a_wake_up_between_two_waits_is_not_lost(database: str, hearing: None) -> None:
    async with wake.listen("leyla") as signal:
        assert not await signal.wait(0)
        await announce("leyla")
        await asyncio.sleep(0.2)
        assert await signal.wait(0)


async def test_announcing_needs_a_transaction(database: str) -> None:
    with pytest.raises(RuntimeError):
        await wake.announce("leyla")


async def test_another_process_is_heard(database: str, hearing: None) -> None:
    async with wake.listen("leyla") as signal:
        while await signal.wait(NEVER):
            pass
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.core.announcer", database, "leyla"), cwd=ROOT
        )
        assert await signal.wait(30)
        assert await Heartbeat.filter(name="leyla").exists()
        assert await process.wait() == 0


async def test_all_topics_of_a_transaction_leave_as_one_statement(
    database: str, hearing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[set[str]] = []
    real = wake._notify

    async def notify(topics: set[str]) -> None:
        sent.append(topics)
        await real(topics)

    monkeypatch.setattr(wake, "_notify", notify)
    async with wake.listen("b") as signal:
        async with db.transaction():
            for topic in ("a", "b", "a"):
                await wake.announce(topic)
        assert await signal.wait(SOON)
    assert sent == ([{"a", "b"}] if db.is_postgres() else [])


async def test_the_listener_comes_back_after_its_connection_was_ended(
    database: str, hearing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not db.is_postgres():
        return
    monkeypatch.setattr(wake, "RETRY_SECONDS", 0.1)
    async with wake.listen("leyla") as signal:
        for _ in range(2):
            await db.connection().execute_query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query ILIKE 'LISTEN%'"
            )
            # Whoever waits is told to look: something may have been missed.
            assert await signal.wait(SOON)
            while await signal.wait(NEVER):
                pass
            await announce("leyla")
            assert await signal.wait(SOON)


async def test_a_link_that_went_dead_silently_is_noticed(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not db.is_postgres():
        return
    heard = 0
    thrice = asyncio.Event()
    real = wake._hear_postgres

    async def counted() -> None:
        nonlocal heard
        heard += 1
        if heard == 3:
            thrice.set()
        await real()

    async def dead(self: object, *args: Any, **more: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(wake, "_hear_postgres", counted)
    monkeypatch.setattr(wake, "PING_SECONDS", 0.05)
    monkeypatch.setattr(wake, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr("asyncpg.connection.Connection.fetchval", dead)
    task = asyncio.create_task(wake.run())
    await asyncio.wait_for(thrice.wait(), SOON)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_while_the_database_is_away_it_is_asked_now_and_then(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def away() -> None:
        nonlocal tries
        tries += 1
        raise ConnectionError

    monkeypatch.setattr(wake, "_hear_postgres", away)
    monkeypatch.setattr(wake, "_watch_sqlite", away)
    monkeypatch.setattr(wake, "RETRY_SECONDS", 0.2)
    task = asyncio.create_task(wake.run())
    await asyncio.sleep(0.7)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert 2 <= tries <= 4


async def test_waiting_costs_nothing(database: str, hearing: None) -> None:
    before = time.process_time()
    async with wake.listen("leyla") as signal:
        await signal.wait(1.0)
    assert time.process_time() - before < 0.3


async def test_everybody_is_woken_when_the_process_stops(database: str) -> None:
    async with wake.listen("leyla") as one, wake.listen("josef") as two:
        wake.wake_all()
        assert await one.wait(0.1) and await two.wait(0.1)
    await Heartbeat.create(name="x", at=clock.now())
