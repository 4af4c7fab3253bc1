"""Tortoise's PostgreSQL engine, with transactions that a lost server cannot poison."""

from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContextPooled
from tortoise.connection import get_connections


class _Context(TransactionContextPooled):
    """The stock context sets its variable before BEGIN: when that fails, the task keeps a dead
    connection for ever and the pool never gets it back."""

    client: TransactionWrapper
    _pool: Any

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        self._pool = self.client._parent._pool
        self.client._connection = await self._pool.acquire()
        try:
            await self.client.begin()
        except BaseException:
            await self._pool.release(self.client._connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if exc_type is None:
                await self.client.commit()
            elif not self.client._connection.is_closed():
                await self.client.rollback()
        finally:
            get_connections().reset(self.token)
            await self._pool.release(self.client._connection)


class PassungPostgresClient(AsyncpgDBClient):
    def _in_transaction(self) -> _Context:
        return _Context(TransactionWrapper(self), self._pool_init_lock)


client_class = PassungPostgresClient
