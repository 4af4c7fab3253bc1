"""Persons: known by what they told, sealed, and told apart when one writes for several."""

from datetime import date

import pytest

from core import persons
from core.models import NameToken, Person, Relation
from core.sealing import CannotOpen

CAN, ELIF = date(2016, 5, 1), date(2018, 9, 9)


async def test_a_mother_of_two_children_books_for_each_from_one_phone(leyla: Person) -> None:
    can = await persons.patient_of(leyla, "parent", "Can Ahmadi", CAN)
    elif_ = await persons.patient_of(leyla, "parent", "Elif Ahmadi", ELIF)
    assert len({leyla.id, can.id, elif_.id}) == 3
    assert (await persons.patient_of(leyla, "parent", "can  AHMADI", CAN)).id == can.id
    people = await persons.written_for(leyla)
    assert [one.id for one in people] == [leyla.id, can.id, elif_.id]
    assert await Relation.all().values_list("kind", flat=True) == ["parent", "parent"]


async def test_twins_are_told_apart_by_their_names(leyla: Person) -> None:
    can = await persons.patient_of(leyla, "parent", "Can Ahmadi", CAN)
    assert (await persons.patient_of(leyla, "parent", "Elif Ahmadi", CAN)).id != can.id


async def test_whoever_writes_for_themself_stays_one_person(leyla: Person) -> None:
    born = date(1990, 4, 2)
    assert (await persons.patient_of(leyla, "self", "Ahmadi Leyla", born)).id == leyla.id
    new = await persons.create("de")
    assert (await persons.patient_of(new, "self", "Olena Bondar", born)).id == new.id
    assert persons.details_of(new).name == "Olena Bondar"


async def test_somebody_else_under_the_same_address_is_a_person_of_their_own(
    leyla: Person,
) -> None:
    other = await persons.patient_of(leyla, "self", "Josef Meier", date(1951, 9, 30))
    assert other.id != leyla.id
    assert persons.details_of(leyla).name == "Leyla Ahmadi"
    assert (await Relation.get()).kind == "relative"


async def test_another_patient_of_the_same_name_is_not_found_by_strangers(
    leyla: Person, josef: Person
) -> None:
    can = await persons.patient_of(leyla, "parent", "Can Ahmadi", CAN)
    assert (await persons.patient_of(josef, "parent", "Can Ahmadi", CAN)).id != can.id


async def test_details_are_sealed_and_searched_by_blind_index(leyla: Person) -> None:
    await persons.set_details(leyla, email="Leyla@Example.org", phone="+4922855501")
    stored = await Person.get(id=leyla.id)
    for column in (stored.name, stored.birth_date, stored.email, stored.phone):
        assert b"eyla" not in bytes(column) and b"1990" not in bytes(column)
    details = persons.details_of(stored)
    assert (details.email, details.phone) == ("Leyla@Example.org", "+4922855501")
    assert details.birth_date == date(1990, 4, 2)
    await persons.set_details(stored, name="Leyla Müller-Ahmadi")
    assert await NameToken.filter(person=stored).count() == 3
    assert persons.details_of(stored).phone == "+4922855501"


def test_names_meet_whatever_their_case_and_marks() -> None:
    assert persons.name_tokens("Jörg  MÜLLER-Łoś") == {"jorg", "muller", "łos"}
    assert persons.name_tokens("") == set()


async def test_an_erased_person_opens_no_more(leyla: Person) -> None:
    leyla.wrapped_key = None
    with pytest.raises(CannotOpen):
        persons.details_of(leyla)
