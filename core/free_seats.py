"""Seats that could be held now: open or lapsed, soon enough, of the kind looked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tortoise.expressions import Q

from core.errors import NotFound
from core.models import Seat
from core.network.schema import Network, SlotKind
from core.rules.criteria import ANY, Criteria
from core.rules.matching import FreeSeat, at_wanted_time
from core.rules.ranking import distance_km

BATCH = 100
BATCHES = 18

Line = tuple[int, str]
"""A therapist and a setting: what therapy places are counted by, within a service."""


@dataclass(frozen=True)
class Limits:
    """What narrows the seats beside the criteria.

    `busy` are the patient's own appointments; `lines`, if given, are the only ones with a
    therapy place to give.
    """

    therapists: Collection[int]
    not_seats: Collection[int] = ()
    busy: Sequence[tuple[datetime, datetime]] = ()
    lines: Collection[Line] | None = field(default=None)

    def allow(self, seat: FreeSeat, ends_at: datetime) -> bool:
        return (
            seat.seat not in self.not_seats
            and (self.lines is None or (seat.therapist, seat.setting) in self.lines)
            and not any(start < ends_at and seat.starts_at < end for start, end in self.busy)
        )


def claimable(now: datetime) -> Q:
    """A hold past its end counts as open at once, with no sweeper."""
    return Q(state="open") | Q(state="held", held_until__lte=now)


def slot_kind(network: Network, criteria: Criteria) -> SlotKind:
    """Return the kind of appointment asked for; raises `NotFound` where there is none such."""
    service = next((s for s in network.services if s.code == criteria.service), None)
    kinds = service.kinds if service else ()
    found = next((kind for kind in kinds if kind.code == criteria.kind), None)
    if found is None:
        raise NotFound("error.not_found")
    return found


async def free_seats(
    criteria: Criteria, network: Network, limits: Limits, *, now: datetime
) -> list[FreeSeat]:
    """Walk open seats by start, in batches, until there is enough at the wanted times."""
    if not limits.therapists:
        return []
    query = _open_seats(criteria, network, limits, now)
    near, zone = _distances(criteria, network), ZoneInfo(network.zone)
    found: list[FreeSeat] = []
    timely: set[int] = set()
    for number in range(BATCHES):
        rows = (
            await query.order_by("starts_at", "id")
            .offset(number * BATCH)
            .limit(BATCH)
            .values_list(
                "id", "therapist_id", "starts_at", "ends_at", "slot__setting", "slot__format",
                "slot__site",
            )
        )  # fmt: skip
        for seat, therapist, starts, ends, setting, format, site in rows:
            free = FreeSeat(seat, therapist, starts, setting, format, site, near.get(site))
            if limits.allow(free, ends):
                found.append(free)
                if at_wanted_time(criteria, starts.astimezone(zone)):
                    timely.add(therapist)
        if len(rows) < BATCH or len(timely) >= network.rules.seats_per_offer:
            break
    return found


def _open_seats(criteria: Criteria, network: Network, limits: Limits, now: datetime) -> Any:
    rules = network.rules
    return Seat.filter(
        claimable(now),
        **_slot_filter(criteria, network),
        therapist_id__in=list(limits.therapists),
        starts_at__gte=now + timedelta(minutes=rules.earliest_minutes_ahead),
        starts_at__lte=now + timedelta(days=rules.horizon_days),
    )


def _slot_filter(criteria: Criteria, network: Network) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "slot__state": "active",
        "slot__service": criteria.service,
        "slot__kind": criteria.kind,
    }
    for name in ("setting", "format", "site"):
        value = getattr(criteria, name)
        if value not in (None, ANY):
            wanted[f"slot__{name}"] = value
    sites = [
        site.code
        for site in network.sites
        if (not criteria.accessible or site.step_free)
        and (criteria.area in (None, ANY) or site.municipality == criteria.area)
    ]
    if len(sites) < len(network.sites):
        wanted["slot__site__in"] = ["", *sites]  # care by video has no site
    return wanted


def _distances(criteria: Criteria, network: Network) -> dict[str, float]:
    """Return kilometres from the site asked for to every site; empty when none was."""
    here = next((s for s in network.sites if s.code == criteria.site), None)
    if here is None:
        return {}
    return {s.code: distance_km((here.lat, here.lon), (s.lat, s.lon)) for s in network.sites}
