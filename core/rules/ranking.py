"""Which of the fitting seats come first, and why: soft criteria, in turn, spread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

from core.rules.criteria import Criteria
from core.rules.matching import OPEN, FreeSeat, Profile, at_wanted_time

EARTH_KM = 6371.0
NEAR_KM = 5.0


@dataclass(frozen=True)
class Ranked:
    """A seat with its reasons; the smaller `rank`, the better it suits."""

    free: FreeSeat
    reasons: tuple[str, ...]
    rank: tuple[float, ...] = field(compare=False)


def rank(
    criteria: Criteria,
    seats: Iterable[FreeSeat],
    profiles: Mapping[int, Profile],
    *,
    zone: str,
    known_therapists: frozenset[int] = frozenset(),
    last_offered: Mapping[int, datetime | None] | None = None,
) -> list[Ranked]:
    """Order seats best first and say why each fits.

    Wanted times come before all; then the therapist known from before, focus, nearness, the
    day; on one day those who were proposed longest ago (`last_offered`) come first, so
    that therapists who still look for patients come up in turn.
    """
    ranked = [
        _ranked(
            criteria,
            seat,
            profiles[seat.therapist],
            seat.starts_at.astimezone(ZoneInfo(zone)),
            known=seat.therapist in known_therapists,
            offered=(last_offered or {}).get(seat.therapist),
        )
        for seat in seats
    ]
    return sorted(ranked, key=lambda row: (row.rank, row.free.seat))


def _ranked(
    criteria: Criteria,
    seat: FreeSeat,
    profile: Profile,
    local: datetime,
    *,
    known: bool,
    offered: datetime | None,
) -> Ranked:
    timely = at_wanted_time(criteria, local)
    focus = profile.has("focus", criteria.concern or "")
    near = seat.near_km is not None and seat.near_km <= NEAR_KM
    reasons = {
        "times": timely and bool(criteria.weekdays or criteria.parts),
        "same_therapist": known,
        "focus": focus,
        "modality": criteria.modality not in OPEN,
        "language": profile.has("language", criteria.language or ""),
        "near": near,
    }
    position = (
        float(not timely),
        float(not known),
        float(not focus),
        float(not near and seat.near_km is not None),
        float(local.toordinal()),
        offered.timestamp() if offered else 0.0,
        seat.starts_at.timestamp(),
    )
    return Ranked(seat, tuple(name for name, holds in reasons.items() if holds), position)


def spread(ranked: Sequence[Ranked], zone: str) -> list[Ranked]:
    """Reorder so that the first ones differ in therapist, else in day; nothing is dropped.

    Seats at a wanted time stay before all others: variety is worth less than a time that suits.
    """
    chosen: list[Ranked] = []
    rest = list(ranked)
    therapists: set[int] = set()
    days: set[tuple[int, int]] = set()
    for timely, other_therapist in ((True, True), (True, False), (False, True), (False, False)):
        later = []
        for row in rest:
            local = row.free.starts_at.astimezone(ZoneInfo(zone))
            day = (row.free.therapist, local.toordinal())
            is_new = row.free.therapist not in therapists
            differs = is_new if other_therapist else day not in days
            if differs and timely == (row.rank[0] == 0):
                chosen.append(row)
                therapists.add(row.free.therapist)
                days.add(day)
            else:
                later.append(row)
        rest = later
    return chosen + rest


def with_earliest(rows: Sequence[Ranked]) -> list[Ranked]:
    """Add the reason `earliest` to the soonest of the seats that are proposed together."""
    if len(rows) < 2:
        return list(rows)
    soonest = min(rows, key=lambda row: row.free.starts_at)
    return [
        Ranked(row.free, (*row.reasons, "earliest"), row.rank) if row is soonest else row
        for row in rows
    ]


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance of two (latitude, longitude) pairs in kilometres."""
    (lat1, lon1), (lat2, lon2) = one, other
    across = sin(radians(lat2 - lat1) / 2) ** 2
    along = cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(across + along)))
