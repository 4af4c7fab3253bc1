"""A message of danger: screened before anything else, answered at once, seen by a human."""

import pytest

from bot import receiving, talk, turn
from core import clock, handoff
from core.actors import of_staff
from core.models import Booking, Conversation, Escalation, Message, RiskHit, Seat
from core.network.schema import Network
from tests.bot.patient import Patient
from tests.bot.test_turn import paula

GRAVE_TEXTS = {
    "emergency": "Ich will mich heute Abend umbringen",
    "urgent": "Ich habe Suizidgedanken",
}
WATCH_TEXT = "Alles ist hoffnungslos"


def crises(messages: list[dict[str, object]]) -> list[dict[str, object]]:
    return [m for m in messages if m["kind"] == "crisis"]


@pytest.mark.parametrize("severity", GRAVE_TEXTS)
async def test_danger_gets_help_and_an_escalation_and_no_booking_prompt(
    database: str, office: Network, severity: str
) -> None:
    leyla = await Patient.begin()
    await leyla.press_first()
    replies = await leyla.say(GRAVE_TEXTS[severity])
    (crisis,) = crises(replies)
    assert replies[0] == crisis
    assert "112" in str(crisis["text"])
    assert crisis["lines"]
    buttons = [c for m in replies for c in m["choices"]]
    assert len(buttons) == 1  # to go on, when the patient wants it
    escalation = await Escalation.get()
    assert (escalation.severity, escalation.state) == (severity, "open")
    assert escalation.due_at > clock.now()
    hit = await RiskHit.all().prefetch_related("message").first()
    assert hit is not None and hit.message.sender == "patient"


async def test_an_appointment_that_is_held_stays_held(database: str, office: Network) -> None:
    leyla = await Patient.begin()
    while not await Seat.filter(state="held").count():
        await leyla.press_first()
    held = await Seat.filter(state="held").order_by("id").values_list("id", "gen", "held_until")
    (go_on,) = (await leyla.say(GRAVE_TEXTS["emergency"]))[-1]["choices"]
    after = await Seat.filter(state="held").order_by("id").values_list("id", "gen", "held_until")
    assert held == after
    replies = await leyla.press(go_on["value"])
    assert replies[-1]["choices"]
    await leyla.book()
    assert await Booking.filter(state="booked").count() == 1


async def test_a_watch_gets_a_gentle_offer_and_the_dialogue_goes_on(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    await leyla.press_first()
    replies = await leyla.say(WATCH_TEXT)
    assert not crises(replies)
    assert len(replies) >= 2 and replies[-1]["choices"]
    assert (await Escalation.get()).severity == "watch"


async def test_repeats_join_one_escalation_and_only_raise_it(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    seen = []
    for text in (WATCH_TEXT, GRAVE_TEXTS["urgent"], GRAVE_TEXTS["emergency"], WATCH_TEXT):
        await leyla.say(text)
        seen.append((await Escalation.get()).severity)
    assert seen == ["watch", "urgent", "emergency", "emergency"]
    assert (await Escalation.get()).hits == 4


@pytest.mark.parametrize("text", ["/now", " /NOW ", "/now@passung_bot", "/now bitte"])
async def test_now_needs_no_words_and_no_consent(database: str, office: Network, text: str) -> None:
    leyla = await Patient.begin()
    replies = await leyla.say(text)
    assert len(crises(replies)) == 1
    assert len([m for m in replies if m["kind"] == "text"]) == 1
    assert (await Escalation.get()).severity == "emergency"


async def test_now_is_there_at_every_stage(database: str, office: Network) -> None:
    leyla = await Patient.begin()
    stages = 0
    while not any(m.get("file") for m in await leyla.thread()):
        question = (await leyla.thread())[-1]
        replies = await leyla.say("/now")
        assert len(crises(replies)) == 1
        stages += 1
        (go_on,) = replies[-1]["choices"]
        again = await leyla.press(go_on["value"])
        assert again[-1]["text"] == question["text"]
        if again[-1]["choices"]:
            await leyla.press(again[-1]["choices"][0]["value"])
        else:
            await leyla.say(leyla.detail(again[-1]["text"]))
    assert stages >= 8
    assert await Escalation.all().count() == 1
    assert (await Escalation.get()).hits == stages


async def test_danger_in_plain_words_that_only_the_dialogue_understands_is_told_once(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    replies = await leyla.say("Ich brauche jetzt sofort Hilfe")
    assert len(crises(replies)) == 1
    assert len({m["text"] for m in replies}) == len(replies)
    assert await Escalation.all().count() == 1


async def test_help_comes_while_a_human_leads_and_nothing_else(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    await handoff.take_over(leyla.conversation.public_id, by=of_staff(await paula()))
    for text in ("/now", GRAVE_TEXTS["emergency"]):
        replies = await leyla.say(text)
        assert [m["kind"] for m in replies] == ["crisis"]
        assert "perhaps" not in replies[0]["text"]
    assert await leyla.say(WATCH_TEXT) == []
    assert (await Escalation.get()).hits == 3
    assert (await Conversation.get()).lead == "human"


async def test_the_screen_comes_before_everything_else(
    database: str, office: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def spy(where: object, name: str, attribute: str) -> None:
        real = getattr(where, attribute)

        def called(*args: object, **more: object) -> object:
            order.append(name)
            return real(*args, **more)

        monkeypatch.setattr(where, attribute, called)

    spy(receiving, "screen", "screen")
    spy(receiving, "store", "store")
    spy(turn.alarm, "alarm", "answer")
    spy(talk, "dialogue", "respond")
    leyla = await Patient.begin()
    order.clear()
    await leyla.say(WATCH_TEXT)
    assert order == ["screen", "store", "alarm", "dialogue"]
    order.clear()
    await leyla.say(GRAVE_TEXTS["emergency"])
    assert order == ["screen", "store", "alarm"]


async def test_hit_escalation_and_help_are_one_transaction(
    database: str, office: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    leyla = await Patient.begin()
    before = await Message.all().count()

    async def broken(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(turn.alarm, "answer", broken)
    with pytest.raises(RuntimeError):
        await leyla.say(GRAVE_TEXTS["emergency"])
    assert await Message.all().count() == before
    assert await Escalation.all().count() == 0
