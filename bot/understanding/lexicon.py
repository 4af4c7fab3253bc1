"""The words of one network and of everyone, found in a message: longest first, typos allowed."""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.normalise import spellings
from bot.understanding.phrases import (
    ARTICLES,
    GENDER_ALONE,
    NEGATING,
    NOT_THE_THERAPIST,
    ORDINARY,
    PHRASES,
)
from core.network.schema import Code, Network
from core.rules.criteria import ANY

Meaning = tuple[str, str]
"""What a word stands for: a field and a code, such as ("concern", "anxiety")."""

_GROUPS = {
    "concern": "concern", "modality": "modality", "setting": "setting", "format": "format",
    "age_group": "age_group", "funding": "funding", "gender": "gender", "relation": "relation",
    "part": "part", "language": "language",
}  # fmt: skip
_COMPOUND = ("concern", "setting", "modality", "part", "weekday", "funding")
_ENDINGS = ("s", "n", "e", "en", "es", "er", "em", "ern", "in", "innen", "ing")
_SHORTEST_TYPO = 6
_SHORTEST_IN_COMPOUND = 5
_SHORTEST_REST = 4


@dataclass(frozen=True)
class Found:
    """A meaning and where its words stand; `exact` is false for typos and compounds."""

    field: str
    code: str
    start: int
    end: int
    exact: bool = True


class Lexicon:
    """All phrases of a network in all of its languages."""

    def __init__(self, network: Network) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
        self._single: dict[str, Meaning] = {}
        for meaning, term in _terms(network):
            for spelt in spellings(term):
                self._add(spelt, meaning)
        for phrases in self._phrases.values():
            phrases.sort(key=lambda entry: -len(entry[0]))
        self._long = [word for word in self._single if len(word) >= _SHORTEST_TYPO]
        self._loose: dict[str, tuple[Meaning, ...]] = {}

    def _add(self, spelt: tuple[str, ...], meaning: Meaning) -> None:
        known = self._phrases.setdefault(spelt[0], [])
        if all(phrase != spelt for phrase, _ in known):
            known.append((spelt, meaning))
        if len(spelt) == 1:
            self._single.setdefault(spelt[0], meaning)

    def find(self, words: list[str]) -> list[Found]:
        """Return what the words mean, in their order; a word is used once."""
        found: list[Found] = []
        at = 0
        while at < len(words):
            hits = self._at(words, at)
            found += [hit for hit in hits if not _denied(hit, words)]
            at = max((hit.end for hit in hits), default=at + 1)
        return found

    def _at(self, words: list[str], at: int) -> list[Found]:
        for phrase, (field, code) in self._phrases.get(words[at], ()):
            end = at + len(phrase)
            if tuple(words[at:end]) == phrase:
                return [Found(field, code, at, end)]
        return [
            Found(field, code, at, at + 1, exact=False) for field, code in self._loosely(words[at])
        ]

    def _loosely(self, word: str) -> tuple[Meaning, ...]:
        """Return the meanings of an inflected, compound or mistyped word."""
        if word in ORDINARY or len(word) < 4 or word.isdigit():
            return ()
        if word not in self._loose:
            if len(self._loose) > 20_000:
                self._loose.clear()
            self._loose[word] = self._inflected(word) or self._compound(word) or self._typo(word)
        return self._loose[word]

    def _inflected(self, word: str) -> tuple[Meaning, ...]:
        for ending in _ENDINGS:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) >= 4 and stem in self._single:
                return (self._single[stem],)
        return ()

    def _compound(self, word: str) -> tuple[Meaning, ...]:
        """„Prüfungsangst“ holds Angst, „Dienstagnachmittag“ a day and a part of it."""
        first: dict[str, tuple[int, Meaning]] = {}
        for term, meaning in self._single.items():
            field = meaning[0]
            if field not in _COMPOUND or len(term) < _SHORTEST_IN_COMPOUND:
                continue
            begins = word.startswith(term)
            ends = word.endswith(term) and len(word) - len(term) >= _SHORTEST_REST
            if (begins or ends) and len(term) > first.get(field, (0, meaning))[0]:
                first[field] = (len(term), meaning)
        return tuple(meaning for _, meaning in first.values())

    def _typo(self, word: str) -> tuple[Meaning, ...]:
        if len(word) < _SHORTEST_TYPO:
            return ()
        near = process.extractOne(word, self._long, scorer=OSA.distance, score_cutoff=1)
        return (self._single[near[0]],) if near else ()


def _denied(hit: Found, words: list[str]) -> bool:
    """„Keine Gruppe“ is no wish for a group, „meine Frau“ none for a woman as therapist."""
    before = words[max(0, hit.start - 2) : hit.start]
    if hit.field == "gender":
        # „Frau Huber“ and the pronoun „man“ are no wishes; „eine Frau“ is one.
        bare = words[hit.start] in GENDER_ALONE and not ARTICLES & set(before[-1:])
        return (bare and hit.end - hit.start == 1) or bool(NOT_THE_THERAPIST & set(before))
    if hit.field in ("setting", "format", "modality", "weekday", "part", "concern"):
        return bool(NEGATING & set(before[-1:]))
    if hit.field == "yes":
        return bool(NEGATING & set(before[-1:]))
    return False


def _terms(network: Network) -> Iterator[tuple[Meaning, str]]:
    """Yield meanings and terms; what comes first wins where two claim the same word."""
    for meaning, phrases in PHRASES.items():
        for phrase in phrases.split("|"):
            yield meaning, phrase
    for service in network.services:
        for term in _said(service.labels, service.synonyms):
            yield ("service", service.code), term
    for code in network.codes.get("service", ()):
        if any(service.code == code.code for service in network.services):
            for term in _said(code.labels, code.synonyms):
                yield ("service", code.code), term
    for group, field in _GROUPS.items():
        for code in network.codes.get(group, ()):
            yield from _terms_of(field, code)
    yield from _sites(network)


def _terms_of(field: str, code: Code) -> Iterator[tuple[Meaning, str]]:
    meaning = ("no_preference", "") if code.code == ANY else (field, code.code)
    for term in _said(code.labels, code.synonyms):
        yield meaning, term


def _said(labels: dict[str, str], synonyms: dict[str, tuple[str, ...]]) -> Iterator[str]:
    yield from labels.values()
    for of_language in synonyms.values():
        yield from of_language


def _sites(network: Network) -> Iterator[tuple[Meaning, str]]:
    """Yield a site's name, and each word in it that no other site's name has."""
    named = {
        site.code: [w for t in site.labels.values() for w in t.split()] for site in network.sites
    }
    for site in network.sites:
        others = {word for code, said in named.items() if code != site.code for word in said} | {
            "city",
            "centre",
        }
        for label in site.labels.values():
            yield ("site", site.code), label
        for word in named[site.code]:
            if len(word) >= 4 and word not in others:
                yield ("site", site.code), word
    municipalities = {site.municipality for site in network.sites}
    if len(municipalities) > 1:
        for municipality in municipalities:
            yield ("area", municipality), municipality
