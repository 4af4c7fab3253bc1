"""The waiting list, and what is stored."""

from bot.acts.scene import Scene, new_return_code
from bot.dialogue.wishes import Outcome, Stored, Wait, Waiting
from core import offers, persons, requests, waitlist
from core.actors import PATIENT
from core.models import Booking, Message, ReturnCode


async def wait(wish: Wait, scene: Scene) -> Outcome:
    await offers.release_live(scene.writer)
    request = await requests.keep(scene.conversation, wish.criteria)
    if wish.email or wish.phone:
        await persons.set_details(scene.writer, email=wish.email, phone=wish.phone)
    await waitlist.join(request, by=PATIENT)
    given = await ReturnCode.exists(conversation=scene.conversation, ended_at=None)
    return Waiting("" if given else await new_return_code(scene))


async def stored(scene: Scene) -> Stored:
    people = await persons.written_for(scene.writer)
    details = [persons.details_of(person) for person in people]
    return Stored(
        messages=await Message.filter(conversation=scene.conversation).count(),
        bookings=await Booking.filter(person_id__in=[person.id for person in people]).count(),
        has_name=any(known.name for known in details),
        has_contact=any(known.email or known.phone for known in details),
        since=scene.conversation.created_at,
    )
