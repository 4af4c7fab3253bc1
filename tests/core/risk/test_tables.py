"""The tables are checked when they are read, and patterns mean what their page says."""

from pathlib import Path

import pytest

from core.risk import tables
from core.risk.words import fold

RULE = """
words: {{}}
idioms: []
rules:
  - id: xx.one
    level: {level}
    category: {category}
    reason: A test.
    positive: [one]
    patterns: [one]
"""


def test_two_tables_ship() -> None:
    found, version = tables.load()
    assert [table.language for table in found] == ["de", "en"]
    assert tables.load()[1] == version


@pytest.mark.parametrize(("level", "category"), [("red", "self_harm"), ("urgent", "bad_mood")])
def test_an_unknown_level_or_category_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: str, category: str
) -> None:
    (tmp_path / "xx.yaml").write_text(RULE.format(level=level, category=category))
    monkeypatch.setattr(tables, "TABLES", tmp_path)
    with pytest.raises(ValueError, match=r"xx\.one"):
        tables.load.__wrapped__()


def test_lists_of_several_words_and_optional_words_make_several_sequences() -> None:
    found = tables.sequences("$not_any [ever] .. live*", {"not_any": ["not any", "no more"]})
    assert len(found) == 4
    assert {len(sequence.elements) for sequence in found} == {3, 4}
    assert found[0].elements[-1].takes("living") is False
    assert found[0].elements[-1].takes("lived")
    assert found[0].elements[-1].gap == 4


def test_the_longest_word_is_looked_for_first() -> None:
    (sequence,) = tables.sequences("i ... disappear", {})
    assert sequence.anchor == 1
    assert sequence.elements[1].gap == 8


def test_words_are_compared_without_case_diacritics_and_apostrophes() -> None:
    assert fold("TÖTEN") == fold("toeten") == fold("to\u0308ten") == "toten"
    assert fold("don\u2019t") == "dont"
    assert fold("Straße") == "strasse"
    assert fold("\u200b") == ""
    assert len(fold("x" * 5000)) == 64
