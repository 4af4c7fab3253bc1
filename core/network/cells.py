"""One cell of a table that people fill in: what may stand there, and what is wrong with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core import texts
from core.network.problems import listed, shown

_FORMULA = ("=", "+", "-", "@", "\t")
_YES = frozenset({"yes", "ja", "true", "1", "x"})
_NO = frozenset({"no", "nein", "false", "0"})


@dataclass(frozen=True)
class CellProblem:
    """`row` counts as spreadsheets do, the header is 1; 0 when the whole file is meant."""

    row: int
    column: str
    key: str
    data: Mapping[str, object] = field(default_factory=dict)

    def in_words(self, language: str) -> str:
        """Return the line for the person who filled the table in."""
        said = texts.say(language, self.key, **self.data)
        if not self.row:
            return said
        where = "cli.csv.in_cell" if self.column else "cli.csv.in_row"
        return texts.say(language, where, row=self.row, column=self.column, problem=said)

    def __str__(self) -> str:
        return self.in_words("en")


class Cells:
    """The cells of one row by column; what cannot be used is collected in `problems`."""

    def __init__(self, row: int, given: Mapping[str, str]) -> None:
        self.row = row
        self.problems: list[CellProblem] = []
        self._given = given
        for column, text in given.items():
            if text.startswith(_FORMULA):
                self.wrong(column, "formula", given=shown(text))
            elif any(not character.isprintable() for character in text):
                self.wrong(column, "unprintable")

    def wrong(self, column: str, what: str, **data: object) -> None:
        """Add a problem; only the first of a cell is kept, the next may follow from it."""
        if all(problem.column != column for problem in self.problems):
            self.problems.append(CellProblem(self.row, column, f"error.csv.{what}", data))

    def text(self, column: str, limit: int, *, needed: bool = False) -> str:
        """Return a cell of at most `limit` characters."""
        given = self._given.get(column, "")
        if needed and not given:
            self.wrong(column, "empty_cell")
        if len(given) > limit:
            self.wrong(column, "too_long", limit=limit)
        return given

    def email(self, column: str) -> str:
        """Return an e-mail address in small letters."""
        given = self.text(column, 254, needed=True).lower()
        if not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+", given):
            self.wrong(column, "not_an_email", given=shown(given))
        return given

    def parts(self, column: str) -> tuple[str, ...]:
        """Return what stands between ";" or "|", without repeats."""
        pieces = re.split(r"[;|]", self._given.get(column, ""))
        return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))

    def lowered(self, column: str) -> tuple[str, ...]:
        """Return the parts in small letters."""
        return tuple(dict.fromkeys(part.casefold() for part in self.parts(column)))

    def codes(self, column: str, known: Iterable[str], *, needed: bool = False) -> tuple[str, ...]:
        """Return codes, each of them known."""
        allowed = list(known)
        given = self.lowered(column)
        for code in given:
            if code not in allowed:
                self.unknown(column, code, allowed)
        if needed and not given:
            self.wrong(column, "one_of", allowed=listed(allowed))
        return given

    def code(self, column: str, known: Iterable[str]) -> str:
        """Return one code, or "" for an empty cell."""
        codes = self.codes(column, known)
        if len(codes) > 1:
            self.wrong(column, "only_one", given=shown("; ".join(codes)))
        return codes[0] if codes else ""

    def whole_number(self, column: str, most: int) -> int:
        """Return a number from 0 to `most`; an empty cell is 0."""
        given = self._given.get(column, "") or "0"
        if not re.fullmatch(r"[0-9]{1,4}", given) or int(given) > most:
            self.wrong(column, "not_a_count", given=shown(given), most=most)
            return 0
        return int(given)

    def yes_or_no(self, column: str, *, otherwise: bool) -> bool:
        """Return yes or no; an empty cell is `otherwise`."""
        given = self._given.get(column, "").casefold()
        if given and given not in _YES | _NO:
            self.wrong(column, "not_yes_or_no", given=shown(given))
        return given in _YES if given else otherwise

    def unknown(self, column: str, given: str, allowed: Sequence[str]) -> None:
        """Add the problem of a code that is not there."""
        self.wrong(column, "unknown_code", given=shown(given), allowed=listed(allowed))
