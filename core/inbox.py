"""What the office sees of conversations, tasks and the waiting list; each read is audited.

Emergencies stand first, then what somebody should look at, who waits, and whom one serves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tortoise.expressions import Q
from tortoise.functions import Max

from core import audit, conversations, persons
from core.actors import Actor
from core.errors import NotAllowed
from core.models import Conversation, Escalation, Message, Person, Staff, Task, WaitlistEntry
from core.permissions import may_read, may_see_tasks, reader
from core.rules.criteria import Criteria
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


@dataclass(frozen=True)
class Counts:
    """How much waits, without anybody's name."""

    emergency: int
    watch: int
    waiting: int
    tasks: int
    waitlist: int


@dataclass(frozen=True)
class TaskRow:
    kind: str
    due: datetime
    since: datetime
    name: str | None = None
    conversation: str | None = None


@dataclass(frozen=True)
class WaitingRow:
    """One entry of the waiting list: who, since when, and what is looked for."""

    since: datetime
    name: str | None
    conversation: str | None
    criteria: Criteria = field(default_factory=Criteria)


async def conversations_for(by: Actor) -> Inbox:
    """Return the lists of whoever reads; raises `NotAllowed`."""
    staff = reader(by)
    alarms = await _alarms()
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


async def counts(by: Actor) -> Counts:
    """Return how much waits; for admins too. Raises `NotAllowed`."""
    if by.staff is None or not may_see_tasks(by.staff):
        raise NotAllowed("error.not_allowed")
    alarms = (await _alarms()).values()
    alarming = sum(alarm.severity in ALARMING for alarm in alarms)
    return Counts(
        emergency=alarming,
        watch=len(alarms) - alarming,
        waiting=await Conversation.filter(lead="waiting").count(),
        tasks=await Task.exclude(state="done").count(),
        waitlist=await WaitlistEntry.filter(state="waiting").count(),
    )


async def tasks_for(by: Actor) -> list[TaskRow]:
    """Return the open tasks, soonest due first; names only for those who may read them."""
    if by.staff is None or not may_see_tasks(by.staff):
        raise NotAllowed("error.not_allowed")
    found = await Task.exclude(state="done").order_by("due_at", "id").limit(MOST_ROWS)
    if not may_read(by.staff):
        return [TaskRow(task.kind, task.due_at, task.created_at) for task in found]
    people = await _people({task.person_id for task in found if task.person_id})
    await audit.record(
        "task.list", by=by, row=by.staff, purpose="tasks", tasks=[t.public_id for t in found]
    )
    return [
        TaskRow(
            task.kind,
            task.due_at,
            task.created_at,
            name_of(people.get(task.person_id or 0)),
            task.subject_id if task.subject_table == "conversation" else None,
        )
        for task in found
    ]


async def waiting_list(by: Actor) -> list[WaitingRow]:
    """Return who waits for an appointment, longest first; raises `NotAllowed`."""
    staff = reader(by)
    found = (
        await WaitlistEntry.filter(state="waiting")
        .order_by("since", "id")
        .limit(MOST_ROWS)
        .prefetch_related("person", "request__conversation")
    )
    entries = [entry.public_id for entry in found]
    await audit.record("waitlist.list", by=by, row=staff, purpose="waitlist", entries=entries)
    return [
        WaitingRow(
            since=entry.since,
            name=name_of(entry.person),
            conversation=entry.request.conversation and entry.request.conversation.public_id,
            criteria=Criteria.from_json(entry.request.criteria),
        )
        for entry in found
    ]


def name_of(person: Person | None) -> str | None:
    """Return a person's name, None when it was not given yet or was erased."""
    try:
        return persons.details_of(person).name if person else None
    except CannotOpen:
        return None


async def _alarms() -> dict[int, Escalation]:
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


async def _people(ids: Iterable[int]) -> dict[int, Person]:
    return {person.id: person for person in await Person.filter(id__in=list(ids) or [0])}


def _most_urgent_first(row: Row) -> tuple[int, bool, datetime]:
    return _ORDER.get(row.severity or "", len(_ORDER)), row.acknowledged, row.due or row.since


def _newest_first(row: Row) -> float:
    return -row.since.timestamp()
