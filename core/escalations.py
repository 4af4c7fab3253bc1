"""From a hit to a human: one open escalation per conversation, closed by a human only."""

from datetime import timedelta

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from core import audit, clock, db, wake
from core.actors import SYSTEM, Actor
from core.errors import NotAllowed
from core.models import Conversation, Escalation, Message, RiskHit
from core.risk import Hit, Screening

DUE_WITHIN = {
    "emergency": timedelta(seconds=60),
    "urgent": timedelta(minutes=5),
    "watch": timedelta(minutes=30),
}
ORDER = ("watch", "urgent", "emergency")
ASKED = "asked"
"""The category of a call for help that no word gave away."""


async def raise_for(
    conversation: Conversation, message: Message, screening: Screening
) -> Escalation:
    """Open an escalation for a hit, in the message's transaction, or join the one that is open.

    A repeat raises the severity or the counter and never lowers them. What was acknowledged is
    open again when the repeat is graver, or when no human leads the conversation any more.
    """
    category = screening.category or ASKED
    escalation = await _open_or_join(conversation, screening)
    asked = Hit("asked_for_help", 0, 0, "button", screening.severity, category)
    for hit in screening.hits or (asked,):
        await RiskHit.create(
            message=message,
            escalation=escalation,
            severity=hit.severity,
            category=hit.category,
            rule=hit.rule,
            table_version=screening.table_version,
            view=hit.view,
            span_start=hit.start,
            span_end=hit.end,
            at=clock.now(),
        )
    await audit.record(
        "escalation_raised",
        by=SYSTEM,
        row=escalation,
        person=conversation.person,
        severity=screening.severity,
        category=category,
    )
    await wake.announce("escalations")
    return escalation


async def _open_or_join(conversation: Conversation, screening: Screening) -> Escalation:
    try:
        # The savepoint keeps a lost race from spoiling the transaction of the message.
        async with db.transaction():
            standing = await _standing(conversation)
            if standing is None:
                return await _open(conversation, screening)
    except IntegrityError:
        standing = await _standing(conversation)
        if standing is None:
            raise
    await _join(standing, screening, led=conversation.lead == "human")
    return standing


async def _open(conversation: Conversation, screening: Screening) -> Escalation:
    now = clock.now()
    return await Escalation.create(
        conversation=conversation,
        person=conversation.person,
        severity=screening.severity,
        category=screening.category or ASKED,
        due_at=now + DUE_WITHIN[screening.severity],
        created_at=now,
    )


async def _join(standing: Escalation, screening: Screening, *, led: bool) -> None:
    severity, due_at = screening.severity, clock.now() + DUE_WITHIN[screening.severity]
    reopened = {"state": "open", "acknowledged_by_id": None, "acknowledged_at": None}
    this = Escalation.filter(id=standing.id)
    await this.update(hits=F("hits") + 1)
    # What somebody acknowledged as a watch was not acknowledged as an emergency.
    await this.filter(severity__in=ORDER[: ORDER.index(severity)]).update(
        severity=severity,
        category=screening.category or ASKED,
        due_at=due_at,
        **reopened,
    )
    if not led:
        # Whoever acknowledged it has handed the conversation back: nobody reads it now.
        await this.filter(state="acknowledged").update(due_at=due_at, **reopened)
    await standing.refresh_from_db()


async def _standing(conversation: Conversation) -> Escalation | None:
    """Return the open escalation, its row locked: a hit and an acknowledgement take turns."""
    found = Escalation.filter(conversation=conversation).exclude(state="closed")
    return await found.select_for_update().first()


async def acknowledge(conversation: Conversation, *, by: Actor) -> Escalation | None:
    """Note that a human has seen the open escalation of a conversation; None if there is none.

    Raises `NotAllowed` for anybody but staff: a program never acknowledges.
    """
    if by.staff is None:
        raise NotAllowed("error.only_staff")
    async with db.transaction():
        standing = await _standing(conversation)
        if standing is None or standing.state == "acknowledged":
            return standing
        standing.state = "acknowledged"
        standing.acknowledged_by, standing.acknowledged_at = by.staff, clock.now()
        standing.owner = by.staff
        await standing.save(
            update_fields=["state", "acknowledged_by_id", "acknowledged_at", "owner_id"]
        )
        await audit.record(
            "escalation_acknowledged", by=by, row=standing, person=await standing.person
        )
        await wake.announce("escalations")
        return standing


async def being_read(conversation: Conversation) -> bool:
    """Tell whether a human is confirmed to read this conversation now."""
    if conversation.lead == "human":
        return True
    return await Escalation.exists(conversation=conversation, state="acknowledged")
