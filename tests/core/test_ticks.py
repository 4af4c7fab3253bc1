"""The worker's clockwork: woken at once, supervised, stopped in time."""

import asyncio
import time
from datetime import timedelta

import pytest

from core import audit, clock, conversations, db, ticks, wake
from core.actors import SYSTEM
from core.models import Audit, Heartbeat, Message, Slot
from core.network.schema import Network
from core.network.therapists import parse
from core.therapists import store
from core.ticks import Tick, Wedged
from tests.cast import DEMO

pytestmark = pytest.mark.anyio
SOON = timedelta(seconds=0.1)
NEVER = timedelta(days=1)


async def run_for(seconds: float, *given: Tick) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await ticks.run(given, stop)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticks, "PAUSES", (0.01, 0.01))


async def test_a_tick_runs_at_once_and_again(database: str):
    calls: list[float] = []

    async def work() -> None:
        calls.append(time.monotonic())

    await run_for(0.55, Tick("often", SOON, work), Tick("once", NEVER, work))
    assert 4 <= len(calls) <= 9


async def test_an_announcement_wakes_its_tick(database: str):
    done = asyncio.Event()
    calls = 0

    async def work() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            done.set()

    stop = asyncio.Event()
    hearing = asyncio.create_task(wake.run())
    running = asyncio.create_task(ticks.run([Tick("deliver", NEVER, work, "outbox")], stop))
    await asyncio.sleep(0.3)
    async with db.transaction():
        await wake.announce("outbox")
    async with asyncio.timeout(5):
        await done.wait()
    stop.set()
    await running
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)


async def test_one_failure_is_mended_by_the_next_try(database: str, short: None):
    calls = 0

    async def work() -> None:
        nonlocal calls
        calls += 1
        if calls % 3:
            raise OSError("gone for a moment")

    await run_for(0.8, Tick("shaky", SOON, work))
    assert calls > 5


async def test_three_failures_in_a_row_end_the_worker(database: str, short: None):
    async def broken() -> None:
        raise OSError

    async def fine() -> None:
        return

    stop = asyncio.Event()
    async with asyncio.timeout(5):
        with pytest.raises(Wedged, match="broken"):
            await ticks.run([Tick("broken", NEVER, broken), Tick("fine", SOON, fine)], stop)
    assert stop.is_set()


async def test_a_stop_waits_for_what_is_being_done(database: str):
    finished = False

    async def work() -> None:
        nonlocal finished
        await asyncio.sleep(0.4)
        finished = True

    await run_for(0.1, Tick("slow", NEVER, work))
    assert finished


async def test_a_stop_does_not_wait_for_ever(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ticks, "FINISH_SECONDS", 0.2)
    begun = time.monotonic()
    await run_for(0.1, Tick("stuck", NEVER, lambda: asyncio.sleep(60)))
    assert time.monotonic() - begun < 5


async def test_each_tick_leaves_a_sign_of_life(database: str):
    async def work() -> None:
        return

    await run_for(0.3, Tick("deliver", SOON, work), Tick("supply", NEVER, work))
    beats = await Heartbeat.all().order_by("name").values_list("name", flat=True)
    assert list(beats) == ["deliver", "supply"]


async def test_the_audit_chain_is_sealed(database: str):
    conversation = await conversations.start("web", "de", "leyla")
    await audit.record("read", by=SYSTEM, row=conversation)
    await ticks.seal_audit()
    assert (await Audit.get()).n == 1 and await audit.broken() == []


async def test_words_before_consent_are_forgotten_after_a_day(database: str):
    conversation = await conversations.start("web", "de", "leyla")
    async with db.transaction():
        locked = await conversations.locked(conversation.id)
        await conversations.append(locked, "patient", "text", {"text": "hilfe"})
    await ticks.forget_unconsented()
    assert (await Message.get()).body is not None
    with clock.frozen_at(clock.now() + timedelta(hours=25)):
        await ticks.forget_unconsented()
    assert (await Message.get()).body is None


async def test_supply_reaches_to_the_horizon(network: Network):
    rows, _ = parse((DEMO / "therapists.csv").read_text(), network)
    await store(rows[:1], by=SYSTEM, now=clock.now())
    assert await ticks.extend_supply()
    last = await Slot.all().order_by("-starts_at").first()
    weeks = (last.starts_at - clock.now()).days / 7
    assert network.rules.horizon_days / 7 - 2 < weeks <= network.rules.horizon_days / 7


async def test_without_a_network_there_is_nothing_to_supply(database: str):
    assert await ticks.extend_supply() == 0


def test_a_worker_has_all_its_ticks():
    names = [tick.name for tick in ticks.standard(lambda: asyncio.sleep(0))]
    assert names == ["deliver", "seal_audit", "forget", "forget_tries", "supply"]
