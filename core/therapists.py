"""Therapists as their network tells them: rows of a file become entries, by e-mail address."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from core import audit, db, supply
from core.actors import Actor
from core.models import Place, Therapist, Trait, WorkingHours
from core.network import store as networks
from core.network.schema import Network
from core.network.therapists import TherapistRow
from core.network.week import DAYS

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
                await supply.withdraw_outside_hours(therapist)
            await audit.record("therapist.stored", by=by, row=therapist, new=is_new)
            new += is_new
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
    for service, setting in _lines_of_care(row, network):
        places = Place.filter(therapist=therapist, service=service, setting=setting, group="")
        standing = await places.order_by("n")
        counted = [place for place in standing if place.state != "taken"]
        free = [place for place in counted if place.state == "free"]
        for place in free[::-1][: max(0, len(counted) - row.places)]:
            await place.delete()
        highest = max((place.n for place in standing), default=0)
        await Place.bulk_create(
            Place(therapist=therapist, service=service, setting=setting, n=highest + n)
            for n in range(1, row.places - len(counted) + 1)
        )


def _lines_of_care(row: TherapistRow, network: Network) -> Iterator[tuple[str, str]]:
    """Yield service and setting of each kind of hours that begins a therapy, once."""
    seen: set[tuple[str, str]] = set()
    for hours in row.hours:
        kind = next(k for k in network.service(hours.service).kinds if k.code == hours.kind)
        line = (hours.service, hours.setting)
        if kind.opens_place and line not in seen:
            seen.add(line)
            yield line
