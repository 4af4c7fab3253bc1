"""Small builders of rows for tests: each makes one thing, with what usually does not matter."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from core import bookings, offers, persons, profiles
from core.actors import PATIENT
from core.models import (
    Booking,
    OfferedSeat,
    Person,
    Place,
    Request,
    Seat,
    Slot,
    Therapist,
    Trait,
)
from core.network.schema import Network
from core.rules.criteria import Criteria
from core.terms import Acceptance

MONDAY = datetime(2027, 1, 11, 6, tzinfo=UTC)
"""07:00 in Bonn, an ordinary week: the moment at which the clock of these tests stands."""
ANYTHING = Criteria(service="psychotherapy", setting="individual")
TRAITS: dict[str, tuple[str, ...]] = {
    "service": ("psychotherapy",),
    "modality": ("cbt",),
    "setting": ("individual",),
    "format": ("onsite",),
    "age_group": ("adult",),
    "language": ("de",),
    "funding": ("statutory",),
    "site": ("zentrum",),
}


async def therapist(name: str, *, places: int = 9, gender: str = "female", **traits: Any) -> Any:
    """Store a therapist with places for individual therapy; `traits` replace the usual ones."""
    row = await Therapist.create(
        name=name,
        email=f"{name.split()[0].lower()}@rheinaue.example",
        gender=gender,
        step_free=traits.pop("step_free", True),
        created_at=MONDAY,
    )
    for kind, codes in {**TRAITS, **traits}.items():
        await Trait.bulk_create(Trait(therapist=row, kind=kind, code=code) for code in codes)
    for n in range(1, places + 1):
        await Place.create(therapist=row, service="psychotherapy", setting="individual", n=n)
    await profiles.changed()
    return row


async def seats(of: Therapist, *starts: datetime, capacity: int = 1, **slot: Any) -> list[Seat]:
    """Store slots of fifty minutes with their seats, and return the seats."""
    made = []
    for start in starts:
        given: dict[str, Any] = {
            "service": "psychotherapy",
            "kind": "first_visit",
            "setting": "individual",
            "format": "onsite",
            "site": "zentrum",
            "starts_at": start,
            "ends_at": start + timedelta(minutes=50),
            "wall_start": f"{start:%Y-%m-%dT%H:%M}",
            "zone": "Europe/Berlin",
            "capacity": capacity,
        }
        row = await Slot.create(therapist=of, **{**given, **slot})
        for n in range(1, capacity + 1):
            made.append(
                await Seat.create(
                    slot=row, n=n, therapist=of, starts_at=row.starts_at, ends_at=row.ends_at
                )
            )
    return made


def at(days: int, hours: float = 3) -> datetime:
    """Return a moment after the Monday of the tests, by default at ten o'clock in Bonn."""
    return MONDAY + timedelta(days=days, hours=hours)


async def patient(name: str, born: date = date(1990, 4, 2)) -> Person:
    person = await persons.create("de")
    await persons.set_details(person, name=name, birth_date=born)
    return person


async def request(of: Person, criteria: Criteria = ANYTHING, *, writer: Any = None) -> Request:
    return await Request.create(
        person=of,
        writer=writer or of,
        service=criteria.service or "",
        kind=criteria.kind,
        criteria=criteria.to_json(),
        created_at=MONDAY,
        updated_at=MONDAY,
    )


async def offer(
    of: Person, network: Network, criteria: Criteria = ANYTHING, **more: Any
) -> offers.Made:
    """Make an offer that must succeed."""
    made = await offers.make(await request(of, criteria), network, **more)
    assert isinstance(made, offers.Made)
    return made


async def confirm(
    made: offers.Made,
    network: Network,
    of: Person,
    *,
    seat: OfferedSeat | None = None,
    writer: Person | None = None,
    moving: Booking | None = None,
) -> Booking:
    """Confirm a seat of an offer, the first one if none is named."""
    chosen = seat or made.offered[0]
    return await bookings.confirm(
        made.offer.public_id,
        chosen.seat.public_id,
        chosen.gen,
        patient=of,
        writer=writer or of,
        network=network,
        acceptance=Acceptance("psychotherapy", 1, "de", "web"),
        conversation=None,
        by=PATIENT,
        moving=moving,
    )


async def book(of: Person, network: Network, criteria: Criteria = ANYTHING, **more: Any) -> Booking:
    """Offer and confirm in one."""
    return await confirm(await offer(of, network, criteria), network, of, **more)
