"""Find seats that fit a request: free now, soon enough, with a therapist who takes it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core import places, profiles
from core.free_seats import Limits, Line, free_seats, slot_kind
from core.models import Therapist
from core.network.schema import Network
from core.rules.criteria import ANY, OPEN_FIELDS, Criteria
from core.rules.matching import dividing, misfits
from core.rules.ranking import Ranked, rank, spread

COUNT_LIMIT = 99
"""Counting stops here: a patient needs to know that there are many, not how many."""


@dataclass(frozen=True)
class Found:
    """Seats best first, and whether the therapist asked for by name had none."""

    ranked: list[Ranked]
    asked_therapist_full: bool = False


async def find(
    criteria: Criteria,
    network: Network,
    *,
    now: datetime,
    not_seats: Iterable[int] = (),
    busy: Sequence[tuple[datetime, datetime]] = (),
    known_therapists: frozenset[int] = frozenset(),
    own_places: Collection[Line] = (),
) -> Found:
    """Return fitting seats, best first; `busy` are the patient's own appointments.

    `own_places` are where the patient has a therapy place already, so that none needs to be
    free. If the therapist asked for has nothing, the next best come at once.
    Raises `NotFound` for a service or kind of appointment that the network does not have.
    """
    lines = None
    if slot_kind(network, criteria).opens_place:
        lines = {*await places.open_lines(criteria, now), *own_places}
    profile = {
        id: one for id, one in (await profiles.active()).items() if not misfits(criteria, one)
    }
    asked = [id for id, one in profile.items() if one.public_id == criteria.therapist]
    is_asked = criteria.therapist not in (None, ANY)
    for therapists in [asked, list(profile)] if is_asked else [list(profile)]:
        limits = Limits(therapists, frozenset(not_seats), busy, lines)
        seats = await free_seats(criteria, network, limits, now=now)
        if seats:
            ranked = rank(
                criteria,
                seats,
                profile,
                zone=network.zone,
                known_therapists=known_therapists,
                last_offered=await _last_offered({seat.therapist for seat in seats}),
            )
            full = is_asked and therapists is not asked
            return Found(spread(ranked, network.zone), asked_therapist_full=full)
    return Found([], asked_therapist_full=is_asked)


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
