"""What a network says about the world: zones, holidays, money, numbers, hours and addresses."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import holidays
import phonenumbers
from babel import Locale, numbers

from core.network.problems import Location, listed, shown
from core.network.schema import CrisisLine, Network, Opening

Found = Iterator[tuple[Location, str, Mapping[str, object]]]

# Numbers that the European Union keeps for help lines; phonenumbers does not know them all.
_HARMONISED = re.compile(r"116\d{3}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LOCAL = ("localhost", "127.0.0.1", "::1")


def strangers(network: Network) -> Found:
    """Yield place, text key and data of everything that the world does not know."""
    given = {"given": shown(network.zone)}
    if network.zone not in available_timezones():
        yield ("zone",), "error.network.no_zone", given
    yield from _country(network)
    if network.currency not in numbers.list_currencies():
        yield ("currency",), "error.network.no_currency", {"given": network.currency}
    if not _dialable(network.phone, network.country):
        yield ("phone",), "error.network.no_phone", {"given": shown(network.phone)}
    if not _EMAIL.fullmatch(network.email):
        yield ("email",), "error.network.no_email", {"given": shown(network.email)}
    if not phonenumbers.is_emergency_number(network.emergency_number, network.country):
        data = {"given": shown(network.emergency_number), "country": network.country}
        yield ("emergency_number",), "error.network.no_emergency_number", data
    yield from _hours(network.hours, ("hours",))
    yield from _crisis_lines(network)
    yield from _addresses(network)


def _country(network: Network) -> Found:
    known = holidays.list_supported_countries(include_aliases=False)
    if network.country not in known:
        yield ("country",), "error.network.no_country", {"given": network.country}
    elif network.subdivision is not None and network.subdivision not in known[network.country]:
        parts = known[network.country]
        data = {"given": shown(network.subdivision), "allowed": listed(parts)}
        yield ("subdivision",), "error.network.no_subdivision", data


def _crisis_lines(network: Network) -> Found:
    if not any(line.checked and line.country == network.country for line in network.crisis_lines):
        data: Mapping[str, object] = {"country": network.country}
        yield ("crisis_lines",), "error.network.no_checked_line", data
    for n, line in enumerate(network.crisis_lines):
        yield from _crisis_line(("crisis_lines", n), line)


def _crisis_line(place: Location, line: CrisisLine) -> Found:
    if line.number is None and line.url is None:
        yield place, "error.network.no_way_to_call", {}
    if line.country not in holidays.list_supported_countries(include_aliases=False):
        yield (*place, "country"), "error.network.no_country", {"given": line.country}
    elif line.number is not None and not _dialable(line.number, line.country):
        yield (*place, "number"), "error.network.no_phone", {"given": shown(line.number)}
    if line.url is not None and not _is_address(line.url, path=True):
        yield (*place, "url"), "error.network.no_address", {"given": shown(line.url)}
    for n, language in enumerate(line.languages):
        if language not in Locale("en").languages:
            yield (*place, "languages", n), "error.network.unknown_language", {"given": language}
    yield from _hours(line.hours, (*place, "hours"))


def _hours(openings: Sequence[Opening], place: Location) -> Found:
    taken: dict[str, list[tuple[time, time]]] = {}
    for n, opening in enumerate(openings):
        if opening.opens >= opening.closes:
            data: Mapping[str, object] = {"opens": _clock(opening.opens)}
            yield (*place, n, "closes"), "error.network.closes_first", data
            continue
        for day in opening.days:
            for opens, closes in taken.get(day, []):
                if opening.opens < closes and opens < opening.closes:
                    data = {"day": day, "opens": _clock(opens), "closes": _clock(closes)}
                    yield (*place, n), "error.network.hours_overlap", data
            taken.setdefault(day, []).append((opening.opens, opening.closes))


def _addresses(network: Network) -> Found:
    for n, origin in enumerate(network.embed_origins):
        if not _is_address(origin, path=False):
            yield ("embed_origins", n), "error.network.no_origin", {"given": shown(origin)}
    if network.privacy_url is not None and not _is_address(network.privacy_url, path=True):
        data: Mapping[str, object] = {"given": shown(network.privacy_url)}
        yield ("privacy_url",), "error.network.no_address", data


def _is_address(given: str, *, path: bool) -> bool:
    """Tell whether this is an https address (http on this machine); an origin has no path.

    A blank, quote, comma or semicolon would end the header that the origin is put into.
    """
    if not re.fullmatch(r"https?://[\w.\-\[\]:]+(/[^\s;,'\"<>]*)?", given, re.ASCII):
        return False
    try:
        parts = urlsplit(given)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    safe = parts.scheme == "https" or host in _LOCAL
    return safe and bool(host) and (path or not parts.path)


def _dialable(number: str, country: str) -> bool:
    digits = re.sub(r"[\s\-]", "", number)
    if _HARMONISED.fullmatch(digits) or phonenumbers.is_emergency_number(digits, country):
        return True
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) or phonenumbers.is_valid_short_number_for_region(
        parsed, country
    )


def _clock(moment: time) -> str:
    return moment.strftime("%H:%M")
