"""Bookings: confirm, move, cancel. Each is one transaction; the seat's guard decides races."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tortoise.exceptions import IntegrityError

from core import audit, clock, db, offers, persons, places
from core.actors import Actor
from core.errors import Conflict, HoldGone, NotFound
from core.models import (
    Booking,
    Conversation,
    OfferedSeat,
    Person,
    Request,
    Seat,
    new_public_id,
)
from core.network.schema import Network, Policy
from core.rules import policies
from core.rules.ages import age_on
from core.rules.walltime import holidays_of

REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
REFERENCE_LENGTH = 7


@dataclass(frozen=True)
class Acceptance:
    """Which rules were accepted, how: kept with the booking as evidence."""

    policy: str
    policy_version: int
    language: str
    channel: str


@dataclass(frozen=True)
class Terms:
    """What cancelling an appointment would cost now, and until when it is free."""

    policy: Policy
    free_until: datetime
    cost: Decimal

    @property
    def free(self) -> bool:
        return self.cost == 0


def policy_for(network: Network, service: str, on: date, version: int | None = None) -> Policy:
    """Return the rules in force for a service on a day, or the version that was accepted.

    Raises `NotFound` when there is none.
    """
    code = network.service(service).policy
    known = [policy for policy in network.policies if policy.code == code]
    fitting = [p for p in known if p.version == version or (version is None and p.valid_from <= on)]
    if not fitting:
        raise NotFound("error.not_found")
    return max(fitting, key=lambda policy: (policy.valid_from, policy.version))


def terms(network: Network, booking: Booking, born: date | None) -> Terms:
    """Return the rules that were accepted with a booking, as they stand at this moment."""
    now = clock.now()
    policy = policy_for(network, booking.service, now.date(), booking.policy_version)
    holidays = holidays_of(network.country, network.subdivision)
    starts = booking.starts_at
    age = age_on(born, starts.date()) if born else None
    return Terms(
        policy,
        policies.free_until(policy, starts, network.zone, holidays),
        policies.cost(policy, starts, now, age, network.zone, holidays),
    )


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

    Raises `HoldGone` when the hold ended, was taken over or belongs to another offer, and
    `Conflict` for an overlap with another appointment of the patient or a limit reached.
    """
    async with db.transaction():
        await Person.filter(id=patient.id).select_for_update().get()
        offer = await offers.live(offer_id)
        chosen = await _take(offer.id, seat_id, gen)
        request: Request = offer.request
        await _check_limit(patient, network, moving)
        place = await places.begin_trial(
            offer, chosen.seat.therapist_id, network, starts_at=chosen.seat.starts_at
        )
        place_id = place.id if place else _place_that_stays(chosen, moving)
        if moving is not None:
            await _end(moving, "moved")
            if moving.place_id and moving.place_id != place_id:
                await places.free(moving.place_id)
        booking = await _create(
            chosen, request, patient, writer, acceptance, conversation, by, moving, place_id
        )
        await Seat.filter(id=chosen.seat_id).update(booking_id=booking.id)
        await offers.release(offer, state="taken")
        await Request.filter(id=request.id).update(
            state="booked", updated_at=clock.now(), person_id=patient.id
        )
        action = "booking_moved" if moving else "booking_made"
        await audit.record(action, by=by, row=booking, person=patient)
        return booking


async def _take(offer_id: int, seat_id: str, gen: int) -> OfferedSeat:
    """Turn the hold into a booking, if this generation is still held by this offer."""
    now = clock.now()
    won = await Seat.filter(
        public_id=seat_id, gen=gen, state="held", held_until__gt=now, offer_id=offer_id
    ).update(state="booked", held_until=None)
    if won != 1:
        raise HoldGone("error.hold_gone")
    return await OfferedSeat.get(offer_id=offer_id, seat__public_id=seat_id).prefetch_related(
        "seat__slot", "seat__therapist"
    )


async def _check_limit(patient: Person, network: Network, moving: Booking | None) -> None:
    now = clock.now()
    live = await Booking.filter(person=patient, state="booked", ends_at__gt=now)
    units = {booking.series or booking.public_id for booking in live}
    if moving is not None:
        units.discard(moving.series or moving.public_id)
    if len(units) >= network.rules.live_bookings_per_person:
        raise Conflict("error.too_many_bookings", limit=network.rules.live_bookings_per_person)


def _place_that_stays(chosen: OfferedSeat, moving: Booking | None) -> int | None:
    if moving is not None and moving.therapist_id == chosen.seat.therapist_id:
        return moving.place_id
    return None


async def _create(
    chosen: OfferedSeat,
    request: Request,
    patient: Person,
    writer: Person,
    acceptance: Acceptance,
    conversation: Conversation | None,
    by: Actor,
    moving: Booking | None,
    place_id: int | None,
) -> Booking:
    now = clock.now()
    seat: Seat = chosen.seat
    try:
        async with db.transaction():
            return await Booking.create(
                public_id=new_public_id(),
                reference=_new_reference(),
                seat=seat,
                therapist_id=seat.therapist_id,
                person=patient,
                writer=writer,
                request=request,
                conversation=conversation,
                place_id=place_id,
                service=seat.slot.service,
                starts_at=seat.starts_at,
                ends_at=seat.ends_at,
                series=moving.series if moving else None,
                moved_from=moving,
                policy=acceptance.policy,
                policy_version=acceptance.policy_version,
                policy_language=acceptance.language,
                accepted_channel=acceptance.channel,
                accepted_at=now,
                accepted_by=by.staff,
                created_at=now,
            )
    except IntegrityError as error:
        raise Conflict("error.appointments_overlap") from error


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
        if booking.starts_at <= clock.now():
            raise Conflict("error.booking_over")
        await _end(booking, "cancelled" if due.free else "cancelled_late", due.cost)
        if booking.place_id:
            await places.pause_trial(booking)
        await audit.record(
            "booking_cancelled", by=by, row=booking, person=person, late=not due.free
        )
        return due


async def _end(booking: Booking, state: str, fee: Decimal | None = None) -> None:
    """End a live booking and open its seat; the state is the guard of two enders at once."""
    now = clock.now()
    won = await Booking.filter(id=booking.id, state="booked").update(
        state=state, ended_at=now, fee=fee or None
    )
    if won != 1:
        raise Conflict("error.booking_over")
    booking.state, booking.ended_at, booking.fee = state, now, fee or None
    await Seat.filter(id=booking.seat_id, booking_id=booking.id).update(
        state="open", held_until=None, offer_id=None, booking_id=None
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
