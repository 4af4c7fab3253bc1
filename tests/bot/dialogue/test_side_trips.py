"""Beside the way and off it: help, human, language, old buttons, anything at all."""

from datetime import timedelta

import pytest

from bot.dialogue import wishes as w
from bot.dialogue.step import Said
from tests.bot.dialogue.office import NOW, Talk, at_offers, booked, booking, seat


def test_a_side_trip_comes_back_to_the_question() -> None:
    talk = Talk(consented=True).start()
    for words, key in (
        ("/help", "help"), ("/human", "human.open"), ("/stored", "stored"),
        ("was speichern sie", "stored"), ("ich will mit einem Menschen sprechen", "human.open"),
        ("wie funktioniert das", "help"), ("/start", "ask.concern"),
    ):  # fmt: skip
        talk.write(words)
        assert talk.keys[0] == key and talk.keys[-1] == "ask.concern"


def test_a_cancel_in_the_middle_comes_back_to_the_search() -> None:
    talk = at_offers(bookings=[booking(7)]).write("absagen")
    assert talk.press("Termin behalten").keys == ["kept_booking", "offers.several"]
    talk.write("absagen").write("ja")
    assert talk.press("Weiter mit der Terminsuche").keys == ["offers.several"]


def test_a_gone_booking_in_the_middle_comes_back_to_the_question() -> None:
    talk = Talk(consented=True, bookings=[booking()]).start()
    talk.outcomes[w.PreviewCancel] = w.NotBookable("error.gone")
    assert talk.write("absagen").keys == ["not_possible", "ask.concern"]


@pytest.mark.parametrize(
    ("outcome", "key"),
    [(w.HumanAsked(True, NOW), "human.open"), (w.HumanAsked(False, NOW), "human.closed"),
     (w.HumanAsked(True, NOW, already=True), "human.already"),
     (w.HumanAsked(False, None), "human.some_time")],
)  # fmt: skip
def test_asking_for_a_human_says_when_and_the_dialogue_goes_on(
    outcome: w.HumanAsked, key: str
) -> None:
    talk = Talk(consented=True, outcomes={w.AskHuman: outcome}).start().write("Mensch")
    assert talk.keys == [key, "ask.concern"]


def test_help_now_leaves_the_booking_one_press_away() -> None:
    talk = at_offers().write("/now")
    assert talk.keys == ["after_now"] and talk.wish(w.AskNow)
    assert talk.press("Weiter").keys == ["offers.several"]


def test_the_language_changes_at_any_time() -> None:
    talk = Talk().start().write("/language")
    assert talk.keys == ["language.choose"] and talk.labels() == ["English", "Deutsch"]
    assert talk.press("English").keys == ["language.used", "notice_with_link"]
    assert talk.write("/language fr").keys == ["language.unknown"]
    assert talk.write("auf deutsch bitte").said()[0] == "Wir machen auf Deutsch weiter."


def test_start_over_releases_and_asks_nothing() -> None:
    talk = at_offers().write("von vorn")
    assert talk.keys == ["restarted", "ask.concern"] and talk.wish(w.ReleaseOffer)
    done = booked().write("/restart")
    assert done.keys == ["restarted_booked"] and done.labels()[0] == "Weiterer Termin"
    assert done.first().keys == ["ask.concern"]
    assert Talk().start().write("/restart").keys == ["restarted", "notice_with_link"]


def test_stop_ends_kindly() -> None:
    assert at_offers().write("das war's").keys == ["stopped", "idle.plain"]
    assert Talk(state={"version": 1}).do({"do": "stop"}).keys == ["notice_with_link"]


def test_before_consent_only_help_is_given() -> None:
    talk = Talk().start()
    assert talk.write("Mensch").keys == ["human.open", "notice_with_link"]
    assert talk.write("/cancel").keys == ["notice_with_link"]
    assert talk.write("/stored").keys == ["stored", "stored_link", "notice_with_link"]


@pytest.mark.parametrize(
    ("said", "key"),
    [(Said("file"), "no_files"), (Said("empty"), "empty"), (Said("text", "  "), "empty"),
     (Said("text", "😀👍"), "empty"), (Said("text", "Я хочу записаться"), "unclear.script"),
     (Said("text", "x" * 5_000), "unclear.concern"), (Said("text", "/xyz"), "unclear.concern"),
     (Said("text", "/"), "empty"), (Said("text", "\x00\x07\ud800"), "empty"),
     (Said("choice"), "old_button"), (Said("choice", action={"do": ["x"]}), "old_button"),
     (Said("strange", "text"), "empty")],
)  # fmt: skip
def test_whatever_comes_gets_a_kind_answer_and_the_question_again(said: Said, key: str) -> None:
    assert Talk(consented=True).start().hear(said).keys == [key, "ask.concern"]


