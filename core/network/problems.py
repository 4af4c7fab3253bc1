"""One thing that is wrong in a network's files, and what would be right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from core import texts
from core.network import schema

Location = tuple[int | str, ...]

_PARTS: dict[str, type[BaseModel]] = {
    "hours": schema.Opening,
    "services": schema.Service,
    "kinds": schema.SlotKind,
    "questions": schema.Question,
    "sites": schema.Site,
    "codes": schema.Code,
    "policies": schema.Policy,
    "crisis_lines": schema.CrisisLine,
    "rules": schema.Rules,
}
_PATTERNS = {
    r"^[a-z][a-z0-9_]{0,39}$": "error.network.not_a_code",
    r"^[A-Z]{2}$": "error.network.not_a_country",
    r"^[A-Z]{3}$": "error.network.not_a_currency",
}
_KINDS = {
    "clock_time": "error.network.not_a_time",
    "calendar_day": "error.network.not_a_day",
    "date": "error.network.not_a_day",
    "int": "error.network.not_a_whole_number",
    "decimal": "error.network.not_a_number",
    "float": "error.network.not_a_number",
    "finite_number": "error.network.not_a_number",
    "bool": "error.network.not_true_or_false",
    "tuple": "error.network.not_a_list",
    "dict": "error.network.not_a_mapping",
    "model": "error.network.not_a_mapping",
    "string": "error.network.not_a_text",
}


@dataclass(frozen=True)
class Problem:
    """`key` and `data` name a text of `locales/` that says what is wrong and what would be right.

    `path` is written as in `services[1].policy`; empty when the whole file is meant.
    """

    file: str
    path: str
    key: str
    data: Mapping[str, object] = field(default_factory=dict)

    def in_words(self, language: str) -> str:
        """Return the line for the person who wrote the file."""
        where = f"{self.file}: {self.path}" if self.path else self.file
        return f"{where}: {texts.say(language, self.key, **self.data)}"

    def __str__(self) -> str:
        return self.in_words("en")

    __repr__ = __str__


def path_of(location: Location) -> str:
    """Return a place as people write it: ("services", 1, "policy") is services[1].policy."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in location]
    return "".join(parts).removeprefix(".")


def shown(value: object) -> str:
    """Return a value short enough for one line."""
    said = "" if value is None else re.sub(r"\s+", " ", str(value))
    return said if len(said) <= 60 else f"{said[:59]}…"


def listed(values: Sequence[str]) -> str:
    """Return what is allowed, in the order given, for one line."""
    return ", ".join(values) or "–"


def in_our_words(error: ErrorDetails) -> tuple[Location, str, dict[str, object]]:
    """Turn an error of the schema into where, which text, and what fills it."""
    place, kind, given = error["loc"], error["type"], error["input"]
    limits: dict[str, Any] = error.get("ctx", {})
    if kind == "missing":
        return place[:-1], "error.network.missing", {"name": place[-1]}
    if kind == "extra_forbidden":
        return place[:-1], "error.network.unknown_key", _names_of(place)
    if kind == "literal_error":
        allowed = listed(re.findall(r"'([^']*)'", limits["expected"]))
        return place, "error.network.not_one_of", {"given": shown(given), "allowed": allowed}
    if kind in ("too_short", "string_too_short"):
        return place, "error.network.empty", {}
    if kind == "greater_than_equal":
        return place, "error.network.too_small", {"given": given, "limit": f"{limits['ge']:g}"}
    if kind == "less_than_equal":
        return place, "error.network.too_large", {"given": given, "limit": f"{limits['le']:g}"}
    if kind == "string_pattern_mismatch":
        return place, _PATTERNS[limits["pattern"]], {"given": shown(given)}
    key = _KINDS.get(kind) or _KINDS.get(kind.split("_")[0], "error.network.unusable")
    return place, key, {"given": shown(given)}


def _names_of(place: Location) -> dict[str, object]:
    part = next((_PARTS[step] for step in reversed(place[:-1]) if step in _PARTS), schema.Network)
    return {"name": place[-1], "allowed": listed(list(part.model_fields))}
