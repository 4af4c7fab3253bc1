"""What the dialogue wishes, done through core; what came of it goes back as an outcome."""

from bot.acts import booking, searching, waiting
from bot.acts.scene import Scene, born, own_booking, view
from bot.dialogue.wishes import (
    AskHuman,
    AskNow,
    Book,
    Bookings,
    CancelBooking,
    CancelTerms,
    Consented,
    Done,
    FindOffers,
    GiveConsent,
    HoldLost,
    HumanAsked,
    KeepOffer,
    Kept,
    ListBookings,
    NotBookable,
    NothingFits,
    Offered,
    Outcome,
    PreviewCancel,
    ReleaseOffer,
    ShowPolicy,
    TellStored,
    UseLanguage,
    Wait,
    Wish,
)
from bot.views import offered_seat
from core import bookings, conversations, db, handoff, offers, persons
from core.actors import PATIENT
from core.errors import Conflict, HoldGone, Invalid, NotAllowed, NotFound, TooMany
from core.models import Person

__all__ = ["Scene", "act"]

CONSENT_VERSION = "1"


async def act(wish: Wish, scene: Scene) -> Outcome:
    """Do what is wished, or nothing of it. A rule that stands against it is an outcome too."""
    try:
        # The savepoint keeps a lost race or a broken rule from undoing the message itself.
        async with db.transaction():
            return await _act(wish, scene)
    except HoldGone:
        await conversations.reload(scene.conversation)
        return HoldLost(await _found_anew(getattr(wish, "moving", None), scene))
    except (Invalid, NotFound, NotAllowed, Conflict, TooMany) as refused:
        await conversations.reload(scene.conversation)
        return NotBookable(refused.key, dict(refused.data))


async def _act(wish: Wish, scene: Scene) -> Outcome:
    match wish:
        case GiveConsent():
            earlier = await conversations.consent(scene.conversation, CONSENT_VERSION)
            return Consented(tuple(earlier))
        case FindOffers():
            return await searching.find_offers(wish, scene)
        case KeepOffer():
            offer, chosen = await offers.keep(wish.offer, wish.seat, scene.network)
            return Kept(offer.until, offered_seat(chosen, scene.network))
        case ReleaseOffer():
            for person in await persons.written_for(scene.writer):
                await offers.release_live(person)
            return Done()
        case ShowPolicy():
            return await searching.show_policy(wish, scene)
        case Book():
            return await booking.book(wish, scene)
        case ListBookings():
            rows = await bookings.live_of(await persons.written_for(scene.writer))
            return Bookings(tuple(view(row, scene) for row in rows), wish.then)
        case PreviewCancel():
            row = await own_booking(wish.booking, scene)
            due = bookings.terms(scene.network, row, born(row))
            return CancelTerms(view(row, scene), due.free, due.cost or None)
        case CancelBooking():
            return await booking.cancel(wish, scene)
        case Wait():
            return await waiting.wait(wish, scene)
        case AskHuman():
            asked = await handoff.ask_human(scene.conversation, wish.reason, PATIENT)
            return HumanAsked(asked.open_now, asked.answer_by, asked.already)
        case UseLanguage():
            await _use_language(wish.language, scene)
            return Done()
        case TellStored():
            return await waiting.stored(scene)
        case AskNow():
            return Done()


async def _found_anew(moved: str | None, scene: Scene) -> Offered | NothingFits:
    """Offer others at once to somebody whose hold is gone."""
    request = await searching.open_request(scene)
    if request is None:
        return NothingFits()
    moving = await own_booking(moved, scene) if moved else None
    return await searching.find(request, scene, moving=moving)


async def _use_language(language: str, scene: Scene) -> None:
    scene.conversation.language = scene.writer.language = language
    await scene.conversation.save(update_fields=["language"])
    await Person.filter(id=scene.writer.id).update(language=language)
