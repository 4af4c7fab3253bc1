"""The database: one connection set per process, one transaction per public operation.

SQLite and PostgreSQL behave alike behind `transaction()`: it takes the write lock at the start
on SQLite, becomes a savepoint inside an open transaction, and runs `after_commit` callbacks
only when the outermost one is durable.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

T = TypeVar("T")

POOL_SIZE = 10

_open: ContextVar[list[Callable[[], Awaitable[None] | None]] | None] = ContextVar(
    "open_transaction", default=None
)


def orm_config(url: str) -> dict[str, Any]:
    """Return the Tortoise configuration for a `sqlite://` or `asyncpg://` address."""
    connection = expand_db_url(url)
    if connection["engine"] == "tortoise.backends.sqlite":
        connection["engine"] = "core.db.sqlite"
    else:
        connection["credentials"].setdefault("maxsize", POOL_SIZE)
    return {
        "connections": {"default": connection},
        "apps": {
            "core": {
                "models": ["core.models"],
                "default_connection": "default",
                "migrations": "core.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def connect(url: str) -> None:
    """Open the database of this process; call `close` before opening another."""
    await Tortoise.init(config=orm_config(url), _enable_global_fallback=True)


async def close() -> None:
    """Close the connections, so that another database, also of the other kind, may follow."""
    await Tortoise.close_connections()
    # Tortoise keeps INSERT statements by connection name, in the dialect they were first made.
    EXECUTOR_CACHE.clear()


def connection() -> BaseDBAsyncClient:
    """Return the connection, inside a transaction the one that holds it."""
    return get_connection("default")


def is_postgres() -> bool:
    return connection().capabilities.dialect == "postgres"


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Commit what is done inside, or nothing of it; a savepoint within an open one."""
    if _open.get() is not None:
        async with in_transaction():
            yield
        return
    callbacks: list[Callable[[], Awaitable[None] | None]] = []
    token = _open.set(callbacks)
    try:
        async with in_transaction():
            yield
    finally:
        _open.reset(token)
    for callback in callbacks:
        result = callback()
        if result is not None:
            await result


def after_commit(callback: Callable[[], Awaitable[None] | None]) -> None:
    """Run `callback` once the open transaction is durable; at once outside of one."""
    callbacks = _open.get()
    if callbacks is None:
        raise RuntimeError("after_commit needs an open transaction")
    callbacks.append(callback)


async def unit_of_work(work: Coroutine[Any, Any, T]) -> T:
    """Run one transaction's work in a task of its own and return what it returns.

    A long-lived loop whose BEGIN fails once (database restart) would otherwise carry the dead
    connection in its context for ever.
    """
    return await asyncio.create_task(work)
