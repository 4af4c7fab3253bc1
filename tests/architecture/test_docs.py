"""What README and CONTRIBUTING promise is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from core import keys
from tests.architecture.source import ROOT

README = (ROOT / "README.md").read_text()
PAGES = ["README.md", "CONTRIBUTING.md"]
MOST_LINES = 120
TARGET = re.compile(r"(?m)^([a-z]+):")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def targets_named(text: str) -> set[str]:
    """Return the targets of `make X` in code of a page."""
    return set(re.findall(r"(?:`|^ {4}|[A-Z]+=\S+ )make ([a-z]+)", text, re.MULTILINE))


def commands_named(text: str) -> set[tuple[str, ...]]:
    """Return the words of `passung x y` in code of a page, options and arguments left out."""
    found = re.findall(r"`passung ((?:[a-z]+ ?)+)", text)
    return {tuple(words.split()) for words in found}


def test_the_readme_is_short():
    body, _, appendix = README.partition("\n# Appendix")
    assert len(body.splitlines()) <= MOST_LINES
    assert appendix


def test_contributing_is_one_page():
    assert len((ROOT / "CONTRIBUTING.md").read_text().splitlines()) <= 60


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_is_named_exists(page: str):
    there = set(TARGET.findall((ROOT / "Makefile").read_text()))
    assert targets_named((ROOT / page).read_text()) <= there


def test_every_command_that_the_readme_names_exists():
    named = commands_named(README)
    assert ("network", "load") in named
    for words in named:
        run = [sys.executable, "-m", "passung", *words, "--help"]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{words}: {done.stderr}"


@pytest.mark.parametrize("page", PAGES)
def test_every_link_inside_the_repository_leads_somewhere(page: str):
    for target in LINK.findall((ROOT / page).read_text()):
        assert (ROOT / target).exists(), target


def test_make_alone_lists_the_targets_that_people_call():
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "check", "nightly"):
        assert f"make {target} " in said


def test_ci_runs_what_the_readme_tells_people_to_run():
    script = Path(ROOT / ".ci/run")
    assert targets_named(script.read_text().replace("exec ", "    ")) == {"check"}
    assert script.stat().st_mode & 0o111


def test_the_key_file_of_the_readme_is_one_that_the_product_reads(tmp_path: Path):
    recipe = "\n".join(
        line for line in README.splitlines() if re.match(r" {4}(random|\(umask)", line)
    )
    subprocess.run(["sh", "-c", recipe], cwd=tmp_path, check=True)
    key_file = tmp_path / "passung.key"
    assert key_file.stat().st_mode & 0o077 == 0
    assert keys.parse(key_file.read_text(), "passung.key").current == "1"


def test_names_in_code_are_found_and_words_in_prose_are_not():
    text = "Call `make check`, then\n    make run\nand PASSUNG_PORT=1 make test; make haste slowly."
    assert targets_named(text) == {"check", "run", "test"}
    assert commands_named("`passung staff add NAME` or `passung check [--json]`") == {
        ("staff", "add"),
        ("check",),
    }
