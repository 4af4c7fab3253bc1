"""From the offers to the booked appointment: choosing, waiting, details, rules."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.dialogue import wishes as w
from core.rules.criteria import ANY
from tests.bot.dialogue.office import NOW, Talk, at_offers, seat


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


def test_a_time_that_nobody_has_is_not_passed_over() -> None:
    elsewhen = w.Offered("o", NOW + timedelta(minutes=10), (seat(reasons=("focus",)),))
    talk = at_offers(outcomes={w.FindOffers: elsewhen}).write("lieber Montag abends")
    assert talk.keys == ["offers.not_at_that_time"]


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
