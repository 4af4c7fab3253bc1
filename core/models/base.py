"""What every table shares: a bigint key inside, a random public id outside."""

import secrets

from tortoise import fields
from tortoise.models import Model


def new_public_id() -> str:
    """Return 128 random bits as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


class Row(Model):
    id = fields.BigIntField(primary_key=True)

    class Meta:
        abstract = True


class PublicRow(Row):
    public_id = fields.CharField(max_length=22, unique=True, default=new_public_id)

    class Meta:
        abstract = True


class SealedRow(PublicRow):
    """A row with sealed columns: `core.sealing` opens them with the key of `person`."""

    class Meta:
        abstract = True
