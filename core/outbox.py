"""What leaves is a row first: enqueued with the deed, claimed by a worker, sent in order.

A claim is a lease. When its worker was killed the lease lapses and the row is sent again, marked
as one that may have been sent twice: no mail server can say whether it took it.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import clock, db, tasks, wake
from core.models import Conversation, Outbox, Person
from core.sealing import CannotOpen, key_of, seal, unseal

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than any sender may take, see `bot.delivery`."""
PAUSES = tuple(timedelta(seconds=s) for s in (15, 60, 300, 900, 1800, 3600, 7200, 14400))
"""How long to wait after each try that failed; after the last one a human takes over."""
TASK = "delivery_failed"
TASK_DUE = timedelta(hours=4)

_CLAIM = """
UPDATE outbox SET state = 'sending', attempts = attempts + 1, claimed_until = $1,
    maybe_duplicate = (maybe_duplicate OR state = 'sending')
WHERE id IN (
    SELECT o.id FROM outbox AS o
    WHERE o.channel IN ({channels})
      AND ((o.state = 'due' AND o.due_at <= $2) OR (o.state = 'sending' AND o.claimed_until <= $2))
      AND NOT EXISTS (
        SELECT 1 FROM outbox AS earlier
        WHERE earlier.conversation_id = o.conversation_id AND earlier.channel = o.channel
          AND earlier.id < o.id
          AND (earlier.state = 'sending'
               OR (earlier.state = 'due' AND (earlier.due_at <= $2 OR earlier.attempts > 0))))
    ORDER BY o.due_at, o.id LIMIT {limit} {skip})
RETURNING id
"""


@dataclass(frozen=True)
class Parcel:
    """One claimed row with its payload open; `row.attempts` fences it against later claims."""

    row: Outbox
    payload: dict[str, Any]


async def enqueue(
    *,
    person: Person,
    channel: str,
    kind: str,
    payload: dict[str, Any],
    recipient_kind: str = "patient",
    conversation: Conversation | None = None,
    lead_gen: int | None = None,
    due_at: datetime | None = None,
) -> Outbox:
    """Add a row to the open transaction; the worker is woken once it is durable.

    `payload` is rendered text, sealed with the key of `person`. With `lead_gen` it is sent only
    while the conversation still has that lead generation.
    """
    now = clock.now()
    row = Outbox(
        recipient_kind=recipient_kind,
        channel=channel,
        conversation=conversation,
        person=person,
        seq=conversation.seq if conversation else 0,
        lead_gen=lead_gen,
        kind=kind,
        due_at=due_at or now,
        created_at=now,
    )
    row.payload = seal(key_of(person), row, "payload", payload)
    async with db.transaction():
        await row.save(force_create=True)
        await wake.announce("outbox")
    return row


async def claim(now: datetime, limit: int, channels: tuple[str, ...]) -> list[Outbox]:
    """Lease up to `limit` rows of these channels that are due, oldest first.

    Of one conversation and channel only the first is given: the next follows when it is done.
    """
    if not channels:
        return []
    statement = _CLAIM.format(
        channels=", ".join(f"${n}" for n in range(3, 3 + len(channels))),
        limit=int(limit),
        skip="FOR UPDATE SKIP LOCKED" if db.is_postgres() else "",
    )
    if not db.is_postgres():
        # SQLite numbers "$2" by where it first stands, only "?2" by its number.
        statement = statement.replace("$", "?")
    values = [now + LEASE, now, *channels]
    claimed = await db.connection().execute_query_dict(statement, values)
    ids = [row["id"] for row in claimed]
    return await Outbox.filter(id__in=ids).order_by("due_at", "id") if ids else []


async def open_parcel(row: Outbox) -> Parcel | None:
    """Open a claimed row just before it is sent; None when it must not be sent any more.

    That is when another hand took the lead of the conversation meanwhile, or the person was
    erased; the row is then gone.
    """
    if row.lead_gen is not None:
        led = Conversation.filter(id=row.conversation_id, lead_gen=row.lead_gen)
        if not await led.exists():
            await _end(row, "gone")
            return None
    try:
        payload = unseal(key_of(await Person.get(id=row.person_id)), row, "payload")
    except CannotOpen:
        payload = None
    if payload is None:
        await _end(row, "gone")
        return None
    return Parcel(row, payload)


async def sent(row: Outbox, provider_id: str | None = None) -> bool:
    """Note that it left, and forget its text; False when the lease had passed to another."""
    return await _end(row, "sent", provider_id=provider_id)


async def failed(row: Outbox, *, permanent: bool) -> None:
    """Note a try that failed: later again, or for good, which becomes a task for a human."""
    permanent = permanent or row.attempts > len(PAUSES)
    log.warning(
        "a delivery failed",
        extra={"channel": row.channel, "kind": row.kind, "attempts": row.attempts}
        | {"final": permanent},
    )
    now = clock.now()
    if not permanent:
        pause = PAUSES[row.attempts - 1]
        await _mine(row).update(state="due", due_at=now + pause, claimed_until=None)
        return
    async with db.transaction():
        if await _mine(row).update(state="failed", ended_at=now, claimed_until=None):
            person = await Person.get(id=row.person_id)
            await tasks.open_task(TASK, row=row, due_at=now + TASK_DUE, person=person)


async def _end(row: Outbox, state: str, **more: object) -> bool:
    done: int = await _mine(row).update(
        state=state, ended_at=clock.now(), claimed_until=None, payload=None, **more
    )
    return done == 1


def _mine(row: Outbox) -> Any:
    """The row as long as this claim is the latest one."""
    return Outbox.filter(id=row.id, state="sending", attempts=row.attempts)
