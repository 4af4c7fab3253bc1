"""New hours take back what nobody has, and only that."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock, supply, therapists, withdrawal
from core.actors import SYSTEM
from core.models import Seat, Slot, Therapist, WorkingHours
from core.network.schema import Network
from core.network.therapists import parse
from tests.cast import DEMO

MONDAY = datetime(2027, 1, 11, 6, tzinfo=UTC)


@pytest.mark.anyio
async def test_new_hours_take_back_free_slots_and_leave_booked_ones(network: Network):
    rows, _ = parse((DEMO / "therapists.csv").read_text(), network)
    with clock.frozen_at(MONDAY):
        await therapists.store(rows[:1], by=SYSTEM, now=MONDAY)
        await supply.make_slots(until=MONDAY.date() + timedelta(weeks=2), by=SYSTEM)
        await _booked_stays(await Therapist.get())


async def _booked_stays(anna: Therapist) -> None:
    mondays = [s for s in await Slot.all().order_by("starts_at") if s.starts_at.weekday() == 0]
    booked, free = mondays[0], mondays[1]
    await Seat.filter(slot=booked).update(state="booked")
    await WorkingHours.filter(therapist=anna, weekday=0).delete()
    assert await withdrawal.outside_hours(anna) == len(mondays) - 1
    assert (await Slot.get(id=booked.id)).state == "active"
    assert (await Slot.get(id=free.id)).state == "withdrawn"
    assert (await Seat.get(slot=free)).state == "blocked"
    assert await withdrawal.outside_hours(anna) == 0
