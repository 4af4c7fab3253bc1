"""The provisional screen: it finds plain sentences of danger, and says where and by which rule."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.risk import Screening, screen
from core.risk.tables import CATEGORIES, LEVELS, Rule, load

RULES = [rule for table in load()[0] for rule in table.rules]
POSITIVE = [(rule, said) for rule in RULES for said in rule.positive]
NEAR_MISSES = [(rule, said) for rule in RULES for said in rule.near_misses]
BENIGN = [said for table in load()[0] for said in table.benign]


def level(screening: Screening) -> int:
    return LEVELS.index(screening.severity)


@pytest.mark.parametrize(("rule", "said"), POSITIVE, ids=[said for _, said in POSITIVE])
def test_each_rule_finds_its_own_examples(rule: Rule, said: str) -> None:
    found = screen(said)
    assert rule.id in {hit.rule for hit in found.hits}
    assert level(found) >= LEVELS.index(rule.level)


@pytest.mark.parametrize(("rule", "said"), NEAR_MISSES, ids=[said for _, said in NEAR_MISSES])
def test_near_misses_are_no_danger(rule: Rule, said: str) -> None:
    assert screen(said).severity == "none", rule.id


@pytest.mark.parametrize("said", BENIGN)
def test_ordinary_and_idiomatic_sentences_are_no_danger(said: str) -> None:
    assert screen(said).hits == ()


@pytest.mark.parametrize(("rule", "said"), POSITIVE, ids=[said for _, said in POSITIVE])
def test_danger_is_found_inside_a_polite_booking_sentence(rule: Rule, said: str) -> None:
    wrapped = (
        f"Guten Tag, ich hätte gern einen Termin am Dienstag. {said}. Thank you and kind regards"
    )
    assert level(screen(wrapped)) >= LEVELS.index(rule.level)


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.lower,
        lambda said: said.replace("e", "e\u200b"),
        lambda said: said.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"),
        lambda said: said.replace("ä", "a\u0308").replace("ö", "o\u0308"),
        lambda said: said.replace(" ", "  \t"),
        lambda said: said.replace("o", "0").replace("e", "3"),
        lambda said: said.replace("a", "а").replace("o", "о"),
        lambda said: "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in said),
    ],
    ids=[
        "upper",
        "lower",
        "zero_width",
        "two_letters",
        "combining",
        "spaces",
        "leet",
        "alike",
        "wide",
    ],
)
@pytest.mark.parametrize(
    "said",
    [
        "ich möchte sterben",
        "ich bringe mich um",
        "I want to kill myself",
        "mein Mann schlägt mich",
        "I don't want to live anymore",
    ],
)
def test_spelling_hides_nothing(said: str, change: Callable[[str], str]) -> None:
    assert level(screen(change(said))) >= LEVELS.index("urgent")


@pytest.mark.parametrize(
    ("said", "severity", "category"),
    [
        ("Suizidgedanken: nein", "watch", "suicidal_ideation"),
        ("Suizidgedanken: nein, aber manchmal doch schon", "urgent", "suicidal_ideation"),
        ("suicidal thoughts: no", "watch", "suicidal_ideation"),
        ("I am not suicidal", "watch", "suicidal_ideation"),
        ("Früher hatte ich Suizidgedanken", "watch", "past_ideation"),
        ("Mein Bruder spricht von Selbstmord", "watch", "relative_at_risk"),
        ("Ein Film über Suizid", "watch", "suicidal_ideation"),
        ("Heute will ich sterben", "emergency", "plan_means_intent"),
    ],
)
def test_what_stands_around_a_word_lowers_or_raises_it(
    said: str, severity: str, category: str
) -> None:
    found = screen(said)
    assert (found.severity, found.category) == (severity, category)


@pytest.mark.parametrize(
    "said",
    [
        "Vor zwei Jahren ist meine Frau gestorben, ich will nicht mehr leben",
        "Ich halte es nicht aus, ich bringe mich um",
        "No, I want to die",
        "Ich packe es nicht mehr will nur noch sterben",
        "My husband left me and I want to die",
        "Können Sie mir helfen, ich will sterben",
        "Ich will keine Hilfe mehr, nur noch sterben. Will sterben",
    ],
)
def test_grief_and_other_sentences_beside_it_do_not_lower_a_present_wish(said: str) -> None:
    assert level(screen(said)) >= LEVELS.index("urgent")


def test_a_hit_names_rule_place_view_and_table_version() -> None:
    said = "Hallo. Ich will mich u.m.b.r.i.n.g.e.n bitte"
    found = screen(said)
    hit = found.hits[0]
    assert (hit.rule, hit.view) == ("de.intent.kill_self", "joined")
    assert said[hit.start : hit.end] == "mich u.m.b.r.i.n.g.e.n"
    assert found.table_version.startswith("provisional-")


def test_the_worst_hit_gives_severity_and_category() -> None:
    found = screen("Mein Mann schlägt mich. Ich habe 30 Tabletten genommen. Alles ist sinnlos.")
    assert (found.severity, found.category) == ("emergency", "overdose_medical")
    levels = [LEVELS.index(hit.severity) for hit in found.hits]
    assert all(a >= b for a, b in pairwise(levels))
    assert {hit.category for hit in found.hits} >= {"abuse_violence", "hopelessness"}


def test_rules_have_ids_of_their_own_reasons_and_examples() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.reason and rule.positive and rule.near_misses, rule.id
        assert rule.level in LEVELS and rule.category in CATEGORIES


@given(st.text(max_size=400))
def test_any_text_is_screened_the_same_way_twice(said: str) -> None:
    found = screen(said)
    assert found == screen(said)
    assert all(0 <= hit.start < hit.end <= len(said) for hit in found.hits)
    assert (found.severity == "none") == (found.category is None) == (not found.hits)


@pytest.mark.parametrize(
    "piece",
    ["a", "a\u0301\u0308", "ich will sterben ", "s t e r b e n ", "!., ", "20 tabletten ", "𝕒"],
)
def test_a_hundred_thousand_characters_take_time_in_proportion(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        start = time.perf_counter()
        screen(text)
        return time.perf_counter() - start

    short, long = seconds(10_000), seconds(100_000)
    assert long < 40 * short + 0.5


def test_two_factors_count_only_near_each_other() -> None:
    near = "Die Tabletten liegen zu Hause. Alles liegt bereit."
    assert screen(near).severity == "emergency"
    between = "Danke für den Termin am Montag. " * 6
    far = f"Die Tabletten liegen zu Hause. {between} Es ist bereit."
    assert screen(far).severity == "none"
