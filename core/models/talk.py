"""Conversations and what leaves the house."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete

from core.models.base import Row, SealedRow


class Conversation(SealedRow):
    """All messages with one patient on one channel. `lead` is bot, waiting or human."""

    identity: Any = fields.OneToOneField(
        "core.Identity", related_name="conversation", on_delete=OnDelete.RESTRICT
    )
    identity_id: int
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="conversations", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    channel = fields.CharField(max_length=16)
    language = fields.CharField(max_length=8)
    lead = fields.CharField(max_length=10, default="bot")
    lead_gen = fields.IntField(default=0)
    """Raised at each change of lead: replies decided under another one are withdrawn."""
    holder: Any = fields.ForeignKeyField(
        "core.Staff", related_name="held", null=True, on_delete=OnDelete.RESTRICT
    )
    holder_id: int | None
    seq = fields.IntField(default=0)
    prompt_seq = fields.IntField(default=0)
    """Sequence of the last message with choices; buttons of earlier ones are stale."""
    dialogue = fields.BinaryField(null=True)
    consented_at = fields.DatetimeField(null=True)
    consent_version = fields.CharField(max_length=20, null=True)
    waiting_since = fields.DatetimeField(null=True)
    answer_by = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    last_in_at = fields.DatetimeField(null=True)
    staff_read_seq = fields.IntField(default=0)

    class Meta:
        table = "conversation"
        indexes = (("lead", "waiting_since"),)


class Message(SealedRow):
    """One row of the append-only thread. `body` is the sealed message object."""

    conversation: Any = fields.ForeignKeyField(
        "core.Conversation", related_name="messages", on_delete=OnDelete.RESTRICT
    )
    conversation_id: int
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="messages", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    seq = fields.IntField()
    sender = fields.CharField(max_length=10)
    """patient, bot, staff or system."""
    kind = fields.CharField(max_length=10)
    staff: Any = fields.ForeignKeyField(
        "core.Staff", related_name="sent_messages", null=True, on_delete=OnDelete.RESTRICT
    )
    staff_id: int | None
    external_id = fields.CharField(max_length=64, null=True)
    fingerprint = fields.CharField(max_length=64, null=True)
    """Keyed hash of the content, to tell a redelivery from a reused id."""
    body = fields.BinaryField(null=True)
    before_consent = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta:
        table = "message"
        unique_together = (("conversation", "seq"), ("conversation", "external_id"))


class ChatSession(Row):
    """A browser's or client's access to one conversation, only the token's hash is kept."""

    token_hash = fields.CharField(max_length=64, unique=True)
    conversation: Any = fields.ForeignKeyField(
        "core.Conversation", related_name="sessions", on_delete=OnDelete.RESTRICT
    )
    conversation_id: int
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "chat_session"


class ReturnCode(Row):
    """A secret that reopens a conversation, shown once, kept as a keyed hash."""

    code_index = fields.CharField(max_length=64, unique=True)
    conversation: Any = fields.ForeignKeyField(
        "core.Conversation", related_name="return_codes", on_delete=OnDelete.RESTRICT
    )
    conversation_id: int
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "return_code"


class ChatFile(SealedRow):
    """A file of a conversation, such as an appointment's calendar entry."""

    conversation: Any = fields.ForeignKeyField(
        "core.Conversation", related_name="files", on_delete=OnDelete.RESTRICT
    )
    conversation_id: int
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="files", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    name = fields.CharField(max_length=80)
    media_type = fields.CharField(max_length=80)
    content = fields.BinaryField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "chat_file"


class Outbox(SealedRow):
    """Something that leaves: rendered when it is enqueued, sent by the worker, in order."""

    recipient_kind = fields.CharField(max_length=10)
    """patient, staff or practice."""
    channel = fields.CharField(max_length=16)
    conversation: Any = fields.ForeignKeyField(
        "core.Conversation", related_name="outbox", null=True, on_delete=OnDelete.RESTRICT
    )
    conversation_id: int | None
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="outbox", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    seq = fields.IntField(default=0)
    lead_gen = fields.IntField(null=True)
    """Sent only while the conversation still has this lead generation; null: always."""
    kind = fields.CharField(max_length=20)
    payload = fields.BinaryField(null=True)
    state = fields.CharField(max_length=10, default="due")
    """due, sending, sent, gone (withdrawn) or failed."""
    attempts = fields.SmallIntField(default=0)
    maybe_duplicate = fields.BooleanField(default=False)
    due_at = fields.DatetimeField()
    claimed_until = fields.DatetimeField(null=True)
    provider_id = fields.CharField(max_length=200, null=True)
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "outbox"


class DeadLetter(SealedRow):
    """A turn that failed: what came in, sealed, and the reference that the patient was given."""

    conversation: Any = fields.ForeignKeyField(
        "core.Conversation", related_name="dead_letters", on_delete=OnDelete.RESTRICT
    )
    conversation_id: int
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="dead_letters", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    reference = fields.CharField(max_length=12)
    error = fields.CharField(max_length=200)
    """Type and place of the fault, never its message: that may quote the patient."""
    payload = fields.BinaryField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "dead_letter"
