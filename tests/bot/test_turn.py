"""A turn: stored once, answered once, in sequence; what the patient did is never lost."""

import asyncio
import itertools
from typing import Any

import pytest

from bot.turn import Inbound, take_turn
from core import conversations, db, handoff
from core.actors import of_staff
from core.errors import Conflict, Duplicate, NotFound
from core.models import Booking, Conversation, Message, Offer, Outbox, Person, Seat, Staff
from core.network.schema import Network
from tests.bot.patient import Patient
from tests.builders import at


async def paula() -> Staff:
    return await Staff.create(
        name="Paula Sommer", email="paula@rheinaue.example", password_hash="x",
        roles=["assistant"], language="de", created_at=at(0),
    )  # fmt: skip


async def test_a_whole_booking_by_first_choices(database: str, office: Network) -> None:
    leyla = await Patient.begin()
    card = await leyla.book()
    booking = await Booking.get().prefetch_related("seat", "person")
    assert booking.state == "booked" and booking.seat.state == "booked"
    assert booking.reference in str(card)
    assert booking.policy_version >= 1 and booking.policy_language == "de"
    thread = await leyla.thread()
    assert [m["seq"] for m in thread] == list(range(1, len(thread) + 1))
    asked = [m for m in thread if m["from"] == "patient"]
    assert len(asked) <= 14
    assert all("action" not in m for m in thread)
    assert await Offer.filter(state="live").count() == 0
    assert await Seat.filter(state="held").count() == 0


async def test_a_redelivery_changes_nothing(database: str, office: Network) -> None:
    leyla = await Patient.begin()
    first = await leyla.take("text", "same", text="Ich habe Angst")
    before = await leyla.thread()
    again = await leyla.take("text", "same", text="Ich habe Angst")
    assert (first.created, again.created) == (True, False)
    assert again.seq == first.seq
    assert await leyla.thread() == before


