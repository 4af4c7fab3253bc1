"""What the office sees of conversations, tasks and the waiting list; each read is audited.

Emergencies stand first, then what somebody should look at, who waits, and whom one serves.
"""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.functions import Max

from core import audit, conversations, persons
from core.actors import Actor
from core.models import Conversation, Escalation, Message, Person, Staff
from core.permissions import reader
from core.sealing import CannotOpen, key_of

QUEUES = ("emergency", "watch", "waiting", "mine", "colleagues", "bot")
ALARMING = ("emergency", "urgent")
MOST_ROWS = 100
FIRST_WORDS = 90
_ORDER = {severity: n for n, severity in enumerate(("emergency", "urgent", "watch"))}


@dataclass(frozen=True)
class Row:
    """One conversation in a list. `since` is when its present state began, `due` when it ends."""

    conversation: str
    name: str | None
    first_words: str | None
    language: str
    channel: str
    since: datetime
    due: datetime | None = None
    severity: str | None = None
    category: str | None = None
    acknowledged: bool = False
    holder: str | None = None
    unread: bool = False


@dataclass(frozen=True)
class Inbox:
    """The rows by queue, see `QUEUES`; every queue is there."""

    queues: dict[str, list[Row]]

    @property
    def open(self) -> int:
        """How many conversations want somebody now."""
        return sum(len(self.queues[name]) for name in ("emergency", "watch", "waiting"))


async def conversations_for(by: Actor) -> Inbox:
    """Return the lists of whoever reads; raises `NotAllowed`."""
    staff = reader(by)
    alarms = await open_alarms()
    found = await _shown(list(alarms))
    words = await _last_words([conversation.id for conversation in found])
    queues: dict[str, list[Row]] = {name: [] for name in QUEUES}
    for conversation in found:
        alarm = alarms.get(conversation.id)
        queue = _queue_of(conversation, alarm, staff)
        queues[queue].append(_row(conversation, alarm, words.get(conversation.id)))
    for name, rows in queues.items():
        rows.sort(key=_newest_first if name in ("colleagues", "bot") else _most_urgent_first)
    shown = [row.conversation for rows in queues.values() for row in rows]
    await audit.record("inbox.list", by=by, row=staff, purpose="inbox", conversations=shown)
    return Inbox(queues)


def name_of(person: Person | None) -> str | None:
    """Return a person's name, None when it was not given yet or was erased."""
    try:
        return persons.details_of(person).name if person else None
    except CannotOpen:
        return None


async def open_alarms() -> dict[int, Escalation]:
    """Return what is not closed yet, by conversation."""
    found = await Escalation.exclude(state="closed").order_by("id")
    return {escalation.conversation_id: escalation for escalation in found}


async def _shown(alarming: list[int]) -> list[Conversation]:
    """Return what any queue shows: all that wants a human, and the latest that the bot leads."""
    wanting = Conversation.filter(Q(lead__in=("waiting", "human")) | Q(id__in=alarming or [0]))
    human = await wanting.order_by("id").prefetch_related("person", "holder")
    led = Conversation.filter(lead="bot", last_in_at__not_isnull=True)
    quiet = led.exclude(id__in=alarming or [0]).order_by("-last_in_at", "-id").limit(MOST_ROWS)
    return [*human, *await quiet.prefetch_related("person", "holder")]


async def _last_words(ids: list[int]) -> dict[int, Message]:
    """Return what each patient wrote last."""
    tops = (
        await Message.filter(conversation_id__in=ids or [0], sender="patient")
        .annotate(top=Max("id"))
        .group_by("conversation_id")
        .values_list("top", flat=True)
    )
    last = await Message.filter(id__in=list(tops) or [0])
    return {message.conversation_id: message for message in last}


def _queue_of(conversation: Conversation, alarm: Escalation | None, staff: Staff) -> str:
    led = conversation.lead == "human"
    if alarm is not None and (not led or alarm.state == "open"):
        return "emergency" if alarm.severity in ALARMING else "watch"
    if led:
        return "mine" if conversation.holder_id == staff.id else "colleagues"
    return "waiting" if conversation.lead == "waiting" else "bot"


def _row(conversation: Conversation, alarm: Escalation | None, last: Message | None) -> Row:
    came = conversation.last_in_at or conversation.created_at
    since = alarm.created_at if alarm else conversation.waiting_since or came
    return Row(
        conversation=conversation.public_id,
        name=name_of(conversation.person),
        first_words=_first_words(conversation, alarm, last),
        language=conversation.language,
        channel=conversation.channel,
        since=since,
        due=alarm.due_at if alarm else conversation.answer_by,
        severity=alarm.severity if alarm else None,
        category=alarm.category if alarm else None,
        acknowledged=alarm is not None and alarm.state != "open",
        holder=conversation.holder.name if conversation.holder else None,
        unread=last is not None and last.seq > conversation.staff_read_seq,
    )


def is_private(conversation: Conversation, alarm: Escalation | None, message: Message) -> bool:
    """Tell whether words stay closed: written before consent, and nobody was asked to help."""
    return message.before_consent and conversation.lead == "bot" and alarm is None


def _first_words(
    conversation: Conversation, alarm: Escalation | None, last: Message | None
) -> str | None:
    if last is None or is_private(conversation, alarm, last):
        return None
    try:
        body = conversations.open_message(key_of(conversation.person), last).body
    except CannotOpen:
        return None
    text = " ".join(str(body.get("text") or "").split())
    return text if len(text) <= FIRST_WORDS else f"{text[:FIRST_WORDS].rstrip()} …"


def _most_urgent_first(row: Row) -> tuple[int, bool, datetime]:
    return _ORDER.get(row.severity or "", len(_ORDER)), row.acknowledged, row.due or row.since


def _newest_first(row: Row) -> float:
    return -row.since.timestamp()
