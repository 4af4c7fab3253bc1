"""What patients look for and what they are given."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete

from core.models.base import PublicRow, Row, SealedRow


class Request(PublicRow):
    """What is looked for. Codes only: words of the patient stay in sealed messages."""

    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="requests", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    writer: Any = fields.ForeignKeyField(
        "core.Person", related_name="written_requests", on_delete=OnDelete.RESTRICT
    )
    writer_id: int
    conversation: Any = fields.ForeignKeyField(
        "core.Conversation", related_name="requests", null=True, on_delete=OnDelete.RESTRICT
    )
    conversation_id: int | None
    service = fields.CharField(max_length=40)
    kind = fields.CharField(max_length=40)
    criteria: Any = fields.JSONField()
    state = fields.CharField(max_length=12, default="open")
    """open, booked, waiting or closed."""
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "request"


class Offer(PublicRow):
    """Up to three held seats proposed together.

    `kind` is dialogue, staff, waitlist, move or absence.
    """

    request: Any = fields.ForeignKeyField(
        "core.Request", related_name="offers", on_delete=OnDelete.RESTRICT
    )
    request_id: int
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="offers", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    kind = fields.CharField(max_length=10)
    state = fields.CharField(max_length=10, default="live")
    """live, taken, or gone (withdrawn, replaced, refused). A live one past `until` has lapsed."""
    until = fields.DatetimeField()
    extended = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta:
        table = "offer"


class OfferedSeat(Row):
    """A seat as it was proposed, with the generation held and why it fits."""

    offer: Any = fields.ForeignKeyField(
        "core.Offer", related_name="offered", on_delete=OnDelete.RESTRICT
    )
    offer_id: int
    seat: Any = fields.ForeignKeyField(
        "core.Seat", related_name="offered", on_delete=OnDelete.RESTRICT
    )
    seat_id: int
    gen = fields.IntField()
    position = fields.SmallIntField()
    reasons: Any = fields.JSONField()

    class Meta:
        table = "offered_seat"
        unique_together = (("offer", "seat"),)


class Booking(SealedRow):
    """A seat given to a patient, with the acceptance of the rules that were told."""

    reference = fields.CharField(max_length=12, unique=True)
    seat: Any = fields.ForeignKeyField(
        "core.Seat", related_name="bookings", on_delete=OnDelete.RESTRICT
    )
    seat_id: int
    therapist: Any = fields.ForeignKeyField(
        "core.Therapist", related_name="bookings", on_delete=OnDelete.RESTRICT
    )
    therapist_id: int
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="bookings", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    writer: Any = fields.ForeignKeyField(
        "core.Person", related_name="made_bookings", on_delete=OnDelete.RESTRICT
    )
    writer_id: int
    request: Any = fields.ForeignKeyField(
        "core.Request", related_name="bookings", on_delete=OnDelete.RESTRICT
    )
    request_id: int
    conversation: Any = fields.ForeignKeyField(
        "core.Conversation", related_name="bookings", null=True, on_delete=OnDelete.RESTRICT
    )
    conversation_id: int | None
    place: Any = fields.ForeignKeyField(
        "core.Place", related_name="bookings", null=True, on_delete=OnDelete.RESTRICT
    )
    place_id: int | None
    service = fields.CharField(max_length=40)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    series = fields.CharField(max_length=22, null=True)
    moved_from: Any = fields.OneToOneField(
        "core.Booking", related_name="moved_to", null=True, on_delete=OnDelete.RESTRICT
    )
    moved_from_id: int | None
    state = fields.CharField(max_length=20, default="booked")
    """booked, moved, cancelled, cancelled_late, cancelled_by_service, attended or missed."""
    policy = fields.CharField(max_length=40)
    policy_version = fields.IntField()
    policy_language = fields.CharField(max_length=8)
    accepted_channel = fields.CharField(max_length=16)
    accepted_at = fields.DatetimeField()
    accepted_by: Any = fields.ForeignKeyField(
        "core.Staff", related_name="accepted", null=True, on_delete=OnDelete.RESTRICT
    )
    accepted_by_id: int | None
    """The assistant to whom it was said, if it was spoken."""
    fee = fields.DecimalField(max_digits=10, decimal_places=2, null=True)
    """What a late cancellation cost under the version accepted, in the network's currency."""
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "booking"


class WaitlistEntry(PublicRow):
    request: Any = fields.OneToOneField(
        "core.Request", related_name="waiting", on_delete=OnDelete.RESTRICT
    )
    request_id: int
    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="waiting", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    state = fields.CharField(max_length=10, default="waiting")
    """waiting, placed or left."""
    since = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "waitlist_entry"
