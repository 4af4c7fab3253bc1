"""Each setting of `core/config.py` stands in the README's table, and the other way round."""

import re

import pytest

from core import config
from tests.architecture.source import ROOT

ROW = re.compile(r"(?m)^\| `(PASSUNG_[A-Z_]+)` \| (\S.*?) \| (\S.*?) \|$")
READ_ELSEWHERE = re.compile(r"\benviron\b|\bgetenv\b")


def defaults() -> dict[str, str]:
    """Return every setting of the code with its default as an environment would write it."""
    return {
        f"{config.PREFIX}{name.upper()}": str(field.default).replace("True", "true")
        for name, field in config.Settings.model_fields.items()
    }


def in_readme(text: str) -> dict[str, str]:
    """Return the settings that have a full row in a table, with their default there."""
    return {name: default.strip("`") for name, default, _ in ROW.findall(text)}


def unknown(text: str) -> set[str]:
    """Return the settings that a text mentions and the code does not know."""
    files = {f"{config.PREFIX}{secret}_FILE" for secret in config.SECRETS}
    return set(re.findall(r"PASSUNG_[A-Z_]+[A-Z]", text)) - set(defaults()) - files


def test_the_readme_has_every_setting_with_its_default_and_no_other():
    documented = in_readme((ROOT / "README.md").read_text())
    assert documented == {name: default or "none" for name, default in defaults().items()}


def test_every_setting_that_the_readme_mentions_exists():
    assert not unknown((ROOT / "README.md").read_text())


def test_the_environment_is_read_in_one_place():
    readers = [
        str(path.relative_to(ROOT))
        for package in ("core", "bot", "admin")
        for path in (ROOT / package).rglob("*.py")
        if path != ROOT / "core" / "config.py" and READ_ELSEWHERE.search(path.read_text())
    ]
    assert not readers


@pytest.mark.parametrize(
    "row",
    ["| `PASSUNG_PORT` | `8000` | |", "| PASSUNG_PORT | `8000` | its port |", "`PASSUNG_PORT`"],
)
def test_a_setting_without_a_full_row_is_not_documented(row: str):
    assert not in_readme(row)


def test_an_invented_setting_is_seen():
    assert unknown(
        "PASSUNG_PROT=1 PASSUNG_PORT=1 PASSUNG_PORT_FILE=x PASSUNG_SMTP_PASSWORD_FILE=x"
    ) == {
        "PASSUNG_PROT",
        "PASSUNG_PORT_FILE",
    }
