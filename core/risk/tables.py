"""The tables of rules: read from `tables/*.yaml`, checked, and compiled for matching.

A pattern is a row of words: `a|b` are alternatives, `word*` any word that begins so, `$name` a
list of the table, `[…]` may be absent, `..` up to four free words, `...` up to eight. Parts that
are joined by ` & ` stand in any order within thirty words. Nothing but ` & ` crosses the end of
a sentence.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from core.risk.words import fold

TABLES = Path(__file__).parent / "tables"
LEVELS = ("none", "watch", "urgent", "emergency")
CATEGORIES = (
    "plan_means_intent",
    "overdose_medical",
    "child_at_risk",
    "abuse_violence",
    "harm_to_others",
    "psychosis_acute",
    "self_harm",
    "suicidal_ideation",
    "relative_at_risk",
    "past_ideation",
    "hopelessness",
)
SCOPES = (
    "negation",
    "denial",
    "past",
    "present",
    "restore",
    "still",
    "now",
    "self",
    "relative",
    "topic",
)
_GAPS = {"..": 4, "...": 8}


@dataclass(frozen=True, slots=True)
class Element:
    """One word of a pattern, and how many free words may stand before it."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]
    gap: int

    def takes(self, form: str) -> bool:
        return form in self.exact or (bool(self.prefixes) and form.startswith(self.prefixes))


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    elements: tuple[Element, ...]
    anchor: int
    """The place of the most telling word: matching begins there."""


@dataclass(frozen=True)
class Rule:
    """A rule as a clinician reads it; `parts` holds, per pattern, the sequences that it needs."""

    id: str
    level: str
    category: str
    reason: str
    positive: tuple[str, ...]
    near_misses: tuple[str, ...]
    scope: bool
    """Whether negation, past or another person lowers it to watch."""
    parts: tuple[tuple[tuple[Sequence, ...], ...], ...]
    """Pattern → parts joined by & → alternatives of each part."""
    sequences: frozenset[Sequence]


@dataclass(frozen=True)
class Table:
    language: str
    rules: tuple[Rule, ...]
    idioms: tuple[Sequence, ...]
    scopes: dict[str, frozenset[str]]
    """Words by what they do to a hit beside them: see `core/risk/scope.py`."""
    benign: tuple[str, ...]


@cache
def load() -> tuple[tuple[Table, ...], str]:
    """Return all tables and their version, a digest of the files; raise ValueError if wrong."""
    files = sorted(TABLES.glob("*.yaml"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    tables = tuple(_table(path) for path in files)
    return tables, f"provisional-{digest}"


def _table(path: Path) -> Table:
    # The base loader keeps „no“ and „off“ words, which YAML otherwise reads as false.
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    lists: dict[str, list[str]] = data["words"]
    return Table(
        language=path.stem,
        rules=tuple(_rule(row, lists) for row in data["rules"]),
        idioms=tuple(s for p in data["idioms"] for s in sequences(p, lists)),
        scopes={name: frozenset(fold(word) for word in lists.get(name, ())) for name in SCOPES},
        benign=tuple(data.get("benign", ())),
    )


def _rule(row: dict[str, Any], lists: dict[str, list[str]]) -> Rule:
    if row["level"] not in LEVELS or row["category"] not in CATEGORIES:
        raise ValueError(f"risk rule {row['id']}: unknown level or category")
    parts = tuple(
        tuple(sequences(part, lists) for part in pattern.split(" & "))
        for pattern in row["patterns"]
    )
    return Rule(
        id=row["id"],
        level=row["level"],
        category=row["category"],
        reason=row["reason"],
        positive=tuple(row["positive"]),
        near_misses=tuple(row.get("near_misses", ())),
        scope=row.get("scope") != "false",
        parts=parts,
        sequences=frozenset(s for pattern in parts for part in pattern for s in part),
    )


def sequences(pattern: str, lists: dict[str, list[str]]) -> tuple[Sequence, ...]:
    """Compile one pattern; entries of several words and optional words make it several."""
    gap, slots = 0, []
    for piece in pattern.split():
        if piece in _GAPS:
            gap = _GAPS[piece]
            continue
        slots.append(_alternatives(piece, lists, gap))
        gap = 0
    found = []
    for choice in product(*slots):
        elements = tuple(element for group in choice for element in group)
        found.append(Sequence(elements, _anchor(elements)))
    return tuple(found)


def _alternatives(piece: str, lists: dict[str, list[str]], gap: int) -> list[tuple[Element, ...]]:
    optional = piece.startswith("[")
    single: list[str] = []
    several: list[str] = []
    for name in piece.strip("[]").split("|"):
        for entry in lists[name[1:]] if name.startswith("$") else [name]:
            (several if " " in entry else single).append(entry)
    groups = [
        tuple(_element([word], gap if n == 0 else 0) for n, word in enumerate(entry.split()))
        for entry in several
    ]
    if single:
        groups.append((_element(single, gap),))
    return [*groups, ()] if optional else groups


def _element(entries: list[str], gap: int) -> Element:
    return Element(
        exact=frozenset(fold(e) for e in entries if not e.endswith("*")),
        prefixes=tuple(fold(e[:-1]) for e in entries if e.endswith("*")),
        gap=gap,
    )


def _anchor(elements: tuple[Element, ...]) -> int:
    def weight(n: int) -> int:
        return min(len(word) for word in (*elements[n].exact, *elements[n].prefixes))

    return max(range(len(elements)), key=weight)
