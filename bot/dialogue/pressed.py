"""Buttons: each meaning and what it does; old ones are taken kindly."""

from collections.abc import Callable

from bot.dialogue import appointments, details, intake, offers, sidetrips, waiting
from bot.dialogue.actions import button, told
from bot.dialogue.asking import ask
from bot.dialogue.known import Known
from bot.dialogue.prompts import prompt
from bot.dialogue.state import DETAILS, RESUMABLE, State, after, step
from bot.dialogue.step import Action, Reply, Step
from bot.dialogue.wishes import GiveConsent, ReleaseOffer, Wish
from core.rules.criteria import Criteria

Handler = Callable[[State, Action, Known], Step | None]
_BEFORE_BOOKING = RESUMABLE


def press(state: State, action: Action, known: Known) -> Step:
    """Do what a button means; one that means nothing any more gets a kind word."""
    do = told(action, "do")
    if not known.consented and do not in _WITHOUT_CONSENT:
        return prompt(state.with_(at="consent"), known)
    handler = _HANDLERS.get(do)
    done = handler(state, action, known) if handler else None
    return done if done is not None else old(state, known)


def old(state: State, known: Known) -> Step:
    """Say that a button is of an earlier question, and put the current one."""
    return after((Reply("dialogue.old_button"),), prompt(state, known))


def _consent(state: State, action: Action, known: Known) -> Step | None:
    if known.consented:
        return prompt(state, known)
    return step(state, wishes=(GiveConsent(),))


def _answer(state: State, action: Action, known: Known) -> Step | None:
    if state.at not in _BEFORE_BOOKING:
        return None
    question, value = told(action, "question"), told(action, "value")
    same = intake.answer(state, question, value, known)
    current = state.at == "ask" and state.question == question
    unchanged = not current and same is not None and _criteria(same) == state.criteria
    # Pressed twice: the answer stands already, and a seat that is held for them stays held.
    return prompt(state, known) if unchanged else same


def _criteria(done: Step) -> Criteria:
    return State.from_json(done.state).criteria


def _more(state: State, action: Action, known: Known) -> Step | None:
    if state.at != "ask" or state.question != told(action, "question"):
        return None
    return step(state, ask(state, known, everything=True))


def _seat(state: State, action: Action, known: Known) -> Step | None:
    offer, seat = told(action, "offer"), told(action, "seat")
    held = state.seat is not None and state.at in DETAILS
    if held and state.seat and seat == state.seat.seat:
        return prompt(state, known)
    if state.at in _BEFORE_BOOKING or state.offer:
        return offers.take(state, offer, seat, known)
    return None


def _other_times(state: State, action: Action, known: Known) -> Step | None:
    if state.at not in _BEFORE_BOOKING or state.at == "ask":
        return None
    return intake.search(state, known, widened=True)


def _change_menu(state: State, action: Action, known: Known) -> Step | None:
    return offers.change_menu(state, known) if state.at in _BEFORE_BOOKING else None


def _wait(state: State, action: Action, known: Known) -> Step | None:
    return waiting.begin(state) if not state.moving else None


def _find(state: State, action: Action, known: Known) -> Step | None:
    if state.at in RESUMABLE:
        return prompt(state, known)
    return intake.forward(state.with_(moving=None, offer=None, seat=None), known)


def _another(state: State, action: Action, known: Known) -> Step | None:
    if state.at in RESUMABLE:
        return prompt(state, known)
    state = state.with_(at="idle", moving=None)
    if state.criteria == Criteria():
        return intake.forward(state, known)
    choices = (
        button("another_same", "dialogue.button.another_same"),
        button("another_new", "dialogue.button.another_new"),
    )
    return step(state, Reply("dialogue.another", choices=choices))


def _another_new(state: State, action: Action, known: Known) -> Step | None:
    return another_new(state, known) if state.at not in RESUMABLE else None


def another_new(state: State, known: Known) -> Step:
    """Begin an intake anew, for whomever; the writer's contact stays."""
    fresh = State(
        booked=state.booked, waiting=state.waiting, email=state.email, phone=state.phone,
        no_contact=state.no_contact,
    )  # fmt: skip
    return intake.forward(fresh, known)


