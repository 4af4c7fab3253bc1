"""Each setting of `core/config.py` stands in the README's table, and the other way round."""

import ast
import re

import pytest

from tests.architecture.source import ROOT

CONFIG = ROOT / "core" / "config.py"
ROW = re.compile(r"(?m)^\| `(PASSUNG_[A-Z_]+)` \| (\S.*?) \| (\S.*?) \|$")
READ_ELSEWHERE = re.compile(r"\benviron\b|\bgetenv\b")


def fields(code: str) -> set[str]:
    """Return the environment names of the fields of the class `Settings`."""
    classes = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ClassDef))
    settings = next(node for node in classes if node.name == "Settings")
    return {
        f"PASSUNG_{line.target.id.upper()}"
        for line in settings.body
        if isinstance(line, ast.AnnAssign)
        and isinstance(line.target, ast.Name)
        and line.target.id.islower()
    }


def in_code() -> set[str]:
    """Return every setting that the code knows, `_FILE` variants left out."""
    return fields(CONFIG.read_text())


def in_readme(text: str) -> set[str]:
    """Return the settings that have a full row, with default and meaning, in a table."""
    return {name for name, _, _ in ROW.findall(text)}


def test_every_setting_is_in_the_readme_and_nothing_else_is():
    assert in_readme((ROOT / "README.md").read_text()) == in_code()


def test_every_setting_that_the_readme_mentions_exists():
    mentioned = re.findall(r"PASSUNG_[A-Z_]+[A-Z]", (ROOT / "README.md").read_text())
    assert {name.removesuffix("_FILE") for name in mentioned} <= in_code() | {
        name.removesuffix("_FILE") for name in in_code()
    }


def test_the_environment_is_read_in_one_place():
    readers = [
        str(path.relative_to(ROOT))
        for package in ("core", "bot", "admin")
        for path in (ROOT / package).rglob("*.py")
        if path != CONFIG and READ_ELSEWHERE.search(path.read_text())
    ]
    assert not readers


@pytest.mark.parametrize(
    "row",
    ["| `PASSUNG_PORT` | `8000` | |", "| PASSUNG_PORT | `8000` | its port |", "`PASSUNG_PORT`"],
)
def test_a_setting_without_a_full_row_is_not_documented(row: str):
    assert not in_readme(row)


def test_a_new_field_is_a_new_setting():
    code = "class Settings(Base):\n    model_config = 1\n    port: int = 8000\n    new: str = ''\n"
    assert fields(code) == {"PASSUNG_PORT", "PASSUNG_NEW"}