async def test_sixteen_deliveries_at_once_are_one(database: str, office: Network) -> None:
    leyla = await Patient.begin()
    inbound = Inbound("web", leyla.conversation.id, "same", "text", "Ich habe Angst")
    taken = await asyncio.gather(*(db.unit_of_work(take_turn(inbound)) for _ in range(16)))
    assert [t.created for t in taken].count(True) == 1
    assert len({t.seq for t in taken}) == 1
    assert await Message.filter(sender="patient").count() == 1
    seqs = [m["seq"] for m in await leyla.thread()]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_sixteen_messages_at_once_stand_in_a_row_without_gaps(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    await asyncio.gather(*(leyla.take("text", text=f"Satz {n}") for n in range(16)))
    thread = await leyla.thread()
    assert [m["seq"] for m in thread] == list(range(1, len(thread) + 1))
    said = {m["text"] for m in thread if m["from"] == "patient"}
    assert said == {f"Satz {n}" for n in range(16)}
    # Each is answered before the next one is taken.
    assert all(
        one["from"] == "bot" or next_one["from"] == "bot"
        for one, next_one in itertools.pairwise(thread)
    )


async def test_an_id_with_other_content_is_refused_and_stores_nothing(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    await leyla.take("text", "same", text="Ich habe Angst")
    before = await leyla.thread()
    for other in ({"text": "Ich habe Hunger"}, {"text": ""}):
        with pytest.raises(Duplicate):
            await leyla.take("text", "same", **other)
    with pytest.raises(Duplicate):
        await leyla.take("choice", "same", choice="Ich habe Angst")
    assert await leyla.thread() == before
    assert (await leyla.fresh()).seq == before[-1]["seq"]


async def test_the_same_id_in_another_conversation_is_another_message(
    database: str, office: Network
) -> None:
    leyla, josef = await Patient.begin(), await Patient.begin()
    assert (await leyla.take("text", "same", text="a")).created
    assert (await josef.take("text", "same", text="b")).created


async def test_a_conversation_that_is_not_there_is_not_found(
    database: str, office: Network
) -> None:
    with pytest.raises(NotFound):
        await take_turn(Inbound("web", 4711, "x", "text", "Hallo"))


async def test_the_opening_is_said_once(database: str, office: Network) -> None:
    leyla = await Patient.begin()
    before = await leyla.thread()
    assert not (await leyla.take("start")).created
    assert await leyla.thread() == before


async def test_the_bot_is_silent_while_a_human_leads(database: str, office: Network) -> None:
    leyla = await Patient.begin()
    staff = of_staff(await paula())
    await handoff.take_over(leyla.conversation.public_id, by=staff)
    for text in ("Ich habe Angst", "/help", "/human", "/restart", "", "/language en"):
        assert await leyla.say(text) == []
    assert await leyla.press((await leyla.choices())[0]["value"]) == []
    await handoff.hand_back(leyla.conversation.public_id, by=staff)
    assert await leyla.say("Ich habe Angst") != []
    texts = [m["text"] for m in await leyla.thread() if m["from"] == "patient"]
    assert texts[:2] == ["Ich habe Angst", "/help"] and len(texts) == 8


async def test_what_was_written_before_consent_is_used_after_it(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    await leyla.say("Ich suche eine Verhaltenstherapie wegen Panikattacken")
    assert await Message.filter(before_consent=True).count() == 1
    agreed = await leyla.press_first()
    assert await Message.filter(before_consent=True).count() == 0
    assert (await leyla.fresh()).consented_at is not None
    chips = str([m.get("chips") for m in agreed])
    assert "Panik" in chips and "Verhaltenstherapie" in chips


async def test_what_was_pressed_or_commanded_before_consent_says_nothing_about_the_patient(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    await leyla.say("/help")
    await leyla.say("Es geht um Schlaf")
    async with db.transaction():
        thread = await conversations.locked(leyla.conversation.id)
        action = {"text": "Einverstanden", "action": {"do": "consent"}}
        await conversations.append(thread, "patient", "text", action)
        assert await conversations.consent(thread, "1") == ["Es geht um Schlaf"]


async def test_the_language_changes_and_stays(database: str, office: Network) -> None:
    leyla = await Patient.begin()
    replies = await leyla.say("/language en")
    assert all(m.get("lang") == "en" for m in replies)
    await leyla.book()
    conversation = await leyla.fresh()
    assert conversation.language == "en"
    # Details were stored since: they must not bring the old language back.
    assert (await Person.get(id=conversation.person_id)).language == "en"
    assert (await Booking.get()).policy_language == "en"


async def test_old_foreign_and_invented_buttons_get_a_kind_answer(
    database: str, office: Network
) -> None:
    leyla, josef = await Patient.begin(), await Patient.begin()
    consent = (await leyla.choices())[0]["value"]
    foreign = (await josef.choices())[0]["value"]
    await leyla.press(consent)
    for value in (consent, foreign, "", "1.x", "999999999.x", "²", "x" * 200, "\ud800", "\0"):
        replies = await leyla.press(value)
        assert replies and all(m["from"] == "bot" for m in replies), value
    assert (await josef.fresh()).consented_at is None


async def test_a_double_tap_books_once(database: str, office: Network) -> None:
    leyla = await Patient.begin()
    await leyla.book()
    accept = [m for m in await leyla.thread() if m["choices"]][-2]["choices"][0]["value"]
    taken = await asyncio.gather(*(leyla.take("choice", choice=accept) for _ in range(4)))
    assert all(t.created for t in taken)
    assert await Booking.all().count() == 1


async def test_two_taps_at_once_on_every_button_lead_to_one_booking(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    await leyla.book(taps=2)
    assert await Booking.filter(state="booked").count() == 1
    assert await Offer.filter(state="live").count() == 0


async def test_an_act_that_fails_is_undone_alone_and_leaves_no_gap(
    database: str, office: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    leyla = await Patient.begin()
    real = handoff.ask_human

    async def too_late(*args: Any) -> None:
        await real(*args)
        raise Conflict("error.too_late")

    monkeypatch.setattr(handoff, "ask_human", too_late)
    replies = await leyla.say("/human")
    assert replies and (await leyla.fresh()).lead == "bot"
    thread = await leyla.thread()
    assert [m["seq"] for m in thread] == list(range(1, len(thread) + 1))
    assert not [m for m in thread if m["kind"] == "event"]
    assert await Outbox.all().count() == 0


async def test_every_message_that_came_is_answered_in_its_own_turn(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    for text in ("", "   ", "🙂", "مرحبا", "x" * 5000, "/unknown", "12", "\u202e\u200b"):
        kind = "text" if text.strip() else "empty"
        await leyla.take(kind, text=text)
        assert await leyla.last(), text
    await leyla.take("file", text="")
    assert await leyla.last()
    assert await Conversation.all().count() == 1
