"""Any order of offers, answers, cancels, moves and passing time keeps every promise.

Time passes by a rule of its own, never together with another step: a sweeper that always ran with
the clock would hide answers that come too late.
"""

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack, ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core import bookings, check, clock, db, keys, offers
from core.actors import PATIENT
from core.errors import Conflict, HoldGone
from core.models import Booking, Person
from core.network import store
from core.network.reading import read
from core.network.schema import Network
from tests import builders
from tests.builders import ANYTHING, MONDAY, at
from tests.cast import DEMO
from tests.databases import fresh_database

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
LENGTH = timedelta(minutes=10)
who = st.integers(0, 2)
which = st.integers(0, 9)


class BookingOffice(RuleBasedStateMachine):
    """The office as it is, beside what a model says about each hold."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[tuple[offers.Made, int]] = []
        self.live: dict[tuple[int, str], str] = {}
        self.until: dict[tuple[str, int], datetime] = {}
        self.kept: dict[str, datetime] = {}
        self.booked: dict[int, Booking] = {}
        self.loop = asyncio.Runner()
        self.closing = ExitStack()
        self.closing.enter_context(clock.frozen_at(MONDAY))
        self.loop.run(self.open())

    async def open(self) -> None:
        self.stack = AsyncExitStack()
        folder = Path(self.closing.enter_context(tempfile.TemporaryDirectory()))
        await db.connect(await self.stack.enter_async_context(fresh_database("sqlite", folder)))
        keys.use(keys.fresh())
        await store.load(read(DEMO))
        self.network: Network = await store.current()
        self.people: list[Person] = [await builders.patient(f"Patient {n}") for n in range(3)]
        for name, places in (("Anna Huber", 20), ("Shirin Rad", 20)):
            therapist = await builders.therapist(name, places=places)
            await builders.seats(therapist, at(1), at(1, 4), at(2), at(5))

    def teardown(self) -> None:
        self.loop.run(self.close())
        self.loop.close()
        self.closing.close()

    async def close(self) -> None:
        await db.close()
        await self.stack.aclose()

    # ── what happens ──

    @rule(minutes=st.sampled_from([1, 3, 5, 9, 10, 11, 60, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        clock.pass_time(timedelta(minutes=minutes))

    @rule(n=who, kind=st.sampled_from(["dialogue", "move"]))
    def somebody_asks(self, n: int, kind: str) -> None:
        self.loop.run(self.ask(n, kind))

    async def ask(self, n: int, kind: str) -> None:
        request = await builders.request(self.people[n], ANYTHING)
        made = await offers.make(request, self.network, kind=kind)
        self.live.pop((n, kind), None)
        if isinstance(made, offers.Nothing):
            return
        offer = made.offer.public_id
        for row in made.offered:
            holders = [
                o
                for (o, seat), until in self.until.items()
                if seat == row.seat.id and until > clock.now() and o in self.live.values()
            ]
            assert not holders and row.seat.id not in {b.seat_id for b in self.booked.values()}
            self.until[offer, row.seat.id] = clock.now() + LENGTH
        self.live[n, kind] = offer
        self.made.append((made, n))

    def holds(self, made: offers.Made, seat: int) -> bool:
        offer = made.offer.public_id
        return offer in self.live.values() and self.until[offer, seat] > clock.now()

    @precondition(lambda self: self.made)
    @rule(n=which, seat=which)
    def somebody_chooses(self, n: int, seat: int) -> None:
        made, _ = self.made[-1 - n % len(self.made)]
        row = made.offered[seat % len(made.offered)]
        held, offer = self.holds(made, row.seat.id), made.offer.public_id
        try:
            self.loop.run(offers.keep(offer, row.seat.public_id, self.network))
        except HoldGone:
            assert not held
            return
        assert held
        self.kept.setdefault(offer, clock.now() + LENGTH)
        self.until[offer, row.seat.id] = self.kept[offer]

    @precondition(lambda self: self.made)
    @rule(n=which, seat=which, moves=st.booleans(), other=st.sampled_from([0, 0, 0, 1]))
    def somebody_confirms(self, n: int, seat: int, moves: bool, other: int) -> None:
        made, asked = self.made[-1 - n % len(self.made)]
        row = made.offered[seat % len(made.offered)]
        held = self.holds(made, row.seat.id)
        patient = self.people[(asked + other) % 3]
        own = [b for b in self.booked.values() if b.person_id == patient.id]
        moving = own[0] if moves and own else None
        try:
            booking = self.loop.run(
                builders.confirm(
                    made,
                    self.network,
                    patient,
                    seat=row,
                    writer=self.people[asked],
                    moving=moving,
                )
            )
        except HoldGone:
            assert not held
            return
        except Conflict as refused:
            assert held and self.may_refuse(refused.key, own, moving, row.seat.starts_at)
            return
        assert held
        self.live = {key: o for key, o in self.live.items() if o != made.offer.public_id}
        self.booked[booking.id] = booking
        if moving is not None:
            del self.booked[moving.id]

    def may_refuse(
        self, key: str, own: list[Booking], moving: Booking | None, starts: datetime
    ) -> bool:
        others = [b for b in own if b is not moving]
        if key == "error.too_many_bookings":
            return sum(b.ends_at > clock.now() for b in others) >= 2
        if key == "error.booking_over":
            return moving is not None and moving.starts_at <= clock.now()
        hour = timedelta(hours=1)
        return any(abs(b.starts_at - starts) < hour for b in others)

    @precondition(lambda self: self.made)
    @rule(n=which)
    def somebody_gives_back(self, n: int) -> None:
        made, _ = self.made[-1 - n % len(self.made)]
        self.loop.run(offers.release(made.offer, state="gone"))
        self.live = {key: o for key, o in self.live.items() if o != made.offer.public_id}

    @precondition(lambda self: self.booked)
    @rule(n=which)
    def somebody_cancels(self, n: int) -> None:
        booking = list(self.booked.values())[n % len(self.booked)]
        try:
            self.loop.run(bookings.cancel(booking, self.network, by=PATIENT))
        except Conflict:
            assert booking.starts_at <= clock.now()
            return
        assert booking.starts_at > clock.now()
        del self.booked[booking.id]

    # ── what always holds ──

    @invariant()
    def every_promise_is_kept(self) -> None:
        assert self.loop.run(check.run()) == []

    @invariant()
    def who_was_told_of_an_appointment_has_it(self) -> None:
        stored = self.loop.run(self.stored())
        assert stored == {b.id: b.seat_id for b in self.booked.values()}

    async def stored(self) -> dict[int, int]:
        return dict(await Booking.filter(state="booked").values_list("id", "seat_id"))


TestBookingOffice = BookingOffice.TestCase
TestBookingOffice.settings = settings(
    max_examples=300 if NIGHTLY else 12,
    stateful_step_count=50 if NIGHTLY else 25,
    deadline=None,
    # Shrinking takes minutes; the nightly run does it.
    phases=list(Phase) if NIGHTLY else [Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
