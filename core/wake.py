"""Wake-ups: a committed change tells whoever waits for its topic to look at the rows again.

On PostgreSQL one listening connection a process hears `NOTIFY` from all of them. On SQLite the
process tells itself, and a poll of `PRAGMA data_version` sees what another process committed.
A wake-up carries no data and may come for nothing: the truth is in the rows.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core import db

log = logging.getLogger(__name__)
CHANNEL = "passung"
POLL_SECONDS = 0.2
RETRY_SECONDS = 1.0

_waiting: dict[str, set[asyncio.Event]] = defaultdict(set)


async def announce(topic: str) -> None:
    """Wake the listeners of `topic` in every process once the open transaction is durable."""
    if db.is_postgres():
        await db.connection().execute_query("SELECT pg_notify($1, $2)", [CHANNEL, topic])
    else:
        db.after_commit(lambda: _wake(topic))


class Signal:
    """Waits for wake-ups of one topic."""

    def __init__(self, event: asyncio.Event) -> None:
        self._event = event

    async def wait(self, seconds: float) -> bool:
        """Return True when woken, False after that many seconds; one wake-up is enough."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


@asynccontextmanager
async def listen(topic: str) -> AsyncIterator[Signal]:
    """Hear wake-ups of `topic` for as long as the block runs. Enter first, then read the rows."""
    event = asyncio.Event()
    _waiting[topic].add(event)
    try:
        yield Signal(event)
    finally:
        _waiting[topic].discard(event)
        if not _waiting[topic]:
            del _waiting[topic]


def _wake(topic: str) -> None:
    for event in _waiting.get(topic, ()):
        event.set()


def wake_all() -> None:
    """Wake every listener: after a lost connection, or when the process stops."""
    for events in list(_waiting.values()):
        for event in events:
            event.set()


async def run() -> None:
    """Carry wake-ups from other processes into this one, until cancelled."""
    while True:
        try:
            await (_hear_postgres() if db.is_postgres() else _watch_sqlite())
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.warning("wake-ups were interrupted: %s", type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)
        wake_all()


async def _hear_postgres() -> None:
    lost = asyncio.Event()

    def heard(_connection: object, _pid: int, _channel: str, topic: str) -> None:
        _wake(topic)

    def ended(_connection: object) -> None:
        lost.set()

    async with db.connection().acquire_connection() as connection:
        connection.add_termination_listener(ended)
        await connection.add_listener(CHANNEL, heard)
        wake_all()
        try:
            await lost.wait()
        finally:
            if not connection.is_closed():
                connection.remove_termination_listener(ended)
                await connection.remove_listener(CHANNEL, heard)


async def _watch_sqlite() -> None:
    seen: object = None
    while True:
        rows = await db.connection().execute_query_dict("PRAGMA data_version")
        version = rows[0]["data_version"]
        if seen is not None and version != seen:
            wake_all()
        seen = version
        await asyncio.sleep(POLL_SECONDS)
