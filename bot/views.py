"""Rows of core as the values that the dialogue reads."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.dialogue.wishes import BookingView, Offered, PolicyView, SeatView
from core import persons, terms
from core.models import Booking, Offer, OfferedSeat, Seat
from core.network.schema import Network, Policy
from core.offers import Made
from core.rules import policies
from core.rules.ages import age_on
from core.rules.walltime import holidays_of


def seat_view(
    seat: Seat, network: Network, *, gen: int | None = None, reasons: tuple[str, ...] = ()
) -> SeatView:
    """Return a seat with its slot and therapist loaded; `gen` is the generation offered."""
    slot, therapist = seat.slot, seat.therapist
    return SeatView(
        seat=seat.public_id,
        gen=seat.gen if gen is None else gen,
        therapist=therapist.public_id,
        therapist_name=f"{therapist.title} {therapist.name}".strip(),
        starts_at=seat.starts_at,
        ends_at=seat.ends_at,
        zone=network.zone,
        service=slot.service,
        kind=slot.kind,
        setting=slot.setting,
        format=slot.format,
        site=slot.site or None,
        reasons=reasons,
    )


def offered_seat(row: OfferedSeat, network: Network) -> SeatView:
    return seat_view(row.seat, network, gen=row.gen, reasons=tuple(row.reasons))


def offered(made: Made, network: Network) -> Offered:
    offer: Offer = made.offer
    return Offered(
        offer=offer.public_id,
        held_until=offer.until,
        seats=tuple(offered_seat(row, network) for row in made.offered),
        asked_therapist_full=made.asked_therapist_full,
    )


def policy_view(
    policy: Policy, network: Network, language: str, starts_at: datetime, born: date | None
) -> PolicyView:
    """Return the rules for one appointment; no fee is named to somebody who pays none."""
    holidays = holidays_of(network.country, network.subdivision)
    age = age_on(born, starts_at.astimezone(ZoneInfo(network.zone)).date()) if born else None
    due = policies.cost(policy, starts_at, starts_at, age, network.zone, holidays)
    return PolicyView(
        version=policy.version,
        free_until=policies.free_until(policy, starts_at, network.zone, holidays),
        fee=due or None,
        currency=network.currency,
        text=policy.texts.get(language) or policy.texts[network.languages[0]],
    )


def booking_view(booking: Booking, network: Network, language: str) -> BookingView:
    """Return a booking with seat, slot, therapist and person loaded."""
    details = persons.details_of(booking.person)
    policy = terms.policy_version(network, booking.policy, booking.policy_version)
    seat: Seat = booking.seat
    seat.therapist = booking.therapist
    return BookingView(
        booking=booking.public_id,
        reference=booking.reference,
        seat=seat_view(seat, network),
        patient_name=details.name or "",
        policy=policy_view(policy, network, language, booking.starts_at, details.birth_date),
    )
