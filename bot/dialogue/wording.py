"""Values as people read them: days, places, answers, and the lines of a card."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.dialogue.known import Known
from bot.dialogue.questions import whom_of
from bot.dialogue.step import Card
from bot.dialogue.wishes import SeatView
from core import texts
from core.network.schema import Network
from core.rules.criteria import ANY, Criteria


@dataclass(frozen=True)
class CardWords:
    """The words of a card as the chat protocol wants them; `until` is empty without a hold."""

    title: str
    lines: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    until: str = ""


def card_words(card: Card, known: Known) -> CardWords:
    """Return a card in words: who, when, where and how to get there, and why it fits."""
    seat, say = card.seat, partial(texts.say, known.language)
    lines = [day(seat.starts_at, known), times(seat, known), kind(seat, known)]
    lines += place(seat, known)
    if card.booking:
        lines.insert(0, say("dialogue.card.for", name=card.booking.patient_name))
        lines.append(say("dialogue.card.reference", reference=card.booking.reference))
    until = say("dialogue.card.until", time=clock(card.until, known)) if card.until else ""
    reasons = tuple(
        say(f"dialogue.reason.{code}")
        for code in seat.reasons
        if texts.has(f"dialogue.reason.{code}", known.language)
    )
    return CardWords(seat.therapist_name, tuple(lines), reasons, until)


def day(moment: datetime, known: Known) -> str:
    """Return „Dienstag, 24. November“; with the year when it is not this one."""
    this_year = known.today.year
    in_words = texts.day_words(known.language, moment, known.zone)
    full = texts.date_words(known.language, moment, known.zone)
    return in_words if str(this_year) in full else full


def clock(moment: datetime, known: Known) -> str:
    """Return the time of day, „14:20 Uhr“."""
    return texts.time_words(known.language, moment, known.zone)


def times(seat: SeatView, known: Known) -> str:
    """Return from when to when."""
    return texts.time_range_words(known.language, seat.starts_at, seat.ends_at, known.zone)


def when(seat: SeatView, known: Known) -> str:
    """Return day and time on one line."""
    return texts.say(
        known.language,
        "dialogue.when",
        day=day(seat.starts_at, known),
        time=clock(seat.starts_at, known),
    )


def moment_words(moment: datetime, known: Known) -> str:
    """Return a moment as day and time."""
    return texts.say(
        known.language, "dialogue.when", day=day(moment, known), time=clock(moment, known)
    )


def kind(seat: SeatView, known: Known) -> str:
    """Return what kind of appointment it is, „Erstgespräch, einzeln“."""
    network, language = known.network, known.language
    service = next((s for s in network.services if s.code == seat.service), None)
    kinds = {k.code: k.labels for k in service.kinds} if service else {}
    named = in_language(kinds[seat.kind], known) if seat.kind in kinds else seat.kind
    return f"{upper_first(named)}, {network.label('setting', seat.setting, language)}"


def place(seat: SeatView, known: Known) -> list[str]:
    """Return where it is and the way there, line by line."""
    site = next((s for s in known.network.sites if s.code == seat.site), None)
    if site is None:
        return [upper_first(known.network.label("format", seat.format, known.language))]
    lines = [
        in_language(site.labels, known),
        f"{site.street}, {site.postcode} {site.municipality}",
    ]
    if site.directions:
        lines.append(in_language(site.directions, known))
    return lines


def where(seat: SeatView, known: Known) -> str:
    """Return the place on one line, without the way there."""
    return ", ".join(place(seat, known)[:2])


def answer_words(question: str, criteria: Criteria, known: Known) -> str:
    """Return the answer to a question as a chip shows it."""
    language, network = known.language, known.network
    if question == "service":
        service = next((s for s in network.services if s.code == criteria.service), None)
        return upper_first(in_language(service.labels, known)) if service else ""
    if question == "whom":
        return _whom_words(criteria, known)
    if question == "time_place":
        return _time_words(criteria, known)
    code = getattr(criteria, question)
    if code in (None, ANY):
        return texts.say(language, "dialogue.chip.open")
    return upper_first(network.label(question, code, language))


def in_language(labels: dict[str, str], known: Known) -> str:
    """Return a text of the network in the patient's language, else in the network's first."""
    return labels.get(known.language) or labels[known.network.languages[0]]


def site_label(network: Network, code: str, known: Known) -> str:
    """Return the name of a site; its code when there is no such site."""
    return next((in_language(s.labels, known) for s in network.sites if s.code == code), code)


def upper_first(text: str) -> str:
    """Return a label as it stands at the beginning of a button."""
    return text[:1].upper() + text[1:]


def _whom_words(criteria: Criteria, known: Known) -> str:
    option = whom_of(criteria)
    if option:
        return texts.say(known.language, f"dialogue.whom.{option}")
    if criteria.age_group in (None, ANY):
        if criteria.relation == "relative":
            return texts.say(known.language, "dialogue.whom.relative_adult")
        return texts.say(known.language, "dialogue.chip.open")
    return upper_first(known.network.label("age_group", criteria.age_group, known.language))


def _time_words(criteria: Criteria, known: Known) -> str:
    language = known.language
    parts = [texts.weekday_words(language, code) for code in criteria.weekdays]
    parts += [texts.say(language, f"dialogue.part.{code}") for code in criteria.parts]
    if criteria.site:
        parts.append(site_label(known.network, criteria.site, known))
    elif criteria.area:
        parts.append(criteria.area)
    elif criteria.format in ("onsite", "video"):
        parts.append(known.network.label("format", criteria.format, language))
    if not parts:
        return texts.say(language, "dialogue.time.soonest_short")
    return upper_first(", ".join(parts))
