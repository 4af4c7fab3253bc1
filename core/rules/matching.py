"""Who fits whom: the hard criteria, each of which excludes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.rules.criteria import ANY, Criteria

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
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
    # Nobody climbs stairs to a video visit.
    if criteria.accessible and criteria.format != "video" and not profile.step_free:
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


def at_wanted_time(criteria: Criteria, local: datetime) -> bool:
    """Tell whether a start, in local time, is on a wanted weekday and part of the day."""
    return (not criteria.weekdays or WEEKDAYS[local.weekday()] in criteria.weekdays) and (
        not criteria.parts or part_of_day(local) in criteria.parts
    )


def part_of_day(local: datetime) -> str:
    """Return morning (before 12), afternoon (12–17) or evening (from 17)."""
    if local.hour < 12:
        return "morning"
    return "afternoon" if local.hour < 17 else "evening"
