"""Therapy places: held with an offer, in trial from the first booking on, never given twice."""

from datetime import timedelta

import pytest

from core import bookings, clock, offers, places
from core.actors import PATIENT
from core.errors import HoldGone
from core.models import Person, Place, Seat, Task, Therapist
from core.network.schema import Network
from tests import builders
from tests.builders import ANYTHING, at, book, confirm, offer, request, seats

SESSION = ANYTHING.with_(kind="session")


async def states() -> list[str]:
    return await Place.all().order_by("id").values_list("state", flat=True)


@pytest.fixture
async def one_place(anna: Therapist) -> Therapist:
    await Place.filter(n__gt=1).delete()
    return anna


async def test_a_place_is_held_with_the_offer_and_in_trial_from_the_booking_on(
    one_place: Therapist, leyla: Person, network: Network
) -> None:
    await seats(one_place, at(3), at(4))
    made = await offer(leyla, network)
    held = await Place.get()
    assert (held.state, held.held_until, held.offer_id) == (
        "held", made.offer.until, made.offer.id,
    )  # fmt: skip
    booking = await confirm(made, network, leyla)
    place = await Place.get()
    assert (place.state, place.held_until, booking.place_id) == ("trial", None, place.id)
    assert place.decide_by == at(3) + timedelta(days=42)


