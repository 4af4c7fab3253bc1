"""A table of therapists: what is right is taken, what is wrong is named by row and column."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import texts
from core.errors import Invalid
from core.network.table import MOST_ROWS, text_of
from core.network.therapists import parse
from core.network.week import HoursRow

ANNA = {
    "name": "Anna Huber",
    "email": "anna.huber@praxis.example",
    "gender": "female",
    "services": "psychotherapy",
    "modalities": "cbt",
    "settings": "individual|group",
    "formats": "onsite|video",
    "age_groups": "adult",
    "languages": "de|en",
    "concerns": "anxiety|panic",
    "exclusions": "psychosis",
    "funding": "statutory",
    "sites": "zentrum",
    "accessible": "",
    "hours": "mon 09:00-13:00 zentrum; tue 14:00-19:00 video",
    "places": "3",
}


def table(*people: dict[str, str], separator: str = ",", end: str = "\n") -> str:
    """Return the people as CSV, every cell in quotes."""
    rows = [list(ANNA), *(list(person.values()) for person in people)]
    return "".join(separator.join(f'"{cell}"' for cell in row) + end for row in rows)


def told(text: str, demo) -> list[str]:
    _, problems = parse(text, demo)
    return [problem.in_words("en") for problem in problems]


def test_a_right_row_is_taken_with_all_that_it_says(demo):
    rows, problems = parse(table(ANNA), demo)
    assert problems == []
    [anna] = rows
    assert (anna.row, anna.name, anna.email) == (2, "Anna Huber", "anna.huber@praxis.example")
    assert anna.settings == ("individual", "group")
    assert anna.exclusions == ("psychosis",)
    assert anna.places == 3
    assert anna.hours == (
        HoursRow(
            "mon", time(9), time(13), "psychotherapy", "first_visit", "individual", "onsite",
            "zentrum",
        ),
        HoursRow("tue", time(14), time(19), "psychotherapy", "first_visit", "individual", "video"),
    )  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_spreadsheets_write_is_read_alike(demo, separator, end, mark):
    data = (mark + table(ANNA, separator=separator, end=end)).encode()
    rows, problems = parse(text_of(data), demo)
    assert problems == []
    assert rows == parse(table(ANNA), demo)[0]


def test_blank_rows_are_passed_over_and_rows_keep_the_numbers_of_the_spreadsheet(demo):
    text = table(ANNA, ANNA | {"email": "eva.lind@praxis.example", "name": "Eva Lind"})
    header, anna, eva = text.splitlines(keepends=True)
    rows, _ = parse(header + "\n" + anna + ",,,\n" + eva, demo)
    assert [(row.row, row.name) for row in rows] == [(3, "Anna Huber"), (5, "Eva Lind")]


def test_small_differences_of_writing_do_not_matter(demo):
    other = ANNA | {"email": "Anna.Huber@Praxis.Example", "services": " Psychotherapy ; "}
    [row], problems = parse(table(other), demo)
    assert problems == []
    assert (row.email, row.services) == ("anna.huber@praxis.example", ("psychotherapy",))


def test_who_works_at_a_site_with_steps_is_not_accessible_unless_it_is_said(demo):
    hours = {"hours": "", "sites": "godesberg"}
    [steps], _ = parse(table(ANNA | hours), demo)
    [lift], _ = parse(table(ANNA | hours | {"accessible": "ja"}), demo)
    [zentrum], _ = parse(table(ANNA), demo)
    assert (steps.accessible, lift.accessible, zentrum.accessible) == (False, True, True)


def test_words_after_the_times_say_what_the_hours_are_for(demo):
    person = ANNA | {"hours": "thu 17:00-18:40 group_session zentrum group"}
    [row], _ = parse(table(person), demo)
    [hours] = row.hours
    assert (hours.kind, hours.setting, hours.site) == ("group_session", "group", "zentrum")


@pytest.mark.parametrize(
    ("column", "given", "line"),
    [
        ("name", "", "Something must stand here."),
        ("name", "x" * 201, "This is too long; at most 200 characters."),
        ("name", "=HYPERLINK(1)", "'=HYPERLINK(1)' begins like a formula."),
        ("name", "+49", "'+49' begins like a formula."),
        ("name", "-", "'-' begins like a formula."),
        ("name", "@anna", "'@anna' begins like a formula."),
        ("name", "Anna\nHuber", "There is an invisible character"),
        ("name", "Anna\u200bHuber", "There is an invisible character"),
        ("email", "anna.huber", "'anna.huber' is not an e-mail address"),
        ("email", "", "Something must stand here."),
        ("gender", "x", "There is no 'x'; there are: female, male, diverse"),
        ("gender", "female|male", "'female; male': only one value is possible here."),
        ("services", "massage", "There is no 'massage'; there are: psychotherapy, speech_therapy"),
        ("services", "", "At least one value is needed; there are: psychotherapy"),
        ("modalities", "", "At least one value is needed; there are: cbt, psychodynamic"),
        ("modalities", "any", "There is no 'any'; there are: cbt, psychodynamic, analytic"),
        ("settings", "alone", "There is no 'alone'; there are: individual, group"),
        ("formats", "phone", "There is no 'phone'; there are: onsite, video"),
        ("age_groups", "baby", "There is no 'baby'; there are: child, adolescent, adult"),
        ("languages", "german", "There is no 'german'; there are: de, en"),
        ("concerns", "angst", "There is no 'angst'; there are: anxiety, panic"),
        ("exclusions", "panic", "Stands in concerns too: panic."),
        ("funding", "public", "There is no 'public'; there are: statutory, private, self"),
        ("sites", "köln", "There is no 'köln'; there are: zentrum, godesberg, beuel"),
        ("sites", "", "At least one value is needed; there are: zentrum, godesberg, beuel"),
        ("accessible", "maybe", "'maybe' does not fit; right is yes or no"),
        ("places", "-1", "'-1' begins like a formula."),
        ("places", "many", "'many' does not fit; right is a whole number from 0 to 200"),
        ("places", "201", "'201' does not fit; right is a whole number from 0 to 200"),
        ("places", "²", "'²' does not fit; right is a whole number from 0 to 200"),
        ("hours", "monday 9-13", "'monday 9-13' does not fit; right is for example mon 09:00"),
        ("hours", "foo 09:00-13:00", "'foo 09:00-13:00' does not fit"),
        ("hours", "mon 09:00-25:00", "'mon 09:00-25:00' does not fit"),
        ("hours", "mon 13:00-09:00", "'mon 13:00-09:00' does not fit"),
        ("hours", "mon 09:00-13:00 beuel", "There is no 'beuel'; there are: video, zentrum"),
        ("hours", "mon 09:00-09:40", "'mon 09:00-09:40' is shorter than one appointment (50"),
        ("hours", "mon 09:00-12:00 video zentrum", "'mon 09:00-12:00 video zentrum' names a site"),
        (
            "hours",
            "mon 09:00-12:00; mon 11:00-14:00 video",
            "'mon 11:00-14:00 video' overlaps with another time",
        ),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(demo, column, given, line):
    lines = told(table(ANNA | {column: given}), demo)
    assert [said for said in lines if said.startswith(f"row 2, column {column}: {line}")], lines


def test_hours_need_a_place_and_a_way_that_the_row_allows(demo):
    two_sites = ANNA | {"sites": "zentrum|beuel", "hours": "mon 09:00-13:00"}
    only_onsite = ANNA | {"formats": "onsite"}
    assert told(table(two_sites), demo) == [
        "row 2, column hours: 'mon 09:00-13:00' does not say where: "
        "a site of the column sites, or video"
    ]
    assert told(table(only_onsite), demo) == [
        "row 2, column hours: 'tue 14:00-19:00 video' needs video in the column formats."
    ]


def test_a_bad_row_does_not_keep_a_good_one_out(demo):
    shirin = ANNA | {"name": "Shirin Rad", "email": "shirin.rad@praxis.example"}
    rows, problems = parse(table(ANNA | {"gender": "x", "places": "x"}, shirin), demo)
    assert [row.name for row in rows] == ["Shirin Rad"]
    assert [(problem.row, problem.column) for problem in problems] == [(2, "gender"), (2, "places")]


def test_the_second_of_two_people_with_one_address_is_refused(demo):
    rows, problems = parse(table(ANNA, ANNA | {"email": "ANNA.HUBER@praxis.example"}), demo)
    assert [row.row for row in rows] == [2]
    assert [problem.in_words("en") for problem in problems] == [
        "row 3, column email: anna.huber@praxis.example stands in row 2 already; "
        "every person needs an address of their own."
    ]


def test_a_value_too_many_shifts_no_column_silently(demo):
    text = table(ANNA).rstrip("\n") + ',"left over"\n'
    assert told(text, demo)[0].startswith("row 2: 17 cells, but only 16 columns.")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "There is nobody in the file."),
        ("\n\n", "There is nobody in the file."),
        (table(), "There is nobody in the file."),
        (table(ANNA).replace('"email"', '"mail"'), "The column 'email' is missing."),
        (table(ANNA).replace('"email"', '"mail"'), "There is no column 'mail'; there are: name"),
        (table(ANNA).replace('"gender"', '"name"'), "The column 'name' stands there twice."),
        (table(ANNA) + '"open quote', "The file cannot be read as CSV."),
        (table(ANNA) + "\n" * 5 + "x\n" * MOST_ROWS, "The file has more than 10000 rows."),
    ],
)
def test_a_file_that_cannot_be_used_as_a_whole_is_told_so(demo, text, line):
    rows, problems = parse(text, demo)
    assert rows == []
    assert any(problem.in_words("en").startswith(line) for problem in problems)


@given(text=st.text() | st.lists(st.text(max_size=8), min_size=16, max_size=18).map(",".join))
def test_no_text_whatever_is_more_than_a_problem(demo, text):
    for said in (text, table(ANNA) + text, table(ANNA | {"hours": text, "email": text})):
        rows, problems = parse(said, demo)
        assert rows or problems


def test_another_encoding_is_told_kindly():
    with pytest.raises(Invalid) as refused:
        text_of("Yıldız;Köln".encode("utf-16"))
    assert refused.value.key == "error.csv.not_utf8"


def test_every_problem_has_words_in_every_language_that_ships(demo):
    spoilt = dict.fromkeys(ANNA, "?") | {"name": "=1"}
    _, problems = parse(table(spoilt, spoilt), demo)
    assert len(problems) > len(ANNA)
    for language in texts.languages():
        assert all(problem.in_words(language) for problem in problems)
