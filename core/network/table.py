"""A CSV file as spreadsheets write it: its header and its rows, or why it cannot be used."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence

from core.errors import Invalid
from core.network.cells import CellProblem
from core.network.problems import listed, shown

MOST_ROWS = 10_000

Record = tuple[int, list[str]]
"""The number of a row, as spreadsheets count, and its cells."""


def text_of(data: bytes) -> str:
    """Return the text of a file, with or without a byte order mark.

    Raises Invalid `error.csv.not_utf8` for another encoding.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Invalid("error.csv.not_utf8") from wrong


def read_table(
    text: str, needed: Sequence[str], optional: Sequence[str]
) -> tuple[list[str], list[Record], list[CellProblem]]:
    """Return the header in small letters, the rows that are not blank, and the problems.

    The file may be separated by commas or semicolons and begin with a byte order mark.
    """
    try:
        records = list(_records(text.removeprefix("\ufeff")))
    except csv.Error:
        return [], [], [CellProblem(0, "", "error.csv.malformed")]
    if not records:
        return [], [], [CellProblem(0, "", "error.csv.empty_file")]
    header = [name.casefold() for name in records.pop(0)[1]]
    problems = _header_problems(header, needed, (*needed, *optional))
    if not problems and not records:
        problems.append(CellProblem(0, "", "error.csv.empty_file"))
    if len(records) > MOST_ROWS:
        problems.append(CellProblem(0, "", "error.csv.too_many_rows", {"most": MOST_ROWS}))
    return header, records, problems


def _records(text: str) -> Iterator[Record]:
    """Yield every row that is not blank with its number; the separator is the header's."""
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for number, cells in enumerate(lines, start=1):
        cleaned = [_clean(cell) for cell in cells]
        if any(cleaned):
            yield number, cleaned


def _header_problems(
    header: Sequence[str], needed: Sequence[str], columns: Sequence[str]
) -> list[CellProblem]:
    problems = [
        CellProblem(0, "", "error.csv.no_column", {"name": name})
        for name in needed
        if name not in header
    ]
    for n, name in enumerate(header):
        if name not in columns:
            data = {"name": shown(name), "allowed": listed(columns)}
            problems.append(CellProblem(0, "", "error.csv.unknown_column", data))
        elif name in header[:n]:
            problems.append(CellProblem(0, "", "error.csv.column_twice", {"name": name}))
    return problems


def _clean(cell: str) -> str:
    """Spreadsheets bring no-break spaces and letters in two parts, which nobody sees."""
    return unicodedata.normalize("NFC", cell.replace("\u00a0", " ")).strip()
