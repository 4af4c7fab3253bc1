"""Offers: held until their end and not a moment longer, one at a time, given back."""

import asyncio
from datetime import timedelta

import pytest

from core import clock, offers
from core.errors import HoldGone, NotFound
from core.models import Offer, Person, Place, Seat, Therapist
from core.network.schema import Network
from tests import builders
from tests.builders import ANYTHING, at, book, confirm, offer, request, seats

HOLD = timedelta(minutes=10)


async def states(*of: Seat) -> list[str]:
    return [(await Seat.get(id=seat.id)).state for seat in of]


async def test_up_to_three_seats_are_held_together(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    free = await seats(anna, *(at(day) for day in (1, 2, 3, 4)))
    made = await offer(leyla, network)
    assert await states(*free) == ["held", "held", "held", "open"]
    assert [row.seat.id for row in made.offered] == [seat.id for seat in free[:3]]
    assert [row.reasons for row in made.offered] == [["earliest"], [], []]
    assert made.offer.until == clock.now() + HOLD
    assert await Place.filter(state="held").count() == 1


async def test_a_held_seat_is_not_offered_to_another(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(anna, at(1), at(2))
    await offer(leyla, network)
    assert await offers.make(await request(josef), network) == offers.Nothing()
    assert await Place.filter(state="held").count() == 1
    assert await Offer.filter(state="live").count() == 1


async def test_a_lapsed_hold_is_open_at_once_without_any_sweeper(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    (seat,) = await seats(anna, at(1))
    first = await offer(leyla, network)
    clock.pass_time(HOLD - timedelta(microseconds=1))
    assert isinstance(await offers.make(await request(josef), network), offers.Nothing)
    clock.pass_time(timedelta(microseconds=1))
    second = await offer(josef, network)
    assert second.offered[0].seat.id == seat.id
    assert second.offered[0].gen == first.offered[0].gen + 1
    with pytest.raises(HoldGone):
        await confirm(first, network, leyla)
    assert (await confirm(second, network, josef)).person_id == josef.id


async def test_an_answer_after_the_end_is_refused_though_nobody_else_came(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    (seat,) = await seats(anna, at(1))
    made = await offer(leyla, network)
    clock.pass_time(HOLD)
    with pytest.raises(HoldGone):
        await confirm(made, network, leyla)
    assert (await Seat.get(id=seat.id)).state == "held"
    assert isinstance(await offers.make(await request(leyla), network), offers.Made)


async def test_a_new_offer_gives_the_earlier_one_back(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    free = await seats(anna, *(at(day) for day in (1, 2, 3, 4, 5, 6)))
    first = await offer(leyla, network)
    seen = [row.seat.public_id for row in first.offered]
    second = await offer(leyla, network, not_seats=seen)
    assert await states(*free) == ["open"] * 3 + ["held"] * 3
    assert {row.seat.public_id for row in second.offered}.isdisjoint(seen)
    with pytest.raises(HoldGone):
        await confirm(first, network, leyla)
    assert await Offer.filter(person=leyla, state="live").count() == 1


async def test_offers_of_another_kind_stand_beside_it(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, *(at(day) for day in (1, 2, 3, 4, 5, 6)))
    await offer(leyla, network)
    await offer(leyla, network, kind="move")
    assert sorted(await Offer.filter(state="live").values_list("kind", flat=True)) == [
        "dialogue", "move",
    ]  # fmt: skip
    await offers.release_live(leyla)
    assert await Seat.filter(state="held").count() == 0
    assert await Place.filter(state="held").count() == 0


async def test_a_seat_that_was_kept_stays_for_ten_more_minutes_once(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    free = await seats(anna, at(1), at(2))
    made = await offer(leyla, network)
    seat, other = made.offered
    clock.pass_time(timedelta(minutes=8))
    kept, chosen = await offers.keep(made.offer.public_id, seat.seat.public_id, network)
    assert chosen.seat.id == seat.seat.id
    assert kept.until == clock.now() + HOLD
    clock.pass_time(timedelta(minutes=8))
    again, _ = await offers.keep(made.offer.public_id, seat.seat.public_id, network)
    assert again.until == kept.until
    with pytest.raises(HoldGone):
        await offers.keep(made.offer.public_id, other.seat.public_id, network)
    place = await Place.get(state="held")
    assert place.held_until == (await Seat.get(id=free[0].id)).held_until == kept.until
    clock.pass_time(timedelta(minutes=2))
    with pytest.raises(HoldGone):
        await offers.keep(made.offer.public_id, seat.seat.public_id, network)


async def test_nothing_is_prolonged_by_a_keep_that_came_too_late(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(1))
    made = await offer(leyla, network)
    clock.pass_time(HOLD)
    with pytest.raises(HoldGone):
        await offers.keep(made.offer.public_id, made.offered[0].seat.public_id, network)
    assert not (await Offer.get(id=made.offer.id)).extended


async def test_unknown_offers_and_seats_of_other_offers_are_told_apart(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(anna, at(1), at(2), at(3), at(4))
    made, other = await offer(leyla, network), await offer(josef, network)
    with pytest.raises(NotFound):
        await offers.keep("unknown", made.offered[0].seat.public_id, network)
    with pytest.raises(HoldGone):
        await offers.keep(made.offer.public_id, other.offered[0].seat.public_id, network)
    with pytest.raises(HoldGone):
        await confirm(made, network, leyla, seat=other.offered[0])


async def test_a_release_that_comes_after_the_booking_changes_nothing(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    (seat,) = await seats(anna, at(1))
    made = await offer(leyla, network)
    await confirm(made, network, leyla)
    await offers.release(made.offer, state="gone")
    assert (await Seat.get(id=seat.id)).state == "booked"
    assert (await Offer.get(id=made.offer.id)).state == "taken"


async def test_a_release_leaves_the_seat_that_somebody_else_claimed_meanwhile(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    (seat,) = await seats(anna, at(1))
    first = await offer(leyla, network)
    clock.pass_time(HOLD)
    second = await offer(josef, network)
    await offers.release(first.offer, state="gone")
    assert (await Seat.get(id=seat.id)).offer_id == second.offer.id
    assert (await Place.get(state="held")).offer_id == second.offer.id


async def test_own_appointments_and_their_times_are_not_offered(
    anna: Therapist, shirin: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(1))
    await book(leyla, network)
    await seats(shirin, at(1, 3.5), at(2))
    made = await offer(leyla, network)
    assert [row.seat.starts_at for row in made.offered] == [at(2)]


async def test_a_full_therapist_is_answered_with_the_next_best_at_once(
    anna: Therapist, shirin: Therapist, leyla: Person, network: Network
) -> None:
    await seats(shirin, at(1))
    made = await offer(leyla, network, ANYTHING.with_(therapist=anna.public_id))
    assert made.asked_therapist_full
    assert made.offered[0].seat.therapist.id == shirin.id
    await seats(anna, at(2))
    made = await offer(leyla, network, ANYTHING.with_(therapist=anna.public_id))
    assert not made.asked_therapist_full
    assert [row.seat.therapist.id for row in made.offered] == [anna.id]


async def test_the_next_best_come_too_when_the_last_seat_was_lost_in_a_race(
    anna: Therapist, shirin: Therapist, leyla: Person, network: Network, monkeypatch
) -> None:
    (lost,) = await seats(anna, at(1))
    await seats(shirin, at(2))
    real = offers.find

    async def overtaken(*args, **more):
        found = await real(*args, **more)
        await Seat.filter(id=lost.id).update(state="blocked")
        return found

    monkeypatch.setattr(offers, "find", overtaken)
    made = await offer(leyla, network, ANYTHING.with_(therapist=anna.public_id))
    assert made.asked_therapist_full
    assert [row.seat.therapist.id for row in made.offered] == [shirin.id]


async def test_a_service_that_the_network_no_longer_has_is_not_found(
    leyla: Person, network: Network
) -> None:
    for criteria in (ANYTHING.with_(service="astrology"), ANYTHING.with_(kind="seance")):
        with pytest.raises(NotFound):
            await offers.make(await request(leyla, criteria), network)


async def test_two_offers_for_one_person_at_once_leave_one_live(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, *(at(day) for day in range(1, 10)))
    asked = await request(leyla)
    made = await asyncio.gather(*(offers.make(asked, network) for _ in range(4)))
    assert all(isinstance(one, offers.Made) for one in made)
    assert await Offer.filter(state="live").count() == 1
    assert await Seat.filter(state="held").count() == 3


async def test_no_place_stays_held_when_no_seat_could_be(
    anna: Therapist, leyla: Person, network: Network, monkeypatch
) -> None:
    await seats(anna, at(1))

    async def lost(*_: object) -> bool:
        return False

    monkeypatch.setattr("core.holds._hold", lost)
    assert isinstance(await offers.make(await request(leyla), network), offers.Nothing)
    assert await Place.filter(state="held").count() == 0


async def test_therapists_come_up_in_turn(network: Network, monday: None) -> None:
    cast = [await builders.therapist(f"Therapist{n}") for n in range(6)]
    for one in cast:
        await seats(one, *(at(1, hours) for hours in range(3, 12)))
    counts = {one.id: 0 for one in cast}
    for n in range(12):
        made = await offer(await builders.patient(f"Patient {n}"), network)
        clock.pass_time(timedelta(seconds=1))
        for row in made.offered:
            counts[row.seat.therapist_id] += 1
    assert set(counts.values()) == {6}
