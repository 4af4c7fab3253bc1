"""Matching over the database: what is free, soon enough and with whom."""

from datetime import timedelta

import pytest

from core import clock, matching, profiles
from core.models import Place, Seat, Slot, Therapist
from core.network.schema import Network
from core.rules.criteria import ANY, Criteria
from core.rules.ranking import Ranked
from tests import builders
from tests.builders import ANYTHING, at, seats


async def found(criteria: Criteria, network: Network, **more: object) -> list[Ranked]:
    return (await matching.find(criteria, network, now=clock.now(), **more)).ranked


async def test_hard_criteria_exclude(
    anna: Therapist, shirin: Therapist, eva: Therapist, network: Network
) -> None:
    await seats(anna, at(1))
    await seats(shirin, at(2), site="godesberg")
    await seats(shirin, at(3), site="", format="video")
    await seats(eva, at(4), site="beuel")
    await seats(eva, at(5), site="beuel", setting="couple")
    everybody = {anna.id, shirin.id, eva.id}
    for changes, expected in (
        ({}, everybody),
        ({"modality": "cbt"}, {anna.id}),
        ({"modality": ANY}, everybody),
        ({"format": "video"}, {shirin.id}),
        ({"language": "fa"}, {shirin.id}),
        ({"language": "fa", "interpreter": True}, everybody),
        ({"concern": "addiction"}, {shirin.id, eva.id}),
        ({"age_group": "child"}, {eva.id}),
        ({"accessible": True}, {anna.id, eva.id}),
        ({"accessible": True, "format": "video"}, {shirin.id}),
        ({"site": "godesberg"}, {shirin.id}),
        ({"area": "Köln"}, {shirin.id}),
        ({"gender": "male"}, set()),
        ({"funding": "private"}, set()),
    ):
        got = {row.free.therapist for row in await found(ANYTHING.with_(**changes), network)}
        assert got == expected, changes


async def test_an_excluded_concern_is_never_offered_even_if_it_is_the_focus_too(
    network: Network, monday: None
) -> None:
    torn = await builders.therapist("Torn", focus=("addiction",), exclusion=("addiction",))
    await seats(torn, at(1))
    assert await found(ANYTHING.with_(concern="addiction"), network) == []


async def test_only_seats_in_time_of_active_slots_and_therapists_count(
    anna: Therapist, network: Network
) -> None:
    await seats(anna, at(0, 1), at(57))
    soon, far = await seats(anna, at(0, 2), at(55))
    blocked, booked = await seats(anna, at(3), at(4))
    await Slot.filter(id=blocked.slot_id).update(state="blocked")
    await Seat.filter(id=booked.id).update(state="booked")
    assert [row.free.seat for row in await found(ANYTHING, network)] == [soon.id, far.id]
    await Therapist.filter(id=anna.id).update(active=False)
    await profiles.changed()
    assert await found(ANYTHING, network) == []


async def test_profiles_are_read_again_only_when_one_was_edited(
    anna: Therapist, network: Network
) -> None:
    before = await profiles.active()
    assert await profiles.active() is before
    await profiles.changed()
    after = await profiles.active()
    assert after == before and after is not before


async def test_therapists_without_a_place_are_not_proposed_for_a_first_visit(
    anna: Therapist, shirin: Therapist, network: Network
) -> None:
    await seats(anna, at(1))
    await seats(shirin, at(2))
    await Place.filter(therapist=anna).update(setting="group")
    assert {r.free.therapist for r in await found(ANYTHING, network)} == {shirin.id}
    own = [(anna.id, "individual")]
    with_own = await found(ANYTHING, network, own_places=own)
    assert {r.free.therapist for r in with_own} == {anna.id, shirin.id}


async def test_seats_at_wanted_times_are_found_behind_hundreds_of_others(
    anna: Therapist, network: Network, monkeypatch
) -> None:
    monkeypatch.setattr("core.free_seats.BATCH", 5)
    await seats(anna, *(at(day, hours) for day in (1, 2) for hours in range(3, 9)))
    (evening,) = await seats(anna, at(3, 12))
    best = (await found(ANYTHING.with_(parts=("evening",)), network))[0]
    assert best.free.seat == evening.id and "times" in best.reasons


async def test_what_would_widen_the_choice_is_counted(
    anna: Therapist, shirin: Therapist, network: Network
) -> None:
    await seats(anna, at(1), at(2))
    await seats(shirin, at(1), site="godesberg")
    asked = ANYTHING.with_(modality="cbt", gender="male", concern="psychosis")
    assert await matching.widenings(asked, network, now=clock.now()) == {}
    asked = ANYTHING.with_(modality="analytic")
    assert await matching.widenings(asked, network, now=clock.now()) == {"modality": 3}
    asked = ANYTHING.with_(site="beuel")
    assert await matching.widenings(asked, network, now=clock.now()) == {"site": 3}
    asked = ANYTHING.with_(site="zentrum", format="video", therapist="nobody")
    assert await matching.widenings(asked, network, now=clock.now()) == {"format": 2}


async def test_only_questions_that_divide_are_named(
    anna: Therapist, shirin: Therapist, network: Network
) -> None:
    everybody = await matching.divides(ANYTHING)
    assert {"modality", "format", "site", "language"} <= everybody
    assert "funding" not in everybody
    assert await matching.divides(ANYTHING.with_(modality="cbt")) == frozenset()


async def test_the_site_asked_for_is_a_reason(anna: Therapist, network: Network) -> None:
    await seats(anna, at(1))
    (row,) = await found(ANYTHING.with_(site="zentrum"), network)
    assert row.reasons == ("near",)


@pytest.mark.parametrize("minutes", [-49, -1, 0, 1, 49])
async def test_the_patients_own_appointments_leave_no_room_for_another(
    anna: Therapist, network: Network, minutes: int
) -> None:
    await seats(anna, at(1))
    own = at(1) + timedelta(minutes=minutes)
    assert not await found(ANYTHING, network, busy=[(own, own + timedelta(minutes=50))])
    for free in (at(1) - timedelta(minutes=50), at(1) + timedelta(minutes=50)):
        assert await found(ANYTHING, network, busy=[(free, free + timedelta(minutes=50))])
