"""Until when cancelling is free, what it costs after that, and how it is said."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Misconfigured
from core.network.schema import Policy
from core.rules import policies, walltime

BERLIN = "Europe/Berlin"
VISIT = datetime(2026, 11, 24, 13, 20, tzinfo=UTC)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def policy(**terms: object) -> Policy:
    given_terms = {"fee": Decimal(60), "free_below_age": 18, **terms}
    return Policy.model_validate(
        {
            "code": "practice",
            "version": 1,
            "valid_from": date(2026, 1, 1),
            "texts": {},
            **given_terms,
        }
    )


DAY = policy(notice_hours=24)
TWO_WORKING_DAYS = policy(notice_working_days=2)
NOON_BEFORE = policy(notice_day_before_at=time(12, 0))


def local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(BERLIN))


def minutes_of_two_years() -> st.SearchStrategy[datetime]:
    """Appointments by day, twice as often in the week around a change of the clock."""
    near = st.sampled_from([SPRING, AUTUMN]).flatmap(
        lambda d: st.integers(-4, 4).map(lambda n: d + timedelta(days=n))
    )
    days = st.dates(date(2026, 1, 1), date(2027, 12, 31)) | near
    return st.builds(
        lambda day, at: datetime.combine(day, at, ZoneInfo(BERLIN)),
        days,
        st.times(time(6), time(21, 59)).map(lambda t: t.replace(second=0, microsecond=0)),
    )


def slow_reference(terms: Policy, starts_at: datetime, days_off: set[date]) -> datetime:
    """Walk back minute by minute, or day by day, as a person would with a calendar."""
    if terms.notice_hours is not None:
        moment = starts_at.astimezone(UTC)
        for _ in range(terms.notice_hours * 4):
            moment -= timedelta(minutes=15)
        return moment
    here = starts_at.astimezone(ZoneInfo(BERLIN))
    if terms.notice_day_before_at is not None:
        eve = here.date() - timedelta(days=1)
        return datetime.combine(eve, terms.notice_day_before_at, ZoneInfo(BERLIN))
    day, left = here.date(), terms.notice_working_days or 0
    while left:
        day = date.fromordinal(day.toordinal() - 1)
        if day.strftime("%a") not in ("Sat", "Sun") and day not in days_off:
            left -= 1
    return datetime.combine(day, here.time(), ZoneInfo(BERLIN))


ANY_TERMS = st.one_of(
    st.integers(0, 168).map(lambda n: policy(notice_hours=n)),
    st.integers(0, 5).map(lambda n: policy(notice_working_days=n)),
    st.sampled_from([time(8), time(12), time(16, 30)]).map(
        lambda t: policy(notice_day_before_at=t)
    ),
)


@given(ANY_TERMS, minutes_of_two_years(), st.sets(st.dates(date(2027, 3, 20), date(2027, 4, 5))))
def test_free_until_equals_a_slow_walk_through_the_calendar(
    terms: Policy, starts_at: datetime, days_off: set[date]
) -> None:
    found = policies.free_until(terms, starts_at, BERLIN, days_off)
    assert found.astimezone(UTC) == slow_reference(terms, starts_at, days_off).astimezone(UTC)


@given(ANY_TERMS, minutes_of_two_years(), minutes_of_two_years())
def test_a_later_appointment_is_never_free_for_a_shorter_time(
    terms: Policy, one: datetime, other: datetime
) -> None:
    first, second = sorted((one, other), key=datetime.timestamp)
    assert policies.free_until(terms, first, BERLIN) <= policies.free_until(terms, second, BERLIN)


@given(ANY_TERMS, minutes_of_two_years(), st.integers(0, 300), st.integers(0, 90) | st.none())
def test_waiting_never_makes_cancelling_cheaper(
    terms: Policy, starts_at: datetime, hours: int, age: int | None
) -> None:
    now = starts_at - timedelta(hours=hours)
    earlier = policies.cost(terms, starts_at, now - timedelta(hours=1), age, BERLIN)
    later = policies.cost(terms, starts_at, now, age, BERLIN)
    assert Decimal(0) <= earlier <= later <= terms.fee


def test_a_day_of_notice_is_24_hours_that_pass_when_summer_time_begins() -> None:
    assert policies.free_until(DAY, local(SPRING, 10), BERLIN) == local(date(2027, 3, 27), 9)


def test_a_day_of_notice_is_24_hours_that_pass_when_summer_time_ends() -> None:
    assert policies.free_until(DAY, local(AUTUMN, 10), BERLIN) == local(date(2027, 10, 30), 11)


def test_working_days_keep_the_clock_time_when_summer_time_begins() -> None:
    monday = local(date(2027, 3, 29), 10)
    end = policies.free_until(policy(notice_working_days=1), monday, BERLIN, {date(2027, 3, 26)})
    assert end == local(date(2027, 3, 25), 10)


def test_noon_the_day_before_is_noon_on_the_day_that_the_clock_changes() -> None:
    end = policies.free_until(NOON_BEFORE, local(date(2027, 11, 1), 9), BERLIN)
    assert end == local(AUTUMN, 12)


def test_an_hour_that_the_clock_shows_twice_is_read_in_favour_of_the_patient() -> None:
    end = policies.free_until(
        policy(notice_day_before_at=time(2, 30)), local(date(2027, 11, 1), 9), BERLIN
    )
    assert end == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_an_hour_that_the_clock_skips_is_read_in_favour_of_the_patient() -> None:
    end = policies.free_until(
        policy(notice_day_before_at=time(2, 30)), local(date(2027, 3, 29), 9), BERLIN
    )
    assert end == local(SPRING, 3, 30)


def test_two_working_days_leave_weekend_and_holidays_out() -> None:
    wednesday_after_new_year = local(date(2027, 1, 5), 14)
    holidays = walltime.holidays_of("DE", "NW")
    end = policies.free_until(TWO_WORKING_DAYS, wednesday_after_new_year, BERLIN, holidays)
    assert end == local(date(2026, 12, 31), 14)


def test_holidays_may_be_told_by_a_function() -> None:
    end = policies.free_until(
        TWO_WORKING_DAYS, VISIT, BERLIN, lambda day: day == date(2026, 11, 23)
    )
    assert end == local(date(2026, 11, 19), 14, 20)


def test_a_country_without_a_calendar_has_no_holidays() -> None:
    assert not walltime.is_holiday(date(2026, 12, 25), walltime.holidays_of("XX"))
    assert walltime.is_holiday(date(2026, 12, 25), walltime.holidays_of("DE"))


def test_a_policy_without_a_notice_is_refused() -> None:
    with pytest.raises(Misconfigured, match="policy_without_notice"):
        policies.free_until(policy(), VISIT, BERLIN)


def test_cancelling_in_the_last_free_minute_costs_nothing() -> None:
    end = VISIT - timedelta(hours=24)
    assert policies.cost(DAY, VISIT, end, 34, BERLIN) == 0
    assert policies.cost(DAY, VISIT, end + timedelta(seconds=1), 34, BERLIN) == 60


def test_a_child_below_the_free_age_never_costs_anything() -> None:
    assert policies.cost(DAY, VISIT, VISIT, 17, BERLIN) == 0
    assert policies.cost(DAY, VISIT, VISIT, 18, BERLIN) == 60
    assert policies.cost(DAY, VISIT, VISIT, None, BERLIN) == 60
    assert (
        policies.cost(policy(notice_hours=24, free_below_age=None), VISIT, VISIT, 0, BERLIN) == 60
    )


def test_the_rules_are_said_in_plain_words_in_both_languages() -> None:
    terms = policy(notice_hours=24, free_below_age=None)
    assert policies.words(terms, "en", VISIT, BERLIN, "EUR") == (
        "You can cancel free of charge until Monday, 23 November, 14:20. After that we charge €60."
    )
    assert policies.words(terms, "de", VISIT, BERLIN, "EUR") == (
        "Sie können bis Montag, 23. November, 14:20 Uhr kostenlos absagen. "
        "Danach berechnen wir 60\u00a0€."
    )


def test_a_time_that_has_passed_is_said_to_have_passed() -> None:
    said = policies.words(DAY, "en", VISIT, BERLIN, "EUR", now=VISIT - timedelta(hours=2), age=34)
    assert said == (
        "The time for free cancelling has already passed for this appointment. "
        "If you cancel, we charge €60."
    )


def test_the_free_age_is_told_to_whoever_may_be_below_it() -> None:
    assert policies.words(DAY, "en", VISIT, BERLIN, "EUR").endswith(
        "For patients under 18 it costs nothing."
    )
    early = VISIT - timedelta(days=9)
    assert "under 18" not in policies.words(DAY, "en", VISIT, BERLIN, "EUR", now=early, age=40)


@pytest.mark.parametrize("terms", [policy(notice_hours=24, fee=Decimal(0)), DAY])
def test_no_fee_is_named_where_none_is_due(terms: Policy) -> None:
    said = policies.words(terms, "en", VISIT, BERLIN, "EUR", age=12)
    assert said.startswith("Cancelling costs you nothing.")
    assert "€" not in said
