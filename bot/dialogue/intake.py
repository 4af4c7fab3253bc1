"""The intake: an answer or a sentence comes in, the next question or the search goes out."""

from bot.dialogue.asking import ask, chips, explanation
from bot.dialogue.known import Known
from bot.dialogue.questions import (
    NOT_SURE,
    answered,
    merged,
    next_question,
    service_of,
    settled,
)
from bot.dialogue.state import RESUMABLE, State, after, step
from bot.dialogue.step import Choice, Reply, Step
from bot.dialogue.wishes import FindOffers
from bot.understanding import Understood
from core.rules.criteria import ANY, Criteria

_TIME_FIELDS = frozenset({"times", "time", "weekdays", "parts", "time_place", "earliest"})


def forward(state: State, known: Known) -> Step:
    """Ask what is still missing, else look for appointments."""
    state = settled(state, known.network).with_(tries=0, back=None)
    if state.moving:
        return search(state, known)
    question = next_question(state, known)
    if question is None:
        return search(state, known)
    asked = state.asked if question in state.asked else (*state.asked, question)
    state = state.with_(at="ask", question=question, asked=asked, seat=None)
    return step(state, ask(state, known))


def search(state: State, known: Known, *, widened: bool = False) -> Step:
    """Look for appointments; the offer on the table is replaced by what is found."""
    state = state.with_(
        at="searching", question=None, offer=None, seat=None, policy=None, tries=0, back=None
    )
    wish = FindOffers(_sought(state.criteria, known), state.moving, widened)
    return step(state, wishes=(wish,))


def answer(state: State, question: str, value: str, known: Known) -> Step | None:
    """Take an answer given by button, now or to an earlier question; None if it is none."""
    changed = answered(state.criteria, question, value, known.network)
    if changed is None:
        return None
    if question == "service" and changed.service is None:
        state = state.with_(service_open=True)
    before, first = state, tuple[Reply, ...]()
    state = state.with_(criteria=changed)
    if value == NOT_SURE:
        first = (explanation(question, before, known),)
    elif state.question != question or state.at != "ask":
        first = (Reply("dialogue.changed"),)
    return after(first, forward(state, known))


def understood(state: State, said: Understood, known: Known) -> Step | None:
    """Take what a sentence said about the appointment looked for; None if nothing."""
    question = state.question if state.at == "ask" else None
    if not said.any_fact:
        if question and (said.not_sure or said.no_preference or said.wish in ("skip",)):
            return answer(state, question, NOT_SURE if said.not_sure else ANY, known)
        return None
    criteria = merged(state.criteria, said, known.network)
    if question == "whom" and said.relation == "self" and criteria.age_group is None:
        criteria = criteria.with_(age_group=_usual_age(criteria, known))
    then = forward(state.with_(criteria=criteria), known)
    reached = State.from_json(then.state)
    if question and reached.at == "ask" and reached.question == question and not state.moving:
        return after((Reply("dialogue.noted"),), then)
    return then


def change(state: State, question: str, known: Known) -> Step | None:
    """Ask one question again because the patient touched its chip."""
    service = service_of(state.criteria, known.network)
    chosen = (service,) if service else known.network.services
    fields = {q.field for each in chosen for q in each.questions}
    if question not in fields | {"service", "funding"} or state.at not in RESUMABLE:
        return None
    if question == "service" and len(known.network.services) == 1:
        return None
    asked = state.asked if question in state.asked else (*state.asked, question)
    state = state.with_(at="ask", question=question, asked=asked, seat=None, tries=0)
    return step(state, ask(state, known))


def drop(state: State, field: str, known: Known) -> Step | None:
    """Give up a wish that is no question of its own, such as the therapist's gender."""
    defaults = Criteria()
    if field not in ("gender", "language", "interpreter", "accessible", "therapist"):
        return None
    if state.at not in RESUMABLE:
        return None
    value = ANY if field == "language" else getattr(defaults, field)
    return forward(state.with_(criteria=state.criteria.with_(**{field: value})), known)


def widen(state: State, field: str, known: Known) -> Step | None:
    """Search again without one criterion."""
    criteria = state.criteria
    if field in _TIME_FIELDS:
        criteria = criteria.with_(weekdays=(), parts=(), times_said=True)
    elif field in ("site", "area", "therapist", "gender"):
        criteria = criteria.with_(**{field: None})
    elif field in ("interpreter", "accessible"):
        criteria = criteria.with_(**{field: False})
    elif field in ("concern", "modality", "setting", "format", "language", "funding", "age_group"):
        criteria = criteria.with_(**{field: ANY})
    else:
        return None
    return search(state.with_(criteria=criteria), known)


def _usual_age(criteria: Criteria, known: Known) -> str | None:
    service = service_of(criteria, known.network)
    served = service.age_groups if service else ("adult",)
    return "adult" if "adult" in served else None


def _sought(criteria: Criteria, known: Known) -> Criteria:
    """Who chats in another language than the network's own wants a therapist who speaks it."""
    first = known.network.languages[0]
    spoken = {code.code for code in known.network.codes.get("language", ())}
    if criteria.language is None and known.language != first and known.language in spoken:
        return criteria.with_(language=known.language)
    return criteria


def as_sought(state: State, known: Known) -> State:
    """Return the state with the criteria of the search: the chat's language is sought unasked."""
    return state.with_(criteria=_sought(state.criteria, known))


def offer_chips(state: State, known: Known) -> tuple[Choice, ...]:
    """Return the chips of an offer."""
    return chips(as_sought(state, known), known)
