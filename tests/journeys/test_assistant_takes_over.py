"""A human takes a conversation over from the bot and gives it back; the patient sees all of it."""

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.conftest import PAULA, TOMASZ
from tests.journeys.house import House
from tests.journeys.people import Patient, Staff, own_browser


@pytest.fixture
async def waiting(leyla: Patient) -> Patient:
    """Leyla, who would rather talk to a person."""
    await leyla.opens()
    await leyla.presses("Einverstanden, weiter")
    await leyla.chooses("Mit einem Menschen sprechen")
    await leyla.is_told("Das Terminteam ist benachrichtigt.", "Jemand antwortet Ihnen hier")
    await leyla.writes("Ich habe Panik in der Straßenbahn")
    return leyla


async def leads(staff: Staff, patient: Patient) -> str:
    """Let somebody find and take over the newest waiting conversation; return its address."""
    await staff.page.goto("/office/inbox")
    await staff.opens_conversation_of("Straßenbahn")
    await expect(staff.page.locator("#lines")).to_contain_text("Panik in der Straßenbahn")
    await staff.takes_over()
    await patient.is_told("Jetzt schreibt Ihnen Paula Sommer aus dem Terminteam.")
    return staff.page.url


async def test_paula_takes_over_and_hands_back(waiting: Patient, paula: Staff):
    await leads(paula, waiting)
    await paula.writes("Guten Tag, hier ist Paula Sommer. Wie kann ich Ihnen helfen?")
    await expect(waiting.newest).to_contain_text("Terminteam")
    await waiting.is_told("Wie kann ich Ihnen helfen?")

    # What would be an answer to the bot is a word to a human now: the bot says nothing to it.
    await waiting.page.locator("#text").fill("Verhaltenstherapie, und danke")
    await waiting.page.locator("#send").click()
    await expect(paula.page.locator("#lines")).to_contain_text("Verhaltenstherapie, und danke")
    await paula.writes("Gern. Ich gebe Sie ans Programm zurück.")
    await waiting.is_told("Ich gebe Sie ans Programm zurück.")
    answers = waiting.talk.locator("> li.message", has_text="Verhaltenstherapie, und danke")
    await expect(answers.locator("+ li.bot")).to_have_count(0)

    await paula.page.get_by_role("button", name="Ans Programm zurückgeben").click()
    await waiting.is_told("wieder an das Buchungsprogramm übergeben")
    await waiting.writes("Verhaltenstherapie")
    await waiting.is_told("In welcher Form möchten Sie kommen?")


async def test_somebody_who_comes_second_is_told_who_was_first(
    waiting: Patient, paula: Staff, nora: Staff
):
    # Her page hears nothing of what colleagues do: she presses a button that is out of date.
    await nora.page.route("**/office/events*", lambda route: route.abort())
    await nora.page.goto("/office/inbox")
    await nora.opens_conversation_of("Straßenbahn")
    await leads(paula, waiting)
    await nora.page.get_by_role("button", name="Übernehmen", exact=True).click()
    await expect(nora.page.locator("#notice")).to_contain_text("Paula Sommer")
    nora.faults = [fault for fault in nora.faults if "409" not in fault]
    await nora.page.reload()
    await expect(nora.page.locator("#foot")).to_contain_text("Paula Sommer")
    await expect(nora.page.locator("#reply")).to_have_count(0)


async def test_danger_is_answered_even_while_a_human_leads(waiting: Patient, paula: Staff):
    await leads(paula, waiting)
    await waiting.writes("Ich will mich umbringen")
    crisis = waiting.talk.locator("> li.crisis").last
    await expect(crisis.locator("a.line").first).to_have_attribute("href", "tel:112")
    alarm = paula.page.locator(".head .alarm")
    await expect(alarm).to_contain_text("Gefahr")
    await paula.page.locator("#reply").fill("Ich bin da. Sind Sie gerade")
    await alarm.get_by_role("button", name="Ich habe es gelesen").click()
    await expect(alarm).to_contain_text("Bestätigt von Paula Sommer")
    # What she was writing is still there.
    await expect(paula.page.locator("#reply")).to_have_value("Ich bin da. Sind Sie gerade")


async def test_nobody_reads_a_conversation_who_may_not(
    waiting: Patient, paula: Staff, browser: Browser, house: House
):
    address = await leads(paula, waiting)
    async with own_browser(browser, house, Staff) as tomasz:
        await tomasz.signs_in(*TOMASZ)
        refused = await tomasz.page.goto(address)
        assert refused and refused.status == 404
        await expect(tomasz.page.locator("body")).not_to_contain_text("Straßenbahn")
    async with own_browser(browser, house, Staff) as stranger:
        await stranger.page.goto(address)
        await expect(stranger.page).to_have_url(f"{house.url}/office/sign-in")
        await expect(stranger.page.locator("body")).not_to_contain_text("Straßenbahn")


async def test_a_wrong_password_opens_nothing(browser: Browser, house: House):
    async with own_browser(browser, house, Staff) as stranger:
        await stranger.page.goto("/office")
        await stranger.page.locator("#email").fill(PAULA[0])
        await stranger.page.locator("#password").fill("Rheinaue-Morgentau-39")
        await stranger.page.locator("button[type=submit]").click()
        await expect(stranger.page.get_by_role("alert")).to_be_visible()
        await expect(stranger.page.locator("header.top")).to_have_count(0)
