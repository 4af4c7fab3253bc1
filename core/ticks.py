"""The worker's clockwork: each tick is one piece of work that is done over and over.

The scheduler only tells the time. What there is to do is claimed from rows, so that any number
of workers may run, and a tick that comes twice or late changes nothing.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core import audit, clock, conversations, db, limits, supply, wake
from core.actors import SYSTEM
from core.errors import Misconfigured
from core.models import Heartbeat
from core.network import store

log = logging.getLogger(__name__)

FAILURES_MOST = 3
PAUSES = (1.0, 5.0)
"""Seconds before the next try after the first and the second failure in a row."""
FINISH_SECONDS = 8.0
HEARTBEAT_EVERY = timedelta(seconds=10)


class Wedged(Exception):
    """A tick failed three times in a row: the process has to end and be started anew."""


@dataclass(frozen=True)
class Tick:
    """`work` is done every `every`, and at once when `topic` is announced."""

    name: str
    every: timedelta
    work: Callable[[], Awaitable[object]]
    topic: str | None = None


def standard(deliver: Callable[[], Awaitable[object]]) -> list[Tick]:
    """Return the ticks of a worker; `deliver` sends what is due in the outbox."""
    return [
        Tick("deliver", timedelta(seconds=5), deliver, topic="outbox"),
        Tick("seal_audit", timedelta(seconds=10), seal_audit),
        Tick("forget", timedelta(minutes=10), forget_unconsented),
        Tick("forget_tries", timedelta(hours=1), lambda: limits.forget_old(clock.now())),
        Tick("supply", timedelta(days=1), extend_supply),
    ]


async def seal_audit() -> None:
    """Chain all audit rows that are not sealed yet."""
    while await audit.seal_batch():
        pass


async def forget_unconsented() -> None:
    """Empty what was written before a consent that did not come within a day."""
    while await conversations.forget_unconsented(clock.now()):
        pass


async def extend_supply() -> int:
    """Make slots up to the horizon of the network; nothing to do while none is loaded."""
    try:
        network = await store.current()
    except Misconfigured:
        return 0
    return await supply.make_slots(
        until=horizon(network.zone, network.rules.horizon_days), by=SYSTEM
    )


def horizon(zone: str, days: int) -> date:
    """Return the day up to which slots are made."""
    return clock.now().astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


async def run(ticks: Sequence[Tick], stop: asyncio.Event) -> None:
    """Do all ticks until `stop` is set; what is being done then may take eight seconds more.

    Raises `Wedged` when one of them fails three times in a row.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    loops = [_Loop(tick, scheduler) for tick in ticks]
    tasks = [asyncio.create_task(loop.run(stop), name=loop.tick.name) for loop in loops]
    stopping = asyncio.create_task(stop.wait())
    scheduler.start()
    try:
        await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        for loop in loops:
            loop.due.set()
        await asyncio.wait(tasks, timeout=FINISH_SECONDS)
    finally:
        scheduler.shutdown(wait=False)
        for task in [*tasks, stopping]:
            task.cancel()
        ended = await asyncio.gather(*tasks, stopping, return_exceptions=True)
    for wrong in ended:
        if isinstance(wrong, Exception):
            raise wrong


class _Loop:
    """One tick with its clock, its wake-ups and its failures."""

    def __init__(self, tick: Tick, scheduler: AsyncIOScheduler) -> None:
        self.tick = tick
        self.due = asyncio.Event()
        self.failures = 0
        self._beat_at: datetime | None = None
        self.due.set()
        scheduler.add_job(
            self.due.set,
            "interval",
            seconds=tick.every.total_seconds(),
            coalesce=True,
            misfire_grace_time=None,
        )

    async def run(self, stop: asyncio.Event) -> None:
        waking = asyncio.create_task(self._hear()) if self.tick.topic else None
        try:
            while not stop.is_set():
                await self.due.wait()
                self.due.clear()
                if not stop.is_set():
                    await self._once(stop)
        finally:
            if waking:
                waking.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await waking

    async def _hear(self) -> None:
        async with wake.listen(self.tick.topic or "") as signal:
            while True:
                if await signal.wait(60):
                    self.due.set()

    async def _once(self, stop: asyncio.Event) -> None:
        try:
            # In a task of its own: a transaction that could not begin poisons its context.
            await asyncio.create_task(self._work())
        except Exception:
            self.failures += 1
            names = {"loop": self.tick.name, "count": self.failures}
            log.exception("a tick failed", extra=names)
            if self.failures >= FAILURES_MOST:
                raise Wedged(self.tick.name) from None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSES[self.failures - 1])
            self.due.set()
        else:
            self.failures = 0

    async def _work(self) -> None:
        await self.tick.work()
        now = clock.now()
        if self._beat_at is None or now - self._beat_at >= HEARTBEAT_EVERY:
            await beat(self.tick.name, now)
            self._beat_at = now


async def beat(name: str, now: datetime) -> None:
    """Leave a sign of life that other processes can read."""
    async with db.transaction():
        if not await Heartbeat.filter(name=name).update(at=now):
            await Heartbeat.create(name=name, at=now)
