"""Whole conversations from the first word to the booked appointment."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.dialogue import wishes as w
from core.rules.criteria import ANY
from tests.bot.dialogue.office import NOW, POLICY, Talk, booking, seat


def at_offers(**changes: Any) -> Talk:
    """Leyla has three appointments before her."""
    talk = Talk(**changes).start().press("Einverstanden")
    return talk.write("Verhaltenstherapie einzeln gegen Angst, für mich, ich bin 36, abends")


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


def test_other_times_are_asked_for() -> None:
    talk = at_offers()
    assert talk.press("Andere Zeiten").wish(w.FindOffers).widened
    assert talk.write("keiner passt").wish(w.FindOffers).widened
    assert talk.write("lieber Montag abends").wish(w.FindOffers).criteria.weekdays == ("mon",)
    assert talk.write("hm hm").keys == ["unclear.offers", "offers.several"]


def test_answers_can_be_changed_from_a_list() -> None:
    talk = at_offers().press("Angaben ändern")
    assert talk.keys == ["change"]
    assert talk.press("Form:").keys == ["ask.setting"]


@pytest.mark.parametrize(
    ("words", "name"),
    [("der zweite", "Shirin Rad"), ("3", "Eva Lind"), ("Dienstag", "Anna Huber"),
     ("am Mittwoch um 14:20", "Shirin Rad")],
)  # fmt: skip
def test_a_seat_can_be_named_in_words(words: str, name: str) -> None:
    talk = at_offers().write(words)
    assert talk.keys[0] == "kept" and name in talk.said()[0]


def test_a_single_offer_is_taken_by_yes() -> None:
    one = w.Offered("o", NOW + timedelta(minutes=10), (seat(1),), asked_therapist_full=True)
    talk = at_offers(outcomes={w.FindOffers: one})
    assert talk.keys == ["offers.therapist_full"]
    assert talk.write("ja").keys[0] == "kept"


def test_nothing_fits_offers_ways_on() -> None:
    none = w.NothingFits((w.Widening("modality", 4), w.Widening("parts", 1), w.Widening("x", 2)))
    talk = at_offers(outcomes={w.FindOffers: none})
    assert talk.keys == ["nothing_fits.widen"]
    assert talk.labels()[:2] == [
        "Verfahren offenlassen: 4 freie Termine", "Tageszeit offenlassen: 1 freier Termin",
    ]  # fmt: skip
    talk.press("Tageszeit")
    assert talk.wish(w.FindOffers).criteria.parts == ()
    assert talk.press("Verfahren offenlassen").wish(w.FindOffers).criteria.modality == ANY
    assert talk.press("ein Wunsch").keys == ["old_button", "nothing_fits.widen"]
    for field, value in (("site", None), ("interpreter", False), ("language", ANY)):
        criteria = talk.do({"do": "widen", "field": field}).wish(w.FindOffers).criteria
        assert getattr(criteria, field) == value
    assert talk.write("andere Zeiten").wish(w.FindOffers).widened


def test_nothing_fits_and_nothing_would() -> None:
    talk = at_offers(outcomes={w.FindOffers: w.NothingFits()})
    assert talk.keys == ["nothing_fits.plain"]
    assert talk.labels() == [
        "Auf die Warteliste", "Angaben ändern", "Mit einem Menschen sprechen",
    ]  # fmt: skip


def test_waiting_asks_for_a_contact_and_is_kept() -> None:
    talk = at_offers(outcomes={w.FindOffers: w.NothingFits()})
    assert talk.press("Auf die Warteliste").keys == ["ask.wait_contact"]
    talk.write("0228 5550140")
    assert talk.wish(w.Wait).phone == "+492285550140"
    assert talk.keys == ["waiting.contact", "return_code", "idle.waiting"]
    assert talk.do({"do": "wait"}).keys == ["waiting_already"]


def test_waiting_without_a_contact() -> None:
    talk = at_offers(outcomes={w.Wait: w.Waiting()}).write("Warteliste")
    assert talk.write("ohne").keys == ["waiting.here", "idle.waiting"]


def test_a_child_is_named_by_the_parent() -> None:
    talk = Talk(consented=True).start().write("mein Sohn ist 10 und stottert, egal wann").first()
    assert talk.keys == ["kept", "ask.name.child"]
    assert talk.write("Can Kaya").keys == ["ask.birth_date.child"]


def test_a_date_of_birth_that_contradicts_is_asked_about() -> None:
    talk = at_offers().first().write("Leyla Ahmadi").write("3.4.2014")
    assert talk.keys == ["age_check"] and "12 Jahre" in talk.said()[0]
    assert talk.write("hm").keys == ["unclear.other", "age_check"]
    assert talk.write("nein").keys == ["ask.birth_date.self"]
    talk.write("3.4.2014").press("Das Geburtsdatum stimmt")
    assert talk.keys == ["age_new_search", "offers.several"]
    assert talk.wish(w.FindOffers).criteria.age_group == "adolescent"
    assert talk.first().keys == ["kept", "ask.contact"]


def test_a_grown_child_becomes_a_relative_and_a_child_has_a_parent() -> None:
    talk = Talk(consented=True).start().write("mein Sohn ist 10 und stottert, egal wann").first()
    talk.write("Can Kaya").write("3.4.1990").write("ja")
    assert talk.wish(w.FindOffers).criteria.relation == "relative"
    mine = at_offers().first().write("Elif Kaya").write("1.1.2020")
    assert mine.write("ja").wish(w.FindOffers).criteria.relation == "parent"


def test_an_open_age_follows_from_the_date_of_birth() -> None:
    adult = Talk(consented=True).start().write("Schlaganfall, egal wann").press("Möchte ich jetzt")
    adult.first().write("Josef Meier").write("1.2.1950")
    assert adult.keys == ["ask.contact"]
    child = Talk(consented=True).start().write("Schlaganfall, egal wann").press("Möchte ich jetzt")
    assert child.first().write("Can Kaya").write("1.2.2018").keys[0] == "age_new_search"


def test_a_relative_may_be_older_than_the_button_said() -> None:
    talk = Talk(consented=True).start().write("Schlaganfall, egal wann").press("Für eine andere")
    assert talk.first().keys[-1] == "ask.name.relative"
    assert talk.write("Josef Meier").write("1.2.1944").keys == ["ask.contact"]


@pytest.mark.parametrize(
    ("words", "key"),
    [("31.2.1990", "birth_date.unclear"), ("1.1.2031", "birth_date.future"),
     ("1.1.1850", "birth_date.old"), ("gestern", "unclear.birth_date")],
)  # fmt: skip
def test_an_impossible_date_of_birth_is_asked_again(words: str, key: str) -> None:
    talk = at_offers().first().write("Leyla Ahmadi").write(words)
    assert talk.keys[0] == key


def test_a_name_without_letters_is_asked_again_and_wishes_are_no_names() -> None:
    talk = at_offers().first()
    assert talk.write("12345").keys == ["unclear.name", "ask.name.self"]
    assert talk.write("Kann ich mit einem Menschen sprechen?").keys[0] == "human.open"
    assert talk.write("anderen Termin").wish(w.FindOffers).widened
    assert talk.first().write("Petra Mensch").keys == ["ask.birth_date.self"]


def test_a_contact_may_be_skipped_with_the_consequence_told() -> None:
    talk = at_offers().first().write("Leyla Ahmadi").write("3.4.1990")
    assert talk.write("leyla@example").keys == ["contact.email"]
    assert talk.write("123").keys == ["contact.phone"]
    assert talk.write("blau").keys == ["unclear.contact", "ask.contact"]
    assert talk.press("Ohne Kontakt").keys == ["contact.skipped", "policy"]
    assert talk.write("ja").keys == ["booked", "return_code", "calendar"]


def test_the_rules_can_be_declined_and_read_again() -> None:
    talk = at_offers()
    talk.first().write("Leyla Ahmadi").write("3.4.1990").write("leyla@example.org")
    assert talk.write("nein").keys == ["declined"]
    assert talk.press("Regeln noch einmal").keys == ["policy"]
    assert talk.press("Nicht einverstanden").keys == ["declined"]
    assert talk.write("lieber andere Zeiten").wish(w.FindOffers).widened


def test_a_seat_lost_while_writing_brings_fresh_ones_and_loses_nothing() -> None:
    fresh = w.Offered("fresh", NOW + timedelta(minutes=10), (seat(5),))
    talk = at_offers().first().write("Leyla Ahmadi").write("3.4.1990")
    talk.write("leyla@example.org")
    talk.outcomes[w.Book] = w.HoldLost(fresh)
    assert talk.write("ja").keys == ["hold_lost", "offers.one"]
    del talk.outcomes[w.Book]
    assert talk.first().keys == ["kept_ready", "policy"]
    talk.outcomes[w.ShowPolicy] = w.HoldLost(w.NothingFits())
    assert talk.write("hä").keys == ["unclear.policy", "hold_lost", "nothing_fits.plain"]


def test_a_rule_of_the_house_is_told_with_ways_on() -> None:
    talk = at_offers(outcomes={w.FindOffers: w.NotBookable("error.nobody_wrote")})
    assert talk.keys == ["not_possible", "idle.plain"]
    assert "Mit einem Menschen sprechen" in talk.labels()
    told = at_offers(outcomes={w.FindOffers: w.NotBookable("dialogue.card.for", {"name": "x"})})
    assert told.keys == ["card.for", "idle.plain"]


def test_a_late_booking_is_told_that_cancelling_costs() -> None:
    late = w.PolicyView(3, datetime(2026, 11, 23, 9, 0, tzinfo=UTC), Decimal(60), "EUR", "…")
    view = w.BookingView("b", "PA-1", seat(0, site=None, format="video"), "Leyla", late)
    talk = at_offers().first().write("Leyla Ahmadi").write("3.4.1990")
    talk.outcomes[w.Book] = w.Booked(view, "K", "f", False)
    assert talk.write("leyla@example.org").write("ja").keys[0] == "booked_late"
