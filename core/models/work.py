"""What humans must do, what endangers somebody, and what was done."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete

from core.models.base import PublicRow, Row, SealedRow


class Task(SealedRow):
    """Something that a human must do, `subject` names a row by table and public id."""

    kind = fields.CharField(max_length=40)
    subject_table = fields.CharField(max_length=40)
    subject_id = fields.CharField(max_length=22)
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="tasks", null=True, on_delete=OnDelete.RESTRICT
    )
    person_id: int | None
    owner: Any = fields.ForeignKeyField(
        "core.Staff", related_name="tasks", null=True, on_delete=OnDelete.RESTRICT
    )
    owner_id: int | None
    state = fields.CharField(max_length=10, default="open")
    """open, snoozed or done."""
    due_at = fields.DatetimeField()
    snoozed_until = fields.DatetimeField(null=True)
    outcome = fields.CharField(max_length=40, null=True)
    note = fields.BinaryField(null=True)
    created_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)
    done_by: Any = fields.ForeignKeyField(
        "core.Staff", related_name="done_tasks", null=True, on_delete=OnDelete.RESTRICT
    )
    done_by_id: int | None

    class Meta:
        table = "task"


class Escalation(SealedRow):
    """A risk hit or a call for help: open → acknowledged → closed, by a human only."""

    conversation: Any = fields.ForeignKeyField(
        "core.Conversation", related_name="escalations", on_delete=OnDelete.RESTRICT
    )
    conversation_id: int
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="escalations", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    severity = fields.CharField(max_length=10)
    category = fields.CharField(max_length=40)
    state = fields.CharField(max_length=14, default="open")
    hits = fields.IntField(default=1)
    level = fields.SmallIntField(default=0)
    """How far it has climbed; only rises."""
    due_at = fields.DatetimeField()
    owner: Any = fields.ForeignKeyField(
        "core.Staff", related_name="escalations", null=True, on_delete=OnDelete.RESTRICT
    )
    owner_id: int | None
    acknowledged_by: Any = fields.ForeignKeyField(
        "core.Staff", related_name="acknowledged", null=True, on_delete=OnDelete.RESTRICT
    )
    acknowledged_by_id: int | None
    acknowledged_at = fields.DatetimeField(null=True)
    closed_by: Any = fields.ForeignKeyField(
        "core.Staff", related_name="closed", null=True, on_delete=OnDelete.RESTRICT
    )
    closed_by_id: int | None
    closed_at = fields.DatetimeField(null=True)
    outcome = fields.CharField(max_length=40, null=True)
    follow_up_on = fields.DateField(null=True)
    note = fields.BinaryField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "escalation"


class RiskHit(Row):
    """Which rule fired on which message, the text itself is never copied here."""

    message: Any = fields.ForeignKeyField(
        "core.Message", related_name="risk_hits", on_delete=OnDelete.RESTRICT
    )
    message_id: int
    escalation: Any = fields.ForeignKeyField(
        "core.Escalation", related_name="risk_hits", on_delete=OnDelete.RESTRICT
    )
    escalation_id: int
    severity = fields.CharField(max_length=10)
    category = fields.CharField(max_length=40)
    rule = fields.CharField(max_length=60)
    table_version = fields.CharField(max_length=40)
    view = fields.CharField(max_length=20)
    span_start = fields.IntField()
    span_end = fields.IntField()
    at = fields.DatetimeField()

    class Meta:
        table = "risk_hit"


class Audit(PublicRow):
    """Who did or read what. `n`, `previous` and `hash` are set when a batch is sealed."""

    at = fields.DatetimeField()
    actor = fields.CharField(max_length=10)
    """staff, patient or system."""
    staff: Any = fields.ForeignKeyField(
        "core.Staff", related_name="audit", null=True, on_delete=OnDelete.RESTRICT
    )
    staff_id: int | None
    action = fields.CharField(max_length=40)
    object_table = fields.CharField(max_length=40)
    object_id = fields.CharField(max_length=22)
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="audit", null=True, on_delete=OnDelete.RESTRICT
    )
    person_id: int | None
    detail: Any = fields.JSONField()
    request_id = fields.CharField(max_length=40, null=True)
    n = fields.BigIntField(null=True, unique=True)
    previous = fields.CharField(max_length=64, null=True)
    hash = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "audit"


class Heartbeat(Row):
    """The last sign of life of each worker loop."""

    name = fields.CharField(max_length=40, unique=True)
    at = fields.DatetimeField()

    class Meta:
        table = "heartbeat"


class Stamp(PublicRow):
    """A counter that is raised with each edit of what processes keep in memory."""

    name = fields.CharField(max_length=40, unique=True)
    n = fields.BigIntField(default=0)

    class Meta:
        table = "stamp"
