"""Storing therapists: all rows or none, known ones by their address, places never lost."""

from dataclasses import replace

import pytest

from core import clock, therapists
from core.actors import SYSTEM
from core.models import Audit, Place, Therapist, Trait, WorkingHours
from core.network.schema import Network
from core.network.therapists import TherapistRow, parse
from tests.cast import DEMO


@pytest.fixture
def rows(demo_network: Network) -> list[TherapistRow]:
    parsed, problems = parse((DEMO / "therapists.csv").read_text(), demo_network)
    assert not problems
    return parsed


async def store(rows: list[TherapistRow]) -> tuple[int, int]:
    return await therapists.store(rows, by=SYSTEM, now=clock.now())


@pytest.mark.anyio
async def test_every_row_becomes_an_entry_with_traits_hours_and_places(
    network: Network, rows: list[TherapistRow]
):
    assert await store(rows) == (24, 0)
    anna = await Therapist.get(email="anna.huber@rheinaue.example")
    traits = await Trait.filter(therapist=anna, kind="exclusion").values_list("code", flat=True)
    assert sorted(traits) == ["addiction", "psychosis"]
    monday = await WorkingHours.filter(therapist=anna, weekday=0).get()
    assert (monday.opens, monday.closes, monday.site) == ("09:00", "13:00", "zentrum")
    assert await Place.filter(therapist=anna, setting="individual", state="free").count() == 3
    assert await Audit.filter(action="therapist.stored").count() == 24


@pytest.mark.anyio
async def test_the_same_file_again_changes_nothing(network: Network, rows: list[TherapistRow]):
    await store(rows)
    before = [await model.all().count() for model in (Therapist, Trait, WorkingHours, Place)]
    assert await store(rows) == (0, 24)
    after = [await model.all().count() for model in (Therapist, Trait, WorkingHours, Place)]
    assert after == before


@pytest.mark.anyio
async def test_what_the_file_says_replaces_what_stood(network: Network, rows: list[TherapistRow]):
    await store(rows[:1])
    await store([replace(rows[0], name="Anna Huber-Klein", languages=("de",), places=1)])
    anna = await Therapist.get()
    assert anna.name == "Anna Huber-Klein"
    assert await Trait.filter(kind="language").values_list("code", flat=True) == ["de"]
    assert await Place.filter(setting="individual").count() == 1


@pytest.mark.anyio
async def test_free_places_follow_the_number_in_the_file(
    network: Network, rows: list[TherapistRow]
):
    await store(rows[:1])
    await store([replace(rows[0], places=0)])
    assert await Place.filter(setting="individual").count() == 0
    await store([replace(rows[0], places=2)])
    assert await Place.filter(setting="individual").values_list("n", flat=True) == [1, 2]


@pytest.mark.anyio
async def test_a_fault_in_the_middle_stores_nobody(network: Network, rows: list[TherapistRow]):
    broken = replace(rows[1], gender="x" * 40)
    with pytest.raises(Exception, match="gender"):
        await store([rows[0], broken])
    assert await Therapist.all().count() == 0


def test_places_are_shared_out_and_a_group_has_one_for_each_seat(
    demo_network: Network, rows: list[TherapistRow]
):
    anna, _, eva = rows[:3]
    assert therapists.shares(anna, demo_network) == {
        ("psychotherapy", "individual"): 3,
        ("psychotherapy", "group"): 8,
    }
    assert therapists.shares(replace(eva, places=3), demo_network) == {
        ("psychotherapy", "individual"): 2,
        ("psychotherapy", "couple"): 1,
    }
