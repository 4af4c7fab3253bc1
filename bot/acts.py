"""What the dialogue wishes, done through core; what came of it goes back as an outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.dialogue.wishes import (
    AskHuman,
    AskNow,
    Book,
    Booked,
    Bookings,
    BookingView,
    CancelBooking,
    Cancelled,
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
    PolicyShown,
    PreviewCancel,
    ReleaseOffer,
    ShowPolicy,
    Stored,
    TellStored,
    UseLanguage,
    Wait,
    Waiting,
    Widening,
    Wish,
)
from bot.rendering import place_words
from bot.views import booking_view, offered, offered_seat, policy_view, seat_view
from core import (
    bookings,
    chat_access,
    clock,
    confirmations,
    conversations,
    handoff,
    matching,
    offers,
    persons,
    requests,
    waitlist,
)
from core.actors import PATIENT
from core.errors import Conflict, HoldGone, NotFound
from core.models import (
    Booking,
    Conversation,
    Message,
    OfferedSeat,
    Person,
    Request,
    ReturnCode,
)
from core.network.schema import Network
from core.rules.criteria import Criteria

CONSENT_VERSION = "1"


@dataclass(frozen=True)
class Scene:
    """Whose wishes are done: the locked conversation and the network in force."""

    conversation: Conversation
    network: Network
    language: str

    @property
    def writer(self) -> Person:
        person: Person = self.conversation.person
        return person


async def act(wish: Wish, scene: Scene) -> Outcome:
    """Do what is wished. A rule that stands against it is an outcome, not an error."""
    try:
        return await _act(wish, scene)
    except HoldGone:
        request = await _open_request(scene)
        moved = getattr(wish, "moving", None)
        moving = await _own_booking(moved, scene) if moved else None
        return HoldLost(await _find(request, scene, moving=moving) if request else NothingFits())
    except (Conflict, NotFound) as refused:
        return NotBookable(refused.key, dict(refused.data))


async def _act(wish: Wish, scene: Scene) -> Outcome:
    match wish:
        case GiveConsent():
            earlier = await conversations.consent(scene.conversation, CONSENT_VERSION)
            return Consented(tuple(earlier))
        case FindOffers():
            return await _find_offers(wish, scene)
        case KeepOffer():
            offer, chosen = await offers.keep(wish.offer, wish.seat, scene.network)
            return Kept(offer.until, offered_seat(chosen, scene.network))
        case ReleaseOffer():
            for person in await persons.written_for(scene.writer):
                await offers.release_live(person)
            return Done()
        case ShowPolicy():
            return await _show_policy(wish, scene)
        case Book():
            return await _book(wish, scene)
        case ListBookings():
            rows = await bookings.live_of(await persons.written_for(scene.writer))
            return Bookings(tuple(_view(row, scene) for row in rows), wish.then)
        case PreviewCancel():
            booking = await _own_booking(wish.booking, scene)
            due = bookings.terms(scene.network, booking, _born(booking))
            return CancelTerms(_view(booking, scene), due.free, due.cost or None)
        case CancelBooking():
            return await _cancel(wish, scene)
        case Wait():
            return await _wait(wish, scene)
        case AskHuman():
            asked = await handoff.ask_human(scene.conversation, wish.reason, PATIENT)
            return HumanAsked(asked.open_now, asked.answer_by, asked.already)
        case UseLanguage():
            scene.conversation.language = wish.language
            await scene.conversation.save(update_fields=["language"])
            await Person.filter(id=scene.writer.id).update(language=wish.language)
            return Done()
        case TellStored():
            return await _stored(scene)
        case AskNow():
            return Done()


# ── offers ──────────────────────────────────────────────────────────────────────────────


async def _find_offers(wish: FindOffers, scene: Scene) -> Outcome:
    moving = await _own_booking(wish.moving, scene) if wish.moving else None
    criteria, person = wish.criteria, scene.writer
    if moving is not None:
        # What is moved keeps what it was asked for; the patient may only name other times.
        asked = Criteria.from_json(moving.request.criteria)
        criteria = asked.with_(
            kind=moving.seat.slot.kind, weekdays=criteria.weekdays, parts=criteria.parts
        )
        person = moving.person
    request = await requests.keep(scene.conversation, criteria, person=person)
    shown = await _seats_shown(request) if wish.widened else []
    return await _find(request, scene, moving=moving, not_seats=shown)


async def _find(
    request: Request,
    scene: Scene,
    *,
    moving: Booking | None = None,
    not_seats: Sequence[str] = (),
) -> Offered | NothingFits:
    kind = "move" if moving else "dialogue"
    made = await offers.make(request, scene.network, kind=kind, not_seats=not_seats, moving=moving)
    if isinstance(made, offers.Nothing) and not_seats:
        # All others were seen already: better the same ones again than none.
        made = await offers.make(request, scene.network, kind=kind, moving=moving)
    if isinstance(made, offers.Made):
        return offered(made, scene.network)
    criteria = Criteria.from_json(request.criteria)
    counts = await matching.widenings(criteria, scene.network, now=clock.now())
    return NothingFits(tuple(Widening(field, count) for field, count in counts.items()))


async def _seats_shown(request: Request) -> list[str]:
    rows = await OfferedSeat.filter(offer__request=request).prefetch_related("seat")
    return [row.seat.public_id for row in rows]


async def _open_request(scene: Scene) -> Request | None:
    return (
        await Request.filter(conversation=scene.conversation, state__in=["open", "waiting"])
        .order_by("-updated_at")
        .first()
    )


async def _show_policy(wish: ShowPolicy, scene: Scene) -> Outcome:
    offer = await offers.live(wish.offer)
    chosen = next(
        (row for row in await offers.offered_of(offer) if row.seat.public_id == wish.seat), None
    )
    if chosen is None:
        raise HoldGone("error.hold_gone")
    born = wish.birth_date
    if wish.moving:
        born = _born(await _own_booking(wish.moving, scene))
    network, starts = scene.network, chosen.seat.starts_at
    today = clock.now().astimezone(ZoneInfo(network.zone)).date()
    policy = bookings.policy_for(network, chosen.seat.slot.service, today)
    return PolicyShown(policy_view(policy, network, scene.language, starts, born))


# ── bookings ────────────────────────────────────────────────────────────────────────────


async def _book(wish: Book, scene: Scene) -> Outcome:
    moving = await _own_booking(wish.moving, scene) if wish.moving else None
    patient = moving.person if moving else await _patient(wish, scene)
    offer = await offers.live(wish.offer)
    acceptance = bookings.Acceptance(
        policy=scene.network.service(offer.request.service).policy,
        policy_version=wish.policy_version,
        language=scene.language,
        channel=scene.conversation.channel,
    )
    booking = await bookings.confirm(
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
    booking = await _own_booking(booking.public_id, scene)
    return await _booked(booking, moving, scene)


async def _patient(wish: Book, scene: Scene) -> Person:
    if wish.birth_date is None:
        raise Conflict("error.birth_date_missing")
    relation = wish.criteria.relation or "self"
    patient = await persons.patient_of(scene.writer, relation, wish.name, wish.birth_date)
    if wish.email or wish.phone:
        await persons.set_details(scene.writer, email=wish.email, phone=wish.phone)
    return patient


async def _booked(booking: Booking, moving: Booking | None, scene: Scene) -> Booked:
    view = _view(booking, scene)
    place = place_words(scene.network, view.seat.site, scene.language)
    file, ics = await confirmations.make_file(
        scene.conversation, booking, scene.network, scene.language, place
    )
    mailed = await _mail(booking, scene, "moved" if moving else "booked", place, ics)
    return Booked(
        booking=view,
        return_code=await _return_code(scene),
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


async def _return_code(scene: Scene) -> str:
    """Return a new code; the earlier ones stop working, as only the newest is written down."""
    await ReturnCode.filter(conversation=scene.conversation, ended_at=None).update(
        ended_at=clock.now()
    )
    return await chat_access.new_return_code(scene.conversation)


async def _cancel(wish: CancelBooking, scene: Scene) -> Outcome:
    booking = await _own_booking(wish.booking, scene)
    due = await bookings.cancel(booking, scene.network, by=PATIENT)
    place = place_words(scene.network, booking.seat.slot.site or None, scene.language)
    _, ics = await confirmations.make_file(
        scene.conversation, booking, scene.network, scene.language, place, cancelled=True
    )
    await _mail(booking, scene, "cancelled", place, ics)
    return Cancelled(_view(booking, scene), late=not due.free, fee=due.cost or None)


async def _own_booking(public_id: str, scene: Scene) -> Booking:
    booking = await bookings.one_of(await persons.written_for(scene.writer), public_id)
    booking.seat.therapist = booking.therapist
    return booking


def _view(booking: Booking, scene: Scene) -> BookingView:
    return booking_view(booking, scene.network, scene.language)


def _born(booking: Booking) -> date | None:
    return persons.details_of(booking.person).birth_date


# ── waiting, and what is stored ─────────────────────────────────────────────────────────


async def _wait(wish: Wait, scene: Scene) -> Outcome:
    await offers.release_live(scene.writer)
    request = await requests.keep(scene.conversation, wish.criteria)
    if wish.email or wish.phone:
        await persons.set_details(scene.writer, email=wish.email, phone=wish.phone)
    await waitlist.join(request, by=PATIENT)
    given = await ReturnCode.exists(conversation=scene.conversation, ended_at=None)
    return Waiting("" if given else await _return_code(scene))


async def _stored(scene: Scene) -> Stored:
    people = await persons.written_for(scene.writer)
    details = [persons.details_of(person) for person in people]
    return Stored(
        messages=await Message.filter(conversation=scene.conversation).count(),
        bookings=await Booking.filter(person_id__in=[person.id for person in people]).count(),
        has_name=any(known.name for known in details),
        has_contact=any(known.email or known.phone for known in details),
        since=scene.conversation.created_at,
    )
