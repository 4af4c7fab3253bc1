"""The container files against settings, commands and Python version: nothing builds them here."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

import hatch_build
from tests.architecture.source import ROOT, tracked
from tests.architecture.test_settings import unknown

DOCKERFILE = (ROOT / "docker/Dockerfile").read_text()
COMPOSE = (ROOT / "docker/compose.yaml").read_text()
PYTHON = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"][2:]


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """Return (INSTRUCTION, rest) of each instruction, continued lines joined, comments left out."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", dockerfile))
    words = (line.partition(" ") for line in joined.splitlines() if line.strip())
    return [(word.upper(), rest.strip()) for word, _, rest in words]


def dockerfile_faults(dockerfile: str) -> list[str]:
    """Return what is wrong with a Dockerfile, in words."""
    steps = instructions(dockerfile)
    stages = [rest for word, rest in steps if word == "FROM"]
    last = steps[max(n for n, (word, _) in enumerate(steps) if word == "FROM") :]
    final = {word: rest for word, rest in last}
    faults = [
        f"{stage}: not Python {PYTHON}" for stage in stages if f"python:{PYTHON}-" not in stage
    ]
    if len(stages) < 2:
        faults.append("one stage only: the tools that build would ship")
    if final.get("USER", "root").split(":")[0] in ("root", "0"):
        faults.append("runs as root")
    if "/livez" not in final.get("HEALTHCHECK", ""):
        faults.append("no health check on /livez")
    installs = [part for w, rest in steps if w == "RUN" for part in rest.split("&&")]
    for part in installs:
        if " install " in part and "--require-hashes" not in part and "--no-index" not in part:
            faults.append(f"installs without hashes: {part.strip()}")
    return faults


def compose_faults(text: str) -> list[str]:
    """Return what is wrong with a compose file, in words."""
    services: dict[str, Any] = yaml.safe_load(text)["services"]
    faults = [f"no service {name}" for name in {"postgres", "web", "worker"} - set(services)]
    for name, service in services.items():
        if name == "postgres":
            continue
        if service.get("read_only") is not True:
            faults.append(f"{name}: writable root file system")
        if service.get("cap_drop") != ["ALL"]:
            faults.append(f"{name}: keeps capabilities")
        if "key" not in service.get("secrets", []):
            faults.append(f"{name}: gets no key file")
        if name != "migrate" and "migrate" not in service.get("depends_on", {}):
            faults.append(f"{name}: starts before the migration")
    return faults


def commands(text: str) -> set[str]:
    """Return the subcommands of `passung` that a text starts as ["passung", "web"]."""
    return set(re.findall(r'\["passung",\s*"(\w+)"', text))


def test_the_dockerfile_is_sound():
    assert not dockerfile_faults(DOCKERFILE)


def test_the_compose_file_is_sound():
    assert not compose_faults(COMPOSE)


def test_both_name_settings_that_exist():
    assert not unknown(DOCKERFILE + COMPOSE)


def test_both_start_commands_that_exist():
    wanted = commands(DOCKERFILE + COMPOSE)
    assert {"web", "worker", "migrate"} <= wanted
    for command in wanted:
        run = [sys.executable, "-m", "passung", command, "--help"]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{command}: {done.stderr}"


def test_the_image_is_given_every_file_that_it_copies():
    kept = re.findall(r"(?m)^!(\S+)", (ROOT / ".dockerignore").read_text())
    assert [name for name in kept if not (ROOT / name).exists()] == []
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert set(build["packages"]) | {"requirements", "hatch_build.py", "README.md"} <= set(kept)


def test_secrets_of_the_compose_file_are_all_declared():
    parsed = yaml.safe_load(COMPOSE)
    used = {name for service in parsed["services"].values() for name in service["secrets"]}
    assert used == set(parsed["secrets"])


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("USER 10001:10001", "USER root", "root"),
        ("USER 10001:10001\n", "", "root"),
        (f"python:{PYTHON}-", "python:3.9-", "not Python"),
        ("/livez", "/", "health"),
        ("--require-hashes ", "", "hashes"),
    ],
)
def test_a_careless_dockerfile_is_seen(good: str, bad: str, fault: str):
    assert good in DOCKERFILE
    assert any(fault in said for said in dockerfile_faults(DOCKERFILE.replace(good, bad)))


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("read_only: true", "read_only: false", "writable"),
        ("cap_drop: [ALL]", "cap_drop: []", "capabilities"),
        ("secrets: [database_url, key]", "secrets: [database_url]", "key"),
        ("  worker:\n", "  walker:\n", "no service worker"),
        ("migrate: { condition", "postgres: { condition", "migration"),
    ],
)
def test_a_careless_compose_file_is_seen(good: str, bad: str, fault: str):
    assert good in COMPOSE
    assert any(fault in said for said in compose_faults(COMPOSE.replace(good, bad)))


def test_the_wheel_that_the_image_installs_holds_every_file_of_the_product(tmp_path: Path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        inside = set(wheel.namelist())
    top = {"admin", "bot", "core", "locales", "passung.py"}
    names = {path.relative_to(ROOT) for path in tracked()}
    wanted = {name.as_posix() for name in names if name.parts[0] in top}
    wanted |= {(hatch_build.OFFICE / name).as_posix() for name in hatch_build.OFFICE_FILES}
    assert wanted <= inside
    assert not {name for name in inside if name.startswith(("tests/", "docker/", "requirements/"))}
