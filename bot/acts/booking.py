"""Booking, moving and cancelling, with what the patient takes home."""

from bot.acts.scene import Scene, new_return_code, own_booking, view
from bot.dialogue.wishes import Book, Booked, CancelBooking, Cancelled, Outcome
from bot.rendering import place_words
from bot.views import seat_view
from core import bookings, confirmations, offers, persons, waitlist
from core.actors import PATIENT
from core.errors import Conflict
from core.models import Booking, Person


async def book(wish: Book, scene: Scene) -> Outcome:
    moving = await own_booking(wish.moving, scene) if wish.moving else None
    patient = moving.person if moving else await _patient(wish, scene)
    offer = await offers.live(wish.offer)
    acceptance = bookings.Acceptance(
        policy=scene.network.service(offer.request.service).policy,
        policy_version=wish.policy_version,
        language=scene.language,
        channel=scene.conversation.channel,
    )
    made = await bookings.confirm(
        wish.offer,
        wish.seat,
        wish.gen,
        patient=patient,
        writer=scene.writer,
        network=scene.network,
        acceptance=acceptance,
        conversation=scene.conversation,
        by=PATIENT,
        moving=moving,
    )
    await waitlist.leave(offer.request, state="placed")
    return await _booked(await own_booking(made.public_id, scene), moving, scene)


async def _patient(wish: Book, scene: Scene) -> Person:
    if wish.birth_date is None:
        raise Conflict("error.birth_date_missing")
    relation = wish.criteria.relation or "self"
    patient = await persons.patient_of(scene.writer, relation, wish.name, wish.birth_date)
    if wish.email or wish.phone:
        await persons.set_details(scene.writer, email=wish.email, phone=wish.phone)
    return patient


async def _booked(booking: Booking, moving: Booking | None, scene: Scene) -> Booked:
    shown = view(booking, scene)
    place = place_words(scene.network, shown.seat.site, scene.language)
    file, ics = await confirmations.make_file(
        scene.conversation, booking, scene.network, scene.language, place
    )
    mailed = await _mail(booking, scene, "moved" if moving else "booked", place, ics)
    return Booked(
        booking=shown,
        return_code=await new_return_code(scene),
        file=file.public_id,
        mailed=mailed,
        moved_from=seat_view(moving.seat, scene.network) if moving else None,
    )


async def _mail(booking: Booking, scene: Scene, kind: str, place: str | None, ics: bytes) -> bool:
    to = persons.details_of(await Person.get(id=scene.writer.id)).email
    return await confirmations.mail(
        scene.conversation,
        booking,
        scene.network,
        scene.language,
        to=to,
        kind=kind,
        place=place,
        ics=ics,
    )


async def cancel(wish: CancelBooking, scene: Scene) -> Outcome:
    booking = await own_booking(wish.booking, scene)
    due = await bookings.cancel(booking, scene.network, by=PATIENT)
    place = place_words(scene.network, booking.seat.slot.site or None, scene.language)
    _, ics = await confirmations.make_file(
        scene.conversation, booking, scene.network, scene.language, place, cancelled=True
    )
    await _mail(booking, scene, "cancelled", place, ics)
    return Cancelled(view(booking, scene), late=not due.free, fee=due.cost or None)
