"""What a patient in danger is shown: whom to call now, and the few words that stand above it."""

from dataclasses import dataclass
from datetime import datetime

from core import texts
from core.network.schema import CrisisLine, Network
from core.rules import hours

_LINE_CATEGORY = {
    "plan_means_intent": "suicide",
    "suicidal_ideation": "suicide",
    "self_harm": "suicide",
    "past_ideation": "suicide",
    "hopelessness": "suicide",
    "relative_at_risk": "suicide",
    "abuse_violence": "violence",
    "harm_to_others": "violence",
    "child_at_risk": "child",
    "overdose_medical": "emergency",
    "psychosis_acute": "emergency",
}


@dataclass(frozen=True)
class LineView:
    """A line as it is shown: who answers, how to reach it, when, and whether it is open now."""

    label: str
    tel: str | None
    url: str | None
    hours: str
    open_now: bool


def lines_open(
    network: Network,
    moment: datetime,
    category: str | None,
    language: str,
    country: str | None = None,
) -> list[LineView]:
    """Return the lines to show at `moment`: the emergency number first, then what is open now.

    `category` is one of the screening's, None shows lines of every kind. `country` is the place
    that the patient stated, else the network's. Lines that nobody has checked are never shown.
    """
    place = country or network.country
    wanted = _LINE_CATEGORY.get(category or "")
    shown = [
        line
        for line in network.crisis_lines
        if line.checked is not None
        and line.country == place
        and line.number != network.emergency_number
        and (wanted is None or {wanted, "any", "emergency"} & set(line.categories))
    ]

    def order(line: CrisisLine) -> tuple[bool, int, bool]:
        return (
            not _is_open(line, network.zone, moment),
            0 if wanted in line.categories else 1,
            language not in line.languages,
        )

    emergency = LineView(
        label=texts.say(language, "crisis.emergency_call"),
        tel=network.emergency_number,
        url=None,
        hours=hours.words(language, ()),
        open_now=True,
    )
    return [
        emergency,
        *(_view(line, network, moment, language) for line in sorted(shown, key=order)),
    ]


def words(
    language: str, network: Network, severity: str, category: str | None, *, reading_now: bool
) -> str:
    """Return the one message on a hit of `emergency` or `urgent`; the lines stand below it.

    `reading_now` is whether a human is confirmed to read here at this moment. Whatever is
    said, the emergency number comes first, and booking stays open.
    """
    about = "other" if category == "relative_at_risk" else "self"
    opening = f"crisis.{about}_emergency" if severity == "emergency" else f"crisis.{about}_urgent"
    return _paragraphs(language, network, opening, reading_now)


def help_now_words(language: str, network: Network, *, reading_now: bool) -> str:
    """Return the answer to *I need help now*, which asks for no words."""
    return _paragraphs(language, network, "crisis.help_now", reading_now)


def watch_words(
    language: str, network: Network, moment: datetime, next_open: datetime | None
) -> str:
    """Return the gentle offer that goes with a `watch`; the dialogue goes on after it.

    `next_open` is when the office opens next (equal to or before `moment`: open now). While it
    is closed, a line that is open now is named.
    """
    if next_open is not None and next_open <= moment:
        return texts.say(language, "crisis.watch_open")
    lines = lines_open(network, moment, "hopelessness", language)
    line = next((view for view in lines[1:] if view.open_now), lines[0])
    reach = line.tel or line.url or network.emergency_number
    return texts.say(language, "crisis.watch_closed", line=line.label, reach=reach)


def _paragraphs(language: str, network: Network, opening: str, reading_now: bool) -> str:
    reading = "crisis.reading_now" if reading_now else "crisis.perhaps_nobody"
    said = (opening, reading, "crisis.if_nobody_answers", "crisis.booking_stays")
    return "\n\n".join(texts.say(language, key, number=network.emergency_number) for key in said)


def _view(line: CrisisLine, network: Network, moment: datetime, language: str) -> LineView:
    return LineView(
        label=line.names.get(language) or line.names[network.languages[0]],
        tel=line.number,
        url=line.url,
        hours=hours.words(language, line.hours),
        open_now=_is_open(line, network.zone, moment),
    )


def _is_open(line: CrisisLine, zone: str, moment: datetime) -> bool:
    return not line.hours or hours.open_at(line.hours, moment, zone)
