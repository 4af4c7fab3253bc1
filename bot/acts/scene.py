"""Whose wishes are done, and what several of them ask for."""

from dataclasses import dataclass
from datetime import date

from bot.dialogue.wishes import BookingView
from bot.views import booking_view
from core import bookings, chat_access, clock, persons
from core.models import Booking, Conversation, Person, ReturnCode
from core.network.schema import Network


@dataclass(frozen=True)
class Scene:
    """The locked conversation and the network in force."""

    conversation: Conversation
    network: Network

    @property
    def language(self) -> str:
        return self.conversation.language

    @property
    def writer(self) -> Person:
        person: Person = self.conversation.person
        return person


async def own_booking(public_id: str, scene: Scene) -> Booking:
    """Return a booking of those for whom this conversation writes; raises `NotFound`."""
    booking = await bookings.one_of(await persons.written_for(scene.writer), public_id)
    booking.seat.therapist = booking.therapist
    return booking


def view(booking: Booking, scene: Scene) -> BookingView:
    return booking_view(booking, scene.network, scene.language)


def born(booking: Booking) -> date | None:
    """Return the patient's birth date, which may decide on a fee."""
    return persons.details_of(booking.person).birth_date


async def new_return_code(scene: Scene) -> str:
    """Return a new code; the earlier ones stop working, as only the newest is written down."""
    await ReturnCode.filter(conversation=scene.conversation, ended_at=None).update(
        ended_at=clock.now()
    )
    return await chat_access.new_return_code(scene.conversation)
