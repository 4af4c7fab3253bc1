"""Escalations: one open per conversation, only rising, acknowledged by a human."""

import asyncio
from datetime import timedelta

import pytest

from core import clock, conversations, db, escalations
from core.actors import PATIENT, SYSTEM, of_staff
from core.errors import NotAllowed
from core.models import Audit, Conversation, Escalation, Message, RiskHit, Staff
from core.risk import Screening, screen
from tests.builders import at

EMERGENCY = screen("Ich will mich heute Abend umbringen")
URGENT = screen("Ich habe Suizidgedanken")
WATCH = screen("Alles ist hoffnungslos")
ASKED = Screening("emergency", "asked", (), "button")


async def nora() -> Staff:
    return await Staff.create(
        name="Dr. Nora Winter", email="nora@rheinaue.example", password_hash="x",
        roles=["clinician"], language="de", created_at=at(0),
    )  # fmt: skip


async def leyla() -> Conversation:
    return await conversations.start("web", "de", "leyla")


async def hit(conversation: Conversation, screening: Screening) -> Escalation:
    async with db.transaction():
        thread = await conversations.locked(conversation.id)
        message = await conversations.append(thread, "patient", "text", {"text": "…"})
        return await escalations.raise_for(thread, message, screening)


async def test_a_hit_opens_an_escalation_with_rule_and_place_but_no_words(database: str) -> None:
    with clock.frozen_at(at(0)):
        raised = await hit(await leyla(), URGENT)
    assert (raised.severity, raised.state, raised.hits) == ("urgent", "open", 1)
    assert raised.due_at == at(0) + timedelta(minutes=5)
    rows = await RiskHit.all()
    assert len(rows) == len(URGENT.hits)
    assert rows[0].rule == URGENT.hits[0].rule and rows[0].table_version == URGENT.table_version
    assert await Audit.filter(action="escalation_raised").count() == 1


async def test_a_call_for_help_without_words_is_a_hit_too(database: str) -> None:
    raised = await hit(await leyla(), ASKED)
    assert (raised.severity, raised.category) == ("emergency", "asked")
    assert (await RiskHit.get()).rule == "asked_for_help"


async def test_repeats_join_count_and_only_raise(database: str) -> None:
    thread = await leyla()
    seen = []
    for screening in (WATCH, URGENT, WATCH, EMERGENCY, URGENT):
        raised = await hit(thread, screening)
        seen.append((raised.severity, raised.hits))
    assert seen == [
        ("watch", 1), ("urgent", 2), ("urgent", 3), ("emergency", 4), ("emergency", 5)
    ]  # fmt: skip
    assert await Escalation.all().count() == 1


async def test_hits_that_come_at_once_open_one(database: str) -> None:
    thread = await leyla()
    message = await Message.create(
        conversation=thread, person_id=thread.person_id, seq=1, sender="patient", kind="text",
        created_at=at(0),
    )  # fmt: skip

    async def unlocked(screening: Screening) -> None:
        async with db.transaction():
            mine = await Conversation.get(id=thread.id).prefetch_related("person")
            await escalations.raise_for(mine, message, screening)

    severities = (WATCH, EMERGENCY, URGENT, WATCH)
    await asyncio.gather(*(asyncio.create_task(unlocked(each)) for each in severities))
    raised = await Escalation.get()
    assert (raised.severity, raised.hits, raised.state) == ("emergency", 4, "open")


async def test_only_a_human_acknowledges(database: str) -> None:
    thread = await leyla()
    await hit(thread, URGENT)
    for by in (SYSTEM, PATIENT):
        with pytest.raises(NotAllowed):
            await escalations.acknowledge(thread, by=by)
    assert (await Escalation.get()).state == "open"
    staff = await nora()
    done = await escalations.acknowledge(thread, by=of_staff(staff))
    assert done is not None and done.state == "acknowledged"
    stored = await Escalation.get()
    assert (stored.acknowledged_by_id, stored.owner_id) == (staff.id, staff.id)
    assert stored.acknowledged_at is not None
    assert await escalations.being_read(thread)


async def test_nothing_to_acknowledge_is_no_error(database: str) -> None:
    assert await escalations.acknowledge(await leyla(), by=of_staff(await nora())) is None


async def test_what_was_acknowledged_as_less_is_open_again_as_more(database: str) -> None:
    thread, reading = await leyla(), await nora()
    await hit(thread, WATCH)
    await escalations.acknowledge(thread, by=of_staff(reading))
    await Conversation.filter(id=thread.id).update(lead="human", holder=reading)
    assert (await hit(thread, WATCH)).state == "acknowledged"
    worse = await hit(thread, EMERGENCY)
    assert (worse.state, worse.severity) == ("open", "emergency")
    assert (worse.acknowledged_by_id, worse.acknowledged_at) == (None, None)


async def test_a_repeat_is_open_again_once_the_conversation_was_handed_back(database: str) -> None:
    thread, staff = await leyla(), of_staff(await nora())
    with clock.frozen_at(at(0)):
        await hit(thread, EMERGENCY)
        await escalations.acknowledge(thread, by=staff)
    with clock.frozen_at(at(3)):
        again = await hit(thread, URGENT)
    assert (again.state, again.severity, again.hits) == ("open", "emergency", 2)
    assert again.due_at == at(3) + timedelta(minutes=5)
    assert not await escalations.being_read(thread)


async def test_an_acknowledgement_at_the_same_moment_never_lowers_it(database: str) -> None:
    thread, staff = await leyla(), of_staff(await nora())
    await hit(thread, WATCH)

    async def see() -> None:
        await escalations.acknowledge(thread, by=staff)

    await asyncio.gather(
        *(asyncio.create_task(work) for work in (see(), hit(thread, EMERGENCY), see()))
    )
    assert (await Escalation.get()).severity == "emergency"


async def test_after_the_end_a_new_hit_opens_a_new_one(database: str) -> None:
    thread, staff = await leyla(), await nora()
    await hit(thread, URGENT)
    await Escalation.all().update(state="closed", closed_by_id=staff.id)
    await hit(thread, WATCH)
    assert await Escalation.all().count() == 2
    assert not await escalations.being_read(thread)
