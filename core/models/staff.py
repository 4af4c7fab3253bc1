"""Who works here and how they sign in."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete

from core.models.base import PublicRow, Row


class Staff(PublicRow):
    email = fields.CharField(max_length=254, unique=True)
    name = fields.CharField(max_length=200)
    password_hash = fields.CharField(max_length=200)
    roles: Any = fields.JSONField()
    """Some of admin, assistant, clinician, therapist."""
    therapist: Any = fields.ForeignKeyField(
        "core.Therapist", related_name="staff", null=True, on_delete=OnDelete.RESTRICT
    )
    therapist_id: int | None
    language = fields.CharField(max_length=8)
    active = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "staff"


class StaffSession(PublicRow):
    """Server-side and revocable, only hashes of the token and of the CSRF token are kept."""

    staff: Any = fields.ForeignKeyField(
        "core.Staff", related_name="sessions", on_delete=OnDelete.RESTRICT
    )
    staff_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    csrf = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff_session"


class Attempt(Row):
    """One try at something that is limited: a sign-in, a return code, a new session."""

    kind = fields.CharField(max_length=20)
    key_index = fields.CharField(max_length=64)
    at = fields.DatetimeField()

    class Meta:
        table = "attempt"
        indexes = (("kind", "key_index", "at"),)
