"""Look for words of danger in one message: pure, the same answer each time, linear time.

A provisional screen: it finds the plain sentences of the tables in German and English, and it
can overlook danger. It flags to a human; it never decides and never diagnoses.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain

from core.risk.scope import Span, scoped
from core.risk.tables import CATEGORIES, LEVELS, Rule, Sequence, Table, load
from core.risk.words import JOINED, PLAIN, UNMASKED, Word, joined, words_of

_WINDOW = 30
"""Words within which the parts of a rule of two factors must stand."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Which rule fired, where in the text (`start` inclusive, `end` not), and in which view."""

    rule: str
    start: int
    end: int
    view: str
    severity: str
    category: str


@dataclass(frozen=True, slots=True)
class Screening:
    """`severity` is emergency, urgent, watch or none; `category` is None for none."""

    severity: str
    category: str | None
    hits: tuple[Hit, ...]
    table_version: str


def screen(text: str) -> Screening:
    """Screen one text of any length and language; every table is always used."""
    tables, version = load()
    words = words_of(text)
    hits = set(_hits(tables, words, PLAIN))
    spelled = joined(words)
    if len(spelled) < len(words):
        hits |= {hit for hit in _hits(tables, spelled, JOINED) if hit.view != PLAIN}
    ordered = sorted(hits, key=lambda h: (-LEVELS.index(h.severity), h.start, h.end, h.rule))
    if not ordered:
        return Screening("none", None, (), version)
    severity = ordered[0].severity
    worst = (hit.category for hit in ordered if hit.severity == severity)
    return Screening(severity, min(worst, key=CATEGORIES.index), tuple(ordered), version)


class _Index:
    """All sequences of all tables by the words of their anchors."""

    def __init__(self, tables: tuple[Table, ...]) -> None:
        self.exact: dict[str, list[Sequence]] = defaultdict(list)
        self.prefixes: dict[str, list[Sequence]] = defaultdict(list)
        rules = [rule for table in tables for rule in table.rules]
        parts = (part for rule in rules for pattern in rule.parts for part in pattern)
        idioms = (table.idioms for table in tables)
        for sequence in dict.fromkeys(chain.from_iterable(chain(parts, idioms))):
            anchor = sequence.elements[sequence.anchor]
            for word in anchor.exact:
                self.exact[word].append(sequence)
            for prefix in anchor.prefixes:
                self.prefixes[prefix].append(sequence)
        self.lengths = sorted({len(prefix) for prefix in self.prefixes})

    def anchored_at(self, form: str) -> Iterator[Sequence]:
        yield from self.exact.get(form, ())
        for length in self.lengths:
            if length > len(form):
                return
            yield from self.prefixes.get(form[:length], ())


@cache
def _index() -> _Index:
    return _Index(load()[0])


def _hits(tables: tuple[Table, ...], words: list[Word], view: str) -> Iterator[Hit]:
    spans = _find(words)
    if not spans:
        return
    for table in tables:
        idioms = {n for idiom in table.idioms for span in spans.get(idiom, ()) for n in span.taken}
        for rule in table.rules:
            if rule.sequences.isdisjoint(spans):
                continue
            for span in _rule_spans(rule, spans):
                if not idioms.isdisjoint(span.taken):
                    continue
                severity, category = scoped(table, rule, span, words)
                first, last = words[span.first], words[span.last]
                masked = any(words[n].masked for n in span.taken)
                seen = view if view != PLAIN else UNMASKED if masked else PLAIN
                yield Hit(rule.id, first.start, last.end, seen, severity, category)


def _find(words: list[Word]) -> dict[Sequence, list[Span]]:
    index = _index()
    found: dict[Sequence, list[Span]] = defaultdict(list)
    for place, word in enumerate(words):
        for form in {word.plain, word.unmasked}:
            for sequence in index.anchored_at(form):
                span = _match(sequence, place, words)
                if span is not None and span not in found[sequence][-1:]:
                    found[sequence].append(span)
    return {sequence: spans for sequence, spans in found.items() if spans}


def _match(sequence: Sequence, place: int, words: list[Word]) -> Span | None:
    before = _walk(sequence, sequence.anchor, place, words, -1)
    after = _walk(sequence, sequence.anchor, place, words, 1) if before is not None else None
    if before is None or after is None:
        return None
    taken = frozenset((*before, place, *after))
    return Span(min(taken), max(taken), taken)


def _walk(
    sequence: Sequence, element: int, place: int, words: list[Word], step: int
) -> tuple[int, ...] | None:
    """Find the elements on one side of a word that was found; None if one is missing."""
    following = element + step
    if not 0 <= following < len(sequence.elements):
        return ()
    wanted = sequence.elements[following]
    gap = sequence.elements[max(element, following)].gap
    for distance in range(1, gap + 2):
        there = place + step * distance
        if not 0 <= there < len(words) or words[there].sentence != words[place].sentence:
            return None
        if wanted.takes(words[there].plain) or wanted.takes(words[there].unmasked):
            rest = _walk(sequence, following, there, words, step)
            if rest is not None:
                return (there, *rest)
    return None


def _rule_spans(rule: Rule, spans: dict[Sequence, list[Span]]) -> Iterator[Span]:
    for pattern in rule.parts:
        parts = [[s for sequence in part for s in spans.get(sequence, ())] for part in pattern]
        if len(parts) == 1:
            yield from parts[0]
        elif all(parts):
            yield from _together(parts)


def _together(parts: list[list[Span]]) -> Iterator[Span]:
    """Yield, for each span of the first part, it and the nearest span of every other part."""
    others = [sorted(part, key=lambda span: span.first) for part in parts[1:]]
    starts = [[span.first for span in part] for part in others]
    for span in parts[0]:
        chosen = [span]
        for part, firsts in zip(others, starts, strict=True):
            after = bisect_left(firsts, span.first)
            near = part[max(after - 1, 0) : after + 1]
            chosen.append(min(near, key=partial(_distance, span)))
        if all(_distance(span, other) <= _WINDOW for other in chosen):
            taken = frozenset().union(*(one.taken for one in chosen))
            yield Span(min(taken), max(taken), taken)


def _distance(one: Span, other: Span) -> int:
    return abs(one.first - other.first)
