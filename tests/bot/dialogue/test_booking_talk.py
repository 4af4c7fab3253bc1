"""Whole conversations from the first word to the booked appointment."""

from datetime import date

import pytest

from bot.dialogue import wishes as w
from core.rules.criteria import ANY
from tests.bot.dialogue.office import POLICY, Talk, at_offers, booking


def test_leyla_books_by_touch_alone() -> None:
    talk = Talk().start()
    assert talk.keys == ["greeting", "notice_with_link"]
    talk.press("Einverstanden").press("Angst")
    assert talk.chips() == ["Bereich: Psychotherapie", "Anliegen: Angst"]
    talk.press("Verhaltenstherapie").press("Einzeln").press("Für mich").press("So bald wie")
    assert talk.keys == ["offers.several"]
    assert [card.seat.therapist_name for card in talk.last.cards] == [
        "Anna Huber", "Shirin Rad", "Eva Lind",
    ]  # fmt: skip
    assert all(card.choice in talk.last.choices for card in talk.last.cards)
    talk.press("Dienstag, 1. Dezember, 14:20 Uhr, Anna Huber")
    assert talk.keys == ["kept", "ask.name.self"]
    talk.write("Leyla Ahmadi").write("3. April 1990").write("leyla@example.org")
    assert talk.last.key == "dialogue.policy" and POLICY.text in talk.said()[-1]
    talk.press("Einverstanden, Termin buchen")
    wish = talk.wish(w.Book)
    assert (wish.name, wish.birth_date) == ("Leyla Ahmadi", date(1990, 4, 3))
    assert (wish.email, wish.phone, wish.policy_version) == ("leyla@example.org", None, 3)
    assert wish.criteria.concern == "anxiety" and wish.criteria.modality == "cbt"
    assert talk.keys == ["booked", "return_code", "calendar_mailed"]
    assert "KRANICH-7314" in talk.said()[1] and talk.last.file == "file1"
    assert talk.labels()[0] == "Meine Termine"


def test_what_was_said_in_one_sentence_is_not_asked_again() -> None:
    talk = Talk(consented=True).start()
    talk.write("Verhaltenstherapie einzeln, abends, gegen Angst, gesetzlich versichert")
    assert talk.keys == ["ask.whom"]
    assert talk.chips() == [
        "Bereich: Psychotherapie", "Anliegen: Angst", "Verfahren: Verhaltenstherapie",
        "Form: Einzeln", "Versicherung: Gesetzlich versichert", "Wann und wo: Abends",
    ]  # fmt: skip
    talk.write("mich")
    assert talk.keys == ["offers.several"]
    assert talk.wish(w.FindOffers).criteria.parts == ("evening",)


def test_what_was_written_before_consent_counts_afterwards() -> None:
    talk = Talk().start().write("Meine Tochter ist 8 und stottert")
    assert talk.keys == ["consent_first", "notice_with_link"] and "criteria" not in talk.state
    talk.press("Einverstanden")
    assert talk.keys == ["consented", "ask.time_place"]
    assert "Für wen: Für mein Kind bis 11 Jahre" in talk.chips()


def test_a_wish_written_before_consent_is_done_afterwards() -> None:
    talk = Talk(bookings=[booking()]).start().write("Ich möchte meinen Termin absagen")
    talk.press("Einverstanden")
    assert talk.keys == ["consented", "cancel.free"]


def test_a_story_is_not_mistaken_for_a_wish() -> None:
    talk = Talk(consented=True, bookings=[booking()]).start()
    talk.write("I had to cancel my holiday because of panic attacks")
    assert talk.keys == ["ask.modality"]
    early = Talk(bookings=[booking()]).start().write("musste wegen Panik meinen Urlaub absagen")
    assert early.press("Einverstanden").keys == ["consented", "ask.modality"]


def test_consent_can_be_written() -> None:
    assert Talk().start().write("ja").keys == ["consented", "ask.concern"]


def test_a_greeting_before_consent_leads_to_the_first_question() -> None:
    assert Talk().start().write("Guten Abend").press("Einverstanden").keys[-1] == "ask.concern"


def test_a_second_press_on_consent_changes_nothing() -> None:
    talk = Talk().start().press("Einverstanden")
    assert talk.do({"do": "consent"}, stale=True).keys == ["ask.concern"]


def test_stroke_means_speech_therapy_and_no_modality_is_asked() -> None:
    talk = Talk(consented=True).start().write("nach einem Schlaganfall, ich bin 67")
    assert talk.keys == ["ask.time_place"]
    assert "Bereich: Logopädie" in talk.chips()


def test_the_service_is_asked_only_where_the_concern_leaves_it_open() -> None:
    talk = Talk(consented=True).start().press("Stress")
    assert talk.keys == ["ask.service"]
    assert talk.labels()[:2] == ["Psychotherapie", "Psychologische Hilfe"]
    assert talk.press("Ich bin nicht sicher").keys == ["explain.service", "ask.modality"]
    assert talk.chips()[0] == "Bereich: Psychotherapie"
    open_all = Talk(consented=True).start().press("Möchte ich offenlassen")
    assert len(open_all.last.choices) == 5
    assert open_all.press("Das ist mir gleich").keys == ["ask.modality"]
    assert Talk(consented=True).start().press("Stimme").chips()[0] == "Bereich: Logopädie"


