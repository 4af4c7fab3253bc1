"""One plain form of what was written: case, accents, odd spaces and look-alikes folded away."""

import re
import unicodedata

LONGEST = 5_000
"""Characters of one message that are read for meaning; the whole message is stored anyway."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# Joiners belong to words in Persian and to emoji; everything else invisible is dropped.
_KEPT_INVISIBLE = {"\u200c", "\u200d"}


def fold(text: str) -> str:
    """Return the text in lower case without accents, for comparing only."""
    lower = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    lower = lower.replace("ı", "i").replace("’", "'").replace("‘", "'").replace("`", "'")
    parts = unicodedata.normalize("NFD", lower)
    return "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf"))


def words(text: str) -> list[str]:
    """Return the words of a text, folded; digits are words, signs and emoji are not."""
    return _WORD.findall(fold(text))


def spellings(term: str) -> set[tuple[str, ...]]:
    """Return a term's words in each way it may be typed: „Ängste“ as angste and aengste."""
    lower = unicodedata.normalize("NFC", term.casefold())
    return {tuple(words(lower)), tuple(words(lower.translate(_UMLAUTS)))} - {()}


def clean(text: str) -> str:
    """Return the text on one line, without control characters and lone surrogates."""
    kept = (
        " " if c.isspace() else c
        for c in text
        if c.isspace()
        or c in _KEPT_INVISIBLE
        or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())
