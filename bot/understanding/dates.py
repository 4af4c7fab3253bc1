"""A date of birth as people write it, in any of the languages that ship."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import get_month_names

from bot.understanding.ages import age_group_of
from bot.understanding.normalise import fold, words

OLDEST = 120
_ISO = re.compile(r"\b((?:18|19|20)\d\d)\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})\.?\s*[-/., ]\s*(\d{1,2})\.?\s*[-/., ]\s*'?(\d{4}|\d{2})\b")
_TOGETHER = re.compile(r"\b(\d{2})(\d{2})((?:18|19|20)\d\d)\b")
_YEAR = re.compile(r"^(?:\d{4}|\d{2})$")
_ORDINAL = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|ter|ten|te)?$")


@dataclass(frozen=True)
class BirthDate:
    """A date, or what stands against it: `none` (no date in it), `unclear` (no such day),
    `future`, `old` (more than 120 years ago)."""

    born: date | None = None
    problem: str = ""


def birth_date(
    text: str, today: date, languages: tuple[str, ...], age_group: str | None = None
) -> BirthDate:
    """Read a date of birth; day before month, as in all of Europe.

    A year of two digits is taken so that the person is alive and, where the age group is
    known, belongs to it.
    """
    parts = _parts(fold(text), languages)
    if parts is None:
        return BirthDate(problem="none")
    day, month, year = parts
    if month > 12 >= day:
        day, month = month, day
    found = [_date(day, month, y) for y in _years(year, today)]
    real = [d for d in found if d is not None]
    if not real:
        return BirthDate(problem="unclear")
    past = [d for d in real if d <= today]
    if not past:
        return BirthDate(problem="future")
    fitting = [d for d in past if age_group_of(years_between(d, today)) == age_group]
    best = (fitting or past)[0]
    if years_between(best, today) > OLDEST:
        return BirthDate(problem="old")
    return BirthDate(best)


def years_between(born: date, today: date) -> int:
    """Return the age in full years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _parts(folded: str, languages: tuple[str, ...]) -> tuple[int, int, str] | None:
    if match := _ISO.search(folded):
        return int(match[3]), int(match[2]), match[1]
    if match := _DAY_FIRST.search(folded) or _TOGETHER.search(folded):
        return int(match[1]), int(match[2]), match[3]
    return _in_words(words(folded), languages)


def _in_words(said: list[str], languages: tuple[str, ...]) -> tuple[int, int, str] | None:
    """Read "3. April 1990", "April 3rd, 1990", "3 of April 90"."""
    months = [(at, month) for at, word in enumerate(said) if (month := _month(word, languages))]
    for at, month in months:
        days = [
            int(match[1])
            for word in (*said[max(0, at - 2) : at], *said[at + 1 : at + 2])
            if (match := _ORDINAL.match(word))
        ]
        years = [word for word in said[at + 1 : at + 3] if _YEAR.match(word)]
        if days and years:
            return days[0], month, years[-1]
    return None


def _years(text: str, today: date) -> tuple[int, ...]:
    """Return the years that are meant, the likeliest first."""
    year = int(text)
    if len(text) > 2:
        return (year,)
    century = today.year // 100 * 100
    return (century + year, century - 100 + year)


def _date(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(word: str, languages: tuple[str, ...]) -> int | None:
    names = _months(languages)
    if word in names:
        return names[word]
    starts = {month for name, month in names.items() if name.startswith(word)}
    return starts.pop() if len(word) >= 3 and len(starts) == 1 else None


@cache
def _months(languages: tuple[str, ...]) -> dict[str, int]:
    names: dict[str, int] = {}
    for language in languages:
        locale = Locale.parse(language)
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for month, name in get_month_names(width, context, locale).items():
                    names[fold(name).rstrip(".")] = month
    return names
