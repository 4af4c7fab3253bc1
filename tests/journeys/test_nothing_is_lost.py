"""Servers die, trains drive into tunnels, fingers press twice: nothing that was said is lost."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.journeys.house import House
from tests.journeys.people import Patient

# The page waits a little longer after each try that fails.
SLOWLY = 40_000

HARD_TO_READ = {
    "emoji": "🙂🙃💔",
    "another script": "سلام، من به کمک نیاز دارم و آلمانی نمی‌دانم",
    "five thousand characters": "Das ist eine lange Geschichte. " * 162,
    "markup": "<script>alert(1)</script> & <b>fett</b>",
    "a slash alone": "/",
    "punctuation": "…?!",
    "a slash and a word that means nothing": "/xyzzy",
    "nothing that has to do with it": "Der Mond ist aufgegangen",
}


async def in_the_middle(patient: Patient) -> None:
    """Come as far as the question about the method."""
    await patient.opens()
    await patient.presses("Einverstanden, weiter", "Angst")
    await patient.is_told("Wünschen Sie ein bestimmtes Verfahren?")


async def patient_said(patient: Patient, words: str) -> int:
    """Return how often the patient's words stand in the conversation, as the server has it."""
    rows = await patient.page.evaluate("fetch('/chat/messages?after=0').then((r) => r.json())")
    return sum(row["from"] == "patient" and row["text"] == words for row in rows)


@pytest.mark.parametrize("end", [House.dies, House.is_told_to_stop], ids=["power", "new version"])
async def test_a_restart_in_the_middle_changes_nothing(leyla: Patient, house: House, end):
    await in_the_middle(leyla)
    await asyncio.to_thread(end, house)
    await leyla.presses("Verhaltenstherapie")
    await expect(leyla.newest).to_contain_text("noch nicht gesendet")
    await asyncio.to_thread(house.start)
    await expect(leyla.newest).to_contain_text("In welcher Form möchten Sie", timeout=SLOWLY)
    assert await patient_said(leyla, "Verhaltenstherapie") == 1
    await leyla.presses("Einzeln")
    await leyla.is_told("Für wen ist der Termin?")


async def test_a_tunnel_delays_and_loses_nothing(leyla: Patient):
    await in_the_middle(leyla)
    await leyla.page.context.set_offline(True)
    await leyla.page.locator("#text").fill("Verhaltenstherapie")
    await leyla.page.locator("#send").click()
    await leyla.page.locator("#text").fill("einzeln")
    await leyla.page.locator("#send").click()
    await expect(leyla.newest).to_contain_text("noch nicht gesendet")
    await expect(leyla.page.locator("#connection")).to_contain_text("Keine Verbindung")
    await leyla.page.context.set_offline(False)
    await expect(leyla.newest).to_contain_text("Für wen ist der Termin?", timeout=SLOWLY)
    assert await patient_said(leyla, "Verhaltenstherapie") == 1
    assert await patient_said(leyla, "einzeln") == 1


async def test_a_page_that_is_loaded_again_goes_on(leyla: Patient):
    await in_the_middle(leyla)
    await leyla.page.reload()
    await leyla.is_told("Worum geht es vor allem?")
    await leyla.presses("Systemisch")
    await leyla.is_told("In welcher Form möchten Sie kommen?")


async def test_pressing_twice_is_pressing_once(leyla: Patient):
    await in_the_middle(leyla)
    await leyla.button("Verhaltenstherapie").dblclick()
    await leyla.is_told("In welcher Form möchten Sie kommen?")
    assert await patient_said(leyla, "Verhaltenstherapie") == 1


async def test_two_tabs_show_one_conversation(leyla: Patient):
    await in_the_middle(leyla)
    other = Patient(await leyla.page.context.new_page(), leyla.home)
    await other.opens()
    await expect(other.button("Verhaltenstherapie")).to_be_visible()
    await leyla.presses("Verhaltenstherapie")
    await expect(other.newest).to_contain_text("In welcher Form möchten Sie kommen?")
    await expect(other.button("Verhaltenstherapie")).to_have_count(0)
    await other.presses("Einzeln")
    await expect(leyla.newest).to_contain_text("Für wen ist der Termin?")
    assert not other.faults


async def test_whatever_is_written_gets_a_useful_answer(leyla: Patient):
    await in_the_middle(leyla)
    for words in HARD_TO_READ.values():
        await leyla.writes(words)
        await expect(leyla.newest).to_contain_text("Wünschen Sie ein bestimmtes Verfahren?")
        await expect(leyla.talk).to_contain_text(words.strip())
    await expect(leyla.button("Mit einem Menschen sprechen")).to_be_enabled()
    await leyla.presses("Verhaltenstherapie")
    await leyla.is_told("In welcher Form möchten Sie kommen?")


async def test_nothing_written_is_nothing_sent(leyla: Patient):
    await in_the_middle(leyla)
    before = await leyla.last_seq()
    await leyla.page.locator("#text").fill("   \n ")
    await leyla.page.locator("#send").click()
    await leyla.presses("Verhaltenstherapie")
    await leyla.is_told("In welcher Form möchten Sie kommen?")
    assert await leyla.last_seq() == before + 2


async def test_a_file_is_declined_with_a_reason(leyla: Patient):
    await in_the_middle(leyla)
    await leyla.page.locator("#text").evaluate(
        """(field) => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File(["x"], "Überweisung.pdf", {type: "application/pdf"}));
          field.dispatchEvent(new ClipboardEvent("paste", {clipboardData, cancelable: true}));
        }"""
    )
    await expect(leyla.newest).to_contain_text("Bitte schreiben Sie, worum es geht.")
    await leyla.presses("Verhaltenstherapie")
    await leyla.is_told("In welcher Form möchten Sie kommen?")


async def test_a_text_that_is_too_long_stays_in_the_field(leyla: Patient):
    await in_the_middle(leyla)
    await leyla.page.locator("#text").fill("a" * 10_050)
    await leyla.page.locator("#send").click()
    await expect(leyla.page.locator("#room")).to_contain_text("50 Zeichen zu lang")
    assert len(await leyla.page.locator("#text").input_value()) == 10_050


@pytest.mark.parametrize("words", ["menschen", "hilfe"])
async def test_help_is_found_by_a_single_word(leyla: Patient, words: str):
    await in_the_middle(leyla)
    await leyla.writes(words)
    await leyla.is_told("Terminteam")
