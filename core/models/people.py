"""Human beings, how they are reached, and who writes for whom."""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete

from core.models.base import PublicRow, Row, SealedRow


class Person(SealedRow):
    """A patient, guardian, relative or caller. The first contact makes a person, so that there
    is a key from the first word. An erased person has no key: nothing of theirs opens again."""

    wrapped_key = fields.BinaryField(null=True)
    name = fields.BinaryField(null=True)
    birth_date = fields.BinaryField(null=True)
    email = fields.BinaryField(null=True)
    phone = fields.BinaryField(null=True)
    email_index = fields.CharField(max_length=64, null=True, db_index=True)
    phone_index = fields.CharField(max_length=64, null=True, db_index=True)
    birth_date_index = fields.CharField(max_length=64, null=True, db_index=True)
    language = fields.CharField(max_length=8)
    created_at = fields.DatetimeField()
    erased_at = fields.DatetimeField(null=True)

    class Meta:
        table = "person"


class NameToken(Row):
    """A blind index over the words of a person's name, for search by staff."""

    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="name_tokens", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    token_index = fields.CharField(max_length=64, db_index=True)

    class Meta:
        table = "name_token"
        unique_together = (("person", "token_index"),)


class Identity(PublicRow):
    """An address on a channel: who writes from there is the person behind it."""

    person: Any = fields.ForeignKeyField(
        "core.Person", related_name="identities", on_delete=OnDelete.RESTRICT
    )
    person_id: int
    channel = fields.CharField(max_length=16)
    bot = fields.CharField(max_length=64, default="")
    external_index = fields.CharField(max_length=64)
    external_id = fields.BinaryField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "identity"
        unique_together = (("channel", "bot", "external_index"),)


class Relation(Row):
    """Who writes for whom: self, parent, guardian, relative (with consent), professional."""

    writer: Any = fields.ForeignKeyField(
        "core.Person", related_name="writes_for", on_delete=OnDelete.RESTRICT
    )
    writer_id: int
    patient: Any = fields.ForeignKeyField(
        "core.Person", related_name="written_for_by", on_delete=OnDelete.RESTRICT
    )
    patient_id: int
    kind = fields.CharField(max_length=16)
    created_at = fields.DatetimeField()

    class Meta:
        table = "relation"
        unique_together = (("writer", "patient"),)
