"""Bookings: confirm, move, cancel. Each is one transaction; the seat's guard decides races."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tortoise.exceptions import IntegrityError

from core import audit, clock, db, guardians, offers, persons, places
from core.actors import Actor
from core.errors import Conflict, HoldGone, NotFound
from core.free_seats import slot_kind
from core.models import Booking, Conversation, Offer, OfferedSeat, Person, Place, Request, Seat
from core.network.schema import Network
from core.rules.criteria import Criteria
from core.terms import Acceptance, Terms, policy_for, policy_version, terms

__all__ = [
    "Acceptance", "Terms", "cancel", "confirm", "live_of", "one_of", "policy_for", "terms",
]  # fmt: skip

REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
REFERENCE_LENGTH = 7
REFERENCE_TRIES = 5


@dataclass(frozen=True)
class _Deed:
    """Who is given an appointment, on whose word and on which terms."""

    patient: Person
    writer: Person
    acceptance: Acceptance
    conversation: Conversation | None
    by: Actor
    moving: Booking | None
    now: datetime


async def confirm(
    offer_id: str,
    seat_id: str,
    gen: int,
    *,
    patient: Person,
    writer: Person,
    network: Network,
    acceptance: Acceptance,
    conversation: Conversation | None,
    by: Actor,
    moving: Booking | None = None,
) -> Booking:
    """Book a held seat for a patient; with `moving`, give that booking's seat back with it.

    Raises `HoldGone` when the hold ended, was taken over or belongs to another offer,
    `Conflict` for an overlap with another appointment of the patient, a limit reached or an
    appointment to move that is over, and `NotFound` for rules that nobody could accept and for
    an offer that was made to neither of the two.
    """
    now = clock.now()
    deed = _Deed(patient, writer, acceptance, conversation, by, moving, now)
    policy_version(network, acceptance.policy, acceptance.policy_version)
    async with db.transaction():
        await Person.filter(id=patient.id).select_for_update(no_key=True).get()
        offer = await offers.take(offer_id)
        if offer.person_id not in (patient.id, writer.id):
            raise NotFound("error.not_found")
        chosen = await _take(offer, seat_id, gen, now)
        await _check_limit(patient, network, moving, now)
        place = await _place(offer, chosen.seat, deed, network)
        if moving is not None:
            await _leave(moving, patient, place, now)
        booking = await _create(offer.request, chosen.seat, place, deed)
        await Seat.filter(id=chosen.seat_id).update(booking_id=booking.id)
        await offers.give_back(offer)
        await Request.filter(id=offer.request_id).update(
            state="booked", updated_at=now, person_id=patient.id
        )
        await guardians.ask_for_consent(booking, patient, now=now)
        action = "booking_moved" if moving else "booking_made"
        await audit.record(action, by=by, row=booking, person=patient)
        return booking


async def _take(offer: Offer, seat_id: str, gen: int, now: datetime) -> OfferedSeat:
    """Turn the hold into a booking, if this generation is still held by this offer."""
    won = await Seat.filter(
        public_id=seat_id, gen=gen, state="held", held_until__gt=now, offer=offer
    ).update(state="booked", held_until=None)
    if won != 1:
        raise HoldGone("error.hold_gone")
    return await OfferedSeat.get(offer=offer, seat__public_id=seat_id).prefetch_related(
        "seat__slot", "seat__therapist"
    )


async def _check_limit(
    patient: Person, network: Network, moving: Booking | None, now: datetime
) -> None:
    live = await Booking.filter(person=patient, state="booked", ends_at__gt=now)
    units = {booking.series or booking.public_id for booking in live}
    if moving is not None:
        units.discard(moving.series or moving.public_id)
    if len(units) >= network.rules.live_bookings_per_person:
        raise Conflict("error.too_many_bookings", limit=network.rules.live_bookings_per_person)


async def _place(offer: Offer, seat: Seat, deed: _Deed, network: Network) -> Place | None:
    """Return the therapy place that this visit belongs to; None where visits open none."""
    request: Request = offer.request
    if not slot_kind(network, Criteria.from_json(request.criteria)).opens_place:
        moving = deed.moving
        stays = moving is not None and moving.therapist_id == seat.therapist_id
        return await Place.get_or_none(id=moving.place_id) if moving and stays else None
    return await places.begin_trial(offer, request, deed.patient, seat, network, now=deed.now)


async def _leave(moving: Booking, patient: Person, place: Place | None, now: datetime) -> None:
    """End the booking that is moved, and the trial at a therapist that the patient leaves."""
    if moving.person_id != patient.id:
        raise NotFound("error.not_found")
    await _end(moving, "moved", now)
    if moving.place_id and moving.place_id != (place.id if place else None):
        await places.left_behind(moving)


async def _create(request: Request, seat: Seat, place: Place | None, deed: _Deed) -> Booking:
    for _ in range(REFERENCE_TRIES):
        try:
            # The savepoint keeps a refused row from spoiling the transaction around it.
            async with db.transaction():
                return await _insert(request, seat, place, deed)
        except IntegrityError as error:
            refused = str(error)
            if "booking_patient_no_overlap" in refused:
                raise Conflict("error.appointments_overlap") from error
            if "reference" not in refused:
                raise HoldGone("error.hold_gone") from error
    raise HoldGone("error.hold_gone")


async def _insert(request: Request, seat: Seat, place: Place | None, deed: _Deed) -> Booking:
    acceptance, moving = deed.acceptance, deed.moving
    return await Booking.create(
        reference=_new_reference(),
        seat=seat,
        therapist_id=seat.therapist_id,
        person=deed.patient,
        writer=deed.writer,
        request=request,
        conversation=deed.conversation,
        place=place,
        service=seat.slot.service,
        starts_at=seat.starts_at,
        ends_at=seat.ends_at,
        series=moving.series if moving else None,
        moved_from=moving,
        policy=acceptance.policy,
        policy_version=acceptance.policy_version,
        policy_language=acceptance.language,
        accepted_channel=acceptance.channel,
        accepted_at=deed.now,
        accepted_by=deed.by.staff,
        created_at=deed.now,
    )


def _new_reference() -> str:
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


async def cancel(booking: Booking, network: Network, *, by: Actor) -> Terms:
    """Cancel a booking by the patient's wish and return what it cost.

    The seat is open again while it can still be used; a therapy place in trial stays blocked
    for seven days. Raises `Conflict` for a booking that is no longer live or has begun.
    """
    async with db.transaction():
        person = await Person.get(id=booking.person_id)
        due = terms(network, booking, persons.details_of(person).birth_date)
        state = "cancelled" if due.free else "cancelled_late"
        await _end(booking, state, clock.now(), due.cost)
        if booking.place_id:
            await places.pause_trial(booking)
        await audit.record(
            "booking_cancelled", by=by, row=booking, person=person, late=not due.free
        )
        return due


async def _end(booking: Booking, state: str, now: datetime, fee: Decimal | None = None) -> None:
    """End a live booking and open its seat; the state is the guard of two enders at once."""
    won = await Booking.filter(id=booking.id, state="booked", starts_at__gt=now).update(
        state=state, ended_at=now, fee=fee or None
    )
    if won != 1:
        raise Conflict("error.booking_over")
    booking.state, booking.ended_at, booking.fee = state, now, fee or None
    await Seat.filter(id=booking.seat_id, booking_id=booking.id).update(
        state="open", held_until=None, offer_id=None, booking_id=None
    )
    await Request.filter(id=booking.request_id, state="booked").update(
        state="closed", updated_at=now
    )


async def live_of(people: Sequence[Person]) -> list[Booking]:
    """Return the live bookings of these people that have not begun, soonest first."""
    return (
        await Booking.filter(
            person_id__in=[person.id for person in people],
            state="booked",
            starts_at__gt=clock.now(),
        )
        .order_by("starts_at", "id")
        .prefetch_related("seat__slot", "therapist", "person")
    )


async def one_of(people: Sequence[Person], public_id: str) -> Booking:
    """Return a booking of these people by its public id; raises `NotFound` for any other."""
    booking = await Booking.get_or_none(
        public_id=public_id, person_id__in=[person.id for person in people]
    ).prefetch_related("seat__slot", "therapist", "person", "request")
    if booking is None:
        raise NotFound("error.not_found")
    return booking
