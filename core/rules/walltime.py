"""Days and clock times of a place, as moments: right across changes to and from summer time."""

from collections.abc import Callable, Container
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

Holidays = Container[date] | Callable[[date], bool]
"""The public holidays of a place: anything that knows `day in holidays`, or a function."""

NO_HOLIDAYS: Holidays = frozenset()


@cache
def holidays_of(country: str, subdivision: str | None = None) -> Holidays:
    """Return the public holidays of a country (ISO 3166), none where the calendar is unknown."""
    try:
        return country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        return NO_HOLIDAYS


def moment_of(day: date, at: time, zone: str) -> datetime:
    """Return a clock time of a place in UTC.

    An hour that the clock skips or shows twice has two readings; the later one is taken, which
    for a deadline is the one that favours the patient.
    """
    local = datetime.combine(day, at.replace(tzinfo=None), tzinfo=ZoneInfo(zone))
    return max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def is_holiday(day: date, holidays: Holidays) -> bool:
    """Tell whether a day is among the holidays."""
    return holidays(day) if callable(holidays) else day in holidays


def working_days_before(day: date, count: int, holidays: Holidays) -> date:
    """Go back by `count` days that are neither weekend nor holiday; 0 gives the day itself."""
    while count > 0:
        day -= timedelta(days=1)
        if day.weekday() < 5 and not is_holiday(day, holidays):
            count -= 1
    return day
