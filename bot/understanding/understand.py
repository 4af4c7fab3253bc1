"""From a message to what it says: the one entry of this package."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from bot.understanding.ages import age_group_of, age_in, own_age_in
from bot.understanding.lexicon import Found, Lexicon
from bot.understanding.normalise import fold, spellings, words
from bot.understanding.phrases import ALONE
from bot.understanding.understood import Understood
from core.network.schema import Network

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])(?:[:.]([0-5]\d))(?!\.?\d)|\b([01]?\d|2[0-3])\s*uhr\b")
_FROM = re.compile(r"\b(?:ab|nach|after|from)\s+(\d{1,2})(?:[:.]\d\d)?\s*(uhr|pm|p\.m\.|h)?\b")
_WISHES = (
    "now", "robot", "human", "cancel", "move", "list", "restart", "stored", "language", "wait",
    "other_times", "stop", "skip", "help", "cost", "how_long", "hours", "places", "book",
)  # fmt: skip
_CHAT = frozenset([
    "bitte", "please", "auf", "in", "speak", "sprechen", "schreiben", "write", "chat", "on", "can",
    "could", "we", "you", "i", "wir", "konnen", "kann", "ich", "sie", "du", "mit", "mir", "lieber",
])  # fmt: skip
# "my eight year old daughter", „mein kleiner, 7-jähriger Sohn“: words stand in between.
_CHILD = re.compile(
    r"\b(?:my|our|mein\w*|unser\w*)\s+(?:\S+\s+){1,4}?"
    r"(?:sohn|tochter|kind|junge|madchen|son|daughter|child|kid|boy|girl)\b"
)
_lexicons: dict[int, tuple[Network, Lexicon]] = {}


def understand(text: str, network: Network, today: date) -> Understood:
    """Return what a message says; never raises, whatever the text.

    `today` is the date at the network, for words such as "tomorrow". Only the first 5,000
    characters are read for meaning.
    """
    said = words(text)
    alone = _alone(said)
    found = [_tomorrow_or_morning(hit, said) for hit in _lexicon(network).find(said)]
    codes = _first_of(found)
    folded = fold(text)
    age = age_in(folded)
    language, speak = _languages(said, found, network)
    return Understood(
        service=codes.get("service"),
        concerns=_every(sorted(found, key=lambda hit: not hit.exact), "concern"),
        modality=codes.get("modality"),
        setting=codes.get("setting"),
        format=codes.get("format"),
        age=age,
        age_group=age_group_of(age) if age is not None else codes.get("age_group"),
        relation=alone.get("relation") or codes.get("relation") or _parent(folded),
        funding=codes.get("funding"),
        gender=codes.get("gender"),
        language=language,
        interpreter="interpreter" in codes,
        accessible="accessible" in codes,
        site=codes.get("site"),
        area=codes.get("area"),
        weekdays=_weekdays(found, said, today),
        parts=_parts(found, folded),
        soon="soon" in codes,
        wish="language" if speak else _wish(found, alone),
        yes="yes" in codes and "no" not in codes,
        no="no" in codes,
        no_preference="no_preference" in codes,
        not_sure="not_sure" in codes,
        number=_number(said, alone, codes),
        clock=_clock(folded),
        speak=speak,
    )


def _lexicon(network: Network) -> Lexicon:
    """Build a network's lexicon once; the network itself is kept so that its id stays its own."""
    if id(network) not in _lexicons:
        if len(_lexicons) >= 8:
            _lexicons.clear()
        _lexicons[id(network)] = (network, Lexicon(network))
    return _lexicons[id(network)][1]


def _first_of(found: Iterable[Found]) -> dict[str, str]:
    codes: dict[str, str] = {}
    for hit in found:
        codes.setdefault(hit.field, hit.code)
    return codes


def _parent(folded: str) -> str | None:
    return "parent" if _CHILD.search(folded) else _young(folded)


def _young(folded: str) -> str | None:
    """Who writes "I am 15" writes of themselves, though parents often write for that age."""
    age = own_age_in(folded)
    return "self" if age is not None and age < 18 else None


def _every(found: Iterable[Found], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.code for hit in found if hit.field == field))


def _alone(said: list[str]) -> dict[str, str]:
    """Return what the whole message means when it is only one word or phrase."""
    return dict(_ALONE.get(tuple(said), ()))


def _wish(found: Iterable[Found], alone: dict[str, str]) -> str | None:
    wishes = set(_every(found, "wish"))
    if "wish" in alone and not wishes - {"book"}:
        return alone["wish"]
    if "someone" in wishes and not _every(found, "concern"):
        wishes.add("human")
    return next((wish for wish in _WISHES if wish in wishes), None)


def _weekdays(found: list[Found], said: list[str], today: date) -> tuple[str, ...]:
    days = set()
    for hit in found:
        if hit.field == "weekday" and _is_a_day(hit, found, said):
            days.add(hit.code)
        if hit.field == "day":
            days.add(_WEEKDAYS[(today + timedelta(days=int(hit.code))).weekday()])
    return tuple(day for day in _WEEKDAYS if day in days)


def _tomorrow_or_morning(hit: Found, said: list[str]) -> Found:
    """„Dienstag morgen“ is a morning, „morgen“ alone the day after today."""
    before = said[hit.start - 1] if hit.start else ""
    if hit.field == "day" and said[hit.start] == "morgen" and before.endswith(("tag", "woch")):
        return Found("part", "morning", hit.start, hit.end)
    return hit


def _is_a_day(hit: Found, found: list[Found], said: list[str]) -> bool:
    """„Di“ and „Mo“ are days beside another time; alone in a sentence they may be anything."""
    if len(said[hit.start]) > 2 or len(said) == 1:
        return True
    return any(
        other is not hit and other.field in ("weekday", "part")
        and abs(other.start - hit.start) <= 2
        for other in found
    )  # fmt: skip


def _parts(found: list[Found], folded: str) -> tuple[str, ...]:
    parts = set(_every(found, "part"))
    for match in _FROM.finditer(folded):
        hour = int(match.group(1)) + (12 if (match.group(2) or "").startswith("p") else 0)
        if 15 <= hour < 24:
            parts.add("evening" if hour >= 16 else "afternoon")
    return tuple(part for part in ("morning", "afternoon", "evening") if part in parts)


def _clock(folded: str) -> tuple[int, int] | None:
    match = _CLOCK.search(folded)
    if match is None:
        return None
    hour, minute, whole = match.groups()
    return int(hour or whole), int(minute or 0)


def _number(said: list[str], alone: dict[str, str], codes: dict[str, str]) -> int | None:
    if len(said) == 1 and said[0].isascii() and said[0].isdigit() and len(said[0]) <= 3:
        return int(said[0])
    if "number" in alone:
        return int(alone["number"])
    return int(codes["number"]) if "number" in codes and len(said) <= 5 else None


def _languages(
    said: list[str], found: list[Found], network: Network
) -> tuple[str | None, str | None]:
    """Tell the language wished for the therapy from the one wished for this chat."""
    hits = [hit for hit in found if hit.field == "language"]
    if not hits:
        return None, None
    code = hits[0].code
    rest = set(said) - {said[hits[0].start]}
    if code in network.languages and len(said) <= 7 and rest <= _CHAT:
        return None, code
    return code, None


_ALONE = {
    spelt: [(field, code) for (field, code), said in ALONE.items() if term in said.split("|")]
    for phrases in ALONE.values()
    for term in phrases.split("|")
    for spelt in spellings(term)
}
