"""Therapy places: an opening for a whole therapy, blocked from the first visit on."""

from datetime import datetime, timedelta

from tortoise.expressions import F, Q

from core import clock, tasks
from core.models import Booking, Offer, Place, Request
from core.network.schema import Network
from core.rules.matching import FreeSeat

PAUSED_TRIAL = timedelta(days=7)
"""A trial whose visit was cancelled stays blocked this long, then somebody must decide."""


async def hold(
    offer: Offer, request: Request, seat: FreeSeat, now: datetime, until: datetime
) -> bool:
    """Hold one free place of the seat's therapist for an offer; one for all of its seats."""
    if await Place.filter(offer=offer, therapist_id=seat.therapist, state="held").exists():
        return True
    free = Q(state="free") | Q(state="held", held_until__lte=now)
    candidates = Place.filter(
        free, therapist_id=seat.therapist, service=request.service, setting=seat.setting
    ).order_by("id")
    for place in await candidates.select_for_update(skip_locked=True):
        won = await Place.filter(free, id=place.id).update(
            state="held",
            gen=F("gen") + 1,
            held_until=until,
            offer_id=offer.id,
            request_id=request.id,
        )
        if won == 1:
            return True
    return False


async def keep(offer: Offer, *, until: datetime) -> None:
    """Prolong the places that are held with an offer."""
    await Place.filter(offer=offer, state="held").update(held_until=until)


async def give_back(offer: Offer) -> None:
    """Free the places that are still held with an offer."""
    await Place.filter(offer=offer, state="held").update(
        state="free", held_until=None, offer_id=None, request_id=None
    )


async def begin_trial(
    offer: Offer, therapist_id: int, network: Network, *, starts_at: datetime
) -> Place | None:
    """Block the place held with an offer for the first visits; None where none was needed."""
    now = clock.now()
    place = await Place.get_or_none(
        offer=offer, therapist_id=therapist_id, state="held", held_until__gt=now
    )
    if place is None:
        return None
    place.state, place.held_until, place.trial_since = "trial", None, now
    place.decide_by = starts_at + timedelta(days=network.rules.trial_days)
    await place.save()
    return place


async def pause_trial(booking: Booking) -> None:
    """The visit of a trial was cancelled: seven days for another, then it is a task."""
    place = await Place.get_or_none(id=booking.place_id, state="trial")
    if place is None:
        return
    place.decide_by = clock.now() + PAUSED_TRIAL
    await place.save(update_fields=["decide_by"])
    await tasks.open_task("trial_paused", row=place, due_at=place.decide_by)


async def free(place_id: int) -> None:
    """End a trial without a fit, or free the place that a move leaves behind."""
    await Place.filter(id=place_id).update(
        state="free",
        held_until=None,
        offer_id=None,
        request_id=None,
        trial_since=None,
        decide_by=None,
    )
