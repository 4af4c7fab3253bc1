"""One public operation, one transaction: what it keeps, what it undoes, and who may fail."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tortoise.exceptions import OperationalError

from core import clock, db
from core.db import postgres, sqlite
from core.models import Heartbeat, Seat
from tests import builders, databases
from tests.architecture.source import ROOT
from tests.builders import at

PROCESSES, TIMES = 4, 40


async def note(name: str) -> None:
    await Heartbeat.create(name=name, at=clock.now())


async def noted() -> set[str]:
    return set(await Heartbeat.all().values_list("name", flat=True))


@pytest.fixture
async def on_sqlite(tmp_path: Any) -> AsyncIterator[str]:
    async with databases.fresh_database("sqlite", tmp_path) as url:
        await db.connect(url)
        yield url
        await db.close()


@pytest.fixture
async def on_postgres(tmp_path: Any) -> AsyncIterator[str]:
    async with databases.fresh_database("postgres", tmp_path) as url:
        await db.connect(url)
        yield url
        await db.close()


async def test_an_inner_failure_undoes_the_inner_work_alone(database: str) -> None:
    async with db.transaction():
        await note("before")
        with pytest.raises(ValueError):
            async with db.transaction():
                await note("inner")
                async with db.transaction():
                    await note("innermost")
                raise ValueError
        await note("after")
    assert await noted() == {"before", "after"}


async def test_an_outer_failure_undoes_all(database: str) -> None:
    with pytest.raises(ValueError):
        async with db.transaction():
            async with db.transaction():
                await note("inner")
            raise ValueError
    assert await noted() == set()


async def test_callbacks_run_when_all_is_durable_and_never_for_what_was_undone(
    database: str,
) -> None:
    ran: list[str] = []
    async with db.transaction():
        db.after_commit(lambda: ran.append("outer"))
        async with db.transaction():
            db.after_commit(lambda: ran.append("inner"))
        with pytest.raises(ValueError):
            async with db.transaction():
                db.after_commit(lambda: ran.append("undone"))
                raise ValueError
        assert ran == []
    assert ran == ["outer", "inner"]
    with pytest.raises(ValueError):
        async with db.transaction():
            db.after_commit(lambda: ran.append("never"))
            raise ValueError
    with pytest.raises(RuntimeError):
        db.after_commit(lambda: None)
    assert ran == ["outer", "inner"]


async def test_a_callback_that_fails_does_not_make_the_commit_look_failed(database: str) -> None:
    ran: list[str] = []
    async with db.transaction():
        await note("durable")
        db.after_commit(lambda: [][0])
        db.after_commit(lambda: ran.append("next"))
    assert await noted() == {"durable"} and ran == ["next"]


async def test_items_collected_before_a_commit_are_delivered_once(database: str) -> None:
    delivered: list[set[str]] = []

    async def deliver(items: set[str]) -> None:
        delivered.append(items)

    async with db.transaction():
        for item in ("a", "b", "a"):
            db.before_commit(deliver, item)
        assert delivered == []
    with pytest.raises(ValueError):
        async with db.transaction():
            db.before_commit(deliver, "c")
            raise ValueError
    assert delivered == [{"a", "b"}]


async def test_a_failed_delivery_undoes_the_transaction(database: str) -> None:
    async def deliver(items: set[str]) -> None:
        raise ValueError

    with pytest.raises(ValueError):
        async with db.transaction():
            await note("undone")
            db.before_commit(deliver, "a")
    assert await noted() == set()


async def test_processes_that_contend_lose_no_update_and_see_no_lock_error(database: str) -> None:
    await builders.seats(await builders.therapist("Anna Huber"), at(1))
    seat = await Seat.get()
    command = [sys.executable, "-m", "tests.core.db.contender", database, str(TIMES)]
    running = [
        await asyncio.create_subprocess_exec(
            *command, seat.public_id, cwd=ROOT, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(PROCESSES)
    ]
    said = [await process.communicate() for process in running]
    assert [error for _, error in said] == [b""] * PROCESSES
    await seat.refresh_from_db()
    assert seat.gen == PROCESSES * TIMES


async def test_a_begin_that_fails_leaves_the_task_usable(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapper = postgres.TransactionWrapper if db.is_postgres() else sqlite._ImmediateWrapper

    async def refuse(self: object) -> None:
        raise OperationalError("no")

    with monkeypatch.context() as broken:
        broken.setattr(wrapper, "begin", refuse)
        for _ in range(db.POOL_SIZE + 2):
            with pytest.raises(OperationalError):
                async with db.transaction():
                    await note("never")
    async with db.transaction():
        await note("again")
    assert await noted() == {"again"}


async def test_a_begin_that_is_cancelled_leaves_the_task_usable(database: str) -> None:
    async def work(name: str) -> None:
        async with db.transaction():
            await note(name)

    # asyncpg reports to the loop when a connection that it was making is given up.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    for n in range(30):
        task = asyncio.create_task(work(f"perhaps {n}"))
        for _ in range(n):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await work("sure")
    assert "sure" in await noted()


async def test_a_commit_that_fails_on_sqlite_is_undone_and_the_next_one_works(
    on_sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(self: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(sqlite._ImmediateWrapper, "commit", full)
        with pytest.raises(OperationalError):
            async with db.transaction():
                await note("lost")
    async with db.transaction():
        await note("kept")
    assert await noted() == {"kept"}


async def terminate_others() -> None:
    """End every other connection to this database, as a restart of the server does."""
    await db.connection().execute_query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def test_every_loop_works_again_after_its_connections_were_ended(on_postgres: str) -> None:
    done = [0] * 4
    failed = [0] * 4
    stop = asyncio.Event()

    async def once() -> None:
        async with db.transaction():
            await Heartbeat.all().count()
            await asyncio.sleep(0.002)
            await Heartbeat.all().count()

    async def loop(n: int, own_task: bool) -> None:
        while not stop.is_set():
            try:
                await (db.unit_of_work(once()) if own_task else once())
                done[n] += 1
            except Exception:
                failed[n] += 1
                await asyncio.sleep(0.01)

    # Two of them are long-lived tasks that open transactions themselves.
    loops = [asyncio.create_task(loop(n, own_task=n % 2 == 0)) for n in range(4)]
    for _ in range(5):
        await asyncio.sleep(0.1)
        async with db.transaction():
            await terminate_others()
    await asyncio.sleep(0.3)
    before, ill = list(done), list(failed)
    await asyncio.sleep(0.5)
    stop.set()
    await asyncio.gather(*loops)
    assert sum(failed) > 0
    assert failed == ill
    assert all(after > earlier for after, earlier in zip(done, before, strict=True))


async def test_a_dead_connection_inside_a_transaction_does_not_come_back(on_postgres: str) -> None:
    for _ in range(db.POOL_SIZE + 2):
        with pytest.raises(Exception, match=r"terminat|closed"):
            async with db.transaction():
                await note("lost")
                await db.connection().execute_query("SELECT pg_terminate_backend(pg_backend_pid())")
    async with db.transaction():
        await note("kept")
    assert await noted() == {"kept"}
