"""Tortoise's SQLite engine, opened the way a booking office needs it."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

BUSY_TIMEOUT_MS = 10_000


def _in_utc(moment: datetime) -> str:
    """Moments are compared as text here: with offsets of different zones that would be wrong."""
    return (moment.astimezone(UTC) if moment.tzinfo else moment).isoformat(" ")


sqlite3.register_adapter(datetime, _in_utc)


class _ImmediateWrapper(SqliteTransactionWrapper):
    async def begin(self) -> None:
        # A deferred BEGIN that reads first and writes later dies at once with "database is
        # locked" when another process wrote in between: busy_timeout does not help there.
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    async def undo(self) -> None:
        """Roll back whatever is open, also what a cancelled statement leaves to SQLite's thread:
        the thread works in order, so this comes after it."""
        self._finalized = True
        if self._connection:
            await self._connection.rollback()


class _Context(SqliteTransactionContext):
    """The stock context keeps its lock when BEGIN fails, and an open transaction when COMMIT
    fails: every later transaction of the process would then wait, or be refused, for ever."""

    connection: _ImmediateWrapper

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            try:
                await self.connection.undo()
            finally:
                self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if exc_type:
                await self.connection.undo()
            else:
                await self._commit()
        finally:
            get_connections().reset(self.token)
            self._trxlock.release()

    async def _commit(self) -> None:
        try:
            await self.connection.commit()
        except sqlite3.OperationalError as error:
            await self.connection.undo()
            raise OperationalError(error) from error


class PassungSqliteClient(SqliteClient):
    def __init__(self, file_path: str, **kwargs: Any) -> None:
        kwargs.setdefault("busy_timeout", BUSY_TIMEOUT_MS)
        kwargs.setdefault("synchronous", "FULL")
        super().__init__(file_path, **kwargs)

    def _in_transaction(self) -> SqliteTransactionContext:
        return _Context(_ImmediateWrapper(self), self._lock)


client_class = PassungSqliteClient
