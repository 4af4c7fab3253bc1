"""Sixteen patients for each of two hundred seats: one winner each, and nobody meets an error."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from tortoise.expressions import Q

from core import bookings, check, clock, db, holds, offers
from core.actors import PATIENT
from core.models import Booking, OfferedSeat, Person, Place, Seat, Therapist
from core.network.schema import Network
from tests import builders, racing
from tests.builders import at, book, confirm, offer, seats
from tests.racing import field, network_without_limits, runners, together

ROOT = Path(__file__).parents[2]
SEATS = 200


@pytest.fixture
async def hasty(database: str) -> None:
    """No waiting for the disk: what a crash would lose is not what these tests are about."""
    if not db.is_postgres():
        await db.connection().execute_query("PRAGMA synchronous = OFF")


async def winners() -> Counter[int]:
    """Return how many live bookings each seat has."""
    rows = await Booking.filter(state="booked").values_list("seat_id", flat=True)
    return Counter(rows)


async def test_two_hundred_seats_have_one_winner_each(
    anna: Therapist, network: Network, hasty: None
) -> None:
    network = await network_without_limits(network)
    await field(anna, SEATS)
    met = await together(await runners(), network)
    assert met["booked"] == SEATS
    assert set((await winners()).values()) == {1}
    assert len(await winners()) == SEATS
    assert await check.run() == []


NIGHTLY = pytest.mark.nightly


@pytest.mark.parametrize("processes", [4, pytest.param(8, marks=NIGHTLY)])
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=NIGHTLY)], indirect=True
)
async def test_processes_race_as_tasks_do(
    database: str, anna: Therapist, network: Network, tmp_path: Path, processes: int
) -> None:
    await network_without_limits(network)
    await field(anna, SEATS)
    held = str(racing.key_file(tmp_path))
    # SQLite's lock is not given in turn: on a busy machine a process may have to wait for long.
    patient = f"{database}?busy_timeout=60000" if database.startswith("sqlite") else database
    ids = [str(request.id) for request in await runners()]
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.racing", patient, held, *ids[n::processes],
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for n in range(processes)
    ]  # fmt: skip
    for one in started:
        assert await one.stdout.readline() == b"ready\n"
    said = await asyncio.gather(*(one.communicate(b"go\n") for one in started))
    assert [one.returncode for one in started] == [0] * processes
    assert sum(json.loads(out).get("booked", 0) for out, _ in said) == SEATS
    assert set((await winners()).values()) == {1} and len(await winners()) == SEATS
    assert await check.run() == []


async def test_with_the_guards_off_the_race_appears(
    anna: Therapist, network: Network, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = await network_without_limits(network)
    await field(anna, 16)
    await db.connection().execute_query("DROP INDEX booking_one_per_seat")

    @asynccontextmanager
    async def no_transaction() -> AsyncIterator[None]:
        yield

    async def take_anything(offer: object, seat_id: str, *_: object) -> OfferedSeat:
        await asyncio.sleep(0)
        await Seat.filter(public_id=seat_id).update(state="booked", held_until=None)
        return await OfferedSeat.get(offer=offer, seat__public_id=seat_id).prefetch_related(
            "seat__slot", "seat__therapist"
        )

    monkeypatch.setattr(db, "transaction", no_transaction)
    monkeypatch.setattr(holds, "claimable", lambda now: Q(id__gt=0))
    monkeypatch.setattr(bookings, "_take", take_anything)
    await together(await runners(), network)
    doubled = [seat for seat, count in (await winners()).items() if count > 1]
    # How many of the sixteen is a matter of timing; that it happens at all is what guards prevent.
    assert doubled
    assert "seats" in {one.name for one in await check.run()}


async def test_losers_of_the_last_seat_are_told_that_nothing_is_left(
    anna: Therapist, network: Network
) -> None:
    await field(anna, 1)
    results = await asyncio.gather(*(offers.make(request, network) for request in await runners()))
    kinds = Counter(type(result).__name__ for result in results)
    assert kinds == {"Made": 1, "Nothing": 15}


async def test_nobody_is_told_that_nothing_is_left_while_there_is_enough_for_all(
    anna: Therapist, network: Network
) -> None:
    await field(anna, 48)
    for _ in range(3):
        results = await asyncio.gather(
            *(offers.make(request, network) for request in await runners())
        )
        assert [len(result.offered) for result in results if isinstance(result, offers.Made)]
        assert sum(isinstance(result, offers.Nothing) for result in results) == 0
        clock.pass_time(timedelta(minutes=10))


async def test_the_last_place_is_given_once(network: Network, monday: None) -> None:
    one = await builders.therapist("Therapist", places=2)
    await seats(one, *(at(day) for day in range(1, 40)))
    people = [await builders.patient(f"Patient {n}") for n in range(8)]
    asked = [await builders.request(person) for person in people]
    results = await asyncio.gather(*(offers.make(request, network) for request in asked))
    assert Counter(type(r).__name__ for r in results) == {"Made": 2, "Nothing": 6}
    assert await Place.filter(state="held").count() == 2
    assert await check.run() == []


async def test_a_confirm_around_the_end_is_booked_or_refused_and_never_both(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    """The clock runs: one taps at the end of the hold, one asks for the seat at that moment."""
    rules = network.rules.model_copy(update={"hold_minutes": 2})
    network = network.model_copy(update={"rules": rules})
    await seats(anna, at(2))
    met: Counter[str] = Counter()
    for n in range(24):
        made = await offer(leyla, network)
        clock.pass_time(timedelta(minutes=2) - timedelta(milliseconds=3 * (n % 3)))
        asked = await builders.request(josef)

        async def a_moment_later(asked=asked) -> object:
            clock.pass_time(timedelta(milliseconds=2))
            return await offers.make(asked, network)

        done, other = await asyncio.gather(
            confirm(made, network, leyla), a_moment_later(), return_exceptions=True
        )
        met[f"{type(done).__name__} {type(other).__name__}"] += 1
        assert await check.run() == []
        if isinstance(done, Booking):
            assert isinstance(other, offers.Nothing)
            await bookings.cancel(done, network, by=PATIENT)
        await offers.release_live(josef)
        await offers.release_live(leyla)
        await Place.filter(state="trial").update(state="free", request_id=None)
        # Nobody's limit is meant here.
        await Booking.filter(state="booked").update(state="cancelled")
    assert set(met) <= {"Booking Nothing", "HoldGone Made", "HoldGone Nothing"}
    assert len(met) > 1, met


async def test_cancels_moves_and_bookings_at_once_keep_every_promise(
    anna: Therapist, shirin: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(anna, *(at(day) for day in range(2, 8)))
    await seats(shirin, *(at(day, 5) for day in range(2, 8)))
    for _ in range(5):
        old = await book(leyla, network)
        same = await Booking.get(id=old.id)
        made = await offer(leyla, network, kind="move", moving=old)
        await asyncio.gather(
            confirm(made, network, leyla, moving=old),
            bookings.cancel(same, network, by=PATIENT),
            book(josef, network),
            offers.release_live(leyla),
            return_exceptions=True,
        )
        assert await check.run() == []
        for booking in await Booking.filter(state="booked"):
            await bookings.cancel(booking, network, by=PATIENT)
        assert await check.run() == []


@pytest.mark.nightly
async def test_a_thousand_seats_in_five_heats(anna: Therapist, network: Network) -> None:
    network = await network_without_limits(network)
    for heat in range(5):
        await field(anna, SEATS)
        met = await together(await runners(), network)
        assert met["booked"] == SEATS, heat
        assert set((await winners()).values()) == {1}
        await Booking.all().update(state="attended")
        await Seat.all().update(state="attended")
        await db.connection().execute_query("UPDATE slot SET state = 'withdrawn'")
