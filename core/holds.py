"""Holds: seats claimed for an offer. The guard is one statement, whoever else tries."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import F

from core import places
from core.free_seats import Line, claimable
from core.models import Offer, Request, Seat
from core.rules.ranking import Ranked

AGAIN = (0.01, 0.03, 0.09, 0.27)
"""Seconds before seats are tried again that others had locked, when nothing else was left."""


@dataclass(frozen=True)
class Claim:
    """For which offer, until when; `own_places` need no further therapy place."""

    offer: Offer
    request: Request
    now: datetime
    until: datetime
    opens_place: bool
    own_places: Collection[Line] = ()


async def best(claim: Claim, ranked: Sequence[Ranked], wanted: int) -> list[Ranked]:
    """Hold up to `wanted` seats, best first, and the therapy places that they open."""
    claimed, locked = await _pass(claim, ranked, wanted)
    for pause in AGAIN:
        if claimed or not locked:
            break
        # Whoever has them locked may let go. Waiting for the lock itself could wait in a circle.
        await asyncio.sleep(pause)
        claimed, locked = await _pass(claim, locked, wanted)
    return claimed


async def _pass(
    claim: Claim, ranked: Sequence[Ranked], wanted: int
) -> tuple[list[Ranked], list[Ranked]]:
    """Go through seats once; return those held, and those that somebody had locked."""
    claimed: list[Ranked] = []
    passed_over: list[Ranked] = []
    rest = list(ranked)
    while len(claimed) < wanted:
        # Only as many are locked as are still wanted: a locked seat looks gone to all others.
        batch = _next(rest, claimed, wanted - len(claimed))
        if not batch:
            break
        tried = {row.free.seat for row in batch}
        rest = [row for row in rest if row.free.seat not in tried]
        lock = Seat.filter(claimable(claim.now), id__in=tried)
        mine = {s.id for s in await lock.select_for_update(skip_locked=True, no_key=True)}
        for row in batch:
            if row.free.seat not in mine:
                passed_over.append(row)
            elif await _with_place(claim, row) and await _hold(claim, row.free.seat):
                claimed.append(row)
    return claimed, passed_over


def _next(rest: list[Ranked], claimed: list[Ranked], most: int) -> list[Ranked]:
    """Return the next best seats to try, one of each appointment: a group has several alike."""
    seen = {(row.free.therapist, row.free.starts_at) for row in claimed}
    batch: list[Ranked] = []
    for row in rest:
        appointment = (row.free.therapist, row.free.starts_at)
        if len(batch) == most:
            break
        if appointment not in seen:
            seen.add(appointment)
            batch.append(row)
    return batch


async def _with_place(claim: Claim, row: Ranked) -> bool:
    free = row.free
    if not claim.opens_place or (free.therapist, free.setting) in claim.own_places:
        return True
    return await places.hold(claim.offer, claim.request, free, now=claim.now, until=claim.until)


async def _hold(claim: Claim, seat: int) -> bool:
    won = await Seat.filter(claimable(claim.now), id=seat).update(
        state="held",
        gen=F("gen") + 1,
        held_until=claim.until,
        offer_id=claim.offer.id,
        booking_id=None,
    )
    return bool(won == 1)
