"""What cancelling costs: the rules that a patient accepted, as they stand at this moment."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from core import clock
from core.errors import NotFound
from core.models import Booking
from core.network.schema import Network, Policy
from core.rules import policies
from core.rules.ages import age_on
from core.rules.walltime import holidays_of


@dataclass(frozen=True)
class Acceptance:
    """Which rules were accepted, how: kept with the booking as evidence."""

    policy: str
    policy_version: int
    language: str
    channel: str


@dataclass(frozen=True)
class Terms:
    """What cancelling an appointment would cost now, and until when it is free."""

    policy: Policy
    free_until: datetime
    cost: Decimal

    @property
    def free(self) -> bool:
        return self.cost == 0


def policy_for(network: Network, service: str, on: date, version: int | None = None) -> Policy:
    """Return the rules in force for a service on a day, or a given version of them.

    Raises `NotFound` when there are none.
    """
    code = next((s.policy for s in network.services if s.code == service), "")
    if version is not None:
        return policy_version(network, code, version)
    known = [p for p in network.policies if p.code == code and p.valid_from <= on]
    if not known:
        raise NotFound("error.not_found")
    return max(known, key=lambda policy: (policy.valid_from, policy.version))


def policy_version(network: Network, code: str, version: int) -> Policy:
    """Return one version of a policy, also a past one; raises `NotFound`."""
    found = next((p for p in network.policies if (p.code, p.version) == (code, version)), None)
    if found is None:
        raise NotFound("error.not_found")
    return found


def terms(network: Network, booking: Booking, born: date | None) -> Terms:
    """Return the rules that were accepted with a booking, as they stand at this moment."""
    policy = policy_version(network, booking.policy, booking.policy_version)
    holidays = holidays_of(network.country, network.subdivision)
    starts = booking.starts_at
    age = age_on(born, starts.astimezone(ZoneInfo(network.zone)).date()) if born else None
    return Terms(
        policy,
        policies.free_until(policy, starts, network.zone, holidays),
        policies.cost(policy, starts, clock.now(), age, network.zone, holidays),
    )
