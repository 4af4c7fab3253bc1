"""What is booked: listed, cancelled, moved, and what follows."""

from bot.dialogue.actions import ANOTHER, CANCEL, FIND, LIST, MOVE, RESUME, button, labelled
from bot.dialogue.intake import search
from bot.dialogue.known import Known
from bot.dialogue.state import RESUMABLE, Listed, State, after, step
from bot.dialogue.step import Card, Choice, Reply, Step
from bot.dialogue.wishes import (
    Bookings,
    BookingView,
    CancelBooking,
    Cancelled,
    CancelTerms,
    ListBookings,
    PreviewCancel,
    SeatView,
)
from bot.dialogue.wording import when
from core import texts
from core.rules.criteria import Criteria


def ask_list(state: State, then: str) -> Step:
    """Ask for the bookings, to list them or to do something with one."""
    back = state.at if state.at in RESUMABLE else state.back
    return step(state.with_(back=back, tries=0), wishes=(ListBookings(then),))


def listed(state: State, outcome: Bookings, known: Known) -> Step:
    """Show the bookings; go straight on when there is only one to cancel or move."""
    views = outcome.bookings
    state = state.with_(listed=tuple(Listed(v.booking, v.patient_name, v.seat) for v in views))
    if not views:
        return step(_set_aside(state), Reply("dialogue.bookings.none", choices=_none(state)))
    if outcome.then in ("cancel", "move"):
        state = state.with_(purpose=outcome.then)
        if len(views) == 1:
            return picked(state, views[0].booking, known)
        return step(state.with_(at="pick"), pick(state, known))
    key = "dialogue.bookings.one" if len(views) == 1 else "dialogue.bookings.several"
    cards = tuple(Card(view.seat, booking=view) for view in views)
    choices = (*_resume(state), ANOTHER, CANCEL, MOVE)
    return step(_set_aside(state), Reply(key, kind="card", choices=choices, cards=cards))


def pick(state: State, known: Known) -> Reply:
    """Ask which of several bookings is meant."""
    purpose = state.purpose or "cancel"
    choices = tuple(
        labelled("pick", _label(each, known), booking=each.booking, then=purpose)
        for each in state.listed
    )
    keep = button("keep", "dialogue.button.keep")
    return Reply(f"dialogue.pick.{purpose}", choices=(*choices, keep))


def picked(state: State, booking: str, known: Known) -> Step:
    """Go on with one booking; list anew when it is not among those shown last."""
    one = next((each for each in state.listed if each.booking == booking), None)
    purpose = "move" if state.purpose == "move" else "cancel"
    if one is None:
        return ask_list(state, purpose)
    if purpose == "cancel":
        state = state.with_(cancelling=booking, tries=0)
        return step(state, wishes=(PreviewCancel(booking),))
    criteria = again(one.seat).with_(therapist=one.seat.therapist)
    first = Reply("dialogue.move_begin", {"when": when(one.seat, known)})
    return after((first,), search(state.with_(moving=booking, criteria=criteria), known))


def terms(state: State, outcome: CancelTerms, known: Known) -> Step:
    """Say what cancelling costs and ask."""
    view = outcome.booking
    key, said = "dialogue.cancel.free", {"when": when(view.seat, known)}
    if outcome.fee and not outcome.free:
        fee = texts.money(known.language, outcome.fee, view.policy.currency)
        key, said = "dialogue.cancel.fee", said | {"fee": fee}
    if all(each.booking != view.booking for each in state.listed):
        state = state.with_(listed=(Listed(view.booking, view.patient_name, view.seat),))
    state = state.with_(at="confirm_cancel", cancelling=view.booking)
    choices = (
        button("cancel_yes", "dialogue.button.cancel_yes", booking=view.booking),
        button("pick", "dialogue.button.move_instead", booking=view.booking, then="move"),
        button("keep", "dialogue.button.keep"),
    )
    return step(state, Reply(key, said, "card", choices, cards=(Card(view.seat, booking=view),)))


def confirm(state: State, booking: str) -> Step:
    """Cancel: it was confirmed."""
    return step(state, wishes=(CancelBooking(booking),))


def cancelled(state: State, outcome: Cancelled, known: Known) -> Step:
    """Say that it is cancelled; never leave it at that."""
    view = outcome.booking
    key, said = "dialogue.cancelled.free", {"when": when(view.seat, known)}
    if outcome.late and outcome.fee:
        fee = texts.money(known.language, outcome.fee, view.policy.currency)
        key, said = "dialogue.cancelled.fee", said | {"fee": fee}
    state = state.with_(
        at="cancelled", cancelling=None, purpose=None, listed=(_of(view),), moving=None, tries=0
    )
    return step(state, Reply(key, said), after_cancel(state))


def after_cancel(state: State) -> Reply:
    """Ask what comes after a cancelled appointment: another time, waiting, or nothing."""
    choices = (
        button("another_time", "dialogue.button.another_time"),
        button("wait", "dialogue.button.wait"),
        *_resume(state),
        button("stop", "dialogue.button.enough"),
    )
    return Reply("dialogue.after_cancel", choices=choices)


def another_time(state: State, known: Known) -> Step:
    """Look for another time like the one that was cancelled."""
    return search(state.with_(criteria=wanted_again(state), moving=None), known)


def wanted_again(state: State) -> Criteria:
    """Return what a cancelled appointment was about, with what is known beside it."""
    if not state.listed or state.criteria.service == state.listed[0].seat.service:
        return state.criteria
    return again(state.listed[0].seat)


def again(seat: SeatView) -> Criteria:
    """Return the criteria of an appointment like this one, at any time."""
    return Criteria(
        service=seat.service, kind=seat.kind, setting=seat.setting, format=seat.format,
        times_said=True,
    )  # fmt: skip


def _set_aside(state: State) -> State:
    """A list of bookings is read beside the dialogue, which stays where it was."""
    if state.back:
        return state.with_(at=state.back)
    return state.with_(at="idle")


def _resume(state: State) -> tuple[Choice, ...]:
    return (RESUME,) if state.back else ()


def _none(state: State) -> tuple[Choice, ...]:
    return (*_resume(state), LIST) if state.back else (FIND, LIST)


def _of(view: BookingView) -> Listed:
    return Listed(view.booking, view.patient_name, view.seat)


def _label(each: Listed, known: Known) -> str:
    return texts.say(
        known.language,
        "dialogue.booking_line",
        when=when(each.seat, known),
        name=each.patient_name,
        therapist=each.seat.therapist_name,
    )