def test_after_two_tries_a_human_is_offered() -> None:
    talk = Talk(consented=True).start().write("blubb")
    assert "Mit einem Menschen sprechen" not in talk.labels()
    assert talk.write("blubb").keys == ["unclear_again", "ask.concern"]
    assert talk.labels()[-1] == "Mit einem Menschen sprechen"
    assert talk.press("Angst").state.get("tries") is None
    rules = at_offers().first().write("Leyla Ahmadi").write("3.4.1990").write("a@b.de")
    rules.write("hm").write("hm")
    assert rules.keys == ["unclear_again", "policy"]


def test_old_buttons_are_taken_kindly() -> None:
    talk = at_offers()
    old = dict(talk.last.choices[0].action)
    talk.press("Andere Zeiten")
    assert talk.do(old, stale=True).keys == ["offer_old", "offers.several"]
    assert talk.do({"do": "answer", "question": "concern", "value": "trauma"}, stale=True).keys == [
        "changed", "offers.several",
    ]  # fmt: skip
    talk.first()
    chosen = dict(talk.everything[-3].choices[0].action)
    assert talk.do(chosen, stale=True).keys == ["ask.name.self"]
    assert talk.do({"do": "answer", "question": "concern", "value": "trauma"}).keys == [
        "ask.name.self"
    ]
    for action in (
        {"do": "accept", "version": 3}, {"do": "cancel_yes", "booking": "booking0"},
        {"do": "skip_contact"}, {"do": "decline"}, {"do": "age_right"}, {"do": "more"},
        {"do": "another_time"}, {"do": "another_same"}, {"do": "another_new"},
        {"do": "widen", "field": "site"}, {"do": "change", "question": "x"},
        {"do": "drop", "question": "x"}, {"do": "answer", "question": "whom", "value": "x"},
        {"do": "answer", "question": "time_place", "value": "site:x"},
        {"do": "answer", "question": "service", "value": "x"},
        {"do": "answer", "question": "name", "value": "x"},
    ):  # fmt: skip
        assert talk.do(action, stale=True).keys == ["old_button", "ask.name.self"], action
    assert talk.do({"do": "find"}).keys == talk.do({"do": "another"}).keys == ["ask.name.self"]
    assert talk.do({"do": "pick", "booking": "?"}).keys[0] == "bookings.none"


def test_old_buttons_after_the_booking_change_nothing() -> None:
    talk = booked()
    for action in (
        {"do": "seat", "offer": "offer1", "seat": "seat0", "gen": 1}, {"do": "other_times"},
        {"do": "change", "question": "concern"}, {"do": "drop", "question": "gender"},
        {"do": "answer", "question": "concern", "value": "trauma"}, {"do": "change_menu"},
    ):  # fmt: skip
        assert talk.do(action, stale=True).keys == ["old_button", "idle.booked"]
    assert talk.bookings == [booking()]


def test_an_offer_that_ran_out_is_renewed() -> None:
    talk = at_offers()
    talk.now = NOW + timedelta(minutes=11)
    assert talk.write("/help").keys == ["help", "offer_over", "offers.several"]


def test_coming_back_goes_on_where_it_was() -> None:
    assert at_offers().start().keys == ["welcome_back", "offers.several"]
    assert booked().start().keys == ["welcome_back", "idle.booked"]
    lost = Talk(consented=True, state={"version": 1, "at": "policy"}).start()
    assert lost.keys == ["welcome_back", "offers.several"]


def test_a_booking_for_another_service_is_looked_for_as_it_was() -> None:
    speech = w.BookingView("b", "PA-1", seat(0, service="speech_therapy"), "Can", booking().policy)
    talk = at_offers(outcomes={w.CancelBooking: w.Cancelled(speech, False)}, bookings=[booking()])
    talk.write("absagen").write("ja").write("andere Zeit")
    assert talk.wish(w.FindOffers).criteria.service == "speech_therapy"


@pytest.mark.parametrize(
    ("words", "key"),
    [("was kostet das?", "about.cost"), ("wie lange muss ich warten?", "about.how_long"),
     ("sind Sie ein Mensch?", "about.robot"), ("Öffnungszeiten", "about.hours"),
     ("wo sind Sie?", "about.places")],
)  # fmt: skip
def test_a_question_about_the_house_is_answered_and_the_talk_goes_on(words: str, key: str) -> None:
    assert Talk(consented=True).start().write(words).keys == [key, "ask.concern"]


def test_a_greeting_and_thanks_change_nothing_in_mid_talk() -> None:
    talk = Talk(consented=True).start().write("Angst")
    for words in ("Hallo", "danke", "vielen Dank"):
        assert talk.write(words).keys == ["ask.modality"]


def test_back_puts_the_question_before() -> None:
    talk = Talk(consented=True).start().write("Angst").write("egal")
    assert talk.keys == ["ask.setting"]
    assert talk.write("zurück").keys == ["ask.modality"]


def test_what_answers_another_question_is_noted() -> None:
    talk = Talk(consented=True).start().write("Angst").write("dienstags")
    assert talk.keys == ["noted", "ask.modality"]
