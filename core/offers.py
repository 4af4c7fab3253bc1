"""Offers: up to three held seats proposed together, one live offer per person and kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import clock, db, holds, places
from core.errors import HoldGone, NotFound
from core.free_seats import Line, slot_kind
from core.matching import Found, find
from core.models import Booking, Offer, OfferedSeat, Person, Request, Seat, Therapist
from core.network.schema import Network
from core.rules.criteria import Criteria
from core.rules.ranking import Ranked, with_earliest


@dataclass(frozen=True)
class Made:
    """A live offer; `offered` are its seats in order, with `seat.slot` and therapist loaded."""

    offer: Offer
    offered: list[OfferedSeat]
    asked_therapist_full: bool = False


@dataclass(frozen=True)
class Nothing:
    asked_therapist_full: bool = False


async def make(
    request: Request,
    network: Network,
    *,
    kind: str = "dialogue",
    not_seats: Iterable[str] = (),
    moving: Booking | None = None,
) -> Made | Nothing:
    """Hold the best seats for a request and return them as one offer.

    The person's live offer of this kind is given back first. Seats that somebody else takes
    meanwhile are passed over for the next best; nothing is held twice. Raises `NotFound` when
    the network has no such service.
    """
    now = clock.now()
    until = now + timedelta(minutes=network.rules.hold_minutes)
    criteria = Criteria.from_json(request.criteria)
    opens_place = slot_kind(network, criteria).opens_place
    async with db.transaction():
        person = await _locked_person(request.person_id)
        await release_live(person, kind)
        own = await _own_places(person, request, criteria, moving) if opens_place else set()
        offer = await Offer.create(
            request=request, person=person, kind=kind, until=until, created_at=now
        )
        claim = holds.Claim(offer, request, now, until, opens_place, own)
        skipped = [seat.id for seat in await Seat.filter(public_id__in=list(not_seats))]
        full = False
        # Where the asked therapist's last seats went to others meanwhile, the next best come.
        for asked in (criteria, criteria.with_(therapist=None)):
            found = await _found(asked, network, person, now, skipped, moving, own)
            full = full or found.asked_therapist_full
            claimed = await holds.best(claim, found.ranked, network.rules.seats_per_offer)
            if claimed:
                return Made(offer, await _propose(offer, claimed, now), full)
            if asked.therapist is None:
                break
            full = True
        await release(offer, state="gone")
        return Nothing(full)


async def _locked_person(person_id: int) -> Person:
    # Rows that refer to the person may be written meanwhile: no key of theirs changes.
    return await Person.filter(id=person_id).select_for_update(no_key=True).get()


async def _own_places(
    person: Person, request: Request, criteria: Criteria, moving: Booking | None
) -> set[Line]:
    """Return where the patient needs no further place; who the patient is, a parent says later."""
    if moving is None and criteria.relation not in (None, "self"):
        return set()
    return await places.lines_of(person, request.service)


async def _found(
    criteria: Criteria,
    network: Network,
    person: Person,
    now: datetime,
    not_seats: list[int],
    moving: Booking | None,
    own: set[Line],
) -> Found:
    bookings = await Booking.filter(person=person)
    live = [booking for booking in bookings if booking.state == "booked"]
    return await find(
        criteria,
        network,
        now=now,
        not_seats=not_seats,
        busy=[(b.starts_at, b.ends_at) for b in live if moving is None or b.id != moving.id],
        known_therapists=frozenset(booking.therapist_id for booking in bookings),
        own_places=own,
    )


async def _propose(offer: Offer, claimed: list[Ranked], now: datetime) -> list[OfferedSeat]:
    generations = dict(
        await Seat.filter(id__in=[row.free.seat for row in claimed]).values_list("id", "gen")
    )
    for position, row in enumerate(with_earliest(claimed)):
        await OfferedSeat.create(
            offer=offer,
            seat_id=row.free.seat,
            gen=generations[row.free.seat],
            position=position,
            reasons=row.reasons,
        )
    # A therapist whose row is locked is just being proposed to somebody else: no need to wait.
    therapists = Therapist.filter(id__in={row.free.therapist for row in claimed})
    locked = await therapists.select_for_update(skip_locked=True, no_key=True)
    await Therapist.filter(id__in=[row.id for row in locked]).update(last_offered_at=now)
    return await offered_of(offer)


async def offered_of(offer: Offer) -> list[OfferedSeat]:
    """Return an offer's seats in the order proposed, with slot and therapist loaded."""
    return (
        await OfferedSeat.filter(offer=offer)
        .order_by("position")
        .prefetch_related("seat__slot", "seat__therapist")
    )


async def keep(offer_id: str, seat_id: str, network: Network) -> tuple[Offer, OfferedSeat]:
    """Prolong an offer, once, for the seat chosen; the others lapse when they would have.

    Raises `HoldGone` when the hold ended or somebody else has the seat.
    """
    now = clock.now()
    async with db.transaction():
        offer = await live(offer_id)
        chosen = next((o for o in await offered_of(offer) if o.seat.public_id == seat_id), None)
        if chosen is None:
            raise HoldGone("error.hold_gone")
        until = now + timedelta(minutes=network.rules.hold_minutes)
        if await Offer.filter(id=offer.id, state="live", extended=False).update(
            until=until, extended=True
        ):
            offer.until, offer.extended = until, True
        kept = await Seat.filter(
            id=chosen.seat_id, gen=chosen.gen, state="held", held_until__gt=now, offer=offer
        ).update(held_until=offer.until)
        if kept != 1:
            raise HoldGone("error.hold_gone")
        await places.keep(offer, chosen.seat, until=offer.until)
        return offer, chosen


async def live(offer_id: str) -> Offer:
    """Return a live offer; raises `HoldGone` for one that was taken, replaced or given back."""
    offer = await Offer.get_or_none(public_id=offer_id).prefetch_related("request")
    if offer is None:
        raise NotFound("error.not_found")
    if offer.state != "live":
        raise HoldGone("error.hold_gone")
    return offer


async def take(offer_id: str) -> Offer:
    """End a live offer because one of its seats is booked: only one hand can do that.

    Raises `HoldGone` and `NotFound`.
    """
    offer = await live(offer_id)
    if not await _end(offer, "taken"):
        raise HoldGone("error.hold_gone")
    return offer


async def release_live(person: Person, kind: str | None = None) -> None:
    """Give back every seat that is held for this person's live offers."""
    narrowed: dict[str, Any] = {"kind": kind} if kind else {}
    for offer in await Offer.filter(person=person, state="live", **narrowed).order_by("id"):
        await release(offer, state="gone")


async def release(offer: Offer, *, state: str) -> None:
    """End an offer, unless it has ended: what is still held for it is open again."""
    async with db.transaction():
        if await _end(offer, state):
            await give_back(offer)


async def _end(offer: Offer, state: str) -> bool:
    # The offer's row comes before its seats everywhere, so that no two wait in a circle.
    ended = await Offer.filter(id=offer.id, state="live").update(state=state)
    offer.state = state if ended else offer.state
    return bool(ended)


async def give_back(offer: Offer) -> None:
    """Open the seats and places that are still held for an offer that ended."""
    await Seat.filter(offer=offer, state="held").update(
        state="open", held_until=None, offer_id=None
    )
    await places.give_back(offer)
