"""Two patients and one appointment: it is given once, and whoever comes late gets others."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tests.journeys.caller import Caller, appointment
from tests.journeys.house import House

pytestmark = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True, scope="module")
BORN = f"4.9.{datetime.now(UTC).year - 9}"
LEYLA = ("Leyla Ahmadi", "12.3.1991", "leyla.ahmadi@example.org")
ELIF = ("Elif Ahmadi", BORN, "leyla.ahmadi@example.org")
CAN = ("Can Kaya", BORN, "mehmet.kaya@example.org")
WISH = "Ich bin 35. Verhaltenstherapie wegen Angst, einzeln, gesetzlich, möglichst bald."
# One therapist alone has this, so that two who wish it meet at the same appointments.
RARE = "Mein Kind ist 8 und stottert. Logopädie, gesetzlich, nachmittags in der Praxis Zentrum."


@pytest.fixture
async def leyla(house: House) -> AsyncIterator[Caller]:
    async with Caller(house) as caller:
        yield await begun(caller)


@pytest.fixture
async def mehmet(house: House) -> AsyncIterator[Caller]:
    async with Caller(house) as caller:
        yield await begun(caller)


@pytest.fixture
def calm(house: House) -> None:
    """What earlier patients held has ended: all that is free can be offered."""
    house.let_half_an_hour_pass()


async def begun(caller: Caller) -> Caller:
    await caller.begin(language="de")
    await caller.press("Einverstanden, weiter")
    return caller


async def test_what_is_offered_to_one_is_not_offered_to_another(house: House):
    callers = [await begun(Caller(house)) for _ in range(6)]
    await asyncio.gather(*(caller.say(WISH) for caller in callers))
    shown = [appointment(card) for caller in callers for card in await caller.offers()]
    assert len(shown) == len(set(shown)) == 18
    for caller in callers:
        await caller.http.aclose()


@pytest.mark.usefixtures("calm")
async def test_a_late_confirm_does_not_take_what_another_holds(
    leyla: Caller, mehmet: Caller, house: House
):
    await leyla.say(RARE)
    lost = appointment((await leyla.offers())[-1])
    await leyla.press_value((await leyla.offers())[-1]["value"])
    await leyla.gives(*ELIF)
    agree = (await leyla.choices())["Einverstanden, Termin buchen"]

    house.let_half_an_hour_pass()
    await mehmet.say(RARE)
    [won] = [card for card in await mehmet.offers() if appointment(card) == lost]
    await leyla.press_value(agree)
    assert "leider nicht mehr frei" in await leyla.text()
    assert lost not in map(appointment, await leyla.offers())

    await mehmet.press_value(won["value"])
    await mehmet.gives(*CAN)
    await mehmet.press("Einverstanden, Termin buchen")
    assert "Ihr Termin ist gebucht" in await mehmet.text()


@pytest.mark.usefixtures("calm")
async def test_an_old_card_does_not_take_what_another_has_booked(
    leyla: Caller, mehmet: Caller, house: House
):
    await leyla.say(RARE)
    old = await leyla.offers()
    house.let_half_an_hour_pass()
    await mehmet.say(RARE)
    [taken] = [c for c in await mehmet.offers() if appointment(c) == appointment(old[-1])]
    await mehmet.press_value(taken["value"])
    await mehmet.gives(*CAN)
    await mehmet.press("Einverstanden, Termin buchen")

    await leyla.press_value(old[-1]["value"])
    fresh = await leyla.offers()
    assert fresh and appointment(old[-1]) not in map(appointment, fresh)
    await leyla.press_value(fresh[0]["value"])
    assert "Wie heißt Ihr Kind?" in await leyla.text()


async def test_who_hesitates_and_meets_nobody_is_given_the_same_again(leyla: Caller, house: House):
    await leyla.say(WISH)
    first = await leyla.offers()
    await leyla.press_value(first[0]["value"])
    await leyla.gives(*LEYLA)
    house.let_half_an_hour_pass()
    await leyla.press("Einverstanden, Termin buchen")
    again = await leyla.offers()
    assert again
    await leyla.press_value(again[0]["value"])
    # Name, date of birth and contact are still known: only the rules are asked again.
    await leyla.press("Einverstanden, Termin buchen")
    assert "Ihr Termin ist gebucht" in await leyla.text()


async def test_agreeing_twice_books_once(leyla: Caller):
    await leyla.say(WISH)
    await leyla.press_value((await leyla.offers())[0]["value"])
    await leyla.gives(*LEYLA)
    agree = (await leyla.choices())["Einverstanden, Termin buchen"]
    await asyncio.gather(leyla.press_value(agree), leyla.press_value(agree))
    booked = [row for row in await leyla.heard() if "Ihr Termin ist gebucht" in row.get("text", "")]
    assert len(booked) == 1
    await leyla.say("/appointments")
    assert len((await leyla.heard())[-1]["cards"]) == 1


async def test_a_button_of_an_earlier_question_is_taken_kindly(leyla: Caller):
    old = (await leyla.choices())["Angst"]
    await leyla.say(WISH)
    shown = await leyla.offers()
    await leyla.say("/help")
    await leyla.press_value(old)
    assert [appointment(card) for card in await leyla.offers()] == [appointment(c) for c in shown]


async def test_an_empty_text_is_answered(leyla: Caller):
    await leyla.say("")
    assert "keine Wörter gefunden" in await leyla.text()
