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
PING_SECONDS = 30.0
"""A link that went dead without a word is noticed when it does not answer."""

_waiting: dict[str, set[asyncio.Event]] = defaultdict(set)


async def announce(topic: str) -> None:
    """Wake the listeners of `topic` in every process once the open transaction is durable."""
    if db.is_postgres():
        db.before_commit(_notify, topic)
    else:
        db.after_commit(lambda: _wake(topic))


async def _notify(topics: set[str]) -> None:
    await db.connection().execute_query(
        "SELECT pg_notify($1, topic) FROM unnest($2::text[]) AS topic", [CHANNEL, sorted(topics)]
    )


class Signal:
    """Waits for wake-ups of one topic."""

    def __init__(self, event: asyncio.Event) -> None:
        self._event = event

    async def wait(self, seconds: float) -> bool:
        """Return True when woken, False after that many seconds; one wake-up is enough."""
        if not await _set_within(self._event, seconds):
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


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def _hear_postgres() -> None:
    lost = asyncio.Event()

    def heard(_connection: object, _pid: int, _channel: str, topic: str) -> None:
        _wake(topic)

    def ended(_connection: object) -> None:
        lost.set()

    async with db.connection().acquire_connection() as connection:
        connection.add_termination_listener(ended)
        await connection.add_listener(CHANNEL, heard)
        # Whatever was announced while nobody listened is in the rows.
        wake_all()
        try:
            while not await _set_within(lost, PING_SECONDS):
                await connection.fetchval("SELECT 1")
        finally:
            if not connection.is_closed():
                connection.remove_termination_listener(ended)
                await connection.remove_listener(CHANNEL, heard)


async def _watch_sqlite() -> None:
    seen: object = None
    wake_all()
    while True:
        rows = await db.connection().execute_query_dict("PRAGMA data_version")
        version = rows[0]["data_version"]
        if seen is not None and version != seen:
            wake_all()
        seen = version
        await asyncio.sleep(POLL_SECONDS)
