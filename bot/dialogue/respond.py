"""One step of the dialogue: what was said, or what came of a wish, becomes the next step."""

from typing import Any

from bot.dialogue import appointments, details, offers, sidetrips, waiting
from bot.dialogue.actions import HUMAN
from bot.dialogue.known import Known
from bot.dialogue.pressed import press
from bot.dialogue.prompts import idle, notice, prompt
from bot.dialogue.state import RESUMABLE, State, after, step
from bot.dialogue.step import Reply, Said, Step
from bot.dialogue.wishes import (
    AskNow,
    Booked,
    Bookings,
    Cancelled,
    CancelTerms,
    Consented,
    Done,
    GiveConsent,
    HoldLost,
    HumanAsked,
    Kept,
    NotBookable,
    NothingFits,
    Offered,
    Outcome,
    PolicyShown,
    ReleaseOffer,
    Stored,
    UseLanguage,
    Waiting,
    Wish,
)
from bot.dialogue.written import earlier, write
from core import texts


def respond(state: dict[str, Any], said: Said, known: Known) -> Step:
    """Answer what the patient said. Any state, text and action gets an answer; nothing raises."""
    here = _at(state, known)
    if said.kind == "start":
        return _start(here, known)
    if said.kind == "choice":
        return press(here, said.action if isinstance(said.action, dict) else {}, known)
    if said.kind == "file":
        return after((Reply("dialogue.no_files"),), prompt(here, known))
    return write(here, said.text if said.kind == "text" else "", known)


def tell(state: dict[str, Any], wish: Wish, outcome: Outcome, known: Known) -> Step:
    """Say what came of a wish. An outcome that does not belong to it is passed over."""
    here = State.from_json(state)
    match outcome:
        case Consented():
            return earlier(here, outcome.earlier_texts, known)
        case Offered() | NothingFits():
            return offers.found(here, outcome, known)
        case Kept():
            return details.kept(here, outcome, known)
        case HoldLost():
            return after((Reply("dialogue.hold_lost"),), offers.found(here, outcome.fresh, known))
        case PolicyShown():
            return details.rules(here, outcome, known)
        case Booked():
            return details.booked(here, outcome, known)
        case Bookings():
            return appointments.listed(here, outcome, known)
        case CancelTerms():
            return appointments.terms(here, outcome, known)
        case Cancelled():
            return appointments.cancelled(here, outcome, known)
        case Waiting():
            return waiting.waiting(here, outcome, known)
        case HumanAsked():
            return sidetrips.human_asked(here, outcome, known)
        case Stored():
            return sidetrips.stored_told(here, outcome, known)
        case NotBookable():
            return _not_bookable(here, outcome, known)
        case Done():
            return _done(here, wish, known)


def _at(state: dict[str, Any], known: Known) -> State:
    """Read the state; consent decides whether the conversation is before or after it."""
    here = State.from_json(state)
    return here if known.consented else here.with_(at="consent")


def _start(state: State, known: Known) -> Step:
    title = known.network.titles.get(known.language) or next(iter(known.network.titles.values()))
    if not known.consented:
        return step(state, Reply("dialogue.greeting", {"network": title}), notice(known))
    if state == State():
        return after((Reply("dialogue.greeting", {"network": title}),), prompt(state, known))
    return after((Reply("dialogue.welcome_back", {"network": title}),), prompt(state, known))


def _done(state: State, wish: Wish, known: Known) -> Step:
    if isinstance(wish, UseLanguage):
        return sidetrips.language_used(state, known)
    if isinstance(wish, AskNow):
        return sidetrips.after_now(state)
    if isinstance(wish, GiveConsent):
        return earlier(state, (), known)
    if isinstance(wish, ReleaseOffer):
        return step(state)
    return _go_on(state, known, ())


def _not_bookable(state: State, outcome: NotBookable, known: Known) -> Step:
    """A rule of the house stands against it; say which, and what can be done instead."""
    has = texts.has(outcome.key, known.language)
    args = {name: value for name, value in outcome.data.items() if isinstance(value, str | int)}
    wanted = texts.placeholders("".join(texts.template(known.language, outcome.key))) if has else ()
    key = outcome.key if has and set(wanted) <= set(args) else "dialogue.not_possible"
    return _go_on(state, known, (Reply(key, args if key == outcome.key else {}),))


def _go_on(state: State, known: Known, first: tuple[Reply, ...]) -> Step:
    """Come to rest where the same wish is not made again by itself."""
    rests = state.with_(
        at="idle", moving=None, offer=None, seat=None, cancelling=None, purpose=None, tries=0
    )
    if state.back in RESUMABLE - {"searching", "policy", "offers"}:
        return after(first, prompt(state.with_(at=state.back, back=None, cancelling=None), known))
    last = idle(rests)
    last = Reply(last.key, choices=(*last.choices, HUMAN))
    return after(first, step(rests.with_(back=None), last))
