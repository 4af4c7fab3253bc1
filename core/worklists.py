"""How much waits, the tasks and the waiting list, as the office reads them; reads are audited."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from core import audit
from core.actors import Actor
from core.errors import NotAllowed
from core.inbox import ALARMING, MOST_ROWS, name_of, open_alarms
from core.models import Conversation, Person, Task, WaitlistEntry
from core.permissions import may_read, may_see_tasks, reader
from core.rules.criteria import Criteria


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


async def counts(by: Actor) -> Counts:
    """Return how much waits; for admins too. Raises `NotAllowed`."""
    if by.staff is None or not may_see_tasks(by.staff):
        raise NotAllowed("error.not_allowed")
    alarms = (await open_alarms()).values()
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


async def _people(ids: Iterable[int]) -> dict[int, Person]:
    return {person.id: person for person in await Person.filter(id__in=list(ids) or [0])}
