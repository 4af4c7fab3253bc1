"""What patients write, in German and English, and what it means."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import Understood, understand
from bot.understanding import understand as understand_function
from core.network.reading import NETWORKS, read

DEMO = read(Path(NETWORKS) / "demo")
TUESDAY = date(2026, 11, 24)


def meaning(text: str) -> dict[str, Any]:
    """Return only what was said."""
    understood = understand(text, DEMO, TUESDAY)
    return {k: v for k, v in asdict(understood).items() if v not in (None, ()) and v is not False}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Verhaltenstherapie einzeln, abends, gegen Angst, gesetzlich versichert",
         {"modality": "cbt", "setting": "individual", "parts": ("evening",),
          "concerns": ("anxiety",), "funding": "statutory"}),
        ("I need one-to-one CBT for panic attacks, privately insured, mornings",
         {"modality": "cbt", "setting": "individual", "parts": ("morning",),
          "concerns": ("panic",), "funding": "private"}),
        ("Dienstag nachmittags in Beuel",
         {"weekdays": ("tue",), "parts": ("afternoon",), "site": "beuel"}),
        # Near "kochen", "cooking", "Geburt" and "Streit", and none of them.
        ("Mein Geburtstag ist in drei Wochen", {}),
        ("I am looking down our street", {}),
        ("Dienstagnachmittag", {"weekdays": ("tue",), "parts": ("afternoon",)}),
        ("by video in the evening", {"format": "video", "parts": ("evening",)}),
        ("Mo oder Di vormittags", {"weekdays": ("mon", "tue"), "parts": ("morning",)}),
        ("morgen früh", {"weekdays": ("wed",), "parts": ("morning",)}),
        ("übermorgen", {"weekdays": ("thu",)}),
        ("tomorrow afternoon", {"weekdays": ("wed",), "parts": ("afternoon",)}),
        ("Dienstag morgen", {"weekdays": ("tue",), "parts": ("morning",)}),
        ("ab 17 Uhr", {"parts": ("evening",), "clock": (17, 0)}),
        ("after 5pm", {"parts": ("evening",)}),
        ("nach der Schule", {"parts": ("afternoon",)}),
        ("so bald wie möglich", {"soon": True}),
        ("meine Tochter ist 8 und stottert",
         {"relation": "parent", "age": 8, "age_group": "child", "concerns": ("speech",)}),
        ("for my 8 year old son, trouble at school",
         {"relation": "parent", "age": 8, "age_group": "child", "concerns": ("school",)}),
        ("mein Baby ist 9 Monate alt", {"relation": "parent", "age": 0, "age_group": "child"}),
        ("ich bin fünfzehn", {"age": 15, "age_group": "adolescent", "relation": "self"}),
        ("my mother had a stroke, she is 82",
         {"relation": "relative", "age": 82, "age_group": "senior", "concerns": ("stroke",)}),
        ("seit 3 Jahren Depresionen", {"concerns": ("depression",)}),
        ("vor 10 Jahren war ich in Therapie", {"service": "psychotherapy"}),
        ("anxious for two years", {"concerns": ("anxiety",)}),
        ("I had it 2 years ago", {}),
        ("Pruefungsangst", {"concerns": ("anxiety",)}),
        ("Aengste und Schlafstoerungen", {"concerns": ("anxiety", "sleep")}),
        ("keine Gruppe", {}),
        ("nicht per Video", {}),
        ("Paartherapie mit meiner Frau", {"setting": "couple"}),
        ("lieber eine Frau", {"gender": "female"}),
        ("bei einer Therapeutin", {"gender": "female"}),
        ("ich bin eine Frau", {}),
        ("zu Frau Huber", {}),
        ("Therapie auf Türkisch", {"service": "psychotherapy", "language": "tr"}),
        ("mit Dolmetscher und Rollstuhl", {"interpreter": True, "accessible": True}),
        ("Jugendlicher", {"age_group": "adolescent"}),
        ("guten Abend", {"wish": "hello"}),
        ("ich schlafe kaum, vielleicht ein Burnout", {"concerns": ("burnout", "sleep")}),
        ("mein Sohn Ben, 13", {"relation": "parent", "age": 13, "age_group": "adolescent"}),
        ("für mich, 38", {"relation": "self", "age": 38, "age_group": "adult"}),
        ("can we speak english please", {"wish": "language", "speak": "en"}),
        ("was kostet das?", {"wish": "cost"}),
        ("are you a human?", {"wish": "robot"}),
        ("wann haben sie offen", {"wish": "hours"}),
        ("längst untersucht und gesucht", {}),
        ("", {}),
        ("😀", {}),
        ("Я хочу записаться", {}),
    ],
)  # fmt: skip
def test_facts(text: str, expected: dict[str, Any]) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Ich möchte meinen Termin am Dienstag absagen", "cancel"),
        ("I can't make it on Tuesday", "cancel"),
        ("kann ich den Termin verschieben", "move"),
        ("I'd like to move my appointment", "move"),
        ("wann ist mein Termin?", "list"),
        ("do I have an appointment", "list"),
        ("kann ich mit einem Menschen sprechen", "human"),
        ("mensch", "human"),
        ("I want to talk to a real person", "human"),
        ("bitte jetzt Hilfe", "now"),
        ("hilfe", "help"),
        ("von vorn bitte", "restart"),
        ("what do you store about me", "stored"),
        ("english please", "language"),
        ("Warteliste", "wait"),
        ("keiner davon", "other_times"),
        ("das war's", "stop"),
        ("überspringen", "skip"),
        ("ich brauche einen Termin", "book"),
        ("von zehn Praxen nur Absagen bekommen", None),
        ("Menschen machen mir Sorgen", None),
        ("I want to talk to someone about my anxiety", None),
        ("can I talk to someone", "human"),
        ("ich kann nicht aufhören zu trinken", None),
        ("Stopp", "stop"),
    ],
)
def test_wishes(text: str, wish: str | None) -> None:
    assert understand(text, DEMO, TUESDAY).wish == wish


@pytest.mark.parametrize(
    ("text", "field"),
    [("ja gerne", "yes"), ("I agree", "yes"), ("nein danke", "no"), ("I do not agree", "no"),
     ("ist mir egal", "no_preference"), ("doesn't matter", "no_preference"),
     ("weiß nicht", "not_sure"), ("I'm not sure", "not_sure")],
)  # fmt: skip
def test_short_answers(text: str, field: str) -> None:
    said = understand(text, DEMO, TUESDAY)
    assert [f for f in ("yes", "no", "no_preference", "not_sure") if getattr(said, f)] == [field]


@pytest.mark.parametrize(
    ("text", "number"), [("2", 2), ("die zweite", 2), ("two", 2), ("the third one", 3), ("x", None)]
)
def test_numbers(text: str, number: int | None) -> None:
    assert understand(text, DEMO, TUESDAY).number == number


def test_the_chat_language_is_told_from_that_of_the_therapy() -> None:
    assert understand("auf Englisch bitte", DEMO, TUESDAY).speak == "en"
    therapy = understand("ich suche Hilfe auf Englisch wegen Stress", DEMO, TUESDAY)
    assert (therapy.speak, therapy.language) == (None, "en")


def test_a_network_of_several_towns_knows_them() -> None:
    first, *rest = DEMO.sites
    towns = DEMO.model_copy(
        update={"sites": (first.model_copy(update={"municipality": "Siegburg"}), *rest)}
    )
    assert understand("am liebsten in Siegburg", towns, TUESDAY).area == "Siegburg"
    for _ in range(9):
        assert understand("in Bonn", towns.model_copy(), TUESDAY).area == "Bonn"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_no_text_raises(text: str) -> None:
    assert isinstance(understand_function(text, DEMO, TUESDAY), Understood)
