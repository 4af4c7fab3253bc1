"""Whom a patient in danger can call at this moment, and what is said above the numbers."""

from datetime import UTC, date, datetime

import pytest

from core import texts
from core.network.schema import CrisisLine, Network
from core.risk.tables import CATEGORIES
from core.rules import crisis

TUESDAY_NIGHT = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
WORKDAYS = [{"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "09:00", "closes": "17:00"}]


def line(code: str, *categories: str, **changes: object) -> CrisisLine:
    terms = {
        "code": code,
        "names": {"de": code.title(), "en": f"{code.title()} (en)"},
        "number": "0800 111 0111",
        "country": "DE",
        "languages": ["de"],
        "categories": categories,
        "source": "public page",
        "checked": date(2026, 11, 1),
    }
    return CrisisLine.model_validate(terms | changes)


def network(*lines: CrisisLine) -> Network:
    return Network.model_construct(
        name="demo",
        titles={"de": "Praxisnetz Bonn"},
        country="DE",
        zone="Europe/Berlin",
        languages=("de", "en"),
        emergency_number="112",
        crisis_lines=lines,
    )


LINES = (
    line("office", "suicide", hours=WORKDAYS),
    line("women", "violence"),
    line("children", "child", url="https://example.org/chat", number=None),
    line("everyone", "any"),
    line("care", "suicide"),
    line("rumour", "suicide", checked=None),
    line("abroad", "suicide", country="AT"),
    line("again", "emergency", number="112"),
)


def shown(
    category: str | None, moment: datetime = TUESDAY_NIGHT, language: str = "de"
) -> list[str]:
    return [view.label for view in crisis.lines_open(network(*LINES), moment, category, language)]


def test_the_emergency_number_stands_first_and_once() -> None:
    first, *others = crisis.lines_open(network(*LINES), TUESDAY_NIGHT, None, "de")
    assert (first.label, first.tel, first.hours) == ("Notruf", "112", "rund um die Uhr")
    assert "112" not in [view.tel for view in others]


def test_lines_that_are_open_now_come_before_closed_ones() -> None:
    assert shown("suicidal_ideation") == ["Notruf", "Care", "Everyone", "Office"]
    assert shown("suicidal_ideation", TUESDAY_NOON) == ["Notruf", "Office", "Care", "Everyone"]


def test_a_closed_line_says_its_hours() -> None:
    closed = crisis.lines_open(network(*LINES), TUESDAY_NIGHT, "self_harm", "en")[-1]
    assert not closed.open_now
    assert closed.hours == "Mon–Fri, 09:00–17:00"


def test_lines_follow_the_kind_of_danger() -> None:
    assert shown("abuse_violence") == ["Notruf", "Women", "Everyone"]
    assert shown("child_at_risk") == ["Notruf", "Children", "Everyone"]


def test_without_a_category_every_kind_is_shown() -> None:
    assert set(shown(None)) == {"Notruf", "Office", "Women", "Children", "Everyone", "Care"}


def test_a_number_that_nobody_checked_is_never_shown() -> None:
    assert [
        view.tel for view in crisis.lines_open(network(LINES[5]), TUESDAY_NIGHT, None, "de")
    ] == ["112"]


def test_the_place_that_the_patient_stated_decides_over_the_network() -> None:
    views = crisis.lines_open(network(*LINES), TUESDAY_NIGHT, None, "de", country="AT")
    assert [view.label for view in views] == ["Notruf", "Abroad"]


def test_a_line_in_the_patients_language_comes_first_among_equals() -> None:
    lines = (line("one", "any"), line("other", "any", languages=["en"]))
    views = crisis.lines_open(network(*lines), TUESDAY_NIGHT, None, "en")
    assert [view.label for view in views[1:]] == ["Other (en)", "One (en)"]


def test_a_line_without_a_name_in_the_language_keeps_its_first_one() -> None:
    lines = (line("care", "any", names={"de": "Telefonseelsorge"}),)
    assert crisis.lines_open(network(*lines), TUESDAY_NIGHT, None, "en")[1].label == (
        "Telefonseelsorge"
    )


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("severity", ["emergency", "urgent"])
@pytest.mark.parametrize("category", [*CATEGORIES, None])
def test_every_hit_names_the_emergency_number_in_its_first_sentence(
    language: str, severity: str, category: str | None
) -> None:
    said = crisis.words(language, network(), severity, category, reading_now=False)
    assert "112" in said.split(".")[0]
    assert texts.say(language, "crisis.perhaps_nobody") in said
    assert texts.say(language, "crisis.booking_stays") in said


def test_worry_about_somebody_else_has_its_own_text() -> None:
    other = crisis.words("en", network(), "urgent", "relative_at_risk", reading_now=False)
    own = crisis.words("en", network(), "urgent", "suicidal_ideation", reading_now=False)
    assert other.startswith("If somebody is in danger")
    assert own.startswith("If you or others are in danger")


def test_that_a_human_reads_is_said_only_when_it_is_so() -> None:
    reading, nobody = (
        crisis.help_now_words("en", network(), reading_now=now) for now in (True, False)
    )
    assert "Somebody here is reading now" in reading
    assert "Perhaps nobody is reading" not in reading
    assert "Perhaps nobody is reading" in nobody


def test_the_gentle_offer_names_the_team_while_it_is_there() -> None:
    said = crisis.watch_words("en", network(*LINES), TUESDAY_NOON, TUESDAY_NOON)
    assert said == texts.say("en", "crisis.watch_open")


def test_the_gentle_offer_names_an_open_line_while_the_office_is_closed() -> None:
    said = crisis.watch_words("de", network(*LINES), TUESDAY_NIGHT, None)
    assert "Care, 0800 111 0111" in said
    assert "112" in crisis.watch_words("de", network(), TUESDAY_NIGHT, None)


def test_every_level_and_category_has_words_for_staff() -> None:
    for language in texts.languages():
        for category in CATEGORIES:
            assert texts.has(f"crisis.category.{category}", language)
        for level in ("emergency", "urgent", "watch", "none"):
            assert texts.has(f"crisis.level.{level}", language)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_opening_that_the_code_composes_is_there(language: str) -> None:
    for about in ("self", "other"):
        for level in ("emergency", "urgent"):
            assert texts.has(f"crisis.{about}_{level}", language)
