"""Whether a process lives and can work, told without being asked twice."""

import asyncio
import time

import pytest

from core import db, health, keys
from core.db import migrating
from core.models import Heartbeat

pytestmark = pytest.mark.anyio


async def test_a_whole_house_is_ready(database: str):
    ok, found = await health.ready()
    assert ok and found == {"database": True, "keys": True, "migrations": True}
    await health.ready()
    assert await Heartbeat.filter(name__startswith="probe:").count() == 1


async def test_without_keys_it_is_not_ready(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keys, "_keys", None)
    ok, found = await health.ready()
    assert not ok and found["keys"] is False and found["database"] is True


async def test_with_pending_migrations_it_is_not_ready(
    database: str, monkeypatch: pytest.MonkeyPatch
):
    async def pending() -> list[str]:
        return ["0003_later"]

    monkeypatch.setattr(migrating, "pending", pending)
    ok, found = await health.ready()
    assert not ok and found["migrations"] is False


async def test_without_its_table_it_is_not_ready(database: str):
    await db.connection().execute_script("DROP TABLE heartbeat")
    ok, found = await health.ready()
    assert not ok and found["database"] is False


async def test_a_loop_that_is_held_up_is_not_live():
    pulse = health.Pulse()
    assert pulse.live()[0], "before it runs nothing is known against it"
    running = asyncio.create_task(pulse.run())
    await asyncio.sleep(0.3)
    assert pulse.live()[0]
    _hold_up(health.SAMPLE_SECONDS + health.LAG_SECONDS + 0.2)
    ok, found = pulse.live()
    assert not ok and int(str(found["lag_ms"])) > 1000
    running.cancel()


def _hold_up(seconds: float) -> None:
    """Block the loop, as a computation would."""
    time.sleep(seconds)
