"""What a patient takes home: a calendar file that follows the appointment, and a discreet mail."""

import pytest
from icalendar import Calendar

from core import bookings, config, confirmations, persons
from core.actors import PATIENT
from core.models import Booking, Conversation, Outbox, Person, Therapist
from core.network.schema import Network
from core.outbox import open_parcel
from tests.builders import at, book, confirm, offer, seats
from tests.office import conversation_of


@pytest.fixture
async def talk(network: Network) -> Conversation:
    started = await conversation_of("leyla")
    return await Conversation.get(id=started.id).prefetch_related("person")


async def entry(
    talk: Conversation, booking: Booking, network: Network, **more: bool
) -> tuple[str, int, str, str]:
    file, content = await confirmations.make_file(
        talk, booking, network, "de", "Lindenquellgasse 12", **more
    )
    assert await confirmations.open_file(talk, file.public_id) == (file, content)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return str(event["uid"]), event["sequence"], str(event["status"]), str(event["location"])


async def test_a_moved_appointment_moves_in_the_patients_calendar_too(
    anna: Therapist, leyla: Person, talk: Conversation, network: Network
) -> None:
    await seats(anna, at(3), at(4), at(5))
    first = await book(leyla, network)
    uid, sequence, status, place = await entry(talk, first, network)
    assert (uid, sequence, status) == (f"{first.public_id}@passung", 0, "CONFIRMED")
    assert place == "Lindenquellgasse 12"
    latest = first
    for expected in (1, 2):
        made = await offer(leyla, network, kind="move", moving=latest)
        latest = await confirm(made, network, leyla, moving=latest)
        assert (await entry(talk, latest, network))[:3] == (uid, expected, "CONFIRMED")
    await bookings.cancel(latest, network, by=PATIENT)
    gone = await entry(talk, latest, network, cancelled=True)
    assert gone[:3] == (uid, 3, "CANCELLED")


async def test_files_open_in_their_own_conversation_only(
    anna: Therapist, leyla: Person, talk: Conversation, network: Network
) -> None:
    await seats(anna, at(3))
    booking = await book(leyla, network)
    file, content = await confirmations.make_file(talk, booking, network, "de", None)
    other = await conversation_of("josef")
    assert await confirmations.open_file(other, file.public_id) is None
    assert await confirmations.open_file(talk, "unknown") is None
    assert content[:20] not in bytes(file.content)


async def test_a_mail_names_neither_care_nor_therapist(
    anna: Therapist, leyla: Person, talk: Conversation, network: Network, monkeypatch
) -> None:
    await seats(anna, at(3))
    booking = await book(leyla, network)
    given = {"kind": "booked", "place": None, "ics": b"BEGIN:VCALENDAR"}
    to = "leyla@example.org"
    assert not await confirmations.mail(talk, booking, network, "de", to=None, **given)
    assert not await confirmations.mail(talk, booking, network, "de", to=to, **given)
    with_mail = config.settings().model_copy(update={"smtp_host": "localhost"})
    monkeypatch.setattr(confirmations, "settings", lambda: with_mail)
    assert await confirmations.mail(talk, booking, network, "de", to=to, **given)
    row = await Outbox.get()
    row.state = "sending"
    payload = (await open_parcel(row)).payload
    assert payload["to"] == to and booking.reference in payload["text"]
    assert "Donnerstag, 14. Januar 2027" in payload["text"] and "10:00 Uhr" in payload["text"]
    for word in ("Huber", "Psychotherapie", "Therapie"):
        assert word not in payload["text"] and word not in payload["subject"]
    assert persons.details_of(leyla).email is None
