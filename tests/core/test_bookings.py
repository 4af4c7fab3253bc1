"""Bookings: confirmed by the holder only, moved in one step, cancelled on the terms accepted."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core import bookings, clock, offers, terms
from core.actors import PATIENT
from core.errors import Conflict, HoldGone, NotFound
from core.models import Audit, Booking, NetworkVersion, Person, Request, Seat, Therapist
from core.network import store
from core.network.schema import Network
from tests import builders
from tests.builders import MONDAY, at, book, confirm, offer, seats


async def test_a_booking_keeps_who_where_when_and_what_was_accepted(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    first, second = await seats(anna, at(3), at(4))
    booking = await book(leyla, network)
    stored = await Booking.get(id=booking.id)
    assert (stored.seat_id, stored.person_id, stored.therapist_id) == (first.id, leyla.id, anna.id)
    assert (stored.starts_at, stored.ends_at) == (first.starts_at, first.ends_at)
    accepted = (stored.policy, stored.policy_version, stored.policy_language, stored.accepted_at)
    assert accepted == ("psychotherapy", 1, "de", MONDAY)
    seat = await Seat.get(id=first.id)
    assert (seat.state, seat.booking_id, seat.held_until) == ("booked", booking.id, None)
    assert (await Seat.get(id=second.id)).state == "open"
    assert (await Request.get(id=booking.request_id)).state == "booked"
    assert await Audit.filter(action="booking_made", object_id=booking.public_id).count() == 1


async def test_a_late_confirm_by_the_first_holder_is_refused_after_a_second_took_it(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(anna, at(3))
    first = await offer(leyla, network)
    clock.pass_time(timedelta(minutes=10))
    second = await offer(josef, network)
    with pytest.raises(HoldGone):
        await confirm(first, network, leyla)
    assert (await confirm(second, network, josef)).person_id == josef.id


async def test_nobody_confirms_what_is_held_for_another(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(anna, at(3))
    made = await offer(leyla, network)
    with pytest.raises(NotFound):
        await confirm(made, network, josef)
    assert (await confirm(made, network, leyla)).person_id == leyla.id


async def test_a_generation_that_is_not_the_held_one_is_refused(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(3))
    made = await offer(leyla, network)
    made.offered[0].gen += 1
    with pytest.raises(HoldGone):
        await confirm(made, network, leyla)
    assert await Booking.all().count() == 0


@pytest.mark.parametrize("early", [timedelta(microseconds=1), timedelta(milliseconds=50)])
async def test_a_tap_just_before_the_end_books_and_at_the_end_does_not(
    anna: Therapist, leyla: Person, network: Network, early: timedelta
) -> None:
    await seats(anna, at(3), at(4))
    made = await offer(leyla, network)
    clock.pass_time(timedelta(minutes=10) - early)
    assert (await confirm(made, network, leyla)).place_id
    late = await offer(leyla, network)
    clock.pass_time(timedelta(minutes=10))
    with pytest.raises(HoldGone):
        await confirm(late, network, leyla)


async def test_one_offer_books_once_whoever_it_is_for(
    anna: Therapist, mehmet: Person, network: Network
) -> None:
    await seats(anna, at(3), at(4), at(5))
    made = await offer(mehmet, network)
    can, elif_ = await builders.patient("Can Kaya"), await builders.patient("Elif Kaya")
    results = await asyncio.gather(
        confirm(made, network, can, writer=mehmet),
        confirm(made, network, elif_, writer=mehmet, seat=made.offered[1]),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Booking", "HoldGone"]
    assert await Booking.all().count() == 1
    assert await Seat.filter(state="open").count() == 2


async def test_a_patient_has_no_two_appointments_at_once_and_is_told_so(
    anna: Therapist, shirin: Therapist, mehmet: Person, leyla: Person, network: Network
) -> None:
    await seats(anna, at(3))
    await book(leyla, network)
    await seats(shirin, at(3, 3.5))
    # Offered to a writer who has nothing then; the patient turns out to be Leyla.
    made = await offer(mehmet, network)
    with pytest.raises(Conflict) as refused:
        await confirm(made, network, leyla, writer=mehmet)
    assert refused.value.key == "error.appointments_overlap"
    assert (await Seat.get(id=made.offered[0].seat.id)).state == "held"
    assert await Booking.filter(state="booked").count() == 1


async def test_two_children_of_one_father_have_appointments_at_the_same_time(
    anna: Therapist, shirin: Therapist, mehmet: Person, network: Network
) -> None:
    await seats(anna, at(3))
    await seats(shirin, at(3))
    can, elif_ = await builders.patient("Can Kaya"), await builders.patient("Elif Kaya")
    first = await book(can, network, writer=mehmet)
    second = await book(elif_, network, writer=mehmet)
    assert first.starts_at == second.starts_at
    assert [b.person_id for b in await bookings.live_of([mehmet, can, elif_])] == [can.id, elif_.id]


async def test_the_limit_counts_live_appointments_and_a_series_once(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, *(at(day) for day in range(2, 8)))
    first = await book(leyla, network)
    second = await book(leyla, network)
    third = await offer(leyla, network)
    with pytest.raises(Conflict) as refused:
        await confirm(third, network, leyla)
    assert (refused.value.key, refused.value.data) == ("error.too_many_bookings", {"limit": 2})
    await Booking.filter(id__in=[first.id, second.id]).update(series="weekly")
    await confirm(third, network, leyla)
    with pytest.raises(Conflict):
        await book(leyla, network)
    clock.pass_time(timedelta(days=3))
    await bookings.cancel(await Booking.get(person=leyla, series=None), network, by=PATIENT)
    await book(leyla, network)


async def test_a_reference_that_is_in_use_is_drawn_anew(
    anna: Therapist, leyla: Person, josef: Person, network: Network, monkeypatch
) -> None:
    await seats(anna, at(3), at(4), at(5))
    taken = (await book(leyla, network)).reference
    drawn = iter([taken, taken, "ANOTHER"])
    monkeypatch.setattr(bookings, "_new_reference", lambda: next(drawn))
    assert (await book(josef, network)).reference == "ANOTHER"
    assert len(taken) == 7 and not set(taken) & set("01IO")
    monkeypatch.setattr(bookings, "_new_reference", lambda: taken)
    with pytest.raises(HoldGone):
        await book(await builders.patient("Olena Bondar"), network)


async def test_rules_that_nobody_could_have_read_are_not_accepted(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(3))
    made = await offer(leyla, network)
    chosen = made.offered[0]
    with pytest.raises(NotFound):
        await bookings.confirm(
            made.offer.public_id,
            chosen.seat.public_id,
            chosen.gen,
            patient=leyla,
            writer=leyla,
            network=network,
            acceptance=terms.Acceptance("psychotherapy", 99, "de", "web"),
            conversation=None,
            by=PATIENT,
        )


# ── moving ──────────────────────────────────────────────────────────────────────────────


async def test_a_move_opens_the_old_seat_and_books_the_new_one(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(anna, at(3), at(4))
    old = await book(leyla, network)
    made = await offer(leyla, network, kind="move", moving=old)
    new = await confirm(made, network, leyla, moving=old)
    assert new.moved_from_id == old.id
    assert (await Booking.get(id=old.id)).state == "moved"
    assert [b.id for b in await bookings.live_of([leyla])] == [new.id]
    left = await Seat.get(id=old.seat_id)
    assert (left.state, left.booking_id) == ("open", None)
    assert (await book(josef, network)).seat_id == old.seat_id


async def test_an_appointment_may_move_by_half_an_hour_into_its_own_time(
    anna: Therapist, shirin: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(3))
    old = await book(leyla, network)
    await seats(shirin, at(3, 3.5))
    made = await offer(leyla, network, kind="move", moving=old)
    assert (await confirm(made, network, leyla, moving=old)).starts_at == at(3, 3.5)


@pytest.mark.parametrize("step", ["_insert", "audit.record"])
async def test_a_move_that_fails_in_the_middle_leaves_the_old_appointment(
    anna: Therapist, shirin: Therapist, leyla: Person, network: Network, monkeypatch, step: str
) -> None:
    await seats(anna, at(3))
    old = await book(leyla, network)
    await seats(shirin, at(4))
    made = await offer(leyla, network, kind="move", moving=old)

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(f"core.bookings.{step}", broken)
        with pytest.raises(RuntimeError):
            await confirm(made, network, leyla, moving=old)
    assert [b.id for b in await bookings.live_of([leyla])] == [old.id]
    assert (await Seat.get(id=old.seat_id)).booking_id == old.id
    assert (await Seat.get(id=made.offered[0].seat.id)).state == "held"
    await confirm(made, network, leyla, moving=old)
    assert await Booking.filter(state="booked").count() == 1


async def test_an_appointment_moves_once_and_never_after_it_was_cancelled(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(3), at(4), at(5))
    old = await book(leyla, network)
    stale = await Booking.get(id=old.id)
    made = await offer(leyla, network, kind="move", moving=old)
    new = await confirm(made, network, leyla, moving=old)
    again = await offer(leyla, network, kind="move", moving=stale)
    with pytest.raises(Conflict) as refused:
        await confirm(again, network, leyla, moving=stale)
    assert refused.value.key == "error.booking_over"
    await bookings.cancel(new, network, by=PATIENT)
    with pytest.raises(Conflict):
        await confirm(again, network, leyla, moving=new)
    assert await bookings.live_of([leyla]) == []


async def test_nobody_moves_the_appointment_of_another(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(anna, at(3), at(4))
    hers = await book(leyla, network)
    made = await offer(josef, network)
    with pytest.raises(NotFound):
        await confirm(made, network, josef, moving=hers)
    assert (await Booking.get(id=hers.id)).state == "booked"


async def test_an_appointment_that_has_begun_is_neither_moved_nor_cancelled(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(3), at(6))
    old = await book(leyla, network)
    clock.pass_time(timedelta(days=3, hours=3))
    made = await offer(leyla, network, kind="move", moving=old)
    with pytest.raises(Conflict) as refused:
        await confirm(made, network, leyla, moving=old)
    assert refused.value.key == "error.booking_over"
    with pytest.raises(Conflict):
        await bookings.cancel(old, network, by=PATIENT)
    assert await bookings.live_of([leyla]) == []
    assert (await Booking.get(id=old.id)).state == "booked"


async def test_a_patient_at_the_limit_can_still_move(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(2), at(3), at(4))
    first = await book(leyla, network)
    await book(leyla, network)
    made = await offer(leyla, network, kind="move", moving=first)
    assert (await confirm(made, network, leyla, moving=first)).starts_at == at(4)


# ── cancelling ──────────────────────────────────────────────────────────────────────────


async def test_a_cancelled_appointment_costs_nothing_in_time_and_its_seat_is_open(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(anna, at(3))
    booking = await book(leyla, network)
    due = await bookings.cancel(booking, network, by=PATIENT)
    assert (due.free, due.free_until) == (True, at(1))
    stored = await Booking.get(id=booking.id)
    assert (stored.state, stored.fee, stored.ended_at) == ("cancelled", None, MONDAY)
    assert (await Request.get(id=booking.request_id)).state == "closed"
    assert (await book(josef, network)).seat_id == booking.seat_id


# 14:00 in Bonn, on the day after the clock went forward, or back, in the night to Sunday.
CHANGES = [datetime(2027, 3, 29, 12, tzinfo=UTC), datetime(2027, 11, 1, 13, tzinfo=UTC)]


@pytest.mark.parametrize("starts", [at(3), *CHANGES])
async def test_the_fee_begins_forty_eight_hours_before_also_when_the_clock_changes(
    anna: Therapist, leyla: Person, network: Network, starts: datetime
) -> None:
    free_until = starts - timedelta(hours=48)
    for late in (False, True):
        with clock.frozen_at(free_until - timedelta(days=1)):
            await seats(anna, starts + timedelta(hours=late))
            booking = await book(leyla, network)
            clock.pass_time(timedelta(days=1, hours=late))
            clock.pass_time(timedelta(microseconds=late))
            due = await bookings.cancel(booking, network, by=PATIENT)
        assert due.cost == (Decimal(60) if late else 0)
        stored = await Booking.get(id=booking.id)
        assert stored.state == ("cancelled_late" if late else "cancelled")
        assert stored.fee == (Decimal(60) if late else None)
        await Seat.all().update(state="blocked")


async def test_a_child_pays_nothing_for_a_late_cancel(
    anna: Therapist, mehmet: Person, network: Network
) -> None:
    await seats(anna, at(1))
    can = await builders.patient("Can Kaya", date(2016, 5, 1))
    booking = await book(can, network, writer=mehmet)
    assert (await bookings.cancel(booking, network, by=PATIENT)).cost == 0


async def test_only_the_first_of_two_cancels_counts(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(3))
    booking = await book(leyla, network)
    same = [await Booking.get(id=booking.id) for _ in range(4)]
    results = await asyncio.gather(
        *(bookings.cancel(one, network, by=PATIENT) for one in same), return_exceptions=True
    )
    assert sorted(type(r).__name__ for r in results) == ["Conflict"] * 3 + ["Terms"]
    assert await Audit.filter(action="booking_cancelled").count() == 1


async def test_a_seat_that_was_booked_again_survives_the_second_cancel_of_the_first_patient(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(anna, at(3))
    booking = await book(leyla, network)
    stale = await Booking.get(id=booking.id)
    await bookings.cancel(booking, network, by=PATIENT)
    theirs = await book(josef, network)
    with pytest.raises(Conflict):
        await bookings.cancel(stale, network, by=PATIENT)
    assert (await Seat.get(id=theirs.seat_id)).booking_id == theirs.id


async def test_the_version_that_was_accepted_stays_when_the_rules_change(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    await seats(anna, at(1), at(5))
    booking = await book(leyla, network)
    old = next(policy for policy in network.policies if policy.code == "psychotherapy")
    newer = old.model_copy(
        update={"version": 2, "fee": Decimal(90), "valid_from": date(2027, 1, 11)}
    )
    others = [policy for policy in network.policies if policy != old]
    await store.load(network.model_copy(update={"policies": (newer, *others)}))
    now_in_force = await store.current()
    assert bookings.policy_for(now_in_force, "psychotherapy", date(2027, 1, 11)).version == 2
    assert bookings.policy_for(now_in_force, "psychotherapy", date(2027, 1, 10)).version == 1
    due = await bookings.cancel(booking, now_in_force, by=PATIENT)
    assert (due.policy.version, due.cost) == (1, Decimal(60))
    assert await NetworkVersion.all().count() == 2


def test_a_service_without_rules_in_force_is_not_found(demo_network: Network) -> None:
    for service, on, version in (
        ("psychotherapy", date(2020, 1, 1), None),
        ("psychotherapy", date(2027, 1, 1), 9),
        ("astrology", date(2027, 1, 1), None),
    ):
        with pytest.raises(NotFound):
            bookings.policy_for(demo_network, service, on, version)


async def test_bookings_are_found_by_those_who_write_for_them_only(
    anna: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    await seats(anna, at(3))
    booking = await book(leyla, network)
    assert (await bookings.one_of([josef, leyla], booking.public_id)).id == booking.id
    with pytest.raises(NotFound):
        await bookings.one_of([josef], booking.public_id)
    assert await bookings.live_of([josef]) == []


async def test_confirm_and_release_at_once_give_one_answer(
    anna: Therapist, leyla: Person, network: Network
) -> None:
    free = await seats(anna, *(at(day) for day in range(2, 8)))
    for _ in range(6):
        made = await offer(leyla, network)
        done, _ = await asyncio.gather(
            confirm(made, network, leyla),
            offers.release(made.offer, state="gone"),
            return_exceptions=True,
        )
        if isinstance(done, Booking):
            assert (await Seat.get(id=done.seat_id)).state == "booked"
            await bookings.cancel(done, network, by=PATIENT)
        else:
            assert isinstance(done, HoldGone)
        assert await Seat.filter(state="open").count() == len(free)
