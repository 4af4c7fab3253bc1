"""Therapy places: an opening for a whole therapy, blocked from the first visit on."""

from datetime import datetime, timedelta

from tortoise.expressions import F, Q

from core import clock, tasks
from core.errors import HoldGone
from core.free_seats import Line
from core.models import Booking, Offer, Person, Place, Request, Seat
from core.network.schema import Network
from core.rules.criteria import ANY, Criteria
from core.rules.matching import FreeSeat

PAUSED_TRIAL = timedelta(days=7)
"""A trial whose visit was cancelled stays blocked this long, then somebody must decide."""
TASK = "trial_paused"


def _claimable(now: datetime) -> Q:
    return Q(state="free") | Q(state="held", held_until__lte=now)


async def open_lines(criteria: Criteria, now: datetime) -> set[Line]:
    """Return the therapists and settings with a place to give for what is asked."""
    query = Place.filter(_claimable(now), service=criteria.service)
    if criteria.setting not in (None, ANY):
        query = query.filter(setting=criteria.setting)
    return {(t, s) for t, s in await query.distinct().values_list("therapist_id", "setting")}


async def lines_of(person: Person, service: str) -> set[Line]:
    """Return where a patient has a place of their own, in trial or for good."""
    mine = Place.filter(request__person=person, service=service, state__in=["trial", "taken"])
    return {(t, s) for t, s in await mine.values_list("therapist_id", "setting")}


async def hold(
    offer: Offer, request: Request, seat: FreeSeat, *, now: datetime, until: datetime
) -> bool:
    """Hold one free place for an offer's seat; seats of one therapist and setting share it."""
    line = Place.filter(therapist_id=seat.therapist, service=request.service, setting=seat.setting)
    if await line.filter(offer=offer, state="held").exists():
        return True
    # One row is locked and that one is taken: locking all would show them as gone to others.
    free = line.filter(_claimable(now)).order_by("id").limit(1)
    for place in await free.select_for_update(skip_locked=True, no_key=True):
        won = await Place.filter(_claimable(now), id=place.id).update(
            state="held",
            gen=F("gen") + 1,
            held_until=until,
            offer_id=offer.id,
            request_id=request.id,
        )
        return bool(won == 1)
    return False


async def keep(offer: Offer, seat: Seat, *, until: datetime) -> None:
    """Prolong the place that is held with an offer for one of its seats."""
    await Place.filter(
        offer=offer, state="held", therapist_id=seat.therapist_id, setting=seat.slot.setting
    ).update(held_until=until)


async def give_back(offer: Offer) -> None:
    """Free the places that are still held with an offer."""
    await Place.filter(offer=offer, state="held").update(
        state="free", held_until=None, offer_id=None, request_id=None
    )


async def begin_trial(
    offer: Offer, request: Request, patient: Person, seat: Seat, network: Network, *, now: datetime
) -> Place:
    """Block a place for the first visits: the patient's own one there, else the one held.

    Raises `HoldGone` when there is none: a first visit without a place would lead nowhere.
    """
    decide_by = seat.starts_at + timedelta(days=network.rules.trial_days)
    line = Place.filter(
        therapist_id=seat.therapist_id, service=seat.slot.service, setting=seat.slot.setting
    )
    own = await line.filter(request__person=patient, state__in=["trial", "taken"]).first()
    if own is not None:
        await Place.filter(id=own.id, state="trial").update(
            request_id=request.id, decide_by=decide_by
        )
        await tasks.settle(TASK, row=own, outcome="visit_booked")
        return own
    # None is held where the writer has a place of their own there, and the patient is another.
    held = line.filter(offer=offer, state="held", held_until__gt=now)
    for open_ones in (held, line.filter(_claimable(now))):
        found = open_ones.order_by("id").limit(1)
        for place in await found.select_for_update(skip_locked=True, no_key=True):
            place.state, place.held_until, place.gen = "trial", None, place.gen + 1
            place.offer_id, place.request_id = offer.id, request.id
            place.trial_since, place.decide_by = now, decide_by
            await place.save()
            return place
    raise HoldGone("error.hold_gone")


async def pause_trial(booking: Booking) -> None:
    """The visit of a trial was cancelled: seven days for another, then it is a task."""
    place = await Place.get_or_none(id=booking.place_id, state="trial")
    if place is None or await _has_visits(place):
        return
    place.decide_by = clock.now() + PAUSED_TRIAL
    await place.save(update_fields=["decide_by"])
    person = await Person.get(id=booking.person_id)
    await tasks.open_task(TASK, row=place, due_at=place.decide_by, person=person)


async def left_behind(booking: Booking) -> None:
    """The visit moved to another therapist: the trial here ends, unless other visits stand."""
    place = await Place.get_or_none(id=booking.place_id, state="trial")
    if place is None or await _has_visits(place):
        return
    await Place.filter(id=place.id, state="trial").update(
        state="free",
        held_until=None,
        offer_id=None,
        request_id=None,
        trial_since=None,
        decide_by=None,
    )


async def _has_visits(place: Place) -> bool:
    return await Booking.exists(place=place, state="booked", ends_at__gt=clock.now())
