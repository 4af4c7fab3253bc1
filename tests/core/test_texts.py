"""The catalogues are complete, alike in every language, and hold every key that the code says."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core import texts

ROOT = Path(__file__).parents[2]
AREAS = "dialogue|page|office|crisis|policy|mail|error|event|cli|time|calendar"
KEY = re.compile(rf"^(?:{AREAS})(?:\.[a-z][a-z0-9_]*)+(?<!_)$")
KEY_IN_TEMPLATE = re.compile(rf"""["']((?:{AREAS})(?:\.[a-z][a-z0-9_]*)+)["']""")
NOT_KEYS = (".html", ".js", ".css", ".py", ".po", ".svg", ".txt", ".json", ".ics")
TUESDAY = datetime(2026, 11, 24, 13, 20, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def source_files(pattern: str) -> list[Path]:
    folders = [ROOT / name for name in ("core", "bot", "admin")]
    return [ROOT / "passung.py", *(f for folder in folders for f in folder.rglob(pattern))]


def keys_in_the_source() -> Iterator[tuple[str, str]]:
    for path in source_files("*.py"):
        if path.exists():
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield str(path.relative_to(ROOT)), node.value
    for path in source_files("*.html"):
        if path.suffix == ".html":
            for key in KEY_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
                yield str(path.relative_to(ROOT)), key


def test_every_key_that_the_source_says_is_in_every_catalogue() -> None:
    missing = {
        (language, key, path)
        for path, key in keys_in_the_source()
        if KEY.match(key) and not key.endswith(NOT_KEYS)
        for language in texts.languages()
        if not texts.has(key, language)
    }
    assert not missing, sorted(missing)


def test_every_language_has_the_same_keys() -> None:
    for language in texts.languages():
        assert texts.keys(language) == texts.keys("de"), language


def test_every_language_fills_the_same_placeholders() -> None:
    for language in texts.languages():
        for key in texts.keys(language):
            wanted = texts.placeholders("".join(texts.template("de", key)))
            assert texts.placeholders("".join(texts.template(language, key))) == wanted, key


def test_no_text_holds_an_exclamation_mark_or_a_brace_that_stays() -> None:
    for language in texts.languages():
        for key in texts.keys(language):
            for text in texts.template(language, key):
                assert "!" not in text, key
                assert not set("{}") & set(re.sub(r"\{[a-z][a-z0-9_]*\}", "", text)), key


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_catalogue_has_each_key_once_and_nothing_unsure(language: str) -> None:
    source = (texts.LOCALES / language / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    said_twice = [
        key for key, n in Counter(re.findall(r'(?m)^msgid "(.+)"', source)).items() if n > 1
    ]
    assert not said_twice
    assert "fuzzy" not in source


def test_german_and_english_ship() -> None:
    assert {"de", "en"} <= set(texts.languages())


def test_a_missing_key_is_loud() -> None:
    with pytest.raises(KeyError, match=r"dialogue\.nobody_wrote_this"):
        texts.say("de", "dialogue." + "nobody_wrote_this")


def test_a_missing_argument_is_loud() -> None:
    with pytest.raises(KeyError, match="time"):
        texts.say("de", "time.clock")


def test_an_unknown_language_is_loud() -> None:
    with pytest.raises(KeyError, match="tlh"):
        texts.say("tlh", "time.clock", time="14:20")
    with pytest.raises(KeyError, match="xx"):
        texts.direction("xx")


def test_braces_in_what_a_patient_wrote_stay_as_they_are() -> None:
    assert texts.say("en", "time.clock", time="{n} {0.__class__} {{") == "{n} {0.__class__} {{"


def test_a_name_in_arabic_script_is_isolated_in_a_german_sentence() -> None:
    assert texts.say("de", "time.clock", time="ليلى") == "\u2068ليلى\u2069 Uhr"
    assert texts.say("de", "time.clock", time="Öl") == "Öl Uhr"


def test_plurals_follow_the_language() -> None:
    assert [texts.say_n("de", "time.minutes", n) for n in (0, 1, 2)] == [
        "0 Minuten",
        "1 Minute",
        "2 Minuten",
    ]
    assert texts.say_n("en", "time.clock", 3, time="14:20") == "14:20"


def test_dates_are_said_in_the_words_of_the_language() -> None:
    assert texts.date_words("de", TUESDAY, BERLIN) == "Dienstag, 24. November 2026"
    assert texts.date_words("en", TUESDAY, BERLIN) == "Tuesday, 24 November 2026"
    assert texts.day_words("de", TUESDAY, BERLIN) == "Dienstag, 24. November"
    assert texts.day_words("en", TUESDAY, ZoneInfo(BERLIN)) == "Tuesday, 24 November"
    assert texts.day_words("ru", TUESDAY, BERLIN) == "вторник, 24 ноября"
    assert texts.short_date("de", date(2026, 11, 24)) == "24.11.2026"


def test_a_date_is_that_of_the_zone() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert texts.day_words("de", late, BERLIN) == "Mittwoch, 25. November"
    with pytest.raises(ValueError, match="zone"):
        texts.day_words("de", late)


def test_times_are_said_as_the_language_does() -> None:
    end = TUESDAY + timedelta(minutes=50)
    assert texts.time_words("de", TUESDAY, BERLIN) == "14:20 Uhr"
    assert texts.time_words("en", TUESDAY, BERLIN) == "14:20"
    assert texts.time_range_words("de", TUESDAY, end, BERLIN) == "14:20–15:10 Uhr"
    assert texts.time_range_words("en", TUESDAY, end, BERLIN) == "14:20–15:10"


def test_weekdays_have_long_and_short_names() -> None:
    assert texts.weekday_words("de", "mon") == "Montag"
    assert texts.weekday_words("de", "tue", short=True) == "Di"
    assert texts.weekday_words("en", "sun", short=True) == "Sun"


def test_whole_amounts_have_no_decimals() -> None:
    assert texts.money("de", Decimal("60.00"), "EUR") == "60\u00a0€"
    assert texts.money("en", Decimal(60), "EUR") == "€60"
    assert texts.money("de", Decimal("73.70"), "EUR") == "73,70\u00a0€"


def test_lists_are_said_with_and() -> None:
    assert texts.join("de", ["Angst", "Schlaf", "Stress"]) == "Angst, Schlaf und Stress"
    assert texts.join("en", ["anxiety"]) == "anxiety"


def test_the_direction_is_that_of_the_script() -> None:
    assert texts.direction("fa") == "rtl"
    assert texts.direction("de") == "ltr"
