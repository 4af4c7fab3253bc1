"""One conversation as staff read it: the messages, who leads, and what is known so far."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core import audit, clock, conversations, db, persons
from core.actors import Actor
from core.errors import NotFound
from core.inbox import is_private, name_of
from core.models import (
    Booking,
    Conversation,
    Escalation,
    Message,
    Offer,
    OfferedSeat,
    Person,
    Request,
    Slot,
    Therapist,
    WaitlistEntry,
)
from core.permissions import may_read
from core.persons import Details
from core.rules.criteria import Criteria
from core.sealing import CannotOpen

SHOWN = 500
"""How many messages of a thread are shown, the latest."""


@dataclass(frozen=True)
class Line:
    """One message. `private` words were written before a consent and stay closed."""

    seq: int
    sender: str
    kind: str
    at: datetime
    text: str = ""
    author: str | None = None
    cards: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    file: str | None = None
    private: bool = False
    forgotten: bool = False


@dataclass(frozen=True)
class Thread:
    """The head of a conversation and its messages after the sequence asked for."""

    conversation: str
    lead: str
    gen: int
    holder: str | None
    mine: bool
    name: str | None
    language: str
    channel: str
    since: datetime
    waiting_since: datetime | None
    due: datetime | None
    severity: str | None
    category: str | None
    acknowledged_by: str | None
    lines: tuple[Line, ...]
    seq: int
    earlier: int = 0
    """How many older messages are not shown."""


@dataclass(frozen=True)
class Appointment:
    """A booking or an offered seat."""

    starts_at: datetime
    ends_at: datetime
    therapist: str
    format: str
    site: str
    patient: str | None = None
    reference: str | None = None
    state: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Dossier:
    """What was gathered about the person and what they look for."""

    details: Details
    criteria: Criteria
    bookings: tuple[Appointment, ...] = ()
    offers: tuple[Appointment, ...] = ()
    waiting_since: datetime | None = None
    writes_for: tuple[str, ...] = field(default=())


async def read(public_id: str, *, by: Actor, after: int = 0) -> Thread:
    """Return a conversation's messages above `after`, and note that they were read.

    Raises `NotFound` for one that is not there and for a reader who may not, alike.
    """
    conversation = await _for_reader(public_id, by)
    alarm = await _alarm_of(conversation)
    first = max(after, conversation.seq - SHOWN)
    opened = await conversations.opened_after(conversation, first, SHOWN)
    authors = await _authors(conversation)
    gone = _buttons_gone(conversation, opened)
    lines = tuple(
        _line(o, authors, is_private(conversation, alarm, o.message), o.message.seq not in gone)
        for o in opened
        if o.message.kind != "update"
    )
    seq = opened[-1].message.seq if opened else after
    await _note_reading(conversation, by, after=first, upto=seq)
    return _thread(conversation, alarm, by, lines, seq, first if after == 0 else 0)


async def dossier(public_id: str, *, by: Actor) -> Dossier:
    """Return what is known about whoever writes; raises `NotFound` as `read` does."""
    conversation = await _for_reader(public_id, by)
    person: Person = conversation.person
    try:
        details = persons.details_of(person)
    except CannotOpen:
        details = Details()
    people = await persons.written_for(person)
    names = {one.id: name_of(one) for one in people}
    request = await Request.filter(conversation=conversation).order_by("-id").first()
    waiting = await WaitlistEntry.filter(person_id__in=list(names), state="waiting").first()
    await audit.record("person.read", by=by, row=person, person=person, purpose="conversation")
    return Dossier(
        details=details,
        criteria=_criteria(conversation, request),
        bookings=await _bookings(names),
        offers=await _offers(list(names)),
        waiting_since=waiting.since if waiting else None,
        writes_for=tuple(name for key, name in names.items() if name and key != person.id),
    )


async def _for_reader(public_id: str, by: Actor) -> Conversation:
    # Whoever may not read gets the answer of an id that is not there: it tells them nothing.
    if by.staff is None or not may_read(by.staff):
        raise NotFound("error.not_found")
    found = (
        await Conversation.filter(public_id=public_id).prefetch_related("person", "holder").first()
    )
    if found is None:
        raise NotFound("error.not_found")
    return found


async def _alarm_of(conversation: Conversation) -> Escalation | None:
    open_ones = Escalation.filter(conversation=conversation).exclude(state="closed")
    return await open_ones.order_by("-id").prefetch_related("acknowledged_by").first()


async def _note_reading(conversation: Conversation, by: Actor, *, after: int, upto: int) -> None:
    async with db.transaction():
        await Conversation.filter(id=conversation.id, staff_read_seq__lt=upto).update(
            staff_read_seq=upto
        )
        await audit.record(
            "conversation.read",
            by=by,
            row=conversation,
            person=conversation.person,
            purpose="inbox",
            after=after,
            upto=upto,
        )


async def _authors(conversation: Conversation) -> dict[int, str]:
    by_staff = Message.filter(conversation=conversation, sender="staff", staff_id__not_isnull=True)
    return {m.id: m.staff.name for m in await by_staff.prefetch_related("staff")}


def _buttons_gone(conversation: Conversation, opened: list[conversations.Opened]) -> frozenset[int]:
    """Return the messages whose buttons can no longer be pressed."""
    taken = {int(o.body["of"]) for o in opened if o.message.kind == "update" and "of" in o.body}
    old = {o.message.seq for o in opened if o.message.seq < conversation.prompt_seq}
    return frozenset(taken | old)


def _line(opened: conversations.Opened, authors: dict[int, str], private: bool, live: bool) -> Line:
    message, body = opened.message, opened.body
    if private:
        return Line(message.seq, message.sender, message.kind, message.created_at, private=True)
    cards = [card for card in body.get("cards") or [] if isinstance(card, dict)]
    return Line(
        seq=message.seq,
        sender=message.sender,
        kind=message.kind,
        at=message.created_at,
        text=str(body.get("text") or ""),
        author=authors.get(message.id),
        cards=tuple(_card(card) for card in cards),
        choices=tuple(str(c.get("label", "")) for c in body.get("choices") or []) if live else (),
        file=(body.get("file") or {}).get("name"),
        forgotten=message.body is None,
    )


def _card(card: dict[str, Any]) -> str:
    return " · ".join(filter(None, [card.get("title"), *(card.get("lines") or [])]))


def _thread(
    conversation: Conversation,
    alarm: Escalation | None,
    by: Actor,
    lines: tuple[Line, ...],
    seq: int,
    earlier: int,
) -> Thread:
    seen_by = alarm.acknowledged_by if alarm else None
    return Thread(
        conversation=conversation.public_id,
        lead=conversation.lead,
        gen=conversation.lead_gen,
        holder=conversation.holder.name if conversation.holder else None,
        mine=by.staff is not None and conversation.holder_id == by.staff.id,
        name=name_of(conversation.person),
        language=conversation.language,
        channel=conversation.channel,
        since=conversation.created_at,
        waiting_since=conversation.waiting_since,
        due=alarm.due_at if alarm else conversation.answer_by,
        severity=alarm.severity if alarm else None,
        category=alarm.category if alarm else None,
        acknowledged_by=seen_by.name if seen_by else None,
        lines=lines,
        seq=seq,
        earlier=earlier,
    )


def _criteria(conversation: Conversation, request: Request | None) -> Criteria:
    """Prefer what the dialogue knows now to what was looked for last."""
    if conversation.dialogue is not None and conversation.consented_at is not None:
        try:
            state = conversations.dialogue_state(conversation)
        except CannotOpen:
            state = {}
        if isinstance(state.get("criteria"), dict):
            return Criteria.from_json(state["criteria"])
    return Criteria.from_json(request.criteria) if request else Criteria()


async def _bookings(names: dict[int, str | None]) -> tuple[Appointment, ...]:
    found = (
        await Booking.filter(person_id__in=list(names))
        .exclude(state="moved")
        .order_by("-starts_at")
        .limit(5)
        .prefetch_related("therapist", "seat__slot")
    )
    return tuple(
        _appointment(
            booking.seat.slot,
            booking.therapist,
            patient=names.get(booking.person_id),
            reference=booking.reference,
            state=booking.state,
        )
        for booking in found
    )


async def _offers(people: list[int]) -> tuple[Appointment, ...]:
    live = await Offer.filter(person_id__in=people, state="live", until__gt=clock.now())
    found = (
        await OfferedSeat.filter(offer_id__in=[offer.id for offer in live] or [0])
        .order_by("position")
        .prefetch_related("offer", "seat__slot__therapist")
    )
    return tuple(
        _appointment(row.seat.slot, row.seat.slot.therapist, until=row.offer.until) for row in found
    )


def _appointment(slot: Slot, therapist: Therapist, **more: Any) -> Appointment:
    return Appointment(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        therapist=f"{therapist.title} {therapist.name}".strip(),
        format=slot.format,
        site=slot.site,
        **more,
    )
