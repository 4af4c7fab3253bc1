"""Dates of birth, contacts and names as people write them."""

from datetime import date

import pytest

from bot.understanding.contact import Contact, contact, person_name
from bot.understanding.dates import birth_date
from bot.understanding.normalise import clean

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    ["3.4.1990", "03.04.1990", "3. 4. 1990", "3/4/1990", "3-4-1990", "3.4.90", "1990-04-03",
     "1990/4/3", "03041990", "3 4 1990", "3. April 1990", "3 April 1990", "3rd of April 1990",
     "April 3rd, 1990", "3 Apr 90", "ich bin am 3.4.1990 geboren", "٣.٤.١٩٩٠"],
)  # fmt: skip
def test_a_date_in_many_ways(text: str) -> None:
    assert birth_date(text, TODAY, ("de", "en")).born == date(1990, 4, 3)


@pytest.mark.parametrize(
    ("text", "born"),
    [("3. März 1988", date(1988, 3, 3)), ("3 maerz 1988", None), ("04/13/1990", date(1990, 4, 13)),
     ("1.1.26", date(2026, 1, 1)), ("1.12.26", date(1926, 12, 1))],
)  # fmt: skip
def test_months_and_centuries(text: str, born: date | None) -> None:
    assert birth_date(text, TODAY, ("de", "en")).born == born


def test_two_digits_follow_the_age_group() -> None:
    assert birth_date("3.4.15", TODAY, ("de",), "child").born == date(2015, 4, 3)
    assert birth_date("3.4.20", TODAY, ("de",), "senior").born == date(1920, 4, 3)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("31.2.1990", "unclear"), ("1.1.2030", "future"), ("1.1.1850", "old"), ("gestern", "none"),
     ("", "none"), ("im April", "none"), ("99.99.9999", "unclear")],
)  # fmt: skip
def test_what_stands_against_a_date(text: str, problem: str) -> None:
    read = birth_date(text, TODAY, ("de", "en"))
    assert (read.born, read.problem) == (None, problem)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("leyla@example.org", Contact(email="leyla@example.org")),
        ("mailto:leyla@example.org", Contact(email="leyla@example.org")),
        ("meine Mail ist Leyla.A@Example.org.", Contact(email="Leyla.A@Example.org")),
        ("0228 5550140", Contact(phone="+492285550140")),
        ("+44 20 7946 0018", Contact(phone="+442079460018")),
        ("0228/5550140 oder a@b.de", Contact(email="a@b.de", phone="+492285550140")),
        ("123", Contact(problem="phone")),
        ("0000000000", Contact(problem="phone")),
        ("+999 1234567", Contact(problem="phone")),
        ("leyla@example", Contact(problem="email")),
        ("blau", Contact(problem="none")),
    ],
)
def test_contacts(text: str, expected: Contact) -> None:
    assert contact(text, "DE") == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [("Leyla Ahmadi", "Leyla Ahmadi"), ("Ich heiße Josef Meier.", "Josef Meier"),
     ("my name is Eva Lind", "Eva Lind"), ("لیلا احمدی", "لیلا احمدی"), ("李小龙", "李小龙"),
     ("Ana\x00 O'Brien-Smith", "Ana O'Brien-Smith"), ("7", None), ("😀", None), ("x" * 200, None),
     ("a@b.de Anna", None), ("Warum?", None), ("Nein", None), ("nothing, thanks", None)],
)  # fmt: skip
def test_names(text: str, name: str | None) -> None:
    assert person_name(text) == name


@pytest.mark.parametrize("text", ["3.4.1990", "03.04.1990", "1990-04-03", "3/4/90"])
def test_a_date_of_birth_sent_twice_is_no_phone_number(text: str) -> None:
    assert contact(text, "DE") == Contact(problem="phone")


def test_text_is_cleaned_to_one_line() -> None:
    assert clean("a\n b\x07\ud800\u202e می\u200cشود") == "a b می\u200cشود"
