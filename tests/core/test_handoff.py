"""Who leads a conversation: one at a time, seen by everybody, and never the bot beside a human."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core import clock, conversations, db, handoff, outbox
from core.actors import PATIENT, SYSTEM, of_staff
from core.errors import AlreadyTaken, Duplicate, Invalid, NotAllowed, NotFound
from core.models import Audit, Conversation, Escalation, Outbox, Person, Task
from core.network.schema import Network
from tests.office import MONDAY, conversation_of, hire

pytestmark = pytest.mark.anyio
SUNDAY = MONDAY - timedelta(days=1)


async def ask(conversation: Conversation) -> handoff.Asked:
    async with db.transaction():
        thread = await conversations.locked(conversation.id)
        return await handoff.ask_human(thread, "asked", PATIENT)


async def now_of(conversation: Conversation) -> Conversation:
    return await Conversation.get(id=conversation.id)


async def thread_of(conversation: Conversation) -> list[tuple[str, str, str]]:
    rows = await conversations.read(conversation)
    return [(row["from"], row["kind"], row["text"]) for row in rows]


async def test_who_asks_for_a_human_is_promised_a_time_within_opening_hours(
    network: Network,
) -> None:
    leyla = await conversation_of("leyla", "Kann ich mit jemandem sprechen?")
    with clock.frozen_at(MONDAY):
        asked = await ask(leyla)
        assert asked == handoff.Asked(True, MONDAY + timedelta(minutes=30))
        assert (await ask(leyla)).already
    waiting = await now_of(leyla)
    assert (waiting.lead, waiting.lead_gen) == ("waiting", 1)
    task = await Task.get(kind="answer_patient")
    assert (task.subject_id, task.due_at) == (leyla.public_id, asked.answer_by)
    events = [text for sender, kind, text in await thread_of(leyla) if kind == "event"]
    assert events == ["Das Terminteam ist benachrichtigt."]


async def test_on_a_sunday_the_promise_is_for_monday(network: Network) -> None:
    leyla = await conversation_of("leyla", "Hallo")
    with clock.frozen_at(SUNDAY):
        asked = await ask(leyla)
    assert asked == handoff.Asked(False, datetime(2026, 11, 23, 7, 30, tzinfo=UTC))


async def test_taking_over_silences_the_bot_and_tells_the_patient_by_name(
    network: Network,
) -> None:
    paula = await hire("paula", language="en")
    leyla = await conversation_of("leyla", "Hallo")
    async with db.transaction():
        thread = await conversations.locked(leyla.id)
        choice = {"value": "2.a", "label": "Angst", "action": {"do": "answer"}}
        await conversations.append(thread, "bot", "text", {"text": "?", "choices": [choice]})
        for kind, gen in (("text", 0), ("crisis", 0), ("confirmation", None)):
            await outbox.enqueue(
                person=thread.person,
                channel="email",
                kind=kind,
                payload={"text": kind},
                conversation=thread,
                lead_gen=gen,
            )
    await ask(leyla)
    taken = await handoff.take_over(leyla.public_id, by=of_staff(paula))
    assert (taken.lead, taken.holder_id, taken.lead_gen) == ("human", paula.id, 2)
    assert (taken.waiting_since, taken.answer_by) == (None, None)
    rows = await conversations.read(leyla)
    assert rows[-2]["kind"] == "update" and (rows[-2]["of"], rows[-2]["choices"]) == (2, [])
    assert rows[-1]["text"] == "Jetzt schreibt Ihnen Paula Sommer aus dem Terminteam."
    states = dict(await Outbox.all().values_list("kind", "state"))
    assert states == {"text": "gone", "crisis": "due", "confirmation": "due"}
    assert not await Task.exclude(state="done").exists()
    deed = await Audit.get(action="conversation.take_over")
    assert (deed.staff_id, deed.object_id, deed.detail) == (
        paula.id,
        leyla.public_id,
        {"before": "waiting"},
    )


async def test_whoever_takes_over_has_seen_the_emergency(network: Network) -> None:
    paula = await hire("paula")
    leyla = await conversation_of("leyla", "Ich kann nicht mehr")
    now = clock.now()
    await Escalation.create(
        conversation=leyla,
        person=await Person.get(id=leyla.person_id),
        severity="emergency",
        category="suicidal_ideation",
        due_at=now,
        created_at=now,
    )
    await handoff.take_over(leyla.public_id, by=of_staff(paula))
    seen = await Escalation.get()
    assert (seen.state, seen.acknowledged_by_id) == ("acknowledged", paula.id)


async def test_who_comes_second_is_told_who_was_first(network: Network) -> None:
    paula, sara = of_staff(await hire("paula")), of_staff(await hire("sara"))
    leyla = await conversation_of("leyla", "Hallo")
    await handoff.take_over(leyla.public_id, by=paula)
    await handoff.take_over(leyla.public_id, by=paula)
    with pytest.raises(AlreadyTaken) as refused:
        await handoff.take_over(leyla.public_id, by=sara)
    assert refused.value.data == {"by_whom": "Paula Sommer"}
    assert (await now_of(leyla)).lead_gen == 1


async def test_of_three_who_take_over_at_once_exactly_one_does(network: Network) -> None:
    paula, sara, nora = [of_staff(await hire(who)) for who in ("paula", "sara", "nora")]
    for n in range(5):
        thread = await conversation_of(f"patient {n}", "Hallo")
        takers = [paula, sara, nora]
        ended = await asyncio.gather(
            *(handoff.take_over(thread.public_id, by=taker) for taker in takers),
            return_exceptions=True,
        )
        won = [one for one in ended if isinstance(one, Conversation)]
        assert len(won) == 1
        assert sum(isinstance(one, AlreadyTaken) for one in ended) == 2
        assert (await now_of(thread)).holder_id == won[0].holder_id
        assert len([1 for _, kind, _ in await thread_of(thread) if kind == "event"]) == 1


async def test_only_the_holder_replies_and_a_repeat_is_sent_once(network: Network) -> None:
    paula, sara = of_staff(await hire("paula")), of_staff(await hire("sara"))
    leyla = await conversation_of("leyla", "Hallo")
    with pytest.raises(NotAllowed):
        await handoff.reply(leyla.public_id, "Guten Tag", by=paula)
    await handoff.take_over(leyla.public_id, by=paula)
    with pytest.raises(NotAllowed):
        await handoff.reply(leyla.public_id, "Guten Tag", by=sara)
    for _ in range(2):
        await handoff.reply(leyla.public_id, " Guten Tag\r\nFrau Ahmadi ", by=paula, once="a")
    with pytest.raises(Duplicate):
        await handoff.reply(leyla.public_id, "Anderes", by=paula, once="a")
    said = [text for sender, _, text in await thread_of(leyla) if sender == "staff"]
    assert said == ["Guten Tag\nFrau Ahmadi"]


@pytest.mark.parametrize("text", ["", "   \n", "x" * 4001])
async def test_a_reply_has_one_to_four_thousand_characters(network: Network, text: str) -> None:
    paula = of_staff(await hire("paula"))
    leyla = await conversation_of("leyla", "Hallo")
    await handoff.take_over(leyla.public_id, by=paula)
    with pytest.raises(Invalid):
        await handoff.reply(leyla.public_id, text, by=paula)
    assert await handoff.reply(leyla.public_id, "x" * 4000, by=paula)


async def test_handing_back_lets_the_bot_lead_again_once(network: Network) -> None:
    paula, sara = of_staff(await hire("paula")), of_staff(await hire("sara"))
    leyla = await conversation_of("leyla", "Hallo", language="en")
    await handoff.take_over(leyla.public_id, by=paula)
    with pytest.raises(NotAllowed):
        await handoff.hand_back(leyla.public_id, by=sara)
    back = await handoff.hand_back(leyla.public_id, by=paula)
    assert (back.lead, back.holder_id, back.lead_gen) == ("bot", None, 2)
    with pytest.raises(NotAllowed):
        await handoff.hand_back(leyla.public_id, by=paula)
    assert (await thread_of(leyla))[-1][2].startswith("The booking team has handed")
    assert await handoff.take_over(leyla.public_id, by=sara)


@pytest.mark.parametrize("who", ["tomasz", "anna"])
async def test_neither_admin_nor_therapist_leads_conversations(network: Network, who: str) -> None:
    somebody = of_staff(await hire(who))
    leyla = await conversation_of("leyla", "Hallo")
    for actor in (somebody, SYSTEM, PATIENT):
        with pytest.raises(NotAllowed):
            await handoff.take_over(leyla.public_id, by=actor)
        with pytest.raises(NotAllowed):
            await handoff.reply(leyla.public_id, "Hallo", by=actor)
        with pytest.raises(NotAllowed):
            await handoff.hand_back(leyla.public_id, by=actor)
    assert (await now_of(leyla)).lead == "bot"


async def test_a_conversation_that_is_not_there_is_not_found(network: Network) -> None:
    paula = of_staff(await hire("paula"))
    with pytest.raises(NotFound):
        await handoff.take_over("x" * 22, by=paula)


async def test_nothing_is_asked_of_the_house_while_a_human_leads(network: Network) -> None:
    paula = of_staff(await hire("paula"))
    leyla = await conversation_of("leyla", "Hallo")
    await handoff.take_over(leyla.public_id, by=paula)
    assert (await ask(leyla)).already
    assert (await now_of(leyla)).lead == "human"
