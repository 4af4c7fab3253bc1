"""Sealed columns: AES-256-GCM under a data key per person.

The associated data names table, column, row and person, so that a ciphertext moved to another
row, column or person does not open. A person whose key was destroyed has nothing that opens.
"""

import secrets
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import PassungError
from core.keys import NONCE_BYTES, keys
from core.models import Person, SealedRow

FORMAT = b"\x01"


class CannotOpen(PassungError):
    """The sealed value was altered or moved, or its person was erased."""


@dataclass(frozen=True)
class PersonKey:
    """The open data key of one person; made by `key_of`, never stored."""

    person: str
    aead: AESGCM


def new_wrapped_key(person_public_id: str) -> bytes:
    return keys().wrap(AESGCM.generate_key(256), person_public_id)


def key_of(person: Person) -> PersonKey:
    """Open a person's data key; raises `CannotOpen` for an erased person."""
    if person.wrapped_key is None:
        raise CannotOpen("error.erased", person=person.public_id)
    raw = keys().unwrap(person.wrapped_key, person.public_id)
    return PersonKey(person.public_id, AESGCM(raw))


def seal(key: PersonKey, row: SealedRow, column: str, value: Any) -> bytes:
    """Return `value` (anything that JSON can hold) sealed for one column of one row."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = key.aead.encrypt(nonce, orjson.dumps(value), _bound_to(key, row, column))
    return FORMAT + nonce + sealed


def unseal(key: PersonKey, row: SealedRow, column: str) -> Any:
    """Open a sealed column; None stays None. Raises `CannotOpen`."""
    sealed = getattr(row, column)
    if sealed is None:
        return None
    start = len(FORMAT)
    nonce, rest = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
    try:
        if sealed[:start] != FORMAT or len(nonce) < NONCE_BYTES:
            raise InvalidTag
        return orjson.loads(key.aead.decrypt(nonce, rest, _bound_to(key, row, column)))
    except InvalidTag:
        table = row._meta.db_table
        raise CannotOpen("error.cannot_open", table=table, row=row.public_id) from None


async def check_fits() -> None:
    """Raise `Misconfigured` when this process's keys are not those of the open database.

    A key file that was lost and made anew would otherwise mix two keys in one database.
    """
    newest = await Person.filter(wrapped_key__not_isnull=True).order_by("-id").first()
    if newest is not None:
        key_of(newest)


def _bound_to(key: PersonKey, row: SealedRow, column: str) -> bytes:
    return "\0".join((row._meta.db_table, column, row.public_id, key.person)).encode()
