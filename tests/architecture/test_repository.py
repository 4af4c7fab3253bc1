"""What is committed: ours, complete, and free of the machine that it was written on."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, tracked

# Written in two parts, so that this file does not hold what it looks for.
HOSTS = [
    "pypi." + "org", "python" + "hosted.org", "npmjs." + "org", "npmjs." + "com", "unpkg." + "com",
    "jsdelivr." + "net", "cloudflare." + "com", "googleapis." + "com", "gstatic." + "com",
    "debian." + "org", "ghcr." + "io", "quay." + "io", "docker." + "io", "docker." + "com",
]  # fmt: skip
MACHINE = re.compile(
    "|".join([r"(?<![\w.$}/-])/" + folder + r"/\w" for folder in ("work", "root", "Users")])
    + r"|(?<![\w.$}/-])/ho"
    + r"me/\w|/tmp/"
    + r"w\b"
)
FOREIGN = re.compile(
    r"(^|/)(node_modules|vendor|third_party)/|\.(min\.(js|css)|map|woff2?|ttf|otf|eot|wasm|whl|gz)$"
)
BANNER = re.compile(r"^\s*/\*!|sourceMapping" + "URL=")
UNFINISHED = re.compile(
    r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|# no" + r"qa|type: ig" + r"nore|pragma: no c" + "over"
)
MOST_BYTES = 500_000
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def faults_in(name: str, content: bytes) -> list[str]:
    """Return what a file of this name and content may not be committed for."""
    faults = [f"{name}: a third-party file"] if FOREIGN.search(name) else []
    if len(content) > MOST_BYTES:
        faults.append(f"{name}: {len(content)} bytes, at most {MOST_BYTES}")
    if b"\0" in content:
        return faults
    for number, line in enumerate(content.decode().splitlines(), 1):
        place = f"{name}:{number}"
        faults += [f"{place}: names a host, {host}" for host in HOSTS if host in line.lower()]
        faults += [f"{place}: a path of one machine"] if MACHINE.search(line) else []
        faults += [f"{place}: unfinished, or silences a check"] if UNFINISHED.search(line) else []
        if name.endswith((".js", ".css")) and BANNER.search(line):
            faults.append(f"{place}: looks like a third-party file")
    return faults


def unpinned(lock: str) -> list[str]:
    """Return what in a pip lock has no exact version, no hash, or an address."""
    entries = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n?", "", lock)).splitlines()
    return [
        entry
        for entry in filter(str.strip, entries)
        if "==" not in entry or "--hash=sha256:" not in entry or "://" in entry or "--i" in entry
    ]


def names(requirements: list[object]) -> set[str]:
    """Return the normalised project names of requirement lines."""
    found = (NAME.match(line) for line in requirements if isinstance(line, str))
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


def test_nothing_is_committed_that_does_not_belong_here():
    faults = [
        fault
        for path in tracked()
        for fault in faults_in(str(path.relative_to(ROOT)), path.read_bytes())
    ]
    assert not faults


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("requirements/run.txt", "--index-url https://pypi." + "org/simple"),
        ("README.md", "cd /wo" + "rk/main && make"),
        ("docs/notes.md", "see /ho" + "me/leyla/passung"),
        ("admin/static/vendor/htmx.js", "x"),
        ("admin/static/htmx.min.js", "x"),
        ("admin/static/page.css", "/*! Tabler v1 */"),
        ("core/a.py", "x = 1  # TO" + "DO later"),
        ("core/a.py", "import x  # no" + "qa"),
        ("docs/picture.bin", "x" * (MOST_BYTES + 1)),
    ],
)
def test_what_does_not_belong_is_seen(name: str, content: str):
    assert faults_in(name, content.encode())


def test_ordinary_text_is_left_alone():
    assert not faults_in("README.md", b"Open http://localhost:8000/office. Work/rest, root/leaf.")


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda p: p.name
)
def test_every_python_package_is_pinned_with_hashes_and_without_an_address(lock: Path):
    assert not unpinned(lock.read_text())


@pytest.mark.parametrize(
    "line", ["fastapi", "fastapi==1.0", "a @ https://x/a.whl --hash=sha256:0", "--index-url x"]
)
def test_a_loose_requirement_is_seen(line: str):
    assert unpinned(line)


def test_every_front_end_package_is_pinned_with_a_hash_and_without_an_address():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "package.json").read_text())
    for kind in ("dependencies", "devDependencies"):
        assert packages[""][kind] == wanted[kind]
    for name, package in packages.items():
        assert not name or package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_the_locks_hold_all_that_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    assert project["build-system"]["requires"] == groups["build"]
    for lock, asked in (
        ("run", project["project"]["dependencies"]),
        ("build", groups["build"]),
        ("dev", project["project"]["dependencies"] + groups["build"] + groups["dev"]),
    ):
        pinned = names((ROOT / f"requirements/{lock}.txt").read_text().splitlines())
        assert names(asked) <= pinned, lock


def test_the_locks_agree_with_each_other():
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"(?m)^\S+==\S+", (ROOT / f"requirements/{lock}.txt").read_text()))

    assert pins("run") | pins("build") <= pins("dev")


def test_only_what_is_needed_stands_at_the_top():
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= {
        ".ci", ".dockerignore", ".gitignore", ".npmrc", "CHANGELOG.md", "CONTRIBUTING.md",
        "DECISIONS.md", "Makefile", "README.md", "admin", "bot", "core", "docker", "docs",
        "hatch_build.py", "locales", "package-lock.json", "package.json", "passung.py",
        "pyproject.toml", "requirements", "scripts", "tests",
    }  # fmt: skip
