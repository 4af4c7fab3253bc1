"""The arrows between bot, core and admin, as `pyproject.toml` draws them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT

LINT = Path(sys.executable).with_name("lint-imports")

BREACHES = {
    "core.breach": ["fastapi", "bot.dialogue.step", "admin"],
    "core.rules.breach": ["tortoise", "core.models"],
    "core.risk.breach": ["core.models"],
    "admin.breach": ["bot.dialogue.step"],
    "bot.breach": ["admin"],
    "bot.dialogue.breach": ["tortoise", "core.models", "bot.turn"],
    "bot.understanding.breach": ["core.db"],
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source to do wrong in."""
    for name in (*PACKAGES, "passung.py", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            skip = shutil.ignore_patterns("__pycache__", "static", "networks")
            shutil.copytree(source, tmp_path / name, ignore=skip)
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def test_every_arrow_points_the_right_way():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_import_against_the_arrows_is_seen(copy: Path):
    for module, imports in BREACHES.items():
        file = copy / (module.replace(".", "/") + ".py")
        file.write_text("".join(f"import {name}\n" for name in imports))
    said = lint(copy).stdout
    missed = [
        f"{module} -> {name}"
        for module, imports in BREACHES.items()
        for name in imports
        if f"{module} -> {name} " not in said
    ]
    assert not missed, said
