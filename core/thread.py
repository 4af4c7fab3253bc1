"""One conversation as staff read it: the messages, who leads, and what is known so far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import audit, conversations, db
from core.actors import Actor
from core.errors import NotFound
from core.inbox import is_private, name_of
from core.models import (
    Conversation,
    Escalation,
    Message,
)
from core.permissions import may_read

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


async def read(public_id: str, *, by: Actor, after: int = 0) -> Thread:
    """Return a conversation's messages above `after`, and note that they were read.

    Raises `NotFound` for one that is not there and for a reader who may not, alike.
    """
    conversation = await for_reader(public_id, by)
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


async def for_reader(public_id: str, by: Actor) -> Conversation:
    """Return a conversation that somebody may read; raises `NotFound` for any other, alike."""
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
        text=str(body.get("staff_text") or body.get("text") or ""),
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
