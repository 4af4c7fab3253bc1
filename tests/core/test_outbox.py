"""What leaves: in order, by one worker at a time, never for a lead that has changed."""

from datetime import timedelta

import pytest

from core import clock, conversations, db, outbox
from core.models import Conversation, Outbox, Person, Task

pytestmark = pytest.mark.anyio
MAIL = ("email",)


@pytest.fixture
async def talk(database: str) -> Conversation:
    conversation = await conversations.start("web", "de", "leyla")
    await conversation.fetch_related("person")
    return conversation


async def put(talk: Conversation, n: int, **more: object) -> Outbox:
    given = {"conversation": talk, "channel": "email", **more}
    return await outbox.enqueue(person=talk.person, kind="mail", payload={"n": n}, **given)


async def claim(limit: int = 10) -> list[int]:
    return [row.id for row in await outbox.claim(clock.now(), limit, MAIL)]


async def test_the_payload_is_sealed_and_opens_for_its_sender(talk: Conversation):
    row = await put(talk, 1)
    assert b'"n"' not in (await Outbox.get(id=row.id)).payload
    (claimed,) = await outbox.claim(clock.now(), 10, MAIL)
    assert (await outbox.open_parcel(claimed)).payload == {"n": 1}
    assert await outbox.sent(claimed, "id-1")
    stored = await Outbox.get(id=row.id)
    assert (stored.state, stored.provider_id, stored.payload) == ("sent", "id-1", None)


async def test_what_was_rolled_back_never_leaves(talk: Conversation):
    with pytest.raises(ZeroDivisionError):
        async with db.transaction():
            await put(talk, 1)
            _ = 1 / 0
    assert await claim() == []


async def test_replies_of_one_conversation_leave_in_order(talk: Conversation):
    rows = [await put(talk, n) for n in range(3)]
    for row in rows:
        assert await claim() == [row.id]
        assert await claim() == []
        await outbox.sent(await Outbox.get(id=row.id))


async def test_a_reply_that_waits_for_its_next_try_keeps_its_place(talk: Conversation):
    first, second = await put(talk, 1), await put(talk, 2)
    (claimed,) = await outbox.claim(clock.now(), 10, MAIL)
    await outbox.failed(claimed, permanent=False)
    assert await claim() == []
    with clock.frozen_at(clock.now() + outbox.PAUSES[0] + timedelta(seconds=1)):
        assert await claim() == [first.id]
        await outbox.sent(await Outbox.get(id=first.id))
        assert await claim() == [second.id]


async def test_what_is_due_later_holds_nobody_up(talk: Conversation):
    later = await put(talk, 1, due_at=clock.now() + timedelta(days=3))
    now = await put(talk, 2)
    assert await claim() == [now.id]
    await outbox.sent(await Outbox.get(id=now.id))
    with clock.frozen_at(clock.now() + timedelta(days=4)):
        assert await claim() == [later.id]


async def test_conversations_and_channels_do_not_wait_for_each_other(talk: Conversation):
    other = await conversations.start("web", "de", "josef")
    await other.fetch_related("person")
    rows = [await put(talk, 1), await put(other, 2), await put(talk, 3, conversation=None)]
    await put(talk, 4, channel="sms")
    assert await claim() == [row.id for row in rows]


async def test_nothing_is_claimed_for_a_channel_without_sender(talk: Conversation):
    await put(talk, 1)
    assert await outbox.claim(clock.now(), 10, ()) == []
    assert await outbox.claim(clock.now(), 10, ("sms",)) == []


async def test_a_reply_of_an_earlier_lead_is_gone(talk: Conversation):
    row = await put(talk, 1, lead_gen=talk.lead_gen)
    (claimed,) = await outbox.claim(clock.now(), 10, MAIL)
    await Conversation.filter(id=talk.id).update(lead_gen=talk.lead_gen + 1)
    assert await outbox.open_parcel(claimed) is None
    stored = await Outbox.get(id=row.id)
    assert (stored.state, stored.payload) == ("gone", None)


async def test_a_reply_of_the_same_lead_is_sent(talk: Conversation):
    await put(talk, 1, lead_gen=talk.lead_gen)
    (claimed,) = await outbox.claim(clock.now(), 10, MAIL)
    assert await outbox.open_parcel(claimed)


async def test_nothing_of_an_erased_person_is_sent(talk: Conversation):
    await put(talk, 1)
    await Person.filter(id=talk.person_id).update(wrapped_key=None)
    (claimed,) = await outbox.claim(clock.now(), 10, MAIL)
    assert await outbox.open_parcel(claimed) is None
    assert (await Outbox.get()).state == "gone"


async def test_a_lapsed_lease_is_taken_over_and_marked(talk: Conversation):
    await put(talk, 1)
    (killed,) = await outbox.claim(clock.now(), 10, MAIL)
    assert await claim() == []
    with clock.frozen_at(clock.now() + outbox.LEASE):
        (second,) = await outbox.claim(clock.now(), 10, MAIL)
    assert second.maybe_duplicate and not killed.maybe_duplicate
    assert not await outbox.sent(killed), "the first worker lost its lease"
    assert (await Outbox.get()).state == "sending"
    assert await outbox.sent(second)


async def test_a_first_try_is_not_marked(talk: Conversation):
    await put(talk, 1)
    (row,) = await outbox.claim(clock.now(), 10, MAIL)
    await outbox.failed(row, permanent=False)
    with clock.frozen_at(clock.now() + timedelta(hours=1)):
        (again,) = await outbox.claim(clock.now(), 10, MAIL)
    assert not again.maybe_duplicate and again.attempts == 2


async def test_a_refused_delivery_becomes_one_task(talk: Conversation):
    row = await put(talk, 1)
    (claimed,) = await outbox.claim(clock.now(), 10, MAIL)
    await outbox.failed(claimed, permanent=True)
    await outbox.failed(claimed, permanent=True)
    task = await Task.get()
    assert (task.kind, task.subject_id) == (outbox.TASK, row.public_id)
    assert task.person_id == talk.person_id
    stored = await Outbox.get()
    assert stored.state == "failed" and stored.payload is not None


async def test_after_the_last_try_a_human_takes_over(talk: Conversation):
    await put(talk, 1)
    moment = clock.now()
    for _ in range(len(outbox.PAUSES) + 1):
        moment += timedelta(days=1)
        with clock.frozen_at(moment):
            (row,) = await outbox.claim(moment, 10, MAIL)
            await outbox.failed(row, permanent=False)
    assert (await Outbox.get()).state == "failed"
    assert await Task.all().count() == 1


async def test_two_workers_never_claim_the_same_row(talk: Conversation):
    import asyncio

    for n in range(20):
        await put(talk, n, conversation=None)
    shares = await asyncio.gather(*(asyncio.create_task(claim(5)) for _ in range(8)))
    claimed = [row for share in shares for row in share]
    assert len(claimed) == len(set(claimed)) == 20
