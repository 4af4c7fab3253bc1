"""A booked appointment as a calendar file that names no kind of care."""

from datetime import UTC, datetime

from icalendar import Calendar, Event, vText

from core import texts


def calendar_file(
    language: str,
    *,
    title: str,
    booking: str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    place: str | None,
    sequence: int = 0,
    cancelled: bool = False,
) -> bytes:
    """Return an `.ics` file for one booking.

    `title` is the network's, the only name in the file: calendars are read over shoulders and
    shared with families. `place` is an address, or None by video. `booking` is a public id that
    stays the same, so that a later file (`sequence` one higher for each change) replaces the
    entry; `cancelled` removes it.
    """
    event = Event()
    event.add("uid", f"{booking}@passung")
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    summary = "calendar.summary_cancelled" if cancelled else "calendar.summary"
    event.add("summary", texts.say(language, summary, title=title))
    event.add("location", place or texts.say(language, "calendar.by_video"))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", vText("-//Passung//Passung//EN"))
    calendar.add("version", "2.0")
    # Published, not requested: a mail program shall not ask the patient to answer.
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file


def file_name(language: str) -> str:
    """Return the name under which the file is saved."""
    return texts.say(language, "calendar.file_name")
