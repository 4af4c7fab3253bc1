"""Opening hours of an office or a line: open now, open next, due after so many open minutes."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from core import texts
from core.network.schema import Opening
from core.rules.walltime import NO_HOLIDAYS, Holidays, is_holiday, moment_of

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HORIZON_DAYS = 60
"""Whoever has no opening in this many days is closed for good as far as a promise goes."""

Interval = tuple[datetime, datetime]


def open_at(
    hours: Sequence[Opening], moment: datetime, zone: str, holidays: Holidays = NO_HOLIDAYS
) -> bool:
    """Tell whether it is open; the closing minute itself is closed, and a holiday all day."""
    # Across zones, a moment in a repeated hour never equals another: compare in UTC.
    return next_opening(hours, moment, zone, holidays) == moment.astimezone(UTC)


def next_opening(
    hours: Sequence[Opening], moment: datetime, zone: str, holidays: Holidays = NO_HOLIDAYS
) -> datetime | None:
    """Return the first moment from `moment` on (UTC) at which it is open: itself if open now.

    None if it does not open within 60 days.
    """
    for opens, _ in _openings(hours, moment, zone, holidays):
        return max(opens, moment.astimezone(UTC))
    return None


def open_until(
    hours: Sequence[Opening], moment: datetime, zone: str, holidays: Holidays = NO_HOLIDAYS
) -> datetime | None:
    """Return when the present opening ends (UTC); None if it is closed now."""
    for opens, closes in _openings(hours, moment, zone, holidays):
        return closes if opens <= moment else None
    return None


def due_within_hours(
    hours: Sequence[Opening],
    start: datetime,
    minutes: int,
    zone: str,
    holidays: Holidays = NO_HOLIDAYS,
) -> datetime | None:
    """Return the moment (UTC) by which `minutes` of open time have passed since `start`.

    Closed time does not count. None if the openings of 60 days do not hold so many minutes.
    """
    left = timedelta(minutes=minutes)
    for opens, closes in _openings(hours, start, zone, holidays):
        begins = max(opens, start.astimezone(UTC))
        if begins + left <= closes:
            return begins + left
        left -= closes - begins
    return None


def words(language: str, hours: Sequence[Opening]) -> str:
    """Return opening hours as one line, such as „Mo–Fr, 08:00–16:00 Uhr“; empty: day and night."""
    if not hours:
        return texts.say(language, "time.day_and_night")
    lines = []
    for opening in hours:
        start, end = (texts.clock_digits(language, at) for at in (opening.opens, opening.closes))
        times = texts.say(language, "time.range", start=start, end=end)
        lines.append(f"{_days_words(language, opening)}, {times}")
    return "; ".join(lines)


def _days_words(language: str, opening: Opening) -> str:
    """Name the days, three and more in a row as a span."""
    places = sorted({_WEEKDAYS.index(day) for day in opening.days})
    if len(places) == len(_WEEKDAYS):
        return texts.say(language, "time.every_day")
    said = []
    for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        names = [texts.weekday_words(language, _WEEKDAYS[day], short=True) for _, day in run]
        said.extend(names if len(names) < 3 else [f"{names[0]}–{names[-1]}"])
    return ", ".join(said)


def _openings(
    hours: Sequence[Opening], moment: datetime, zone: str, holidays: Holidays
) -> Iterator[Interval]:
    """Yield the openings that end after `moment`, in order, those that touch made one."""
    current: Interval | None = None
    for opens, closes in _single_openings(hours, moment, zone, holidays):
        if current is not None and opens <= current[1]:
            current = (current[0], max(current[1], closes))
            continue
        if current is not None and current[1] > moment:
            yield current
        current = (opens, closes)
    if current is not None and current[1] > moment:
        yield current


def _single_openings(
    hours: Sequence[Opening], moment: datetime, zone: str, holidays: Holidays
) -> Iterator[Interval]:
    # Yesterday's opening may reach past midnight.
    first = moment.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    for day in (first + timedelta(days=n) for n in range(_HORIZON_DAYS)):
        if is_holiday(day, holidays):
            continue
        weekday = _WEEKDAYS[day.weekday()]
        today = [opening for opening in hours if weekday in opening.days]
        for opening in sorted(today, key=lambda o: o.opens):
            ends_on = day + timedelta(days=opening.closes <= opening.opens)
            opens, closes = (
                moment_of(day, opening.opens, zone),
                moment_of(ends_on, opening.closes, zone),
            )
            if opens < closes:
                yield opens, closes
