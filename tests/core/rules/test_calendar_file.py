"""The calendar file: one event, neutral, replaceable."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from core.rules.calendar_file import calendar_file, file_name

VISIT = datetime(2026, 11, 24, 14, 20, tzinfo=ZoneInfo("Europe/Berlin"))


def written(language: str = "de", **changes: Any) -> bytes:
    terms: dict[str, Any] = {
        "title": "Praxisnetz Bonn",
        "booking": "b" * 22,
        "starts_at": VISIT,
        "ends_at": VISIT + timedelta(minutes=50),
        "now": datetime(2026, 11, 1, tzinfo=UTC),
        "place": "Rheinweg 3, 53113 Bonn",
    }
    return calendar_file(language, **(terms | changes))


def event_of(file: bytes) -> Event:
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    return event


def test_the_file_holds_one_event_in_utc() -> None:
    event = event_of(written())
    assert event.decoded("dtstart") == datetime(2026, 11, 24, 13, 20, tzinfo=UTC)
    assert b"DTSTART:20261124T132000Z" in written()
    assert b"DTEND:20261124T141000Z" in written()
    assert str(event["location"]) == "Rheinweg 3, 53113 Bonn"


def test_nothing_but_the_network_is_named() -> None:
    assert str(event_of(written())["summary"]) == "Termin, Praxisnetz Bonn"
    assert str(event_of(written("en"))["summary"]) == "Appointment, Praxisnetz Bonn"
    assert "description" not in event_of(written())


def test_a_video_appointment_says_so_instead_of_a_place() -> None:
    assert str(event_of(written(place=None))["location"]) == "Per Video"


def test_a_later_file_replaces_the_entry() -> None:
    first, second = event_of(written()), event_of(written(sequence=1))
    assert first["uid"] == second["uid"]
    assert (first["sequence"], second["sequence"]) == (0, 1)
    assert b"METHOD:PUBLISH" in written()


def test_a_cancellation_removes_the_entry() -> None:
    file = written(sequence=2, cancelled=True)
    assert b"METHOD:CANCEL" in file
    assert event_of(file)["status"] == "CANCELLED"
    assert str(event_of(file)["summary"]).startswith("Abgesagt")


def test_the_file_has_a_name_in_the_language() -> None:
    assert file_name("de") == "Termin.ics"
    assert file_name("en") == "appointment.ics"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_no_title_can_break_the_file(title: str) -> None:
    event = event_of(written(title=title, place=None))
    assert event["uid"] == "b" * 22 + "@passung"


def test_lines_are_folded_for_old_calendars() -> None:
    assert all(len(line) <= 75 for line in written(title="Ä" * 150).split(b"\r\n"))
