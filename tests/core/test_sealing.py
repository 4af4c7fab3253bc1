"""Sealed columns open in their place for their person, and nowhere else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import keys, persons
from core.models import Message, Person, new_public_id
from core.sealing import CannotOpen, PersonKey, key_of, new_wrapped_key, seal, unseal

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=9), inner, max_size=4)
    ),
    max_leaves=8,
)


@pytest.fixture(autouse=True)
def fresh_keys() -> None:
    keys.use(keys.fresh())


def somebody() -> Person:
    public_id = new_public_id()
    return Person(public_id=public_id, wrapped_key=new_wrapped_key(public_id))


def a_message(**columns: Any) -> Message:
    return Message(public_id=new_public_id(), **columns)


@given(VALUES)
def test_what_was_sealed_opens_again_and_never_looks_the_same(value: Any) -> None:
    leyla, message = key_of(somebody()), a_message()
    message.body = seal(leyla, message, "body", value)
    assert unseal(leyla, message, "body") == value
    assert seal(leyla, message, "body", value) != message.body


def test_what_is_empty_stays_empty() -> None:
    assert unseal(key_of(somebody()), a_message(), "body") is None


def test_a_ciphertext_that_was_moved_does_not_open() -> None:
    person, other = somebody(), somebody()
    leyla, message = key_of(person), a_message()
    sealed = seal(leyla, message, "body", "Angst")
    with pytest.raises(CannotOpen):  # another row
        unseal(leyla, a_message(body=sealed), "body")
    with pytest.raises(CannotOpen):  # another column
        person.name = seal(leyla, person, "email", "Angst")
        unseal(leyla, person, "name")
    with pytest.raises(CannotOpen):  # another table
        unseal(leyla, Person(public_id=message.public_id, name=sealed), "name")
    with pytest.raises(CannotOpen):  # another person's key
        message.body = sealed
        unseal(key_of(other), message, "body")
    with pytest.raises(CannotOpen):  # the same key under another person's name
        unseal(PersonKey(other.public_id, leyla.aead), message, "body")
    assert unseal(leyla, message, "body") == "Angst"


def test_each_altered_byte_is_noticed() -> None:
    leyla, message = key_of(somebody()), a_message()
    sealed = seal(leyla, message, "body", "Angst")
    for at in range(len(sealed)):
        message.body = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(CannotOpen):
            unseal(leyla, message, "body")
    for length in range(len(sealed)):
        message.body = sealed[:length]
        with pytest.raises(CannotOpen):
            unseal(leyla, message, "body")


async def test_nothing_of_an_erased_person_opens(database: str) -> None:
    leyla = await persons.create("de")
    await persons.set_details(leyla, name="Leyla Ahmadi")
    assert persons.details_of(await Person.get()).name == "Leyla Ahmadi"
    await Person.all().update(wrapped_key=None)
    with pytest.raises(CannotOpen):
        persons.details_of(await Person.get())
