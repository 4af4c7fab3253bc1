"""Therapists as their network tells them: rows of a file become entries, by e-mail address."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from core import audit, db, profiles, withdrawal
from core.actors import Actor
from core.models import Place, Therapist, Trait, WorkingHours
from core.network import store as networks
from core.network.schema import Network, SlotKind
from core.network.therapists import TherapistRow
from core.network.week import DAYS, HoursRow

_TRAITS = {
    "service": "services",
    "modality": "modalities",
    "setting": "settings",
    "format": "formats",
    "age_group": "age_groups",
    "language": "languages",
    "focus": "concerns",
    "exclusion": "exclusions",
    "funding": "funding",
    "site": "sites",
}
"""The kinds of trait, each with the column of the file that it comes from."""


async def store(rows: Sequence[TherapistRow], *, by: Actor, now: datetime) -> tuple[int, int]:
    """Store all rows or none; return how many entries are new and how many were there before.

    Who is known by the e-mail address is updated: what the file says replaces what stood, slots
    outside the new hours are taken back unless somebody has them, and therapists whom the file
    does not name stay as they are.
    """
    network = await networks.current()
    new = 0
    async with db.transaction():
        for row in rows:
            therapist = await Therapist.get_or_none(email=row.email)
            is_new = therapist is None
            therapist = await _entry(therapist, row, now)
            await _replace_traits(therapist, row)
            await _replace_hours(therapist, row, network, now)
            await _fill_places(therapist, row, network)
            if not is_new:
                await withdrawal.outside_hours(therapist)
            await audit.record("therapist.stored", by=by, row=therapist, new=is_new)
            new += is_new
        await profiles.changed()
    return new, len(rows) - new


async def _entry(therapist: Therapist | None, row: TherapistRow, now: datetime) -> Therapist:
    therapist = therapist or Therapist(email=row.email, created_at=now)
    therapist.name, therapist.title, therapist.gender = row.name, row.title, row.gender
    therapist.step_free, therapist.active = row.accessible, True
    await therapist.save()
    return therapist


async def _replace_traits(therapist: Therapist, row: TherapistRow) -> None:
    await Trait.filter(therapist=therapist).delete()
    await Trait.bulk_create(
        Trait(therapist=therapist, kind=kind, code=code)
        for kind, column in _TRAITS.items()
        for code in getattr(row, column)
    )


async def _replace_hours(
    therapist: Therapist, row: TherapistRow, network: Network, now: datetime
) -> None:
    await WorkingHours.filter(therapist=therapist).delete()
    await WorkingHours.bulk_create(
        WorkingHours(
            therapist=therapist,
            weekday=DAYS.index(hours.day),
            opens=f"{hours.opens:%H:%M}",
            closes=f"{hours.closes:%H:%M}",
            zone=network.zone,
            site=hours.site or "",
            format=hours.format,
            service=hours.service,
            kind=hours.kind,
            setting=hours.setting,
            valid_from=now.astimezone(ZoneInfo(network.zone)).date(),
        )
        for hours in row.hours
    )


async def _fill_places(therapist: Therapist, row: TherapistRow, network: Network) -> None:
    """Bring the places that are not taken to the number that the file gives.

    A place that is held or in trial is never removed, so there may be more for a while.
    """
    for (service, setting), wanted in shares(row, network).items():
        places = Place.filter(therapist=therapist, service=service, setting=setting, group="")
        standing = await places.order_by("n")
        counted = [place for place in standing if place.state != "taken"]
        free = [place for place in counted if place.state == "free"]
        for place in free[::-1][: max(0, len(counted) - wanted)]:
            await place.delete()
        highest = max((place.n for place in standing), default=0)
        await Place.bulk_create(
            Place(therapist=therapist, service=service, setting=setting, n=highest + n)
            for n in range(1, wanted - len(counted) + 1)
        )


def shares(row: TherapistRow, network: Network) -> dict[tuple[str, str], int]:
    """Return how many places each service and setting has that first visits are given for.

    The number of the file is shared out in the order of the hours; a group has a place for
    each seat of its sessions instead.
    """
    kinds = {
        hours: next(k for k in network.service(hours.service).kinds if k.code == hours.kind)
        for hours in row.hours
    }
    lines = dict.fromkeys((h.service, h.setting) for h, kind in kinds.items() if kind.opens_place)
    seats = {line: _group_seats(line, kinds) for line in lines}
    shared = [line for line in lines if not seats[line]]
    for n, line in enumerate(shared):
        seats[line] = row.places // len(shared) + (n < row.places % len(shared))
    return seats


def _group_seats(line: tuple[str, str], kinds: Mapping[HoursRow, SlotKind]) -> int:
    """Return the seats of the largest group that meets in this line of care; 0 where none does."""
    sizes = [kind.seats for h, kind in kinds.items() if (h.service, h.setting) == line]
    return max((size for size in sizes if size > 1), default=0)
