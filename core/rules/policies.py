"""Cancellation rules: free until when, what a late cancel costs, and both in plain words."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core import texts
from core.errors import Misconfigured
from core.network.schema import Policy
from core.rules.walltime import NO_HOLIDAYS, Holidays, moment_of, working_days_before


def free_until(
    policy: Policy, starts_at: datetime, zone: str, holidays: Holidays = NO_HOLIDAYS
) -> datetime:
    """Return the last moment (UTC) at which cancelling an appointment is free.

    Hours of notice are hours that pass, also in the night when the clock changes. Working days
    go back to the same clock time; a clock time the day before is that of the place.
    Raises Misconfigured for a policy without a notice.
    """
    # Subtracting from a local time would move the hands of the clock, not let hours pass.
    starts_at = starts_at.astimezone(UTC)
    if policy.notice_hours is not None:
        return starts_at - timedelta(hours=policy.notice_hours)
    local = starts_at.astimezone(ZoneInfo(zone))
    if policy.notice_working_days is not None:
        if policy.notice_working_days == 0:
            return starts_at
        day = working_days_before(local.date(), policy.notice_working_days, holidays)
        return moment_of(day, local.time(), zone)
    if policy.notice_day_before_at is not None:
        return moment_of(local.date() - timedelta(days=1), policy.notice_day_before_at, zone)
    raise Misconfigured("error.policy_without_notice", policy=policy.code, version=policy.version)


def cost(
    policy: Policy,
    starts_at: datetime,
    now: datetime,
    age: int | None,
    zone: str,
    holidays: Holidays = NO_HOLIDAYS,
) -> Decimal:
    """Return what cancelling at `now` costs, in the network's currency.

    `age` is the patient's in full years, None if unknown. Nothing is due up to and including
    the moment of `free_until`, nor below the policy's age.
    """
    if not _charges(policy, age) or now <= free_until(policy, starts_at, zone, holidays):
        return Decimal(0)
    return policy.fee


def words(
    policy: Policy,
    language: str,
    starts_at: datetime,
    zone: str,
    currency: str,
    *,
    holidays: Holidays = NO_HOLIDAYS,
    now: datetime | None = None,
    age: int | None = None,
) -> str:
    """Return the rules for one appointment as one or two plain sentences.

    With `now` given, a time for free cancelling that has passed is said to have passed; with
    `age` given, nobody below the policy's age reads of a fee.
    """
    end = free_until(policy, starts_at, zone, holidays)
    when = {
        "day": texts.day_words(language, end, zone),
        "time": texts.time_words(language, end, zone),
    }
    if not _charges(policy, age):
        return texts.say(language, "policy.no_fee", **when)
    fee = texts.money(language, policy.fee, currency)
    if now is not None and now > end:
        said = texts.say(language, "policy.time_passed", fee=fee)
    else:
        said = texts.say(language, "policy.free_until", fee=fee, **when)
    if age is None and policy.free_below_age:
        said += " " + texts.say(language, "policy.free_below_age", age=policy.free_below_age)
    return said


def _charges(policy: Policy, age: int | None) -> bool:
    floor = policy.free_below_age or 0
    return policy.fee > 0 and (age is None or age >= floor)
