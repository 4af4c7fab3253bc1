"""Tortoise's SQLite engine, opened the way a booking office needs it."""

import sqlite3
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


class _ImmediateWrapper(SqliteTransactionWrapper):
    async def begin(self) -> None:
        # A deferred BEGIN that reads first and writes later dies at once with "database is
        # locked" when another process wrote in between: busy_timeout does not help there.
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


class _Context(SqliteTransactionContext):
    async def __aenter__(self) -> TransactionalDBClient:
        # The stock context keeps its lock and the context variable when BEGIN fails, and every
        # later transaction of the process then waits for ever.
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        client: TransactionalDBClient = self.connection
        return client


class PassungSqliteClient(SqliteClient):
    def __init__(self, file_path: str, **kwargs: Any) -> None:
        kwargs.setdefault("busy_timeout", BUSY_TIMEOUT_MS)
        kwargs.setdefault("synchronous", "FULL")
        super().__init__(file_path, **kwargs)

    def _in_transaction(self) -> SqliteTransactionContext:
        return _Context(_ImmediateWrapper(self), self._lock)


client_class = PassungSqliteClient
