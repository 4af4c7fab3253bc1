"""Who fits whom: hard criteria that exclude, soft ones that order, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

from core.rules.criteria import ANY, Criteria

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EARTH_KM = 6371.0
NEAR_KM = 5.0
OPEN = (None, ANY)


@dataclass(frozen=True)
class Profile:
    """What a therapist offers, as sets of codes."""

    id: int
    public_id: str
    name: str
    gender: str
    step_free: bool
    traits: dict[str, frozenset[str]]

    def has(self, kind: str, code: str) -> bool:
        return code in self.traits.get(kind, frozenset())


@dataclass(frozen=True)
class FreeSeat:
    """A seat that could be held, as matching sees it. `near_km` is None where nothing is known."""

    seat: int
    therapist: int
    starts_at: datetime
    setting: str
    format: str
    site: str
    near_km: float | None = None


@dataclass(frozen=True)
class Ranked:
    """A seat with its reasons, best first in a ranking."""

    free: FreeSeat
    reasons: tuple[str, ...]
    rank: tuple[float, ...] = field(compare=False)


def misfits(criteria: Criteria, profile: Profile) -> frozenset[str]:
    """Return the fields of `criteria` that this therapist cannot meet; empty means a fit.

    An excluded concern is a misfit whatever the focus says: it is a disorder that the
    therapist does not work with.
    """
    wanted = {
        "service": criteria.service,
        "modality": criteria.modality,
        "setting": criteria.setting,
        "format": criteria.format,
        "age_group": criteria.age_group,
        "funding": criteria.funding,
        "site": criteria.site,
    }
    found = {
        name
        for name, code in wanted.items()
        if code not in OPEN and not profile.has(name, code or "")
    }
    if criteria.concern and profile.has("exclusion", criteria.concern):
        found.add("concern")
    speaks = criteria.language in OPEN or profile.has("language", criteria.language or "")
    if not speaks and not criteria.interpreter:
        found.add("language")
    if criteria.gender not in OPEN and profile.gender != criteria.gender:
        found.add("gender")
    if criteria.accessible and not profile.step_free:
        found.add("accessible")
    return frozenset(found)


def dividing(criteria: Criteria, profiles: Iterable[Profile]) -> frozenset[str]:
    """Return the fields whose answer still changes which therapists fit."""
    fitting = [profile for profile in profiles if not misfits(criteria, profile)]
    fields = ("modality", "setting", "format", "funding", "site", "language")
    return frozenset(
        name
        for name in fields
        if len({profile.traits.get(name, frozenset()) for profile in fitting}) > 1
    )


def at_wanted_time(criteria: Criteria, starts_at: datetime, zone: str) -> bool:
    """Tell whether a start (aware) falls on a wanted weekday and part of the day."""
    local = starts_at.astimezone(ZoneInfo(zone))
    return (not criteria.weekdays or WEEKDAYS[local.weekday()] in criteria.weekdays) and (
        not criteria.parts or part_of_day(local) in criteria.parts
    )


def part_of_day(local: datetime) -> str:
    """Return morning (before 12), afternoon (12–17) or evening (from 17)."""
    if local.hour < 12:
        return "morning"
    return "afternoon" if local.hour < 17 else "evening"


def rank(
    criteria: Criteria,
    seats: Iterable[FreeSeat],
    profiles: dict[int, Profile],
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
    wants_time = bool(criteria.weekdays or criteria.parts)
    ranked = []
    for seat in seats:
        profile = profiles[seat.therapist]
        timely = at_wanted_time(criteria, seat.starts_at, zone)
        focus = bool(criteria.concern) and profile.has("focus", criteria.concern or "")
        known = seat.therapist in known_therapists
        near = seat.near_km is not None and seat.near_km <= NEAR_KM
        offered = (last_offered or {}).get(seat.therapist)
        reasons = [
            name
            for name, holds in (
                ("times", wants_time and timely),
                ("same_therapist", known),
                ("focus", focus),
                ("modality", criteria.modality not in OPEN),
                ("language", criteria.language not in OPEN),
                ("near", near),
            )
            if holds
        ]
        position = (
            0.0 if timely else 1.0,
            0.0 if known else 1.0,
            0.0 if focus else 1.0,
            0.0 if near or seat.near_km is None else 1.0,
            float(seat.starts_at.astimezone(ZoneInfo(zone)).toordinal()),
            offered.timestamp() if offered else 0.0,
            seat.starts_at.timestamp(),
        )
        ranked.append(Ranked(seat, tuple(reasons), position))
    ranked.sort(key=lambda row: (row.rank, row.free.seat))
    return ranked


def spread(ranked: Sequence[Ranked], zone: str) -> list[Ranked]:
    """Reorder so that the first ones differ in therapist, else in day; nothing is dropped."""
    chosen: list[Ranked] = []
    rest = list(ranked)
    therapists: set[int] = set()
    days: set[tuple[int, int]] = set()
    for new_therapist_only in (True, False):
        later = []
        for row in rest:
            local = row.free.starts_at.astimezone(ZoneInfo(zone))
            day = (row.free.therapist, local.toordinal())
            is_new = row.free.therapist not in therapists
            if is_new or (not new_therapist_only and day not in days):
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
    return 2 * EARTH_KM * asin(sqrt(across + along))
