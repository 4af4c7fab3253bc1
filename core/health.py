"""Whether this process lives and whether it can work."""

import asyncio
import time
from dataclasses import dataclass

from core import clock, db, keys
from core.db import migrating
from core.errors import Misconfigured
from core.models import Heartbeat, new_public_id

PROBE_SECONDS = 3.0
LAG_SECONDS = 1.0
SAMPLE_SECONDS = 0.25
_PROBE = f"probe:{new_public_id()}"
"""A row of this process, so that two that are probed at once do not meet."""


@dataclass
class Pulse:
    """Measures how late the event loop wakes a sleeper; `run` is a task of the process."""

    lag: float = 0.0
    _due: float | None = None

    async def run(self) -> None:
        while True:
            self._due = time.monotonic() + SAMPLE_SECONDS
            await asyncio.sleep(SAMPLE_SECONDS)
            self.lag = max(0.0, time.monotonic() - self._due)

    def live(self) -> tuple[bool, dict[str, object]]:
        """Return whether the loop is in time, and the lag in milliseconds."""
        late = time.monotonic() - self._due if self._due is not None else 0.0
        lag = max(self.lag, late)
        return lag < LAG_SECONDS, {"lag_ms": round(lag * 1000)}


async def ready() -> tuple[bool, dict[str, object]]:
    """Return whether this process can serve patients, and what it found."""
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            database = await db.unit_of_work(_writes_and_reads())
            lacking = await db.unit_of_work(migrating.pending())
    except Exception:
        # Whatever the driver raises, the answer is the same: not now.
        return False, {"database": False, "keys": _keys_open(), "migrations": None}
    found = {"database": database, "keys": _keys_open(), "migrations": not lacking}
    return all(found.values()), dict(found)


async def _writes_and_reads() -> bool:
    now = clock.now()
    async with db.transaction():
        if not await Heartbeat.filter(name=_PROBE).update(at=now):
            await Heartbeat.create(name=_PROBE, at=now)
    row = await Heartbeat.get(name=_PROBE)
    return row.at == now


def _keys_open() -> bool:
    try:
        keys.keys()
    except Misconfigured:
        return False
    return True