def test_more_concerns_can_be_shown() -> None:
    talk = Talk(consented=True).start()
    few = len(talk.last.choices)
    assert len(talk.press("Mehr zeigen").last.choices) > few


def test_a_double_tap_on_an_answer_changes_nothing() -> None:
    talk = Talk(consented=True).start().press("Angst")
    assert talk.press("Angst").keys == ["ask.modality"]
    assert talk.press("Trauma").keys == ["changed", "ask.modality"]


def test_not_sure_is_explained_and_counts_as_no_preference() -> None:
    talk = Talk(consented=True).start().press("Angst")
    talk.press("Ich bin nicht sicher")
    assert talk.keys == ["explain.hints", "ask.setting"]
    assert "Verhaltenstherapie: Sie üben" in talk.said()[0]
    assert "Verfahren: offen" in talk.chips()


@pytest.mark.parametrize("words", ["egal", "weiß nicht", "keine"])
def test_no_preference_can_be_written(words: str) -> None:
    talk = Talk(consented=True).start().press("Angst").write(words)
    assert talk.last.key == "dialogue.ask.setting"


def test_an_answer_can_be_its_number() -> None:
    talk = Talk(consented=True).start().write("2")
    assert talk.chips() == ["Bereich: Psychotherapie", "Anliegen: Angst"]
    assert talk.write("99").keys == ["unclear.modality", "ask.modality"]


def test_an_age_answers_for_whom() -> None:
    talk = Talk(consented=True).start().write("Psychotherapie, Angst, einzeln, egal wann")
    talk.press("Kein bestimmtes")
    assert talk.last.key == "dialogue.ask.whom"
    assert talk.write("67").wish(w.FindOffers).criteria.age_group == "senior"


def test_only_what_is_still_open_about_whom_is_asked() -> None:
    talk = Talk(consented=True).start().write("Psychotherapie für meine Tochter, Angst, einzeln")
    talk.press("Kein bestimmtes")
    assert talk.labels()[:2] == ["Für mein Kind bis 11 Jahre", "Für mein Kind von 12 bis 17 Jahren"]
    guardian = Talk(consented=True).start().write("Psychotherapie, Angst, ich habe eine Vollmacht")
    guardian.press("Kein bestimmtes").press("Einzeln").press("Für mein Kind bis 11")
    assert guardian.press("Per Video").wish(w.FindOffers).criteria.relation == "guardian"


def test_a_couple_is_not_asked_for_whom() -> None:
    talk = Talk(consented=True).start().write("Paartherapie, Psychotherapie wegen Streit")
    assert talk.press("Kein bestimmtes").last.key == "dialogue.ask.time_place"
    family = Talk(consented=True).start().write("Familientherapie, Psychotherapie wegen Streit")
    assert family.press("Systemisch").last.key == "dialogue.ask.time_place"


def test_funding_is_asked_only_where_it_divides() -> None:
    sentence = "Psychotherapie, Angst, einzeln, Verhaltenstherapie, ich bin 30"
    assert Talk(consented=True).start().write(sentence).keys == ["ask.time_place"]
    talk = Talk(consented=True, divides=frozenset({"funding"})).start().write(sentence)
    assert talk.keys == ["ask.funding"]
    assert talk.press("Gesetzlich").last.key == "dialogue.ask.time_place"


def test_a_chip_asks_its_question_again_and_goes_straight_back_to_offers() -> None:
    talk = at_offers().press("Anliegen: Angst")
    assert talk.keys == ["ask.concern"]
    talk.press("Trauma")
    assert talk.keys == ["offers.several"] and "Anliegen: Trauma" in talk.chips()


def test_a_chip_of_the_service_keeps_what_fits() -> None:
    talk = at_offers().press("Bereich").press("Logopädie")
    assert talk.last.key == "dialogue.ask.concern"
    criteria = talk.press("Stimme").wish(w.FindOffers).criteria
    assert criteria.modality is None and criteria.setting is None


def test_a_wish_can_be_dropped_by_its_chip() -> None:
    talk = at_offers().write("lieber bei einer Frau, barrierefrei")
    assert "Behandelnde Person: eine Frau" in talk.chips()
    talk.press("Behandelnde Person")
    assert talk.wish(w.FindOffers).criteria.gender is None
    assert talk.press("Ohne Stufen").wish(w.FindOffers).criteria.accessible is False


def test_who_chats_in_english_is_offered_english_and_can_drop_it() -> None:
    talk = Talk(consented=True, language="en").start().write("a stroke, I am 40, any time")
    assert talk.wish(w.FindOffers).criteria.language == "en"
    assert "Language: English" in talk.press("Change my answers").labels()
    assert talk.press("Language: English").wish(w.FindOffers).criteria.language == ANY
