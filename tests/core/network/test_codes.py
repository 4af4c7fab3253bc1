"""The codes of the domain ship with labels in every language, and a network may change them."""

from collections import defaultdict

import pytest

from core import texts
from core.network.files import load
from core.network.reading import CODES, NETWORKS, read

DOMAIN = {
    "modality": ("cbt", "psychodynamic", "analytic", "systemic", "any"),
    "setting": ("individual", "group", "couple", "family"),
    "format": ("onsite", "video"),
    "age_group": ("child", "adolescent", "adult", "senior"),
    "concern": (
        "anxiety", "panic", "depression", "burnout", "trauma", "grief", "ocd", "eating",
        "addiction", "adhd", "autism", "bipolar", "psychosis", "personality", "relationship",
        "sleep", "pain", "somatic", "sexuality", "gender", "school", "child_behaviour",
        "perinatal", "stress", "selfesteem", "other", "speech", "stroke", "mobility", "hand",
        "daily_living", "voice", "swallowing",
    ),
    "service": (
        "psychotherapy", "speech_therapy", "physiotherapy", "occupational_therapy",
        "psychology", "child_psychiatry", "adult_psychiatry",
    ),
    "part": ("morning", "afternoon", "evening"),
    "funding": ("statutory", "private", "self", "public", "referral"),
    "relation": ("self", "parent", "guardian", "relative"),
}  # fmt: skip
EXPLAINED = ("modality", "setting", "format")


@pytest.fixture(scope="module")
def ships():
    problems = []
    codes = load(NETWORKS / CODES, problems)
    assert not problems
    return codes


@pytest.mark.parametrize("language", texts.languages())
@pytest.mark.parametrize("group", DOMAIN)
def test_every_code_of_the_domain_has_a_label_and_words_in_every_language(ships, group, language):
    for code in DOMAIN[group]:
        assert ships[group][code]["labels"][language].strip(), code
        assert ships[group][code]["synonyms"][language], code


@pytest.mark.parametrize("language", texts.languages())
@pytest.mark.parametrize("group", EXPLAINED)
def test_whoever_is_not_sure_finds_one_plain_sentence(ships, group, language):
    for code, body in ships[group].items():
        assert body["hints"][language].endswith("."), code


def test_no_label_differs_only_by_case_or_blanks_from_another_of_its_group(ships):
    for group, codes in ships.items():
        for language in texts.languages():
            labels = [body["labels"][language].casefold().strip() for body in codes.values()]
            assert len(set(labels)) == len(labels), group


def test_no_word_means_two_things_for_a_message_is_read_before_anything_was_asked(ships):
    meanings = defaultdict(set)
    for group, codes in ships.items():
        for code, body in codes.items():
            for language in texts.languages():
                for word in (*body["synonyms"][language], body["labels"][language]):
                    meanings[word.casefold()].add((group, code))
    assert {word: both for word, both in meanings.items() if len(both) > 1} == {}


def test_words_of_a_network_are_added_and_its_labels_replace(folder):
    (folder / CODES).write_text(
        "concern:\n"
        "  stroke:\n"
        "    labels: {de: Hirnschlag}\n"
        "    synonyms: {de: [Schlag], tr: [felç]}\n"
        "  tics: {labels: {de: Tics, en: tics}}\n",
        encoding="utf-8",
    )
    network = read(folder)
    stroke = next(code for code in network.codes["concern"] if code.code == "stroke")
    assert stroke.labels == {"de": "Hirnschlag", "en": "stroke"}
    assert {"aphasie", "Schlag"} <= set(stroke.synonyms["de"])
    assert stroke.synonyms["tr"] == ("felç",)
    assert network.label("concern", "tics", "en") == "tics"


def test_a_code_that_the_network_takes_away_is_gone(demo):
    assert [code.code for code in demo.codes["funding"]] == ["statutory", "private", "self"]


def test_a_service_brings_its_shipped_label_and_words_unless_it_has_its_own(folder):
    text = (folder / "services.yaml").read_text(encoding="utf-8")
    own = (
        "code: psychology\n    labels: {de: Beratung, en: counselling}\n    synonyms: {de: [Coach]}"
    )
    (folder / "services.yaml").write_text(text.replace("code: psychology", own), encoding="utf-8")
    network = read(folder)
    assert network.service("psychotherapy").labels["de"] == "Psychotherapie"
    assert network.service("psychology").labels["de"] == "Beratung"
    assert {"psychologin", "Coach"} <= set(network.service("psychology").synonyms["de"])
