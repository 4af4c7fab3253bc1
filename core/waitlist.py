"""The waiting list: requests with nothing suitable yet, in the order in which they came."""

from datetime import timedelta

from core import audit, clock, db, tasks
from core.actors import Actor
from core.models import Request, WaitlistEntry

PLACE_WITHIN = timedelta(days=3)
TASK = "place_from_waitlist"


async def join(request: Request, *, by: Actor) -> WaitlistEntry:
    """Put a request on the list, and on the office's tasks; once is enough."""
    now = clock.now()
    async with db.transaction():
        entry = await WaitlistEntry.get_or_none(request=request)
        if entry is not None and entry.state == "waiting":
            return entry
        person = await request.person
        # Who comes back waits anew: the earlier entry had ended.
        entry = entry or WaitlistEntry(request=request)
        entry.person, entry.since = person, now
        entry.state, entry.ended_at = "waiting", None
        await entry.save()
        request.state, request.updated_at = "waiting", now
        await request.save(update_fields=["state", "updated_at"])
        await tasks.open_task(TASK, row=entry, due_at=now + PLACE_WITHIN, person=person)
        await audit.record("waitlist_joined", by=by, row=entry, person=person)
        return entry


async def leave(request: Request, *, state: str) -> None:
    """Take a request off the list: `placed` with a booking, `left` by the patient's wish."""
    now = clock.now()
    async with db.transaction():
        entry = await WaitlistEntry.get_or_none(request=request, state="waiting")
        if entry is None:
            return
        entry.state, entry.ended_at = state, now
        await entry.save(update_fields=["state", "ended_at"])
        await Request.filter(id=request.id, state="waiting").update(state="closed", updated_at=now)
        await tasks.settle(TASK, row=entry, outcome=state)
