"""The tables, by noun. Rules never import this package; operations do."""

from core.models.base import PublicRow, Row, SealedRow, new_public_id
from core.models.demand import Booking, Offer, OfferedSeat, Request, WaitlistEntry
from core.models.network import NetworkVersion, Therapist, Trait, WorkingHours
from core.models.people import Identity, NameToken, Person, Relation
from core.models.staff import Attempt, Staff, StaffSession
from core.models.supply import Place, Seat, Slot
from core.models.talk import (
    ChatFile,
    ChatSession,
    Conversation,
    DeadLetter,
    Message,
    Outbox,
    ReturnCode,
)
from core.models.work import Audit, Escalation, Heartbeat, RiskHit, Stamp, Task

__all__ = [
    "Attempt",
    "Audit",
    "Booking",
    "ChatFile",
    "ChatSession",
    "Conversation",
    "DeadLetter",
    "Escalation",
    "Heartbeat",
    "Identity",
    "Message",
    "NameToken",
    "NetworkVersion",
    "Offer",
    "OfferedSeat",
    "Outbox",
    "Person",
    "Place",
    "PublicRow",
    "Relation",
    "Request",
    "ReturnCode",
    "RiskHit",
    "Row",
    "SealedRow",
    "Seat",
    "Slot",
    "Staff",
    "StaffSession",
    "Stamp",
    "Task",
    "Therapist",
    "Trait",
    "WaitlistEntry",
    "WorkingHours",
    "new_public_id",
]