def _skip_contact(state: State, action: Action, known: Known) -> Step | None:
    if state.at == "wait_contact":
        return waiting.enlist(state.with_(no_contact=True))
    return details.skipped(state, known) if state.at == "contact" else None


def _accept(state: State, action: Action, known: Known) -> Step | None:
    version = action.get("version")
    if state.at != "policy" or state.policy is None or version != state.policy:
        return None
    return details.accept(state, known)


def _in_policy(state: State, action: Action, known: Known) -> Step | None:
    if state.at != "policy":
        return None
    if told(action, "do") == "find_rules":
        return details.put(state, known)
    return details.declined(state, known)


def _age(state: State, action: Action, known: Known) -> Step | None:
    if state.at != "age_check":
        return None
    if told(action, "do") == "age_right":
        return details.age_right(state, known)
    return details.put(state.with_(at="birth_date", born_perhaps=None), known)


def _pick(state: State, action: Action, known: Known) -> Step | None:
    purpose = "move" if told(action, "then") == "move" else "cancel"
    return appointments.picked(
        state.with_(purpose=purpose, tries=0), told(action, "booking"), known
    )


def _cancel_yes(state: State, action: Action, known: Known) -> Step | None:
    booking = told(action, "booking")
    if state.at != "confirm_cancel" or not booking or booking != state.cancelling:
        return None
    return appointments.confirm(state, booking)


def _keep(state: State, action: Action, known: Known) -> Step | None:
    return keep(state, known)


def keep(state: State, known: Known) -> Step:
    """Leave the appointment as it is and go back to where the patient was."""
    held: tuple[Wish, ...] = (ReleaseOffer(),) if state.moving else ()
    at = state.back if state.back and not state.moving else "idle"
    state = state.with_(
        at=at, moving=None, purpose=None, cancelling=None, back=None, tries=0,
        offer=None if held else state.offer,
    )  # fmt: skip
    then = after((Reply("dialogue.kept_booking"),), prompt(state, known))
    return Step(then.state, then.replies, held + then.wishes)


def _resume(state: State, action: Action, known: Known) -> Step | None:
    return prompt(state.with_(at=state.back or state.at, back=None), known)


def _another_time(state: State, action: Action, known: Known) -> Step | None:
    return appointments.another_time(state, known) if state.at == "cancelled" else None


_HANDLERS: dict[str, Handler] = {
    "consent": _consent,
    "answer": _answer,
    "more": _more,
    "change": lambda s, a, k: intake.change(s, told(a, "question"), k),
    "drop": lambda s, a, k: intake.drop(s, told(a, "question"), k),
    "seat": _seat,
    "other_times": _other_times,
    "change_menu": _change_menu,
    "wait": _wait,
    "find": _find,
    "widen": lambda s, a, k: intake.widen(s, told(a, "field"), k) if s.at == "nothing" else None,
    "skip_contact": _skip_contact,
    "accept": _accept,
    "decline": _in_policy,
    "find_rules": _in_policy,
    "age_right": _age,
    "birth_again": _age,
    "list": lambda s, a, k: appointments.ask_list(s, "list"),
    "cancel": lambda s, a, k: appointments.ask_list(s, "cancel"),
    "move": lambda s, a, k: appointments.ask_list(s, "move"),
    "pick": _pick,
    "cancel_yes": _cancel_yes,
    "keep": _keep,
    "resume": _resume,
    "continue": lambda s, a, k: prompt(s, k),
    "another": _another,
    "another_same": lambda s, a, k: (
        intake.search(s.with_(moving=None), k) if s.at == "idle" else None
    ),
    "another_new": _another_new,
    "another_time": _another_time,
    "human": lambda s, a, k: sidetrips.human(s),
    "now": lambda s, a, k: sidetrips.now(s),
    "help": lambda s, a, k: sidetrips.help_(s, k),
    "restart": lambda s, a, k: sidetrips.restart(s, k),
    "stop": lambda s, a, k: sidetrips.stop(s, k),
    "stored": lambda s, a, k: sidetrips.stored(s),
    "language": lambda s, a, k: sidetrips.language(s, told(a, "language"), k),
}
_WITHOUT_CONSENT = frozenset(
    {"consent", "human", "now", "help", "restart", "stored", "language", "continue"}
)
