"""How old somebody is, as people write it."""

import re

_NUMBERS = [
    "null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn",
    "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn",
]  # fmt: skip
_IN_ENGLISH = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
]  # fmt: skip
_WORDS = {
    word.translate(str.maketrans("öü", "ou")): n
    for names in (_NUMBERS, _IN_ENGLISH)
    for n, word in enumerate(names)
}
_N = r"(\d{1,3}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"
_YEARS = r"(?:jahre?n?\b|jahrig\w*|j\b|years?\b|yrs?\b|yo\b|y\s?/\s?o\b|year-olds?)"
_ONLY = r"(?:jetzt|now|schon|already|gerade|erst|only|just)?\s*"
_NO_TIME = r"\b(?!\s*(?:uhr|:|-|/|\.\d|am\b|pm\b|o'clock|mal|times|monat|month))"
_OWN = re.compile(r"\b(?:ich bin|i am|i'm)\s+" + _ONLY + _N + _NO_TIME)
_AGES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_N}\s*-?\s*{_YEARS}",
        r"\b(?:alter|age|aged|geworden)\s*:?\s*" + _N + r"\b",
        r"\b(?:ich bin|bin|i am|i'm|im|ist|is|wird|turned|she's|he's)\s+" + _ONLY + _N + _NO_TIME,
        # „Für mich, 38“ and „mein Sohn Ben, 13“: a number alone, in figures.
        r"\b(?:fur mich|for me|myself)\s*,?\s*(\d\d)" + _NO_TIME,
        r"\b(?:sohn|tochter|kind|son|daughter|child)(?:\s+[^\W\d_]+)?\s*[,(]\s*(\d{1,2})"
        + _NO_TIME,
    )
)
_MONTHS = re.compile(rf"\b{_N}\s*(?:monate?n?|months?)\s*(?:alt|old)")
# „Seit 3 Jahren“ and „for two years“ say how long, not how old.
_DURATION = re.compile(r"\b(?:seit|vor|nach|for|since|over|past|last|letzten?)\s+(?:\w+\s+)?$")
_AGO = re.compile(r"^\s*(?:lang|ago|zuvor|her\b)")


def age_in(folded: str) -> int | None:
    """Return the age in full years that a folded text names, 0 to 119."""
    if _MONTHS.search(folded):
        return 0
    for pattern in _AGES:
        for match in pattern.finditer(folded):
            before, after = folded[: match.start()], folded[match.end() :]
            says_old = re.match(r"\s*(?:-|old|alt)", after) or "old" in match.group()
            lasts = _DURATION.search(before) and not says_old and "jahrig" not in match.group()
            if lasts or _AGO.match(after):
                continue
            age = _number(match.group(1))
            if age < 120:
                return age
    return None


def own_age_in(folded: str) -> int | None:
    """Return the age that somebody names as their own: "I am 15"."""
    match = _OWN.search(folded)
    return _number(match.group(1)) if match else None


def age_group_of(age: int) -> str:
    """Return the code of the age group: child, adolescent, adult or senior."""
    for code, end in (("child", 12), ("adolescent", 18), ("adult", 65)):
        if age < end:
            return code
    return "senior"


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _WORDS[text]
