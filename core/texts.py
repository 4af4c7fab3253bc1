"""The words of Passung: the only reader of `locales/`, and dates and money as people say them.

Keys are the msgid of a catalogue, such as `dialogue.ask_concern`. A missing key, placeholder or
language raises KeyError with its name: a wrong text is worse than a loud one.
"""

import gettext
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, lists, numbers
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[1] / "locales"

# Dates in English are written as in Britain, by the style of the glossary.
_FORMATS = {"en": "en_GB"}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# The year with what belongs to it in a full date pattern: ", y", " y 'г'.", "y年".
_YEAR = re.compile(r"[\s,،]*y+(?:年|\s*'[^']*'\.?)?")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def languages() -> tuple[str, ...]:
    """Return the codes of all languages that have a catalogue, sorted."""
    return tuple(sorted(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/messages.po")))


def has(key: str, language: str = "en") -> bool:
    """Tell whether a catalogue has this key; raise KeyError for an unknown language."""
    return key in _catalogue(language).texts


def keys(language: str) -> frozenset[str]:
    """Return every key of a language's catalogue."""
    return frozenset(_catalogue(language).texts)


def say(language: str, key: str, **args: object) -> str:
    """Return a text with its placeholders filled; raise KeyError for what is missing."""
    return _fill(language, _catalogue(language).texts[key][0], args)


def say_n(language: str, key: str, n: int, **args: object) -> str:
    """Return the text in the plural form that `n` takes; `{n}` is filled too."""
    catalogue = _catalogue(language)
    forms = catalogue.texts[key]
    form = forms[catalogue.plural(n)] if len(forms) > 1 else forms[0]
    return _fill(language, form, args | {"n": n})


def template(language: str, key: str) -> tuple[str, ...]:
    """Return a text as it stands in the catalogue: one form, or every plural form."""
    return _catalogue(language).texts[key]


def placeholders(text: str) -> frozenset[str]:
    """Return the names that a text wants filled."""
    return frozenset(_PLACEHOLDER.findall(text))


def direction(language: str) -> str:
    """Return `rtl` or `ltr`; raise KeyError for a language that nobody knows."""
    return _locale(language).text_direction


def date_words(language: str, moment: datetime | date, zone: str | tzinfo | None = None) -> str:
    """Return weekday, day, month and year, such as „Dienstag, 24. November 2026“."""
    return dates.format_date(_local_date(moment, zone), "full", locale=_locale(language))


def day_words(language: str, moment: datetime | date, zone: str | tzinfo | None = None) -> str:
    """Return weekday, day and month, such as „Dienstag, 24. November“."""
    locale = _locale(language)
    without_year = _YEAR.sub("", locale.date_formats["full"].pattern).strip(" ,،")
    return dates.format_date(_local_date(moment, zone), without_year, locale=locale)


def short_date(language: str, moment: datetime | date, zone: str | tzinfo | None = None) -> str:
    """Return the date in digits, such as „24.11.2026“."""
    return dates.format_date(_local_date(moment, zone), "medium", locale=_locale(language))


def weekday_words(language: str, code: str, *, short: bool = False) -> str:
    """Return the name of a weekday given as `mon` … `sun`; `short` as in „Mo“."""
    names = _locale(language).days["stand-alone"]["abbreviated" if short else "wide"]
    return str(names[_WEEKDAYS.index(code)]).rstrip(".")


def time_words(language: str, moment: datetime, zone: str | tzinfo) -> str:
    """Return the time of day as it is said, such as „14:20 Uhr“."""
    return say(language, "time.clock", time=_digits(language, moment, zone))


def time_range_words(language: str, start: datetime, end: datetime, zone: str | tzinfo) -> str:
    """Return two times of one day, such as „14:20–15:10 Uhr“."""
    first, last = (_digits(language, moment, zone) for moment in (start, end))
    return say(language, "time.range", start=first, end=last)


def clock_digits(language: str, at: time) -> str:
    """Return a clock time in digits alone, such as „14:20“."""
    return dates.format_time(at.replace(tzinfo=None), "short", locale=_locale(language))


def money(language: str, amount: Decimal, currency: str) -> str:
    """Return an amount as it is written; whole amounts without decimals: „60 €“."""
    locale = _locale(language)
    pattern = locale.currency_formats["standard"].pattern
    if amount == amount.to_integral_value():
        whole = pattern.replace(".00", "")
        return numbers.format_currency(
            amount, currency, format=whole, locale=locale, currency_digits=False
        )
    return numbers.format_currency(amount, currency, locale=locale)


def join(language: str, items: Sequence[str]) -> str:
    """Return a list as it is said: „Angst, Schlaf und Stress“."""
    return lists.format_list(list(items), locale=_locale(language))


class _Catalogue:
    def __init__(self, source: Catalog) -> None:
        self.texts: dict[str, tuple[str, ...]] = {}
        self.plural = gettext.c2py(source.plural_expr)
        for message in source:
            if not message.id:
                continue
            key = message.id if isinstance(message.id, str) else message.id[0]
            said = message.string or ""
            forms = (said,) if isinstance(said, str) else said
            if all(forms):
                self.texts[key] = tuple(forms)


@cache
def _catalogue(language: str) -> _Catalogue:
    if language not in languages():
        raise KeyError(language)
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return _Catalogue(read_po(file, locale=language, abort_invalid=True))


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(_FORMATS.get(language, language), sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError) as unknown:
        raise KeyError(language) from unknown


def _fill(language: str, text: str, args: dict[str, object]) -> str:
    """Put arguments in by name alone: a translation can reach neither attributes nor formats."""
    isolate_all = direction(language) == "rtl"

    def value(match: re.Match[str]) -> str:
        said = str(args[match.group(1)])
        if isolate_all or _has_right_to_left(said):
            return f"{_FIRST_STRONG_ISOLATE}{said}{_POP_ISOLATE}"
        return said

    return _PLACEHOLDER.sub(value, text)


def _has_right_to_left(said: str) -> bool:
    return not said.isascii() and any(unicodedata.bidirectional(c) in ("R", "AL") for c in said)


def _local_date(moment: datetime | date, zone: str | tzinfo | None) -> date:
    if not isinstance(moment, datetime):
        return moment
    if zone is None:
        raise ValueError("a moment needs a zone to have a date")
    return moment.astimezone(_zone(zone)).date()


def _digits(language: str, moment: datetime, zone: str | tzinfo) -> str:
    return clock_digits(language, moment.astimezone(_zone(zone)).time())


def _zone(zone: str | tzinfo) -> tzinfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone
