"""What is known about whoever writes: details, wishes, appointments and what is proposed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import audit, clock, conversations, persons
from core.actors import Actor
from core.inbox import name_of
from core.models import (
    Booking,
    Conversation,
    Offer,
    OfferedSeat,
    Person,
    Request,
    Slot,
    Therapist,
    WaitlistEntry,
)
from core.persons import Details
from core.rules.criteria import Criteria
from core.sealing import CannotOpen
from core.thread import for_reader


@dataclass(frozen=True)
class Appointment:
    """A booking or an offered seat."""

    starts_at: datetime
    ends_at: datetime
    therapist: str
    format: str
    site: str
    patient: str | None = None
    reference: str | None = None
    state: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Dossier:
    """What was gathered about the person and what they look for."""

    details: Details
    criteria: Criteria
    bookings: tuple[Appointment, ...] = ()
    offers: tuple[Appointment, ...] = ()
    waiting_since: datetime | None = None
    writes_for: tuple[str, ...] = ()


async def read(public_id: str, *, by: Actor) -> Dossier:
    """Return what is known about whoever writes; raises `NotFound` as for a thread."""
    conversation = await for_reader(public_id, by)
    person: Person = conversation.person
    try:
        details = persons.details_of(person)
    except CannotOpen:
        details = Details()
    people = await persons.written_for(person)
    names = {one.id: name_of(one) for one in people}
    request = await Request.filter(conversation=conversation).order_by("-id").first()
    waiting = await WaitlistEntry.filter(person_id__in=list(names), state="waiting").first()
    await audit.record("person.read", by=by, row=person, person=person, purpose="conversation")
    return Dossier(
        details=details,
        criteria=_criteria(conversation, request),
        bookings=await _bookings(names),
        offers=await _offers(list(names)),
        waiting_since=waiting.since if waiting else None,
        writes_for=tuple(name for key, name in names.items() if name and key != person.id),
    )


def _criteria(conversation: Conversation, request: Request | None) -> Criteria:
    """Prefer what the dialogue knows now to what was looked for last."""
    if conversation.dialogue is not None and conversation.consented_at is not None:
        try:
            state = conversations.dialogue_state(conversation)
        except CannotOpen:
            state = {}
        if isinstance(state.get("criteria"), dict):
            return Criteria.from_json(state["criteria"])
    return Criteria.from_json(request.criteria) if request else Criteria()


async def _bookings(names: dict[int, str | None]) -> tuple[Appointment, ...]:
    found = (
        await Booking.filter(person_id__in=list(names))
        .exclude(state="moved")
        .order_by("-starts_at")
        .limit(5)
        .prefetch_related("therapist", "seat__slot")
    )
    return tuple(
        _appointment(
            booking.seat.slot,
            booking.therapist,
            patient=names.get(booking.person_id),
            reference=booking.reference,
            state=booking.state,
        )
        for booking in found
    )


async def _offers(people: list[int]) -> tuple[Appointment, ...]:
    live = await Offer.filter(person_id__in=people, state="live", until__gt=clock.now())
    found = (
        await OfferedSeat.filter(offer_id__in=[offer.id for offer in live] or [0])
        .order_by("position")
        .prefetch_related("offer", "seat__slot__therapist")
    )
    return tuple(
        _appointment(row.seat.slot, row.seat.slot.therapist, until=row.offer.until) for row in found
    )


def _appointment(slot: Slot, therapist: Therapist, **more: Any) -> Appointment:
    return Appointment(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        therapist=f"{therapist.title} {therapist.name}".strip(),
        format=slot.format,
        site=slot.site,
        **more,
    )
