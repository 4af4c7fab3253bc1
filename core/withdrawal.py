"""Supply taken back: coming slots that a therapist's hours no longer hold."""

from datetime import datetime

from core import clock
from core.models import Seat, Slot, Therapist, WorkingHours


async def outside_hours(therapist: Therapist) -> int:
    """Take back coming slots that the therapist's hours no longer hold; return how many.

    Only seats that nobody holds or has booked are blocked; a slot with a booking stays.
    """
    now = clock.now()
    held = {
        (h.weekday, h.opens, h.closes, h.zone, h.service, h.kind, h.setting, h.format, h.site)
        for h in await WorkingHours.filter(therapist=therapist)
    }
    withdrawn = 0
    for slot in await Slot.filter(therapist=therapist, state="active", starts_at__gt=now):
        if any(_within(slot, *hours) for hours in held):
            continue
        seats = Seat.filter(slot=slot)
        await seats.filter(state="open").update(state="blocked")
        await seats.filter(state="held", held_until__lte=now).update(state="blocked")
        if not await seats.exclude(state="blocked").exists():
            await Slot.filter(id=slot.id).update(state="withdrawn")
            withdrawn += 1
    return withdrawn


def _within(slot: Slot, weekday: int, opens: str, closes: str, zone: str, *said: str) -> bool:
    wall = datetime.fromisoformat(slot.wall_start)
    ends = wall + (slot.ends_at - slot.starts_at)
    same = (slot.service, slot.kind, slot.setting, slot.format, slot.site) == said
    inside = opens <= f"{wall:%H:%M}" and f"{ends:%H:%M}" <= closes and ends.date() == wall.date()
    return same and slot.zone == zone and wall.weekday() == weekday and inside
