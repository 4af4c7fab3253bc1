"""A message as words in the forms in which danger is looked for, each with its place."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

PLAIN, UNMASKED, JOINED = "plain", "unmasked", "joined"

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_APOSTROPHES = "'`´\u2018\u2019\u02bc"
_TOKEN = re.compile(rf"[\w@$\u0300-\u036f{_INVISIBLE}{_APOSTROPHES}]+|[!?…,;\n]|\.(?=\s|$)")
_DROPPED = re.compile(rf"[_\u0300-\u036f{_INVISIBLE}{_APOSTROPHES}]+")
_ENDS = frozenset("!?….")
_MARKS = _ENDS | frozenset(",;\n")
_LONGEST_WORD = 64
_MASKS = str.maketrans("013457@$", "oieastas")
_LOOK_ALIKES = str.maketrans("абвгдезіїкмнорстухьыαβεικμνορτυχ", "abbrdeziikmhopctyxbbabeikmvoptux")
# One spelling for „töten“, „toeten“ and „toten“: tables and texts are folded alike.
_UMLAUT_SPELLINGS = re.compile(r"([aou])e")


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its plain form, the form without leetspeak or look-alikes, and its span."""

    plain: str
    unmasked: str
    sentence: int
    clause: int
    start: int
    end: int

    @property
    def masked(self) -> bool:
        return self.plain != self.unmasked


def fold(word: str) -> str:
    """Return the form that is compared: no case, diacritics, apostrophes, umlaut spellings."""
    if not (word.isascii() and word.isalpha()):
        word = _DROPPED.sub("", word)
    word = word[:_LONGEST_WORD]
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in decomposed if not unicodedata.combining(c))
    word = word.casefold()
    return _UMLAUT_SPELLINGS.sub(r"\1", word) if "e" in word else word


def words_of(text: str) -> list[Word]:
    """Split a text into words, in linear time; the ends of sentences are counted, not kept."""
    words, sentence, clause = [], 0, 0
    for match in _TOKEN.finditer(text):
        if match.group() in _MARKS:
            sentence += match.group() in _ENDS
            clause += 1
            continue
        form = fold(match.group())
        if not form:
            continue
        words.append(Word(form, _unmask(form), sentence, clause, match.start(), match.end()))
    return words


def joined(words: list[Word]) -> list[Word]:
    """Join runs of four and more single letters: „s t e r b e n“ becomes one word.

    A wider space than that after the first letter begins the next word.
    """
    out: list[Word] = []
    for run in _runs(words):
        if len(run) < 4:
            out.extend(run)
            continue
        form = fold("".join(word.unmasked for word in run))
        out.append(replace(run[0], plain=form, unmasked=form, end=run[-1].end))
    return out


def _runs(words: list[Word]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in words:
        single = len(word.unmasked) == 1
        if run and single and len(run[-1].unmasked) == 1:
            space = run[1].start - run[0].end if len(run) > 1 else len(words)
            if word.start - run[-1].end <= max(space, 1):
                run.append(word)
                continue
        if run:
            yield run
        run = [word]
    if run:
        yield run


def _unmask(form: str) -> str:
    if form.isalpha() and form.isascii():
        return form
    letters = form.translate(_MASKS) if any(c.isalpha() for c in form) else form
    return letters if letters.isascii() else letters.translate(_LOOK_ALIKES)
