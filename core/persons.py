"""Human beings: made at the first contact, told apart by sealed details and blind indexes."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from core import clock
from core.keys import blind
from core.models import NameToken, Person, Relation, new_public_id
from core.sealing import key_of, new_wrapped_key, seal, unseal


@dataclass(frozen=True)
class Details:
    """The opened details of one person."""

    name: str | None = None
    birth_date: date | None = None
    email: str | None = None
    phone: str | None = None


async def create(language: str) -> Person:
    """Make a person with a data key and nothing else."""
    public_id = new_public_id()
    return await Person.create(
        public_id=public_id,
        wrapped_key=new_wrapped_key(public_id),
        language=language,
        created_at=clock.now(),
    )


async def set_details(
    person: Person,
    *,
    name: str | None = None,
    birth_date: date | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> None:
    """Store details that were given (None leaves what stands); `phone` in E.164 form."""
    key = key_of(person)
    given = {
        "name": name,
        "birth_date": birth_date.isoformat() if birth_date else None,
        "email": email,
        "phone": phone,
    }
    changed = {column: value for column, value in given.items() if value is not None}
    written = list(changed)
    for column, value in changed.items():
        setattr(person, column, seal(key, person, column, value))
        if column != "name":
            found_by = value.casefold() if column == "email" else value
            setattr(person, f"{column}_index", blind(column, found_by))
            written.append(f"{column}_index")
    if name is not None:
        await NameToken.filter(person=person).delete()
        tokens = [NameToken(person=person, token_index=blind("name", t)) for t in name_tokens(name)]
        await NameToken.bulk_create(tokens)
    if written:
        # Only these: the rest of the row may have been changed since it was read.
        await person.save(update_fields=written)


def details_of(person: Person) -> Details:
    """Open a person's details; raises `CannotOpen` for an erased person."""
    key = key_of(person)
    born = unseal(key, person, "birth_date")
    return Details(
        name=unseal(key, person, "name"),
        birth_date=date.fromisoformat(born) if born else None,
        email=unseal(key, person, "email"),
        phone=unseal(key, person, "phone"),
    )


def name_tokens(name: str) -> set[str]:
    """Return the words of a name, folded so that "Müller" and "muller" meet."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    return set(plain.split())


async def patient_of(writer: Person, relation: str, name: str, born: date) -> Person:
    """Return whom `writer` books for: themself, or the person they named before, or a new one.

    A mother books for two children from one phone: name and birth date tell them apart.
    """
    if relation == "self":
        known = details_of(writer)
        if known.name is None or (known.birth_date == born and _same(known.name, name)):
            await set_details(writer, name=name, birth_date=born)
            return writer
    relations = await Relation.filter(writer=writer).prefetch_related("patient")
    for row in relations:
        other: Person = row.patient
        details = details_of(other)
        if details.birth_date == born and details.name and _same(details.name, name):
            return other
    patient = await create(writer.language)
    await set_details(patient, name=name, birth_date=born)
    kind = "relative" if relation == "self" else relation
    await Relation.create(writer=writer, patient=patient, kind=kind, created_at=clock.now())
    return patient


def _same(one: str, other: str) -> bool:
    return name_tokens(one) == name_tokens(other)


async def written_for(writer: Person) -> list[Person]:
    """Return everybody for whom this person writes, themself first."""
    relations = await Relation.filter(writer=writer).order_by("id").prefetch_related("patient")
    return [writer, *(relation.patient for relation in relations)]
