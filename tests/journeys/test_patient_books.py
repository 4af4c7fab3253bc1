"""A patient finds an appointment, books it, moves it, cancels it, and comes back to it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from core import texts
from tests.journeys.house import House
from tests.journeys.people import PHONE, Patient, own_browser

QUESTIONS = ("service", "concern", "modality", "setting", "whom", "funding", "time_place")
MOST_QUESTIONS = 6
DAY = r"[A-ZÄ][a-zä]+tag|Mittwoch"

either_database = pytest.mark.parametrize(
    "house", ["sqlite", "postgres"], indirect=True, scope="module"
)


async def asked(patient: Patient, language: str) -> list[str]:
    """Return which questions of the intake the patient was asked, in order."""
    words = {texts.say(language, f"dialogue.ask.{name}"): name for name in QUESTIONS}
    return [words[said] for said in await patient.said() if said in words]


async def books(patient: Patient, *details: str) -> None:
    """Take the first offer, give name, date of birth and contact, and agree to the rules."""
    await patient.takes_the_first_offer()
    await patient.is_told("Bitte schreiben Sie")
    await patient.writes(*details)
    await patient.is_told("Bitte lesen Sie noch die Absageregeln")
    await patient.presses("Einverstanden, Termin buchen")
    await patient.is_told("Ihr Termin ist gebucht")


def calendar_of(file: Path) -> dict[str, str]:
    """Return the lines of a calendar file by name, folded lines joined."""
    lines = file.read_bytes().decode().replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    return {name.partition(";")[0]: said for name, _, said in (x.partition(":") for x in lines)}


@either_database
async def test_leyla_books_by_touch_and_gets_all_that_she_needs(leyla: Patient):
    await leyla.opens()
    await leyla.is_told("Guten Tag.", "Sind Sie mit dem Speichern einverstanden?")
    await leyla.presses("Einverstanden, weiter")
    for answer in (
        "Angst",
        "Verhaltenstherapie",
        "Einzeln",
        "Für mich, ich bin 18 bis 64",
        "Gesetzlich versichert",
        "So bald wie möglich, egal wo",
    ):
        await leyla.presses(answer)
    await expect(leyla.cards).to_have_count(3)
    await expect(leyla.cards.first).to_contain_text("für Sie freigehalten")
    await expect(leyla.cards.first).to_contain_text("Warum das passt")
    assert len(await asked(leyla, "de")) <= MOST_QUESTIONS

    therapist = await leyla.takes_the_first_offer()
    await leyla.is_told("Wie heißen Sie?")
    await leyla.writes("Leyla Ahmadi", "12.3.1991", "leyla.ahmadi@example.org")
    await leyla.is_told("Ausfallhonorar", "Sind Sie einverstanden?")
    await leyla.presses("Einverstanden, Termin buchen")

    await leyla.is_told(re.compile(rf"Ihr Termin ist gebucht: ({DAY}), \d+\. \w+, \d\d:\d\d Uhr\."))
    await leyla.is_told(re.compile(r"Ort: \w+"), re.compile(r"kostenlosen? [Aa]bsagen"))
    booked = leyla.talk.locator(".card.booked").last
    await expect(booked).to_contain_text(therapist)
    await expect(booked).to_contain_text("Für: Leyla Ahmadi")
    reference = await leyla.told(r"Ihre Terminnummer: ([0-9A-Z]+)\.")
    await leyla.told(r"Ihr Rückkehrcode: ([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})\.")
    await expect(booked).to_contain_text(f"Terminnummer: {reference}")


@either_database
async def test_the_calendar_file_holds_the_appointment_and_tells_little(
    leyla: Patient, tmp_path: Path
):
    await leyla.opens()
    await leyla.presses("Einverstanden, weiter")
    await leyla.writes("Ich bin 35. Einzeltherapie wegen Angst, gesetzlich, egal wann.")
    await leyla.presses("Kein bestimmtes Verfahren")
    await books(leyla, "Leyla Ahmadi", "12.3.1991", "leyla.ahmadi@example.org")
    async with leyla.page.expect_download() as started:
        await leyla.talk.get_by_role("link", name="Termin für den Kalender").click()
    await (await started.value).save_as(tmp_path / "Termin.ics")
    calendar = calendar_of(tmp_path / "Termin.ics")
    starts = datetime.strptime(calendar["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert texts.time_words("de", starts, "Europe/Berlin") in await leyla.told(
        r"gebucht: (.+)\. Ort"
    )
    assert calendar["LOCATION"]
    # A family shares its calendar: it must not say what the appointment is about.
    assert "therap" not in calendar["SUMMARY"].lower()
    assert "Leyla" not in "".join(calendar.values())


async def test_josef_says_all_in_one_sentence_and_is_asked_only_the_rest(josef: Patient):
    await josef.opens()
    await josef.presses("I agree, go on")
    await josef.writes("I am 71. After my stroke I need speech therapy, as soon as possible.")
    await josef.presses("Public health insurance")
    await expect(josef.cards.first).to_contain_text("Why this fits")
    assert await asked(josef, "en") == ["concern", "funding"]

    await josef.takes_the_first_offer()
    await josef.is_told("What is your name?")
    await josef.writes("Josef Meier", "2 May 1955", "+49 151 23456789")
    await josef.presses("I agree, book the appointment")
    await josef.is_told("Your appointment is booked", "Your return code")


async def test_a_mother_books_for_her_child(leyla: Patient):
    await leyla.opens()
    await leyla.presses("Einverstanden, weiter")
    await leyla.writes(
        "Meine Tochter Elif ist 8 und hat Angst vor der Schule. Gesetzlich versichert."
    )
    await leyla.presses("Kein bestimmtes Verfahren", "Einzeln", "So bald wie möglich, egal wo")
    await expect(leyla.newest.locator(".chips")).to_contain_text("Für mein Kind bis 11 Jahre")
    await leyla.takes_the_first_offer()
    await leyla.is_told("Wie heißt Ihr Kind?")
    await leyla.writes("Elif Kaya")
    await leyla.is_told("Wann ist Ihr Kind geboren?")
    born = f"4.9.{datetime.now(UTC).year - 9}"
    await leyla.writes(born, "mehmet.kaya@example.org")
    await leyla.presses("Einverstanden, Termin buchen")
    await expect(leyla.talk.locator(".card.booked").last).to_contain_text("Für: Elif Kaya")


@pytest.mark.parametrize("language", ["de", "en"])
async def test_the_first_choice_of_every_question_leads_to_offers(
    browser: Browser, house: House, language: str
):
    async with own_browser(browser, house, Patient, language, viewport=PHONE) as anybody:
        await anybody.opens()
        for _ in range(MOST_QUESTIONS + 1):
            before = await anybody.last_seq()
            await (await anybody.first_choice()).click()
            await anybody.is_answered(before)
        await expect(anybody.cards).to_have_count(3)
        assert len(await asked(anybody, language)) == MOST_QUESTIONS
        assert not anybody.faults


async def test_moved_then_cancelled_and_never_left_with_nothing(leyla: Patient):
    await leyla.opens()
    await leyla.presses("Einverstanden, weiter")
    await leyla.writes("Ich bin 35. Einzeltherapie wegen Depression, gesetzlich, egal wann.")
    await leyla.presses("Kein bestimmtes Verfahren")
    await books(leyla, "Leyla Ahmadi", "12.3.1991", "leyla.ahmadi@example.org")
    first = await leyla.told(r"gebucht: (.+ Uhr)\. Ort")

    await leyla.chooses("Termin verlegen")
    await leyla.is_told("Er bleibt bestehen, bis Sie einen neuen bestätigt haben.")
    await leyla.takes_the_first_offer()
    await leyla.presses("Einverstanden, Termin verlegen")
    assert await leyla.told(r"Bisher: (.+ Uhr)\. Jetzt:") == first
    second = await leyla.told(r"Jetzt: (.+ Uhr)\. Ort:")
    assert second != first

    await leyla.chooses("Termin absagen")
    await leyla.presses("Ja, absagen")
    assert await leyla.told(r"abgesagt: (.+ Uhr)\. ") == second
    await leyla.is_told("Wie möchten Sie weitermachen?")
    await leyla.presses("Einen anderen Termin suchen")
    await expect(leyla.cards).to_have_count(3)


async def test_leaving_quickly_leaves_nothing_and_the_code_leads_back(
    leyla: Patient, browser: Browser, house: House
):
    await leyla.opens()
    await leyla.presses("Einverstanden, weiter")
    await leyla.writes("Ich bin 35. Einzeltherapie wegen Trauma, gesetzlich, egal wann.")
    await leyla.presses("Kein bestimmtes Verfahren")
    await books(leyla, "Leyla Ahmadi", "12.3.1991", "leyla.ahmadi@example.org")
    code = await leyla.told(r"Ihr Rückkehrcode: ([0-9A-Z-]+)\.")
    reference = await leyla.told(r"Ihre Terminnummer: ([0-9A-Z]+)\.")

    await leyla.page.get_by_role("link", name="Schnell verlassen").click()
    await leyla.page.wait_for_url("**/chat/bye")
    await leyla.is_forgotten()
    await leyla.opens()
    await expect(leyla.talk).not_to_contain_text("Leyla Ahmadi")

    async with own_browser(browser, house, Patient) as at_home:
        await at_home.opens()
        await at_home.chooses("Ich habe einen Rückkehrcode")
        await at_home.page.get_by_label("Ihr Rückkehrcode").fill(code.lower().replace("-", " "))
        await at_home.page.get_by_role("button", name="Gespräch öffnen").click()
        await at_home.is_told(reference)
        await at_home.chooses("Meine Termine")
        await expect(at_home.newest.locator(".card")).to_contain_text(reference)
        assert not at_home.faults


async def test_a_wrong_code_opens_nothing_and_is_told_kindly(leyla: Patient):
    await leyla.opens()
    await leyla.chooses("Ich habe einen Rückkehrcode")
    await leyla.page.get_by_label("Ihr Rückkehrcode").fill("0000-0000-0000")
    await leyla.page.get_by_role("button", name="Gespräch öffnen").click()
    await expect(leyla.page.locator("#code-state")).to_contain_text("kein Gespräch gefunden")
    leyla.faults = [fault for fault in leyla.faults if "404" not in fault]


async def test_what_was_understood_is_corrected_at_a_touch(leyla: Patient):
    await leyla.opens()
    await leyla.presses("Einverstanden, weiter")
    await leyla.writes(
        "Ich bin 35. Verhaltenstherapie wegen Angst, einzeln, gesetzlich, jederzeit."
    )
    await expect(leyla.cards.first).to_be_visible()
    await leyla.presses("Verfahren: Verhaltenstherapie", "Tiefenpsychologisch fundiert")
    await expect(leyla.newest.locator(".chips")).to_contain_text("Verfahren: Tiefenpsychologisch")
    await expect(leyla.cards.first).to_be_visible()
