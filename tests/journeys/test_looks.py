"""Every page can be read by everybody: contrast, names, order, in light and dark, on a phone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser import accessibility_faults
from tests.journeys.conftest import PAULA
from tests.journeys.house import House
from tests.journeys.people import LOOKS, Patient, Staff, own_browser


@pytest.fixture(params=LOOKS)
async def patient(
    request: pytest.FixtureRequest, browser: Browser, house: House
) -> AsyncIterator[Patient]:
    """Leyla in daylight, at night, and on her phone."""
    async with own_browser(browser, house, Patient, **LOOKS[request.param]) as opened:
        yield opened
        assert not opened.faults


@pytest.fixture(params=LOOKS)
async def staff(
    request: pytest.FixtureRequest, browser: Browser, house: House
) -> AsyncIterator[Staff]:
    """Paula in daylight, at night, and on her phone."""
    async with own_browser(browser, house, Staff, **LOOKS[request.param]) as opened:
        yield opened
        assert not opened.faults


async def is_fine(visitor: Patient | Staff) -> None:
    """Nothing is hard to reach, and nothing has to be scrolled sideways."""
    assert await accessibility_faults(visitor.page) == []
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await visitor.page.evaluate(wider) <= 0


async def test_the_chat_from_the_greeting_to_the_booking(patient: Patient):
    await patient.opens()
    await is_fine(patient)
    await patient.presses("Einverstanden, weiter")
    await patient.writes("Ich bin 35. Verhaltenstherapie wegen Angst, einzeln, gesetzlich.")
    await is_fine(patient)
    await patient.presses("So bald wie möglich, egal wo")
    await expect(patient.cards).to_have_count(3)
    await is_fine(patient)
    await patient.takes_the_first_offer()
    await patient.is_told("Wie heißen Sie?")
    await patient.writes("Leyla Ahmadi", "12.3.1991")
    await patient.presses("Ohne Kontakt weiter")
    await patient.is_told("Bitte lesen Sie noch die Absageregeln")
    await is_fine(patient)
    await patient.presses("Einverstanden, Termin buchen")
    await patient.is_told("Ihr Rückkehrcode")
    await is_fine(patient)


async def test_help_in_danger(patient: Patient):
    await patient.opens()
    await patient.writes("Ich will nicht mehr leben")
    await expect(patient.talk.locator("> li.crisis")).to_have_count(1)
    await is_fine(patient)
    await patient.page.locator("#now-button").click()
    await expect(patient.page.locator("#now")).to_be_visible()
    await is_fine(patient)


async def test_the_menu_and_the_return_code(patient: Patient):
    await patient.opens()
    await patient.page.locator("#menu-button").click()
    await is_fine(patient)
    await patient.page.locator("#code-open").click()
    await is_fine(patient)


async def test_the_office_from_the_door_to_a_conversation(staff: Staff):
    await staff.page.goto("/office/sign-in")
    await is_fine(staff)
    await staff.signs_in(*PAULA)
    await staff.page.goto("/office/inbox")
    await expect(staff.page.locator(".queues .entry").first).to_be_visible()
    await is_fine(staff)
    await staff.opens_conversation_of("Möchte mit einem Menschen sprechen")
    await is_fine(staff)
    await staff.page.goto("/office/tasks")
    await is_fine(staff)
    await staff.page.goto("/office/waiting")
    await is_fine(staff)