async def test_whoever_comes_second_for_the_last_place_is_offered_somebody_else(
    one_place: Therapist, shirin: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(one_place, at(3), at(4))
    await seats(shirin, at(5))
    await offer(leyla, network, ANYTHING.with_(therapist=one_place.public_id))
    made = await offer(josef, network)
    assert [row.seat.therapist.name for row in made.offered] == ["Shirin Rad"]
    clock.pass_time(timedelta(minutes=10))
    assert len((await offer(josef, network)).offered) == 3


async def test_sessions_need_no_place(
    one_place: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(one_place, at(3), at(4), at(5), kind="session")
    await Place.all().delete()
    assert (await book(leyla, network, SESSION)).place_id is None


async def test_a_cancelled_visit_leaves_seven_days_and_a_task(
    one_place: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(one_place, at(3), at(4))
    await bookings.cancel(await book(leyla, network), network, by=PATIENT)
    place, task = await Place.get(), await Task.get()
    assert place.state == "trial"
    assert task.kind == "trial_paused"
    assert task.due_at == place.decide_by == clock.now() + timedelta(days=7)
    assert (task.subject_table, task.subject_id) == ("place", place.public_id)
    assert isinstance(await offers.make(await request(josef), network), offers.Nothing)


async def test_another_visit_within_the_seven_days_goes_on_with_the_same_place(
    one_place: Therapist, leyla: Person, network: Network
) -> None:
    await seats(one_place, at(3), at(4))
    first = await book(leyla, network)
    await bookings.cancel(first, network, by=PATIENT)
    second = await book(leyla, network)
    assert second.place_id == first.place_id
    place = await Place.get()
    assert (place.state, place.request_id) == ("trial", second.request_id)
    assert place.decide_by == second.starts_at + timedelta(days=42)
    assert (await Task.get()).state == "done"


async def test_a_fathers_second_booking_for_his_child_goes_on_with_the_childs_place(
    anna: Therapist, mehmet: Person, network: Network
) -> None:
    await seats(anna, at(3), at(4))
    can = await builders.patient("Can Kaya")
    first = await book(can, network)
    await bookings.cancel(first, network, by=PATIENT)
    again = await confirm(await offer(mehmet, network), network, can, writer=mehmet)
    assert again.place_id == first.place_id
    assert sorted(await states()) == ["free"] * 8 + ["trial"]


async def test_a_father_in_therapy_books_for_his_child_at_the_same_therapist(
    anna: Therapist, mehmet: Person, network: Network
) -> None:
    await seats(anna, at(3), at(4))
    own = await book(mehmet, network)
    can = await builders.patient("Can Kaya")
    theirs = await confirm(await offer(mehmet, network), network, can, writer=mehmet)
    assert theirs.place_id not in (None, own.place_id)
    assert sorted(await states()) == ["free"] * 7 + ["trial"] * 2


async def test_for_a_child_only_free_places_count_and_not_the_fathers_own(
    one_place: Therapist, mehmet: Person, network: Network
) -> None:
    await seats(one_place, at(3), at(4))
    await book(mehmet, network)
    asked = await request(mehmet, ANYTHING.with_(relation="parent"))
    assert isinstance(await offers.make(asked, network), offers.Nothing)
    assert isinstance(await offers.make(await request(mehmet), network), offers.Made)


async def test_a_move_to_the_same_therapist_keeps_the_place(
    one_place: Therapist, leyla: Person, network: Network
) -> None:
    await seats(one_place, at(3), at(4))
    old = await book(leyla, network)
    made = await offer(leyla, network, kind="move", moving=old)
    new = await confirm(made, network, leyla, moving=old)
    assert new.place_id == old.place_id
    assert await states() == ["trial"]
    assert (await Place.get()).decide_by == at(4) + timedelta(days=42)


async def test_a_move_to_another_therapist_frees_the_place(
    one_place: Therapist, shirin: Therapist, leyla: Person, network: Network
) -> None:
    await seats(one_place, at(3))
    old = await book(leyla, network)
    await seats(shirin, at(4))
    new = await confirm(
        await offer(leyla, network, kind="move", moving=old), network, leyla, moving=old
    )
    left, begun = await Place.get(id=old.place_id), await Place.get(id=new.place_id)
    assert (left.state, left.request_id, left.decide_by) == ("free", None, None)
    assert (begun.state, begun.therapist_id) == ("trial", shirin.id)


async def test_a_place_with_another_visit_stays_when_one_is_cancelled_or_moved_away(
    one_place: Therapist, shirin: Therapist, leyla: Person, network: Network
) -> None:
    await seats(one_place, at(3), at(4))
    first, second = await book(leyla, network), await book(leyla, network)
    assert first.place_id == second.place_id
    await seats(shirin, at(5))
    made = await offer(leyla, network, ANYTHING.with_(therapist=shirin.public_id), kind="move")
    await confirm(made, network, leyla, moving=first)
    assert (await Place.get(id=second.place_id)).state == "trial"
    await bookings.cancel(second, network, by=PATIENT)
    assert await Task.filter(kind="trial_paused", state="open").count() == 1


async def test_a_confirmed_place_is_not_freed_by_moving_a_visit_elsewhere(
    one_place: Therapist, shirin: Therapist, leyla: Person, network: Network
) -> None:
    await seats(one_place, at(3))
    old = await book(leyla, network)
    await Place.filter(id=old.place_id).update(state="taken")
    await seats(shirin, at(4))
    made = await offer(leyla, network, kind="move", moving=old)
    await confirm(made, network, leyla, moving=old)
    assert (await Place.get(id=old.place_id)).state == "taken"


async def test_a_seat_without_its_place_is_not_booked(
    one_place: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(one_place, at(3))
    made = await offer(leyla, network)
    await Place.all().update(state="taken", request_id=(await request(josef)).id)
    with pytest.raises(HoldGone):
        await confirm(made, network, leyla)
    assert (await Seat.get()).state == "held"


async def test_moving_a_session_keeps_its_place_with_the_therapist_only(
    anna: Therapist, shirin: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(3))
    place = (await book(leyla, network)).place_id
    await seats(anna, at(4), at(5), kind="session")
    session = await book(leyla, network, SESSION)
    session.place_id = place
    await session.save()
    moved = await confirm(
        await offer(leyla, network, SESSION, kind="move", moving=session),
        network,
        leyla,
        moving=session,
    )
    assert moved.place_id == place
    await seats(shirin, at(6), kind="session")
    made = await offer(
        leyla, network, SESSION.with_(therapist=shirin.public_id), kind="move", moving=moved
    )
    assert (await confirm(made, network, leyla, moving=moved)).place_id is None


async def test_settings_have_places_of_their_own(
    one_place: Therapist, leyla: Person, network: Network
) -> None:
    group = {"setting": "group", "service": "psychotherapy"}
    await Place.create(therapist=one_place, n=1, **group)
    alone = await seats(one_place, at(3))
    await seats(one_place, at(4), setting="group", capacity=2)
    made = await offer(leyla, network, ANYTHING.with_(setting=None))
    assert await states() == ["held", "held"]
    booking = await confirm(made, network, leyla, seat=made.offered[-1])
    assert (await Place.get(id=booking.place_id)).setting == "group"
    assert await states() == ["free", "trial"]
    assert (await Seat.get(id=alone[0].id)).state == "open"


async def test_a_group_is_never_larger_than_its_places(network: Network, monday: None) -> None:
    leads = await builders.therapist("Leads Groups", places=0, setting=("group",))
    for n in (1, 2, 3):
        await Place.create(therapist=leads, service="psychotherapy", setting="group", n=n)
    for day in (3, 10):
        await seats(leads, at(day), setting="group", capacity=3)
    group = ANYTHING.with_(setting="group")
    for n in range(3):
        person = await builders.patient(f"Patient {n}")
        made = await offer(person, network, group)
        # A group has several seats alike: one of each meeting is proposed.
        assert [row.seat.starts_at for row in made.offered] == [at(3), at(10)]
        await confirm(made, network, person)
    late = await builders.patient("Olena Bondar")
    assert isinstance(await offers.make(await request(late, group), network), offers.Nothing)
    assert await Seat.filter(state="booked").count() == 3
    assert await states() == ["trial"] * 3


async def test_what_was_never_a_trial_is_neither_paused_nor_left(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(3), kind="session")
    booking = await book(leyla, network, SESSION)
    await places.pause_trial(booking)
    await places.left_behind(booking)
    assert await Task.all().count() == 0
    assert set(await states()) == {"free"}
