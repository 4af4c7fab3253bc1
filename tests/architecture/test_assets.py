"""The front-end files come from the lock, by npm from a Python package, and only when needed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hatch_build
from tests.architecture.source import ROOT

FILES = {"page.js": "thing/dist/page.js"}
FOLDER = Path("static")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a lock, and the modules that npm would have installed for it."""
    (tmp_path / "package-lock.json").write_text("{}")
    source = tmp_path / "node_modules" / FILES["page.js"]
    source.parent.mkdir(parents=True)
    source.write_text("go();\n//# sourceMapping" + "URL=page.js.map\n")
    hatch_build.copy(tmp_path / "node_modules", tmp_path, FOLDER, FILES)
    return tmp_path


def test_what_was_copied_is_current(project: Path):
    assert hatch_build.is_current(project, FOLDER, FILES)


def test_another_lock_makes_it_stale(project: Path):
    (project / "package-lock.json").write_text('{"lockfileVersion": 3}')
    assert not hatch_build.is_current(project, FOLDER, FILES)


def test_a_missing_file_makes_it_stale(project: Path):
    (project / FOLDER / "page.js").unlink()
    assert not hatch_build.is_current(project, FOLDER, FILES)


def test_another_list_of_files_makes_it_stale(project: Path):
    shutil.copy(project / FOLDER / "page.js", project / FOLDER / "more.js")
    assert not hatch_build.is_current(project, FOLDER, {**FILES, "more.js": "thing/more.js"})


def test_a_copy_that_was_cut_short_is_not_taken_for_whole(project: Path):
    with pytest.raises(FileNotFoundError):
        hatch_build.copy(
            project / "node_modules", project, FOLDER, {**FILES, "gone.js": "thing/gone.js"}
        )
    assert not hatch_build.is_current(project, FOLDER, FILES)


def test_a_copied_file_asks_for_no_source_map(project: Path):
    assert (project / FOLDER / "page.js").read_text() == "go();\n"


def test_the_files_of_this_copy_are_in_place():
    assert hatch_build.is_current(ROOT, hatch_build.OFFICE, hatch_build.OFFICE_FILES)
    assert hatch_build.is_current(ROOT, hatch_build.TESTS, hatch_build.TEST_FILES)


def test_npm_runs_where_no_node_is_on_the_path():
    run = "import hatch_build as h; print(h.npm('--version', cwd=h.ROOT).stdout)"
    done = subprocess.run(
        [sys.executable, "-c", run], cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()[0].isdigit()


def test_npm_that_fails_says_why(tmp_path: Path):
    with pytest.raises(RuntimeError, match=r"package-lock|lockfile"):
        hatch_build.npm("ci", cwd=tmp_path)
