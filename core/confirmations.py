"""What a patient takes home from a booking: the calendar file, and the mail if there is one."""

from core import clock, outbox, texts
from core.config import settings
from core.models import Booking, ChatFile, Conversation
from core.network.schema import Network
from core.rules.calendar_file import calendar_file, file_name
from core.sealing import key_of, seal, unseal

MEDIA_TYPE = "text/calendar"


async def make_file(
    conversation: Conversation,
    booking: Booking,
    network: Network,
    language: str,
    place: str | None,
    *,
    cancelled: bool = False,
) -> tuple[ChatFile, bytes]:
    """Store the calendar file of a booking for download in its conversation.

    A moved appointment keeps its entry in the patient's calendar: the same id, a later sequence.
    """
    first, moves = await _first_of(booking)
    content = calendar_file(
        language,
        title=network.titles.get(language) or network.titles[network.languages[0]],
        booking=first.public_id,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        now=clock.now(),
        place=place,
        sequence=moves + cancelled,
        cancelled=cancelled,
    )
    person = conversation.person
    file = ChatFile(
        conversation=conversation,
        person=person,
        name=file_name(language),
        media_type=MEDIA_TYPE,
        created_at=clock.now(),
    )
    file.content = seal(key_of(person), file, "content", content.decode())
    await file.save(force_create=True)
    return file, content


async def _first_of(booking: Booking) -> tuple[Booking, int]:
    """Return the booking with which an appointment began, and how often it moved since."""
    moves = 0
    while booking.moved_from_id is not None:
        booking = await Booking.get(id=booking.moved_from_id)
        moves += 1
    return booking, moves


async def open_file(conversation: Conversation, public_id: str) -> tuple[ChatFile, bytes] | None:
    """Return a file of this conversation with its content; None for any other."""
    file = await ChatFile.get_or_none(public_id=public_id, conversation=conversation)
    if file is None:
        return None
    text: str = unseal(key_of(await file.person), file, "content")
    return file, text.encode()


async def mail(
    conversation: Conversation,
    booking: Booking,
    network: Network,
    language: str,
    *,
    to: str | None,
    kind: str,
    place: str | None,
    ics: bytes,
) -> bool:
    """Enqueue the mail about a booking; False when there is no address or no mail server.

    `kind` is booked, moved or cancelled. The mail names neither the kind of care nor the
    therapist: inboxes are shared, and subjects show on lock screens.
    """
    if not to or not settings().smtp_host:
        return False
    title = network.titles.get(language) or network.titles[network.languages[0]]
    text = texts.say(
        language,
        f"mail.{kind}",
        network=title,
        day=texts.date_words(language, booking.starts_at, network.zone),
        time=texts.time_words(language, booking.starts_at, network.zone),
        place=place or texts.say(language, "calendar.by_video"),
        reference=booking.reference,
        phone=network.phone,
    )
    subject = texts.say(language, f"mail.{kind}_subject", network=title)
    await outbox.enqueue(
        person=conversation.person,
        channel="email",
        kind=kind,
        conversation=conversation,
        payload={
            "to": to,
            "subject": subject,
            "text": text,
            "ics": ics.decode(),
            "ics_name": file_name(language),
        },
    )
    return True
