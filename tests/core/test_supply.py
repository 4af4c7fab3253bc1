"""Slots from working hours: in wall time, across clock changes and holidays, and never twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tortoise.exceptions import BaseORMException

from core import clock, supply, therapists
from core.actors import SYSTEM
from core.models import Audit, Seat, Slot, Therapist, WorkingHours
from core.network.schema import Network, SlotKind
from core.network.therapists import parse
from core.rules.walltime import NO_HOLIDAYS, holidays_of
from tests.cast import DEMO

KIND = SlotKind(code="first_visit", labels={"en": "first"}, minutes=50)
MONDAY = datetime(2027, 1, 11, 6, tzinfo=UTC)


def hours(weekday: int, opens: str, closes: str, **other: object) -> WorkingHours:
    given = {"zone": "Europe/Berlin", "valid_from": date(2020, 1, 1), **other}
    return WorkingHours(weekday=weekday, opens=opens, closes=closes, **given)


def walls(row: WorkingHours, now: datetime, until: date, **other: object) -> list[str]:
    holidays = other.get("holidays", NO_HOLIDAYS)
    planned = supply.plan(row, KIND, now=now, until=until, holidays=holidays)
    return [f"{p.wall:%m-%d %H:%M}={p.starts_at:%d %H:%M}" for p in planned]


def test_slots_follow_each_other_and_none_passes_the_end():
    assert walls(hours(0, "09:00", "12:00"), MONDAY, date(2027, 1, 11)) == [
        "01-11 09:00=11 08:00",
        "01-11 09:50=11 08:50",
        "01-11 10:40=11 09:40",
    ]


def test_the_wall_time_stays_when_the_clock_changes():
    across = walls(hours(0, "09:00", "09:50"), datetime(2027, 3, 22, tzinfo=UTC), date(2027, 3, 29))
    assert across == ["03-22 09:00=22 08:00", "03-29 09:00=29 07:00"]


def test_a_clock_time_that_does_not_exist_has_no_slot():
    night = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert walls(hours(6, "01:10", "04:30"), night, date(2027, 3, 28)) == [
        "03-28 01:10=28 00:10",
        "03-28 03:40=28 01:40",
    ]


def test_an_hour_that_comes_twice_is_meant_once():
    night = datetime(2027, 10, 30, 12, tzinfo=UTC)
    assert walls(hours(6, "02:00", "03:40"), night, date(2027, 10, 31)) == [
        "10-31 02:00=31 00:00",
        "10-31 02:50=31 00:50",
    ]


def test_slots_that_overlap_across_the_change_are_made_once():
    night = datetime(2027, 3, 27, 12, tzinfo=UTC)
    row = hours(6, "01:30", "04:30")
    planned = list(supply.plan(row, KIND, now=night, until=date(2027, 3, 28), holidays=NO_HOLIDAYS))
    assert planned[0].ends_at > planned[1].starts_at
    kept = supply.without_clashes(planned, [])
    assert [f"{p.wall:%H:%M}" for p in kept] == ["01:30"]


def test_public_holidays_have_no_slots():
    easter_monday = date(2027, 3, 29)
    now = datetime(2027, 3, 26, tzinfo=UTC)
    made = walls(
        hours(0, "09:00", "09:50"), now, date(2027, 4, 5), holidays=holidays_of("DE", "NW")
    )
    assert made == ["04-05 09:00=05 07:00"]
    assert easter_monday in holidays_of("DE", "NW")


def test_hours_count_within_their_validity_and_after_now():
    row = hours(0, "09:00", "10:40", valid_from=date(2027, 1, 11), valid_until=date(2027, 1, 11))
    assert walls(row, MONDAY + timedelta(hours=2, minutes=30), date(2027, 2, 1)) == [
        "01-11 09:50=11 08:50"
    ]


@pytest.fixture
async def anna(network: Network) -> Therapist:
    rows, problems = parse((DEMO / "therapists.csv").read_text(), network)
    assert not problems
    with clock.frozen_at(MONDAY):
        await therapists.store(rows[:1], by=SYSTEM, now=MONDAY)
        yield await Therapist.get()


async def make(weeks: int = 2) -> int:
    return await supply.make_slots(until=MONDAY.date() + timedelta(weeks=weeks), by=SYSTEM)


@pytest.mark.anyio
async def test_a_second_run_adds_none_and_a_later_day_only_what_is_new(anna: Therapist):
    first = await make()
    seats = await Seat.all().count()
    assert first == await Slot.all().count() > 20
    assert await make() == 0
    assert await Seat.all().count() == seats
    assert await make(3) > 0
    assert await Audit.filter(action="slots.made").count() == 2


@pytest.mark.anyio
async def test_a_group_has_one_slot_with_as_many_seats_as_it_takes(anna: Therapist):
    await make()
    group = await Slot.filter(kind="group_session").first()
    assert group.capacity == 8
    assert await Seat.filter(slot=group).order_by("n").values_list("n", flat=True) == [*range(1, 9)]
    seat = await Seat.filter(slot=group).first()
    assert (seat.starts_at, seat.therapist_id, seat.state) == (group.starts_at, anna.id, "open")


@pytest.mark.anyio
async def test_a_withdrawn_slot_stays_away(anna: Therapist):
    await make()
    slot = await Slot.all().first()
    await Slot.filter(id=slot.id).update(state="withdrawn")
    assert await make() == 0


@pytest.mark.anyio
async def test_hours_for_what_the_network_gave_up_make_no_slots(anna: Therapist):
    await WorkingHours.filter(kind="group_session").update(kind="no_more")
    await WorkingHours.exclude(kind="no_more").update(service="no_more")
    assert await make() == 0


@pytest.mark.anyio
async def test_the_database_refuses_two_active_slots_of_one_therapist(anna: Therapist):
    await make()
    slot = await Slot.all().first()
    with pytest.raises(BaseORMException, match="slot_no_overlap"):
        await Slot.create(
            therapist=anna,
            service=slot.service,
            kind=slot.kind,
            setting=slot.setting,
            format=slot.format,
            starts_at=slot.starts_at + timedelta(minutes=1),
            ends_at=slot.ends_at + timedelta(minutes=1),
            wall_start="2027-01-11T09:01",
            zone=slot.zone,
        )
