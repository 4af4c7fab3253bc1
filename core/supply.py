"""Supply: working hours become slots with seats, week by week, in the wall time of their place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import audit, clock, db
from core.actors import Actor
from core.models import Seat, Slot, Therapist, WorkingHours
from core.network import store
from core.network.schema import Network, SlotKind
from core.rules.walltime import Holidays, holidays_of, is_holiday

LOCK = 7_462_002
BATCH = 400


@dataclass(frozen=True)
class Planned:
    """One slot that working hours ask for; `starts_at` and `ends_at` in UTC."""

    hours: WorkingHours
    kind: SlotKind
    wall: datetime
    starts_at: datetime
    ends_at: datetime


async def make_slots(*, until: date, by: Actor) -> int:
    """Make the slots of all active therapists up to and with the day `until`; return how many.

    A second run adds none. Public holidays of the network have none, and a slot that was
    withdrawn stays away. Raises `Misconfigured` when no network is loaded.
    """
    network = await store.current()
    made = 0
    for therapist in await Therapist.filter(active=True).order_by("id"):
        async with db.transaction():
            made += await _make_for(therapist, network, until, by)
    return made


async def _make_for(therapist: Therapist, network: Network, until: date, by: Actor) -> int:
    if db.is_postgres():
        # Two workers that plan the same week at once would both miss each other's slots.
        await db.connection().execute_query("SELECT pg_advisory_xact_lock($1)", [LOCK])
    now = clock.now()
    hours = await WorkingHours.filter(therapist=therapist)
    holidays = holidays_of(network.country, network.subdivision)
    wanted = [
        planned
        for row in hours
        if (kind := _kind(network, row)) is not None
        for planned in plan(row, kind, now=now, until=until, holidays=holidays)
    ]
    new = without_clashes(wanted, await Slot.filter(therapist=therapist, ends_at__gt=now))
    slots = [_slot(therapist, planned) for planned in new]
    for start in range(0, len(slots), BATCH):
        await _store(slots[start : start + BATCH])
    if slots:
        await audit.record("slots.made", by=by, row=therapist, count=len(slots))
    return len(slots)


def plan(
    hours: WorkingHours, kind: SlotKind, *, now: datetime, until: date, holidays: Holidays
) -> Iterator[Planned]:
    """Yield the slots of one weekly interval that begin after `now`, one after the other.

    A clock time that the change to summer time skips has none; of an hour that comes twice the
    first is meant.
    """
    zone = ZoneInfo(hours.zone)
    length = timedelta(minutes=kind.minutes)
    for day in _days(hours, now.astimezone(zone).date(), until):
        if is_holiday(day, holidays):
            continue
        wall = datetime.combine(day, time.fromisoformat(hours.opens))
        closes = datetime.combine(day, time.fromisoformat(hours.closes))
        while wall + length <= closes:
            starts_at = wall.replace(tzinfo=zone).astimezone(UTC)
            exists = starts_at.astimezone(zone).replace(tzinfo=None) == wall
            if exists and starts_at > now:
                yield Planned(hours, kind, wall, starts_at, starts_at + length)
            wall += length


def _days(hours: WorkingHours, first: date, until: date) -> Iterator[date]:
    first = max(first, hours.valid_from)
    last = min(until, hours.valid_until or until)
    day = first + timedelta(days=(hours.weekday - first.weekday()) % 7)
    while day <= last:
        yield day
        day += timedelta(days=7)


def without_clashes(wanted: Sequence[Planned], standing: Sequence[Slot]) -> list[Planned]:
    """Leave out what begins with a slot that stands in any state, or overlaps an active one.

    Of two wanted slots that overlap, as across a change of the clock, the earlier stays.
    """
    known = {slot.starts_at for slot in standing}
    taken = sorted((s.starts_at, s.ends_at) for s in standing if s.state != "withdrawn")
    chosen: list[Planned] = []
    for planned in sorted(wanted, key=lambda one: one.starts_at):
        overlaps = any(
            start < planned.ends_at and planned.starts_at < end for start, end in reversed(taken)
        )
        follows = not chosen or chosen[-1].ends_at <= planned.starts_at
        if planned.starts_at not in known and not overlaps and follows:
            chosen.append(planned)
    return chosen


def _kind(network: Network, hours: WorkingHours) -> SlotKind | None:
    """Return what the hours are for; None once the network no longer has it."""
    kinds = next((s.kinds for s in network.services if s.code == hours.service), ())
    return next((kind for kind in kinds if kind.code == hours.kind), None)


def _slot(therapist: Therapist, planned: Planned) -> Slot:
    hours = planned.hours
    return Slot(
        therapist=therapist,
        service=hours.service,
        kind=hours.kind,
        setting=hours.setting,
        format=hours.format,
        site=hours.site,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        wall_start=planned.wall.isoformat(timespec="minutes"),
        zone=hours.zone,
        capacity=planned.kind.seats,
    )


async def _store(slots: list[Slot]) -> None:
    """Insert slots and their seats; bulk inserts bring no keys back, hence the second look."""
    await Slot.bulk_create(slots)
    stored = await Slot.filter(public_id__in=[slot.public_id for slot in slots])
    seats = [
        Seat(
            slot=slot,
            n=n,
            therapist_id=slot.therapist_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
        )
        for slot in stored
        for n in range(1, slot.capacity + 1)
    ]
    for start in range(0, len(seats), BATCH):
        await Seat.bulk_create(seats[start : start + BATCH])
