"""Each constraint has the last word: the row that breaks it is refused by both databases."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tortoise.exceptions import IntegrityError

from core import clock, conversations, db
from core.models import (
    Booking,
    Conversation,
    Escalation,
    Message,
    Offer,
    Person,
    Place,
    Seat,
    Slot,
    Staff,
    Task,
)
from tests import builders
from tests.builders import at

CONSTRAINTS = import_module("core.migrations.0002_constraints").CONSTRAINTS
Breach = Callable[[], Awaitable[object]]


async def conversation() -> Conversation:
    return await conversations.start("web", "de", "leyla")


async def an_offer(of: Person, state: str = "live", kind: str = "dialogue") -> Offer:
    asked = await builders.request(of)
    return await Offer.create(
        request=asked, person=of, kind=kind, state=state, until=at(0), created_at=at(0)
    )


async def a_booking(seat: Seat, of: Person, **changes: Any) -> Booking:
    given: dict[str, Any] = {
        "reference": seat.public_id[:12],
        "seat": seat,
        "therapist_id": seat.therapist_id,
        "person": of,
        "writer": of,
        "request": await builders.request(of),
        "service": "psychotherapy",
        "starts_at": seat.starts_at,
        "ends_at": seat.ends_at,
        "policy": "psychotherapy",
        "policy_version": 1,
        "policy_language": "de",
        "accepted_channel": "web",
        "accepted_at": at(0),
        "created_at": at(0),
    }
    return await Booking.create(**given | changes)


async def an_escalation(**changes: Any) -> Escalation:
    thread = await conversation()
    given = {"severity": "watch", "category": "hopelessness", "due_at": at(0)}
    return await Escalation.create(
        conversation=thread,
        person_id=thread.person_id,
        created_at=at(0),
        **given | changes,
    )


async def booking_one_per_seat() -> Breach:
    anna = await builders.therapist("Anna Huber")
    seat = (await builders.seats(anna, at(1)))[0]
    await a_booking(seat, await builders.patient("Leyla Ahmadi"))
    josef = await builders.patient("Josef Meier")
    return lambda: a_booking(seat, josef, reference="another")


async def slot_no_overlap() -> Breach:
    anna = await builders.therapist("Anna Huber")
    await builders.seats(anna, at(1))
    return lambda: builders.seats(anna, at(1) + timedelta(minutes=49))


async def booking_patient_no_overlap() -> Breach:
    anna, shirin = await builders.therapist("Anna Huber"), await builders.therapist("Shirin Rad")
    leyla = await builders.patient("Leyla Ahmadi")
    await a_booking((await builders.seats(anna, at(1)))[0], leyla)
    other = (await builders.seats(shirin, at(1) + timedelta(minutes=30)))[0]
    return lambda: a_booking(other, leyla)


async def slot_ends_after_start() -> Breach:
    anna = await builders.therapist("Anna Huber")
    return lambda: builders.seats(anna, at(1), ends_at=at(1))


async def booking_ends_after_start() -> Breach:
    seat = (await builders.seats(await builders.therapist("Anna Huber"), at(1)))[0]
    leyla = await builders.patient("Leyla Ahmadi")
    return lambda: a_booking(seat, leyla, ends_at=seat.starts_at)


async def seat_state_known() -> Breach:
    seat = (await builders.seats(await builders.therapist("Anna Huber"), at(1)))[0]
    return lambda: Seat.filter(id=seat.id).update(state="perhaps")


async def seat_hold_has_end() -> Breach:
    seat = (await builders.seats(await builders.therapist("Anna Huber"), at(1)))[0]
    return lambda: Seat.filter(id=seat.id).update(state="held")


async def place_hold_has_end() -> Breach:
    await builders.therapist("Anna Huber", places=1)
    asked = await builders.request(await builders.patient("Leyla Ahmadi"))
    return lambda: Place.all().update(state="held", request_id=asked.id)


async def place_state_known() -> Breach:
    await builders.therapist("Anna Huber", places=1)
    asked = await builders.request(await builders.patient("Leyla Ahmadi"))
    return lambda: Place.all().update(state="open", request_id=asked.id)


async def offer_one_live_per_kind() -> Breach:
    leyla = await builders.patient("Leyla Ahmadi")
    await an_offer(leyla)
    await an_offer(leyla, kind="move")
    await an_offer(leyla, state="gone")
    return lambda: an_offer(leyla)


async def place_use_has_request() -> Breach:
    await builders.therapist("Anna Huber", places=1)
    return lambda: Place.all().update(state="trial")


async def escalation_one_open() -> Breach:
    await an_escalation()
    return an_escalation


async def escalation_ended_by_human() -> Breach:
    await an_escalation()
    return lambda: Escalation.all().update(state="acknowledged")


async def task_one_open() -> Breach:
    given = {"kind": "call", "subject_table": "person", "subject_id": "x", "due_at": at(0)}
    await Task.create(**given, state="done", created_at=at(0))
    await Task.create(**given, created_at=at(0))
    return lambda: Task.create(**given, created_at=at(0))


async def a_message_twice(**same: object) -> Breach:
    thread = await conversation()

    async def add(**given: object) -> None:
        await Message.create(
            conversation=thread,
            person_id=thread.person_id,
            sender="patient",
            kind="text",
            created_at=clock.now(),
            **given | same,
        )

    await add(seq=1, external_id="a")
    return lambda: add(seq=2, external_id="b")


async def message_sequence() -> Breach:
    return await a_message_twice(seq=1)


async def message_external_id() -> Breach:
    return await a_message_twice(external_id="a")


BREACHES = {
    breach.__name__: breach
    for breach in (
        booking_one_per_seat, slot_no_overlap, booking_patient_no_overlap, slot_ends_after_start,
        booking_ends_after_start, seat_state_known, seat_hold_has_end, place_hold_has_end,
        place_state_known, offer_one_live_per_kind, place_use_has_request, escalation_one_open,
        escalation_ended_by_human, task_one_open, message_sequence, message_external_id,
    )
}  # fmt: skip
SPEEDING = {"outbox_due", "task_open", "audit_unsealed", "seat_open_by_therapist"}
"""Indexes that refuse nothing."""


def test_every_constraint_has_a_breach_here() -> None:
    assert {constraint.name for constraint in CONSTRAINTS} - SPEEDING <= set(BREACHES)


@pytest.mark.parametrize("name", BREACHES)
async def test_a_breach_is_refused(database: str, name: str) -> None:
    breach = await BREACHES[name]()
    with pytest.raises(IntegrityError) as refused:
        await breach()
    if name in {constraint.name for constraint in CONSTRAINTS if constraint.triggers}:
        assert name in str(refused.value)


async def test_what_only_looks_like_a_breach_is_let_through(database: str) -> None:
    anna, shirin = await builders.therapist("Anna Huber"), await builders.therapist("Shirin Rad")
    first = (await builders.seats(anna, at(1)))[0]
    next_one = (await builders.seats(anna, first.ends_at))[0]
    await builders.seats(shirin, at(1))
    withdrawn = (await builders.seats(anna, at(1), state="withdrawn"))[0]
    leyla = await builders.patient("Leyla Ahmadi")
    await a_booking(first, leyla)
    await a_booking(next_one, leyla)
    await a_booking(withdrawn, leyla, state="cancelled", reference="cancelled")
    with pytest.raises(IntegrityError):
        await Slot.filter(id=withdrawn.slot_id).update(state="active")
    with pytest.raises(IntegrityError):
        await Booking.filter(reference="cancelled").update(state="booked")
    thread = await conversation()
    staff = await Staff.create(
        name="Paula Sommer", email="paula@rheinaue.example", password_hash="x", roles=["assistant"],
        language="de", created_at=at(0),
    )  # fmt: skip
    for _ in range(2):
        await Escalation.create(
            conversation=thread, person_id=thread.person_id, severity="watch", state="closed",
            category="x", due_at=at(0), created_at=at(0), closed_by=staff,
        )  # fmt: skip
    for seq in (1, 2):
        await Message.create(
            conversation=thread, person_id=thread.person_id, seq=seq, sender="bot", kind="text",
            created_at=at(0),
        )  # fmt: skip


async def test_moments_are_the_same_in_every_zone(database: str) -> None:
    anna = await builders.therapist("Anna Huber")
    bonn = ZoneInfo("Europe/Berlin")
    seat = (await builders.seats(anna, at(1)))[0]
    later = at(1) + timedelta(minutes=10)
    await Slot.filter(id=seat.slot_id).update(starts_at=later.astimezone(bonn))
    assert (await Slot.get(id=seat.slot_id)).starts_at == later
    assert await Slot.filter(starts_at__lte=later.astimezone(bonn)).count() == 1
    assert await Slot.filter(starts_at__lt=later.astimezone(ZoneInfo("Asia/Tokyo"))).count() == 0
    with pytest.raises(IntegrityError):
        await builders.seats(anna, (at(1) + timedelta(minutes=40)).astimezone(bonn))


async def test_a_refused_row_leaves_the_transaction_usable_in_a_savepoint(database: str) -> None:
    await an_escalation()
    async with db.transaction():
        with pytest.raises(IntegrityError):
            async with db.transaction():
                await an_escalation()
        assert await Escalation.all().count() == 1
