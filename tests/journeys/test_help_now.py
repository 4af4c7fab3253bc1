"""Whoever is in danger finds help at once, whatever else was going on, and may book afterwards."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.house import House
from tests.journeys.people import Patient, own_browser

OPENERS = {"de": "Ich brauche jetzt Hilfe", "en": "I need help now"}
SOMEBODY_READS = re.compile("Vielleicht liest hier gerade niemand|Hier liest gerade ein Mensch")


async def finds_help(patient: Patient, answer: re.Pattern[str] | str = SOMEBODY_READS) -> None:
    """Press *I need help now*, see the numbers and whether somebody reads, and close it."""
    panel = patient.page.locator("#now")
    await patient.page.get_by_role("button", name=OPENERS["de"]).click()
    await expect(panel).to_be_visible()
    lines = panel.locator("a.line")
    await expect(lines.first).to_have_attribute("href", "tel:112")
    await expect(lines.nth(1)).to_have_attribute("href", re.compile("tel:08001110"))
    await expect(patient.page.locator("#now-state")).to_contain_text(answer)
    await panel.get_by_role("button", name="Schließen").click()
    await expect(panel).to_be_hidden()


async def test_help_is_one_press_away_in_every_state(leyla: Patient):
    await leyla.opens()
    await finds_help(leyla)
    await leyla.presses("Weiter", "Einverstanden, weiter")
    await finds_help(leyla)
    await leyla.presses("Weiter")
    await leyla.is_told("Worum geht es vor allem?")
    await leyla.writes(
        "Ich bin 35. Verhaltenstherapie wegen Angst, einzeln, gesetzlich, egal wann."
    )

    await expect(leyla.cards).to_have_count(3)
    await finds_help(leyla)
    await leyla.presses("Weiter")
    await expect(leyla.cards).to_have_count(3)
    await leyla.takes_the_first_offer()

    await leyla.is_told("Wie heißen Sie?")
    await finds_help(leyla)
    await leyla.presses("Weiter")
    await leyla.writes("Leyla Ahmadi", "12.3.1991")
    await leyla.presses("Ohne Kontakt weiter", "Einverstanden, Termin buchen")
    await leyla.is_told("Ihr Termin ist gebucht")
    await finds_help(leyla)


async def test_without_a_connection_the_numbers_are_there_all_the_same(leyla: Patient):
    await leyla.opens()
    await leyla.page.context.set_offline(True)
    await finds_help(leyla, "Die Nummern erreichen Sie trotzdem.")
    await leyla.page.context.set_offline(False)
    await expect(leyla.talk.locator("> li.crisis")).to_have_count(1, timeout=30_000)


async def test_without_script_the_numbers_are_a_link_away(browser: Browser, house: House):
    async with own_browser(browser, house, Patient, java_script_enabled=False) as anybody:
        await anybody.page.goto("/")
        await anybody.page.locator("#now-button").click()
        await expect(anybody.page.locator("#now a.line").first).to_be_visible()


@pytest.mark.parametrize(
    ("language", "agree", "words", "go_on", "question"),
    [
        ("de", "Einverstanden, weiter", "Ich will nicht mehr leben", "Weiter", "Worum geht es"),
        ("en", "I agree, go on", "I want to kill myself", "Go on", "What is it mainly about"),
    ],
)
async def test_words_of_danger_are_answered_first_and_booking_stays_open(
    browser: Browser, house: House, language: str, agree: str, words: str, go_on: str, question: str
):
    async with own_browser(browser, house, Patient, language) as somebody:
        await somebody.opens()
        await somebody.presses(agree)
        await somebody.is_told(question)
        await somebody.writes(words)
        crisis = somebody.talk.locator("> li.crisis")
        await expect(crisis).to_have_count(1)
        await expect(crisis).to_contain_text("112")
        await expect(crisis.locator("a.line").first).to_have_attribute("href", "tel:112")
        await expect(crisis.locator('a[href="tel:08001110111"]')).to_be_visible()
        await somebody.presses(go_on)
        await expect(somebody.newest).to_contain_text(question)
        assert not somebody.faults


async def test_words_of_danger_before_consent_are_answered_too(leyla: Patient):
    await leyla.opens()
    await leyla.writes("Ich will nicht mehr leben")
    await expect(leyla.talk.locator("> li.crisis a.line").first).to_have_attribute(
        "href", "tel:112"
    )


async def test_a_phrase_that_only_sounds_so_is_no_alarm(leyla: Patient):
    await leyla.opens()
    await leyla.presses("Einverstanden, weiter")
    await leyla.writes("Ich sterbe vor Lampenfieber, wenn ich rede")
    await expect(leyla.talk.locator("> li.crisis")).to_have_count(0)
