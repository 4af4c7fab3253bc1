"""Offers: shown as cards, chosen, asked for again, or nothing fits."""

from bot.dialogue.actions import CHANGE, HUMAN, WAIT, button, labelled
from bot.dialogue.asking import change_choices
from bot.dialogue.intake import as_sought, offer_chips, search
from bot.dialogue.known import Known
from bot.dialogue.state import Held, State, after, step
from bot.dialogue.step import Card, Choice, Reply, Step
from bot.dialogue.wishes import KeepOffer, NothingFits, Offered, SeatView
from bot.dialogue.wording import clock, when
from bot.understanding import Understood
from core import texts

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def found(state: State, outcome: Offered | NothingFits, known: Known) -> Step:
    """Show what matching found."""
    if isinstance(outcome, Offered) and outcome.seats:
        held = Held(outcome.offer, outcome.held_until, outcome.seats, outcome.asked_therapist_full)
        state = state.with_(at="offers", offer=held, seat=None, tries=0)
        return step(state, offer(state, held, known))
    widenings = outcome.widenings if isinstance(outcome, NothingFits) else ()
    pairs = tuple((each.field, each.count) for each in widenings if each.count > 0)
    state = state.with_(at="nothing", offer=None, seat=None, widenings=pairs, tries=0)
    return step(state, nothing(state, known))


def offer(state: State, held: Held, known: Known) -> Reply:
    """Return the cards of an offer, each with its button, and the ways on."""
    takes = tuple(_take(held, seat, known) for seat in held.seats)
    cards = tuple(
        Card(seat, choice, until=held.held_until)
        for seat, choice in zip(held.seats, takes, strict=True)
    )
    more = (button("other_times", "dialogue.button.other_times"), CHANGE)
    key = "dialogue.offers.several" if len(held.seats) > 1 else "dialogue.offers.one"
    if state.moving:
        key = "dialogue.offers.move"
    elif held.therapist_full:
        key = "dialogue.offers.therapist_full"
    elif _misses_the_time(state, held):
        key = "dialogue.offers.not_at_that_time"
    return Reply(
        key,
        {"time": clock(held.held_until, known)},
        kind="offer",
        choices=takes + more + (() if state.moving else (WAIT,)),
        chips=offer_chips(state, known),
        cards=cards,
    )


def nothing(state: State, known: Known) -> Reply:
    """Say that nothing fits, with what would widen the choice, waiting, or a human."""
    widen = tuple(
        labelled(
            "widen",
            texts.say_n(known.language, "dialogue.widen", count, wish=_field(field, known)),
            field=field,
        )
        for field, count in state.widenings
    )
    key = "dialogue.nothing_fits.widen" if widen else "dialogue.nothing_fits.plain"
    if state.moving:
        keep = button("keep", "dialogue.button.keep")
        return Reply("dialogue.nothing_fits.move", choices=(*widen, keep, HUMAN))
    return Reply(key, choices=(*widen, WAIT, CHANGE, HUMAN), chips=offer_chips(state, known))


def change_menu(state: State, known: Known) -> Step:
    """Ask which answer is to be changed."""
    state = state.with_(at="change", tries=0)
    return step(
        state, Reply("dialogue.change", choices=change_choices(as_sought(state, known), known))
    )


def again(state: State, known: Known) -> Step:
    """Show the current offer once more, or look anew when it is over."""
    if state.offer and state.offer.held_until > known.now:
        return step(state.with_(at="offers"), offer(state, state.offer, known))
    return after((Reply("dialogue.offer_over"),), search(state, known))


def take(state: State, offer_id: str, seat_id: str, known: Known) -> Step:
    """Take a seat of the offer on the table; of an older one, look for fresh seats."""
    held = state.offer
    seat = held.seat(seat_id) if held and held.offer == offer_id else None
    if held is None or seat is None:
        return after((Reply("dialogue.offer_old"),), search(state, known))
    state = state.with_(at="offers", tries=0)
    return step(state, wishes=(KeepOffer(held.offer, seat.seat, state.moving),))


def named_seat(state: State, said: Understood, known: Known) -> SeatView | None:
    """Return the one seat that a text names by number, time or day."""
    seats = state.offer.seats if state.offer else ()
    if said.number and 1 <= said.number <= len(seats):
        return seats[said.number - 1]
    if said.yes and len(seats) == 1 and not said.any_fact:
        return seats[0]
    return one_named(seats, said, known)


def one_named(seats: tuple[SeatView, ...], said: Understood, known: Known) -> SeatView | None:
    """Return the only seat at the time or on the day that was said, if it is the only one."""
    more = said.parts or said.format or said.site or said.soon or said.concerns
    if more or not (said.clock or said.weekdays):
        return None
    fitting = [
        seat
        for seat in seats
        if (local := seat.starts_at.astimezone(known.place))
        and (not said.clock or said.clock == (local.hour, local.minute))
        and (not said.weekdays or _WEEKDAYS[local.weekday()] in said.weekdays)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _misses_the_time(state: State, held: Held) -> bool:
    wished = state.criteria.weekdays or state.criteria.parts
    return bool(wished) and not any("times" in seat.reasons for seat in held.seats)


def _take(held: Held, seat: SeatView, known: Known) -> Choice:
    label = texts.say(
        known.language, "dialogue.take_seat", when=when(seat, known), therapist=seat.therapist_name
    )
    return labelled("seat", label, offer=held.offer, seat=seat.seat, gen=seat.gen)


def _field(field: str, known: Known) -> str:
    key = f"dialogue.field.{field}"
    return texts.say(
        known.language, key if texts.has(key, known.language) else "dialogue.field.other"
    )
