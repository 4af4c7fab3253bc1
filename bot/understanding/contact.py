"""An e-mail address or a phone number in what was written, and a name."""

import re
from dataclasses import dataclass

import phonenumbers

from bot.understanding.normalise import clean, fold, words

_EMAIL = re.compile(r"[^\s@<>,;:()\"]{1,64}@[^\s@<>,;:()\"]{1,190}\.[^\W\d_]{2,24}")
_PHONE = re.compile(r"\+?[\d(][\d\s()/.\-]{4,}\d")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")
_INTRODUCED = re.compile(
    r"^(?:hallo,?\s+|hello,?\s+|hi,?\s+)?(?:ich heiße|ich heisse|mein name ist|ich bin|name:"
    r"|my name is|my name's|i am|i'm|it's|it is)\s+",
    re.IGNORECASE,
)
LONGEST_NAME = 120
_NO_NAMES = frozenset([
    "nein", "nee", "no", "nope", "ja", "yes", "ok", "okay", "nichts", "nothing", "danke",
    "thanks", "thank", "you", "hallo", "hello", "hi", "egal", "keine", "ahnung", "weiss",
    "nicht", "warum", "why", "wozu", "was", "what", "mochte", "ich", "sagen", "jetzt",
    "spater", "later", "skip", "stimmt", "falsch", "wrong", "gerne", "gern", "please", "bitte",
    "i", "don't", "know",
])  # fmt: skip
"""A text of these words alone is an answer to something else."""


@dataclass(frozen=True)
class Contact:
    """What reaches somebody: `phone` as +49…; or the `problem`: `none`, `email`, `phone`."""

    email: str | None = None
    phone: str | None = None
    problem: str = ""


def contact(text: str, country: str) -> Contact:
    """Read an e-mail address, a phone number, or both; numbers without + are of `country`."""
    said = clean(text)
    email = _EMAIL.search(said)
    rest = said.replace(email.group(), " ") if email else said
    phone, written = _phone(rest, country)
    if email or phone:
        return Contact(email.group().removeprefix("mailto:") if email else None, phone)
    if "@" in said:
        return Contact(problem="email")
    return Contact(problem="phone" if written else "none")


def _phone(text: str, country: str) -> tuple[str | None, bool]:
    written = _PHONE.search(text)
    # A date of birth, sent twice, reads as a valid number of some town.
    if written is None or _DATE.fullmatch(written.group()):
        return None, any(c.isdigit() for c in text)
    try:
        number = phonenumbers.parse(written.group(), country)
    except phonenumbers.NumberParseException:
        return None, True
    if not phonenumbers.is_valid_number(number):
        return None, True
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), True


def person_name(text: str) -> str | None:
    """Return a name as somebody wrote it, or None when it cannot be one."""
    name = _INTRODUCED.sub("", clean(text)).strip(" .,;:")
    letters = sum(c.isalpha() for c in name)
    if letters < 2 or len(name) > LONGEST_NAME:
        return None
    if any(c.isdigit() or c in "@/<>{}[]\\=" for c in fold(name)) or "?" in name:
        return None
    return None if set(words(name)) <= _NO_NAMES else name
