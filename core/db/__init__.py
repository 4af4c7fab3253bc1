"""The database: one connection set per process, one transaction per public operation.

SQLite and PostgreSQL behave alike behind `transaction()`: it takes the write lock at the start
on SQLite, becomes a savepoint inside an open transaction, and runs `after_commit` callbacks
only when the outermost one is durable.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

T = TypeVar("T")
log = logging.getLogger(__name__)

POOL_SIZE = 10
CONNECT_SECONDS = 5
STATEMENT_SECONDS = 30
"""How long one statement may take, waiting for a lock included; migrations take what they need."""

Deliver = Callable[[set[str]], Awaitable[None]]


@dataclass
class _Open:
    """What the open transaction of this task still has to do at its end."""

    before: dict[Deliver, set[str]] = field(default_factory=dict)
    after: list[Callable[[], None]] = field(default_factory=list)


_open: ContextVar[_Open | None] = ContextVar("open_transaction", default=None)


def orm_config(url: str, *, statement_seconds: float | None = STATEMENT_SECONDS) -> dict[str, Any]:
    """Return the Tortoise configuration for a `sqlite://` or `asyncpg://` address."""
    connection = expand_db_url(url)
    if connection["engine"] == "tortoise.backends.sqlite":
        connection["engine"] = "core.db.sqlite"
    else:
        connection["engine"] = "core.db.postgres"
        connection["credentials"].setdefault("maxsize", POOL_SIZE)
        connection["credentials"].setdefault("timeout", CONNECT_SECONDS)
        connection["credentials"].setdefault("command_timeout", statement_seconds)
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
    outer = _open.get()
    if outer is not None:
        async with _savepoint(outer):
            yield
        return
    mine = _Open()
    token = _open.set(mine)
    try:
        async with in_transaction():
            yield
            for deliver, items in mine.before.items():
                await deliver(items)
    finally:
        _open.reset(token)
    for callback in mine.after:
        _call(callback)


@asynccontextmanager
async def _savepoint(outer: _Open) -> AsyncIterator[None]:
    known = len(outer.after)
    try:
        async with in_transaction():
            yield
    except BaseException:
        del outer.after[known:]
        raise


def _call(callback: Callable[[], None]) -> None:
    try:
        callback()
    except Exception:
        # What is durable must not look as if it had failed.
        log.exception("a callback after a commit failed")


def before_commit(deliver: Deliver, item: str) -> None:
    """Collect `item`; `deliver` gets all items once, as the last statement before the commit.

    What a savepoint collected stays when only the savepoint is rolled back.
    """
    _opened().before.setdefault(deliver, set()).add(item)


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once the open transaction is durable; never after a rollback."""
    _opened().after.append(callback)


def _opened() -> _Open:
    found = _open.get()
    if found is None:
        raise RuntimeError("this needs an open transaction")
    return found


async def unit_of_work(work: Coroutine[Any, Any, T]) -> T:
    """Run one transaction's work in a task of its own and return what it returns.

    A long-lived loop whose BEGIN fails once (database restart) would otherwise carry the dead
    connection in its context for ever.
    """
    return await asyncio.create_task(work)
