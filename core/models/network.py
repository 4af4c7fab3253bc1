"""The organisation's configuration, and the professionals who work in it."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete

from core.models.base import PublicRow, Row


class NetworkVersion(Row):
    """One loaded configuration, the highest version is the one in force."""

    version = fields.IntField(unique=True)
    name = fields.CharField(max_length=40)
    config: Any = fields.JSONField()
    loaded_at = fields.DatetimeField()

    class Meta:
        table = "network_version"


class Therapist(PublicRow):
    name = fields.CharField(max_length=200)
    title = fields.CharField(max_length=60, default="")
    email = fields.CharField(max_length=254, unique=True)
    gender = fields.CharField(max_length=16, default="")
    step_free = fields.BooleanField(default=False)
    active = fields.BooleanField(default=True)
    last_offered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "therapist"


class Trait(Row):
    """One attribute of a therapist. `kind` is service, modality, setting, format, age_group,
    language, focus, exclusion, funding or site, `code` is a code of the network."""

    therapist: Any = fields.ForeignKeyField(
        "core.Therapist", related_name="traits", on_delete=OnDelete.RESTRICT
    )
    therapist_id: int
    kind = fields.CharField(max_length=16)
    code = fields.CharField(max_length=40)

    class Meta:
        table = "trait"
        unique_together = (("therapist", "kind", "code"),)


class WorkingHours(Row):
    """A recurring weekly interval, as wall time in `zone`, slots are made from it."""

    therapist: Any = fields.ForeignKeyField(
        "core.Therapist", related_name="hours", on_delete=OnDelete.RESTRICT
    )
    therapist_id: int
    weekday = fields.SmallIntField()
    opens = fields.CharField(max_length=5)
    closes = fields.CharField(max_length=5)
    zone = fields.CharField(max_length=64)
    site = fields.CharField(max_length=40, default="")
    format = fields.CharField(max_length=10)
    service = fields.CharField(max_length=40)
    kind = fields.CharField(max_length=40)
    setting = fields.CharField(max_length=20)
    valid_from = fields.DateField()
    valid_until = fields.DateField(null=True)

    class Meta:
        table = "working_hours"
