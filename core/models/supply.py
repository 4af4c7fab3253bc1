"""What can be given to patients: slots, their seats, and therapy places."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete

from core.models.base import PublicRow


class Slot(PublicRow):
    """One appointment time of one therapist, `wall_start` and `zone` keep how it was meant."""

    therapist: Any = fields.ForeignKeyField(
        "core.Therapist", related_name="slots", on_delete=OnDelete.RESTRICT
    )
    therapist_id: int
    service = fields.CharField(max_length=40)
    kind = fields.CharField(max_length=40)
    setting = fields.CharField(max_length=20)
    format = fields.CharField(max_length=10)
    site = fields.CharField(max_length=40, default="")
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    wall_start = fields.CharField(max_length=16)
    zone = fields.CharField(max_length=64)
    capacity = fields.SmallIntField(default=1)
    state = fields.CharField(max_length=10, default="active")
    """active, blocked (by the therapist) or withdrawn."""

    class Meta:
        table = "slot"


class Seat(PublicRow):
    """One place at one slot: the row that is held and booked.

    A hold past `held_until` counts as open at once, the next claim overwrites it and raises
    `gen`, which fences answers that come too late.
    """

    slot: Any = fields.ForeignKeyField(
        "core.Slot", related_name="seats", on_delete=OnDelete.RESTRICT
    )
    slot_id: int
    n = fields.SmallIntField()
    state = fields.CharField(max_length=10, default="open")
    gen = fields.IntField(default=0)
    held_until = fields.DatetimeField(null=True)
    offer: Any = fields.ForeignKeyField(
        "core.Offer", related_name="seats", null=True, on_delete=OnDelete.RESTRICT
    )
    offer_id: int | None
    booking_id = fields.BigIntField(null=True)
    """The live booking. No foreign key: the booking refers to its seat, and a cycle of tables
    cannot be created in one order; `passung check` compares the two."""
    therapist: Any = fields.ForeignKeyField(
        "core.Therapist", related_name="seats", on_delete=OnDelete.RESTRICT
    )
    therapist_id: int
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()

    class Meta:
        table = "seat"
        unique_together = (("slot", "n"),)
        indexes = (("therapist_id", "starts_at"), ("starts_at", "therapist_id"))


class Place(PublicRow):
    """A therapist's opening for a whole therapy, a group has one row per seat (`n`).

    free → held → trial (blocked while first visits take place) → taken, or free again.
    """

    therapist: Any = fields.ForeignKeyField(
        "core.Therapist", related_name="places", on_delete=OnDelete.RESTRICT
    )
    therapist_id: int
    service = fields.CharField(max_length=40)
    setting = fields.CharField(max_length=20)
    group = fields.CharField(max_length=22, default="")
    n = fields.SmallIntField()
    state = fields.CharField(max_length=10, default="free")
    gen = fields.IntField(default=0)
    held_until = fields.DatetimeField(null=True)
    offer: Any = fields.ForeignKeyField(
        "core.Offer", related_name="places", null=True, on_delete=OnDelete.RESTRICT
    )
    offer_id: int | None
    request: Any = fields.ForeignKeyField(
        "core.Request", related_name="places", null=True, on_delete=OnDelete.RESTRICT
    )
    request_id: int | None
    trial_since = fields.DatetimeField(null=True)
    decide_by = fields.DatetimeField(null=True)

    class Meta:
        table = "place"
        unique_together = (("therapist", "service", "setting", "group", "n"),)
