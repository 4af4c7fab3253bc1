"""Offers: up to three held seats proposed together, one live offer per person and kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import F

from core import clock, db, places
from core.errors import HoldGone, NotFound
from core.matching import Found, claimable, find, slot_kind
from core.models import Booking, Offer, OfferedSeat, Person, Request, Seat, Therapist
from core.network.schema import Network
from core.rules.criteria import Criteria
from core.rules.matching import Ranked, with_earliest

POOL = 40
"""Best seats that are locked at once to claim three of them, so that losers of a race go on."""


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
    meanwhile are passed over for the next best; nothing is held twice.
    """
    now = clock.now()
    until = now + timedelta(minutes=network.rules.hold_minutes)
    async with db.transaction():
        person = await _locked_person(request.person_id)
        await release_live(person, kind)
        criteria = Criteria.from_json(request.criteria)
        found = await _found(criteria, network, person, now, not_seats, moving)
        offer = await Offer.create(
            request=request, person=person, kind=kind, until=until, created_at=now
        )
        claimed = await _claim(offer, request, network, found.ranked, now, until, moving)
        if not claimed:
            offer.state = "gone"
            await offer.save(update_fields=["state"])
            return Nothing(found.asked_therapist_full)
        for position, row in enumerate(with_earliest(claimed)):
            seat = await Seat.get(id=row.free.seat)
            await OfferedSeat.create(
                offer=offer, seat=seat, gen=seat.gen, position=position, reasons=row.reasons
            )
        therapists = {row.free.therapist for row in claimed}
        await Therapist.filter(id__in=therapists).update(last_offered_at=now)
        return Made(offer, await offered_of(offer), found.asked_therapist_full)


async def _locked_person(person_id: int) -> Person:
    return await Person.filter(id=person_id).select_for_update().get()


async def _found(
    criteria: Criteria,
    network: Network,
    person: Person,
    now: datetime,
    not_seats: Iterable[str],
    moving: Booking | None,
) -> Found:
    bookings = await Booking.filter(person=person)
    own = [booking for booking in bookings if booking.state == "booked"]
    skipped = await Seat.filter(public_id__in=list(not_seats))
    return await find(
        criteria,
        network,
        now=now,
        not_seats=[seat.id for seat in skipped] + [booking.seat_id for booking in own],
        busy=[(b.starts_at, b.ends_at) for b in own if moving is None or b.id != moving.id],
        known_therapists=frozenset(booking.therapist_id for booking in bookings),
        own_place=moving.therapist_id if moving is not None and moving.place_id else None,
    )


async def _claim(
    offer: Offer,
    request: Request,
    network: Network,
    ranked: list[Ranked],
    now: datetime,
    until: datetime,
    moving: Booking | None,
) -> list[Ranked]:
    """Hold up to three seats (and the therapy places that they open), best first."""
    wanted = network.rules.seats_per_offer
    opens_place = slot_kind(network, Criteria.from_json(request.criteria)).opens_place
    claimed: list[Ranked] = []
    for start in range(0, len(ranked), POOL):
        pool = ranked[start : start + POOL]
        # Skipping rows that others have locked keeps two offers from waiting on each other's
        # seats in opposite order; on SQLite the transaction holds the write lock anyway.
        query = Seat.filter(claimable(now), id__in=[row.free.seat for row in pool])
        mine = {seat.id for seat in await query.select_for_update(skip_locked=True)}
        for row in pool:
            if len(claimed) == wanted:
                return claimed
            if row.free.seat not in mine:
                continue
            own = moving is not None and moving.therapist_id == row.free.therapist
            keeps_place = own and moving is not None and moving.place_id is not None
            needs_place = opens_place and not keeps_place
            if needs_place and not await places.hold(offer, request, row.free, now, until):
                continue
            if await _hold(row.free.seat, offer, now=now, until=until):
                claimed.append(row)
    return claimed


async def _hold(seat: int, offer: Offer, *, now: datetime, until: datetime) -> bool:
    won = await Seat.filter(claimable(now), id=seat).update(
        state="held", gen=F("gen") + 1, held_until=until, offer_id=offer.id, booking_id=None
    )
    return bool(won == 1)


async def offered_of(offer: Offer) -> list[OfferedSeat]:
    """Return an offer's seats in the order proposed, with slot and therapist loaded."""
    return (
        await OfferedSeat.filter(offer=offer)
        .order_by("position")
        .prefetch_related("seat__slot", "seat__therapist")
    )


async def keep(offer_id: str, seat_id: str, network: Network) -> tuple[Offer, OfferedSeat]:
    """Prolong an offer, once, while the patient answers, and keep only the seat chosen.

    Raises `HoldGone` when the hold ended or somebody else has the seat.
    """
    now = clock.now()
    async with db.transaction():
        offer = await live(offer_id)
        chosen = next((o for o in await offered_of(offer) if o.seat.public_id == seat_id), None)
        if chosen is None:
            raise HoldGone("error.hold_gone")
        if not offer.extended:
            offer.until = now + timedelta(minutes=network.rules.hold_minutes)
            offer.extended = True
            await offer.save(update_fields=["until", "extended"])
        kept = await Seat.filter(
            id=chosen.seat_id, gen=chosen.gen, state="held", held_until__gt=now, offer=offer
        ).update(held_until=offer.until)
        if kept != 1:
            raise HoldGone("error.hold_gone")
        await places.keep(offer, until=offer.until)
        return offer, chosen


async def live(offer_id: str) -> Offer:
    """Return a live offer; raises `HoldGone` for one that was taken, replaced or given back."""
    offer = await Offer.get_or_none(public_id=offer_id).prefetch_related("request")
    if offer is None:
        raise NotFound("error.not_found")
    if offer.state != "live":
        raise HoldGone("error.hold_gone")
    return offer


async def release_live(person: Person, kind: str | None = None) -> None:
    """Give back every seat that is held for this person's live offers."""
    narrowed: dict[str, Any] = {"kind": kind} if kind else {}
    for offer in await Offer.filter(person=person, state="live", **narrowed):
        await release(offer, state="gone")


async def release(offer: Offer, *, state: str) -> None:
    """End an offer: its seats and places that are still held for it are open again."""
    async with db.transaction():
        await Seat.filter(offer=offer, state="held").update(
            state="open", held_until=None, offer_id=None
        )
        await places.give_back(offer)
        offer.state = state
        await offer.save(update_fields=["state"])
