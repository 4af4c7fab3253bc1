"""After the booking, and beside the way: list, cancel, move, help, language, old buttons."""

from decimal import Decimal

import pytest

from bot.dialogue import wishes as w
from tests.bot.dialogue.office import Talk, booked, booking


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
