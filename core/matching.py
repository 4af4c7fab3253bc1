"""Find seats that fit a request: free now, soon enough, with a therapist who takes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Q

from core import profiles
from core.models import Place, Seat, Therapist
from core.network.schema import Network, SlotKind
from core.rules.criteria import ANY, OPEN_FIELDS, Criteria
from core.rules.matching import (
    FreeSeat,
    Profile,
    Ranked,
    at_wanted_time,
    distance_km,
    dividing,
    misfits,
    rank,
    spread,
)

BATCH = 300
BATCHES = 6
COUNT_LIMIT = 99
"""Counting stops here: a patient needs to know that there are many, not how many."""


@dataclass(frozen=True)
class Found:
    """Seats best first, and whether the therapist asked for by name had none."""

    ranked: list[Ranked]
    asked_therapist_full: bool = False


def claimable(now: datetime) -> Q:
    """A hold past its end counts as open at once, with no sweeper."""
    return Q(state="open") | Q(state="held", held_until__lte=now)


def slot_kind(network: Network, criteria: Criteria) -> SlotKind:
    """Return the kind of appointment asked for; KeyError where the service has no such kind."""
    service = network.service(criteria.service or "")
    return next(kind for kind in service.kinds if kind.code == criteria.kind)


async def find(
    criteria: Criteria,
    network: Network,
    *,
    now: datetime,
    not_seats: Iterable[int] = (),
    busy: Sequence[tuple[datetime, datetime]] = (),
    known_therapists: frozenset[int] = frozenset(),
    own_place: int | None = None,
) -> Found:
    """Return fitting seats, best first; `busy` are the patient's own appointments.

    `own_place` is a therapist at whom the patient already has a therapy place, so that none
    needs to be free. If the therapist asked for has nothing, the next best come at once.
    """
    known = await profiles.active()
    fitting = {id: p for id, p in known.items() if not misfits(criteria, p)}
    if slot_kind(network, criteria).opens_place:
        with_place = await _therapists_with_place(criteria, now)
        if own_place is not None:
            with_place.add(own_place)
        fitting = {id: p for id, p in fitting.items() if id in with_place}
    asked = {id: p for id, p in fitting.items() if p.public_id == criteria.therapist}
    for therapists in [asked, fitting] if criteria.therapist else [fitting]:
        seats = await _free_seats(criteria, network, therapists, now, set(not_seats), busy)
        if seats:
            ranked = rank(
                criteria,
                seats,
                therapists,
                zone=network.zone,
                known_therapists=known_therapists,
                last_offered=await _last_offered({seat.therapist for seat in seats}),
            )
            full = criteria.therapist is not None and therapists is not asked
            return Found(spread(ranked, network.zone), asked_therapist_full=full)
    return Found([], asked_therapist_full=criteria.therapist is not None)


async def _therapists_with_place(criteria: Criteria, now: datetime) -> set[int]:
    places = Place.filter(
        Q(state="free") | Q(state="held", held_until__lte=now), service=criteria.service
    )
    if criteria.setting not in (None, ANY):
        places = places.filter(setting=criteria.setting)
    rows = await places.distinct().values_list("therapist_id")
    return {row[0] for row in rows}


async def _free_seats(
    criteria: Criteria,
    network: Network,
    therapists: dict[int, Profile],
    now: datetime,
    not_seats: set[int],
    busy: Sequence[tuple[datetime, datetime]],
) -> list[FreeSeat]:
    """Walk open seats by start, in batches, until there is enough at the wanted times."""
    if not therapists:
        return []
    rules = network.rules
    query = Seat.filter(
        claimable(now),
        **_slot_filter(criteria, network),
        therapist_id__in=list(therapists),
        starts_at__gte=now + timedelta(minutes=rules.earliest_minutes_ahead),
        starts_at__lte=now + timedelta(days=rules.horizon_days),
    )
    near = _distances(criteria, network)
    found: list[FreeSeat] = []
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
        found += [
            FreeSeat(seat, therapist, starts, setting, format, site, near.get(site))
            for seat, therapist, starts, ends, setting, format, site in rows
            if seat not in not_seats and not any(s < ends and starts < e for s, e in busy)
        ]
        timely = {f.therapist for f in found if at_wanted_time(criteria, f.starts_at, network.zone)}
        if len(rows) < BATCH or len(timely) >= rules.seats_per_offer:
            break
    return found


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
        and (not criteria.area or site.municipality == criteria.area)
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


async def _last_offered(therapists: Iterable[int]) -> dict[int, datetime | None]:
    """Read when each was last proposed: that changes with every offer, profiles do not."""
    rows = await Therapist.filter(id__in=list(therapists)).values_list("id", "last_offered_at")
    return {id: last for id, last in rows}


async def divides(criteria: Criteria) -> frozenset[str]:
    """Return the question fields whose answer still changes which therapists fit."""
    return dividing(criteria, (await profiles.active()).values())


async def widenings(criteria: Criteria, network: Network, *, now: datetime) -> dict[str, int]:
    """Return the criteria that would bring seats if given up, with counts, most first.

    Access needs, language, age and excluded concerns are never among them.
    """
    counts: dict[str, int] = {}
    for name in OPEN_FIELDS:
        if getattr(criteria, name) in (None, ANY):
            continue
        wider = criteria.with_(**{name: None if name == "therapist" else ANY})
        found = await find(wider, network, now=now)
        if found.ranked:
            counts[name] = min(len(found.ranked), COUNT_LIMIT)
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
