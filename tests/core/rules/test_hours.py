"""Opening hours: open now, open next, and the minutes that count towards a promise."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from core.network.schema import Opening
from core.rules import hours

BERLIN = "Europe/Berlin"
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def opening(days: str, opens: str, closes: str) -> Opening:
    return Opening.model_validate({"days": days.split(), "opens": opens, "closes": closes})


OFFICE = (
    opening("mon tue wed thu fri", "08:00", "12:00"),
    opening("mon tue thu", "13:00", "16:00"),
)
NIGHT = (opening("fri sat", "22:00", "02:00"),)
ALWAYS = (opening(" ".join(WEEK), "00:00", "00:00"),)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A clock time of November 2026 in Berlin; the 23rd is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(BERLIN))


def slow_open(openings: tuple[Opening, ...], moment: datetime, days_off: set[date]) -> bool:
    here = moment.astimezone(ZoneInfo(BERLIN))
    for back in (0, 1):
        day = here.date() - timedelta(days=back)
        for one in openings:
            if WEEK[day.weekday()] not in one.days or day in days_off:
                continue
            clock = here.time().replace(tzinfo=None)
            overnight = one.closes <= one.opens
            if back == 0 and one.opens <= clock and (overnight or clock < one.closes):
                return True
            if back == 1 and overnight and clock < one.closes:
                return True
    return False


# Hours between two and three in the night are left out: the clock skips or repeats them.
CLOCKS = st.sampled_from(
    [time(0), time(4), time(7, 30), time(12), time(13), time(17, 45), time(22)]
)
OPENINGS = st.lists(
    st.builds(
        lambda days, opens, closes: Opening(days=tuple(sorted(days)), opens=opens, closes=closes),
        st.sets(st.sampled_from(WEEK), min_size=1),
        CLOCKS,
        CLOCKS,
    ),
    max_size=4,
).map(tuple)
MOMENTS = st.datetimes(datetime(2027, 3, 25), datetime(2027, 4, 1)).map(
    lambda d: d.replace(second=0, microsecond=0, tzinfo=UTC)
) | st.datetimes(datetime(2027, 10, 28), datetime(2027, 11, 3)).map(
    lambda d: d.replace(second=0, microsecond=0, tzinfo=UTC)
)
DAYS_OFF = st.sets(st.sampled_from([date(2027, 3, 26), date(2027, 3, 29), date(2027, 11, 1)]))


@given(OPENINGS, MOMENTS, DAYS_OFF)
def test_open_now_equals_a_look_at_the_sign_on_the_door(
    openings: tuple[Opening, ...], moment: datetime, days_off: set[date]
) -> None:
    assert hours.open_at(openings, moment, BERLIN, days_off) == slow_open(
        openings, moment, days_off
    )


@given(OPENINGS, MOMENTS, DAYS_OFF)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    openings: tuple[Opening, ...], moment: datetime, days_off: set[date]
) -> None:
    found = hours.next_opening(openings, moment, BERLIN, days_off)
    steps = [moment + timedelta(minutes=15 * n) for n in range(4 * 24 * 9)]
    if found is None:
        assert not any(slow_open(openings, step, days_off) for step in steps)
        return
    assert slow_open(openings, found, days_off)
    assert not any(slow_open(openings, step, days_off) for step in steps if step < found)


@given(OPENINGS, MOMENTS, st.integers(1, 900), DAYS_OFF)
def test_exactly_the_promised_minutes_are_open_until_the_due_time(
    openings: tuple[Opening, ...], moment: datetime, minutes: int, days_off: set[date]
) -> None:
    due = hours.due_within_hours(openings, moment, minutes, BERLIN, days_off)
    if due is None:
        assert hours.next_opening(openings, moment, BERLIN, days_off) is None
        return
    passed = int((due - moment) / timedelta(minutes=1))
    opened = sum(
        slow_open(openings, moment + timedelta(minutes=n), days_off) for n in range(passed)
    )
    assert opened == minutes


@given(OPENINGS, MOMENTS, st.integers(0, 500), st.integers(0, 500))
def test_a_longer_promise_is_never_due_earlier(
    openings: tuple[Opening, ...], moment: datetime, one: int, other: int
) -> None:
    short, long = (
        hours.due_within_hours(openings, moment, n, BERLIN) for n in sorted((one, other))
    )
    assert (short is None and long is None) or (short and long and moment <= short <= long)


def test_the_closing_minute_is_closed() -> None:
    assert hours.open_at(OFFICE, at(23, 8), BERLIN)
    assert hours.open_at(OFFICE, at(23, 11, 59), BERLIN)
    assert not hours.open_at(OFFICE, at(23, 12), BERLIN)


def test_friday_afternoon_opens_next_on_monday() -> None:
    assert hours.next_opening(OFFICE, at(27, 15), BERLIN) == at(30, 8)


def test_a_holiday_is_closed_all_day() -> None:
    tuesday_off = {date(2026, 11, 24)}
    assert not hours.open_at(OFFICE, at(24, 9), BERLIN, tuesday_off)
    assert hours.next_opening(OFFICE, at(23, 17), BERLIN, tuesday_off) == at(25, 8)


def test_a_promise_of_thirty_minutes_runs_on_after_the_lunch_break() -> None:
    assert hours.due_within_hours(OFFICE, at(23, 11, 50), 30, BERLIN) == at(23, 13, 20)


def test_a_promise_that_ends_at_closing_time_is_due_at_closing_time() -> None:
    assert hours.due_within_hours(OFFICE, at(23, 15, 30), 30, BERLIN) == at(23, 16)
    assert hours.due_within_hours(OFFICE, at(25, 11, 40), 30, BERLIN) == at(26, 8, 10)


def test_an_opening_may_reach_past_midnight() -> None:
    assert hours.open_at(NIGHT, at(28, 1, 30), BERLIN)
    assert not hours.open_at(NIGHT, at(27, 1, 30), BERLIN)
    assert hours.open_until(NIGHT, at(28, 1, 30), BERLIN) == at(28, 2)


def test_the_end_of_an_opening_is_told_only_while_it_is_open() -> None:
    assert hours.open_until(OFFICE, at(23, 14), BERLIN) == at(23, 16)
    assert hours.open_until(OFFICE, at(23, 12, 30), BERLIN) is None
    assert hours.open_until((), at(23, 14), BERLIN) is None


def test_whoever_is_always_open_has_no_gap_at_midnight() -> None:
    midnight = at(24, 0)
    assert hours.open_at(ALWAYS, midnight, BERLIN)
    assert hours.due_within_hours(ALWAYS, at(23, 23, 50), 30, BERLIN) == at(24, 0, 20)


def test_whoever_never_opens_promises_nothing() -> None:
    assert hours.next_opening((), at(23, 9), BERLIN) is None
    assert hours.due_within_hours((), at(23, 9), 30, BERLIN) is None


def test_opening_hours_are_said_in_one_line() -> None:
    assert hours.words("de", OFFICE) == ("Mo–Fr, 08:00–12:00 Uhr; Mo, Di, Do, 13:00–16:00 Uhr")
    assert hours.words("en", OFFICE) == "Mon–Fri, 08:00–12:00; Mon, Tue, Thu, 13:00–16:00"


def test_day_and_night_and_every_day_have_words_of_their_own() -> None:
    assert hours.words("de", ()) == "rund um die Uhr"
    every_day = (opening(" ".join(WEEK), "14:00", "22:00"),)
    assert hours.words("de", every_day) == "täglich, 14:00–22:00 Uhr"


def test_an_opening_in_the_repeated_hour_begins_when_it_comes_the_second_time() -> None:
    night = (opening("sun", "02:00", "04:00"),)
    for fold in (0, 1):
        twice = datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo(BERLIN), fold=fold)
        assert hours.open_at(night, twice, BERLIN) == (fold == 1)
    assert hours.open_at(ALWAYS, twice, BERLIN)


def test_an_opening_within_the_hour_that_the_clock_skips_does_not_take_place() -> None:
    skipped = (opening("sun", "02:00", "03:00"),)
    sunday = datetime(2027, 3, 28, 0, 0, tzinfo=UTC)
    assert hours.next_opening(skipped, sunday, BERLIN) == datetime(2027, 4, 4, 0, 0, tzinfo=UTC)
