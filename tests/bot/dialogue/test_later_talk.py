"""After the booking, and beside the way: list, cancel, move, help, language, old buttons."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.dialogue import wishes as w
from bot.dialogue.step import Said
from tests.bot.dialogue.office import NOW, Talk, booking, seat

SENTENCE = "Psychotherapie, Verhaltenstherapie einzeln gegen Angst, für mich, ich bin 36, abends"


def at_offers(**changes: Any) -> Talk:
    return Talk(consented=True, **changes).start().write(SENTENCE)


def booked(**changes: Any) -> Talk:
    talk = at_offers(**changes).first().write("Leyla Ahmadi").write("3.4.1990")
    return talk.write("leyla@example.org").write("ja")


def test_a_booking_is_listed_with_its_card() -> None:
    talk = booked().write("Wann ist mein Termin?")
    assert talk.keys == ["bookings.one"] and talk.last.cards[0].booking == booking(0)
    assert talk.labels() == ["Weiterer Termin", "Termin absagen", "Termin verlegen"]


def test_nothing_booked_is_said_with_a_way_on() -> None:
    talk = Talk(consented=True).start().write("/appointments")
    assert talk.keys == ["bookings.none"] and talk.labels()[0] == "Weiter mit der Terminsuche"
    assert talk.first().keys == ["ask.concern"]
    idle = Talk(consented=True, state={"version": 1, "at": "idle"}).write("/cancel")
    assert idle.labels()[0] == "Termin suchen" and idle.first().keys == ["ask.concern"]


def test_leyla_cancels_and_is_never_left_with_nothing() -> None:
    talk = booked().write("ich möchte absagen")
    assert talk.keys == ["cancel.free"]
    talk.press("Ja, absagen")
    assert talk.keys == ["cancelled.free", "after_cancel"] and not talk.bookings
    assert talk.labels() == [
        "Einen anderen Termin suchen", "Auf die Warteliste", "Das ist alles, danke",
    ]  # fmt: skip
    assert talk.press("Einen anderen").wish(w.FindOffers).criteria.concern == "anxiety"


@pytest.mark.parametrize(
    ("words", "keys"),
    [("danke", ["stopped", "idle.booked"]), ("Warteliste", ["waiting.contact"]),
     ("andere Zeit", ["offers.several"]), ("Logopädie für mein Kind", ["ask.concern"]),
     ("3", ["stopped", "idle.booked"]), ("xyz", ["unclear.other", "after_cancel"])],
)  # fmt: skip
def test_after_a_cancel_words_do_as_well(words: str, keys: list[str]) -> None:
    talk = booked().write("absagen").write("ja").write(words)
    assert talk.keys[: len(keys)] == keys


def test_a_late_cancel_says_what_it_costs_first() -> None:
    talk = booked()
    talk.outcomes |= {
        w.PreviewCancel: w.CancelTerms(booking(), False, Decimal(60)),
        w.CancelBooking: w.Cancelled(booking(), True, Decimal(60)),
    }
    talk.write("absagen")
    assert "Ausfallhonorar beträgt 60" in talk.said()[0]
    assert talk.write("hm").keys == ["unclear.confirm_cancel", "cancel.fee"]
    assert talk.press("Ja, absagen").keys == ["cancelled.fee", "after_cancel"]


@pytest.mark.parametrize("words", ["nein", "stopp", "Termin behalten"])
def test_a_cancel_can_be_taken_back(words: str) -> None:
    talk = booked().write("absagen")
    talk = talk.press(words) if words.startswith("T") else talk.write(words)
    assert talk.keys == ["kept_booking", "idle.booked"] and talk.bookings


def test_one_of_several_is_picked() -> None:
    both = [booking(0, "Can Kaya"), booking(1, "Elif Kaya")]
    talk = Talk(consented=True, bookings=both, state={"version": 1, "at": "idle"}).write("absagen")
    assert talk.keys == ["pick.cancel"] and talk.labels()[1].endswith("Elif Kaya, Shirin Rad")
    assert talk.write("blau").keys == ["unclear.pick", "pick.cancel"]
    assert talk.write("2").wish(w.PreviewCancel).booking == "booking1"
    assert talk.write("/help").keys == ["help", "cancel.free"]
    talk.write("nein").write("absagen").write("Dienstag")
    assert talk.wish(w.PreviewCancel).booking == "booking0"
    assert talk.write("nein").write("verlegen").write("nein").keys[0] == "kept_booking"
    assert talk.write("verlegen").press("Mittwoch").wish(w.FindOffers).moving == "booking1"


def test_several_bookings_are_shown_together() -> None:
    talk = Talk(consented=True, bookings=[booking(0), booking(1)]).start().write("meine termine")
    assert talk.keys == ["bookings.several"] and len(talk.last.cards) == 2


def test_leyla_moves_and_keeps_the_old_appointment_until_then() -> None:
    talk = booked().write("/move")
    assert talk.keys == ["move_begin", "offers.move"] and talk.offers == 2
    wish = talk.wish(w.FindOffers)
    assert (wish.moving, wish.criteria.therapist) == ("booking0", "anna")
    talk.first()
    assert talk.keys == ["kept_ready", "policy"] and talk.labels()[0].endswith("Termin verlegen")
    talk.first()
    told = talk.wish(w.Book)
    assert (told.moving, told.name, told.birth_date, told.email) == ("booking0", "", None, None)
    assert talk.keys == ["moved", "calendar"]
    assert "Bisher: Dienstag, 1. Dezember" in talk.said()[0]
    assert [b.booking for b in talk.bookings] == ["booking3"]


def test_a_move_can_be_changed_or_given_up() -> None:
    talk = booked().write("verlegen")
    assert talk.chips()[0].startswith("Wann und wo")
    assert talk.press("Wann und wo").keys == ["ask.time_place"]
    assert talk.press("Per Video").wish(w.FindOffers).moving == "booking0"
    assert talk.do({"do": "keep"}).keys == ["kept_booking", "idle.booked"]
    talk.outcomes[w.FindOffers] = w.NothingFits()
    assert talk.write("verlegen").keys == ["move_begin", "nothing_fits.move"]
    assert talk.press("Termin behalten").wish(w.ReleaseOffer)
    assert talk.write("verlegen").do({"do": "wait"}).keys[0] == "old_button"


def test_cancel_can_turn_into_a_move() -> None:
    assert booked().write("absagen").press("Lieber verlegen").keys[0] == "move_begin"


def test_another_appointment_for_the_same_or_somebody_else() -> None:
    same = booked().press("Weiterer Termin").first().first()
    assert same.keys == ["kept_ready", "policy"]
    other = booked().press("Weiterer Termin").press("Neu, auch für")
    assert other.keys == ["ask.concern"]
    other.write("meine Tochter ist 8 und stottert, egal wann").first()
    assert other.keys == ["kept", "ask.name.child"]
    assert other.write("Elif Kaya").write("1.2.2018").keys == ["policy"]


def test_when_done_new_words_begin_a_new_search() -> None:
    talk = booked().write("Mein Sohn ist 9 und stottert")
    assert talk.keys == ["ask.time_place"]
    assert booked().write("noch ein Termin bitte").keys == ["another"]


def test_a_booking_that_is_gone_is_told() -> None:
    talk = booked()
    talk.outcomes[w.PreviewCancel] = w.NotBookable("error.gone")
    assert talk.write("absagen").keys == ["not_possible", "idle.booked"]


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
     (Said("text", "😀👍"), "empty"), (Said("text", "Я хочу записаться"), "unclear.concern"),
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
