"""The command line: each command does its work, or says in one line what would help."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.architecture.source import ROOT

DEMO = ROOT / "core" / "networks" / "demo"
START_SECONDS = 60.0
Run = Callable[..., subprocess.CompletedProcess[str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_in(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PASSUNG_", "LC_", "LANG"))}
    return kept | {
        "PASSUNG_DATABASE_URL": f"sqlite://{folder}/p.db",
        "PASSUNG_KEY_FILE": str(folder / "key"),
        "PASSUNG_PORT": str(free_port()),
    }


def run_in(environment: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "passung", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return environment_in(tmp_path)


@pytest.fixture
def passung(environment: dict[str, str]) -> Run:
    def run(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        return run_in(environment | more, *arguments)

    return run


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a migrated database, made once."""
    folder = tmp_path_factory.mktemp("blank")
    assert run_in(environment_in(folder), "migrate").returncode == 0
    return folder


@pytest.fixture(scope="module")
def filled(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo network loaded and its key, made once."""
    folder = Path(shutil.copytree(blank, tmp_path_factory.mktemp("filled") / "house"))
    assert run_in(environment_in(folder), "network", "load", DEMO).returncode == 0
    return folder


@pytest.fixture
def migrated(blank: Path, tmp_path: Path, passung: Run) -> Run:
    shutil.copytree(blank, tmp_path, dirs_exist_ok=True)
    return passung


@pytest.fixture
def loaded(filled: Path, tmp_path: Path, passung: Run) -> Run:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    return passung


# ── refusals ──────────────────────────────────────────────────────────────────────────────────


def test_help_comes_at_once_and_names_every_command(passung: Run):
    begun = time.monotonic()
    told = passung("--help").stdout
    assert time.monotonic() - begun < 2.0, "half a second on a quiet machine"
    for command in ("run", "web", "worker", "migrate", "demo", "check", "network", "staff"):
        assert re.search(rf"^    {command} ", told, re.MULTILINE)


def test_help_imports_nothing_heavy():
    code = "import sys, passung; passung._parser(); print([m for m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    for heavy in ("tortoise", "fastapi", "babel", "pydantic", "core.models"):
        assert f"'{heavy}'" not in loaded.stdout


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["network"], ["staff", "add", "a@example.org"], ["run", "--fast"]],
)
def test_an_unknown_command_is_refused(passung: Run, arguments: list[str]):
    done = passung(*arguments)
    assert done.returncode == 2 and "usage: passung" in done.stderr


def test_every_wrong_setting_is_named(passung: Run, tmp_path: Path):
    done = passung("run", PASSUNG_PORT="x", PASSUNG_HOTS="a", PASSUNG_DATABASE_URL="mysql://a")
    assert done.returncode == 2
    for name in ("PASSUNG_PORT", "PASSUNG_HOTS", "PASSUNG_DATABASE_URL"):
        assert len(re.findall(f"  {name}: ", done.stderr)) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["run"], ["web"], ["worker"], ["demo"], ["check"]])
def test_without_migrations_nothing_starts(passung: Run, tmp_path: Path, command: list[str]):
    done = passung(*command)
    assert done.returncode == 2 and "passung migrate" in done.stderr
    assert not (tmp_path / "key").exists()


def test_refusals_come_in_the_language_of_the_terminal(passung: Run):
    assert "Es fehlen" in passung("run", LANG="de_DE.UTF-8").stderr
    assert "It lacks" in passung("run", LANG="tlh").stderr


def test_a_database_out_of_reach_is_named_without_its_password(passung: Run):
    url = f"asyncpg://passung:geheim123@127.0.0.1:{free_port()}/passung"
    for command in ("run", "migrate"):
        done = passung(command, PASSUNG_DATABASE_URL=url)
        assert done.returncode == 2 and "PASSUNG_DATABASE_URL" in done.stderr
        assert "geheim123" not in done.stderr


def test_an_unknown_version_is_refused(passung: Run):
    done = passung("migrate", "--to", "0042_nothing")
    assert done.returncode == 2 and "0001_initial" in done.stderr


def test_a_key_file_that_others_can_read_is_refused(loaded: Run, tmp_path: Path):
    (tmp_path / "key").chmod(0o644)
    done = loaded("network", "show")
    assert done.returncode == 2 and "chmod 600" in done.stderr


def test_a_port_that_is_taken_is_named(loaded: Run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = loaded("run", PASSUNG_PORT=port)
    assert done.returncode == 2 and port in done.stderr


# ── network and staff ─────────────────────────────────────────────────────────────────────────


def test_a_version_goes_down_and_up(migrated: Run):
    assert migrated("migrate", "--to", "zero").returncode == 0
    assert "passung migrate" in migrated("network", "show").stderr
    assert migrated("migrate").returncode == 0


def test_without_a_network_it_is_said_how_to_load_one(migrated: Run):
    done = migrated("network", "show")
    assert done.returncode == 2 and "passung network load" in done.stderr


def test_a_network_is_loaded_and_shown(loaded: Run):
    again = loaded("network", "load", DEMO)
    assert "version 1" in again.stdout, "the same again is no new version"
    told = loaded("network", "show").stdout
    assert "Rheinaue" in told and "therapists: 0" in told


def test_a_folder_that_is_no_network_changes_nothing(migrated: Run, tmp_path: Path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "network.yaml").write_text("name: Bad Name\nzone: Mars/Crater\n")
    for folder in ("bad", "missing"):
        done = migrated("network", "load", tmp_path / folder)
        assert (done.returncode == 2 and "network.yaml" in done.stderr) or folder in done.stderr
    assert migrated("network", "show").returncode == 2


def test_therapists_are_tried_then_imported_then_updated(loaded: Run):
    file = DEMO / "therapists.csv"
    assert "24 rows" in loaded("network", "therapists", file, "--dry-run").stdout
    assert "therapists: 0" in loaded("network", "show").stdout
    assert "New: 24, updated: 0" in loaded("network", "therapists", file).stdout
    assert "New: 0, updated: 24" in loaded("network", "therapists", file).stdout
    told = loaded("network", "show").stdout
    assert "therapists: 24" in told and int(re.search(r"times: (\d+)", told)[1]) > 1000


def test_one_bad_cell_imports_nobody_and_each_is_named(loaded: Run, tmp_path: Path):
    lines = (DEMO / "therapists.csv").read_text().splitlines()
    lines[2] = lines[2].replace("statutory", "bitcoin")
    lines[5] = lines[5].replace("@", " at ", 1)
    bad = tmp_path / "bad.csv"
    bad.write_text("\n".join(lines))
    for flag in ([], ["--dry-run"]):
        done = loaded("network", "therapists", bad, *flag)
        assert done.returncode == 2
        assert "bitcoin" in done.stderr and "row 3" in done.stderr.casefold()
        assert "row 6" in done.stderr.casefold() and "email" in done.stderr
    assert "therapists: 0" in loaded("network", "show").stdout


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"name,email\nA,b\n"])
def test_a_file_that_is_no_table_is_refused(loaded: Run, tmp_path: Path, content: bytes | None):
    file = tmp_path / "t.csv"
    if content is not None:
        file.write_bytes(content)
    done = loaded("network", "therapists", file)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_staff_are_added_listed_and_disabled(migrated: Run, tmp_path: Path):
    assert "Nobody" in migrated("staff", "list").stdout
    add = ("staff", "add", "tomasz@example.org", "--name", "Tomasz Adler", "--role", "admin")
    made = migrated(*add)
    password = re.search(r"once only: (\S+)", made.stdout)
    assert made.returncode == 0 and len(password[1]) >= 20
    assert migrated(*add).returncode == 2
    (tmp_path / "secret").write_text("ein langer stiller Satz\n")
    paula = ("staff", "add", "paula@example.org", "--name", "Paula Sommer", "--role", "assistant")
    by_file = migrated(*paula, "--role", "clinician", "--password-file", tmp_path / "secret")
    assert by_file.returncode == 0 and "stiller" not in by_file.stdout + by_file.stderr
    told = migrated("staff", "list").stdout
    assert "Paula Sommer <paula@example.org>: assistant, clinician" in told
    assert migrated("staff", "disable", "paula@example.org").returncode == 0
    assert "(disabled)" in migrated("staff", "list").stdout
    for unknown in ("paula@example.com", "tomasz@example.org"):
        assert migrated("staff", "disable", unknown).returncode == 2


@pytest.mark.parametrize(
    ("email", "more"),
    [
        ("tomasz", ["--role", "admin"]),
        ("t@example.org", ["--role", "emperor"]),
        ("t@example.org", ["--role", "admin", "--language", "xx"]),
        ("t@example.org", ["--role", "admin", "--password-file", "/nowhere/at/all"]),
    ],
)
def test_unusable_staff_are_not_added(migrated: Run, email: str, more: list[str]):
    done = migrated("staff", "add", email, "--name", "T", *more)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 + ("key file" in done.stderr)
    assert "Nobody" in migrated("staff", "list").stdout


# ── demo and check ────────────────────────────────────────────────────────────────────────────


def test_the_demo_fills_an_empty_house_and_may_be_repeated(migrated: Run):
    first, second = migrated("demo"), migrated("demo")
    assert first.returncode == second.returncode == 0
    assert first.stdout == second.stdout and "fault" not in first.stderr
    assert first.stdout.count("@example.org, password: ") == 3
    told = migrated("network", "show").stdout
    assert "therapists: 24" in told
    checked = migrated("check", "--json")
    assert (checked.returncode, json.loads(checked.stdout)) == (0, []), checked.stdout
    assert migrated("check").returncode == 0


def test_the_demo_refuses_another_network_and_a_house_in_use(passung: Run, migrated: Run):
    migrated("staff", "add", "t@example.org", "--name", "T", "--role", "admin")
    done = migrated("demo")
    assert done.returncode == 2 and "empty database" in done.stderr
    migrated("network", "load", ROOT / "core" / "networks" / "lansi")
    assert migrated("demo").returncode == 2
    assert "therapists: 0" in migrated("network", "show").stdout


# ── the running house ─────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def house(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of one `passung run` for several tests, and the file of its log."""
    folder = Path(shutil.copytree(filled, tmp_path_factory.mktemp("house") / "house"))
    environment = environment_in(folder)
    process = start(environment, folder, "run")
    yield f"http://localhost:{environment['PASSUNG_PORT']}", folder / "run.log"
    process.terminate()
    assert process.wait(15) == 0


@pytest.fixture
def served(house: tuple[str, Path]) -> str:
    return house[0]


def start(environment: dict[str, str], folder: Path, command: str) -> subprocess.Popen[bytes]:
    with (folder / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "passung", command],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    url = f"http://localhost:{environment['PASSUNG_PORT']}/livez"
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            httpx.get(url, timeout=5)
            return process
        except httpx.TransportError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError((folder / "run.log").read_text())


def test_the_house_says_where_it_is_and_that_it_can_work(house: tuple[str, Path]):
    served, log = house
    assert served in log.read_text()
    assert httpx.get(f"{served}/livez").json()["ok"] is True
    ready = httpx.get(f"{served}/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"ok": True, "database": True, "keys": True, "migrations": True}
    assert httpx.get(served).status_code == 200
    assert httpx.get(f"{served}/office", follow_redirects=True).status_code == 200


def test_every_answer_is_guarded_and_numbered(served: str):
    for path in ("/", "/livez", "/office/sign-in", "/chat/messages", "/nothing/here"):
        headers = httpx.get(f"{served}{path}").headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
        assert "default-src" in headers["Content-Security-Policy"]
        assert len(headers["X-Request-Id"]) >= 12 and "server" not in headers


def test_what_is_not_there_is_said_in_words(served: str):
    gone = httpx.get(f"{served}/nothing", headers={"Accept-Language": "en"})
    assert gone.status_code == 404 and gone.json()["error"] == "error.not_found"


@pytest.mark.parametrize("path", ["/chat/messages", "/office/sign-in", "/livez", "/nothing"])
@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_64_kb_is_refused_everywhere(served: str, path: str, declared: bool):
    body = b"x" * 70_000
    content = body if declared else iter([body[:40_000], body[40_000:]])
    answer = httpx.post(f"{served}{path}", content=content)
    assert answer.status_code == 413 and "error" in answer.json()


def test_the_log_has_one_line_a_request_and_nothing_that_was_typed(house: tuple[str, Path]):
    served, file = house
    before = len(file.read_text())
    httpx.get(f"{served}/Leyla-Ahmadi?q=Leyla", headers={"User-Agent": "Leyla"})
    httpx.post(f"{served}/chat/sessions?q=Leyla", json={"language": "Leyla"})
    log = file.read_text()[before:]
    assert "Leyla" not in log
    requests = [json.loads(line) for line in log.splitlines() if '"request"' in line]
    assert next(r["status"] for r in requests if r["event"] == "request") == 404


def test_open_streams_end_at_once_when_the_house_stops(
    loaded: Run, environment: dict[str, str], tmp_path: Path
):
    process = start(environment, tmp_path, "run")
    url = f"http://localhost:{environment['PASSUNG_PORT']}"
    with httpx.Client(base_url=url, timeout=20) as client:
        token = client.post("/chat/sessions", json={"language": "de"}).json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        with client.stream("GET", "/chat/events", headers=bearer) as stream:
            chunks = stream.iter_raw()
            next(chunks)
            process.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            for _ in chunks:
                pass
    assert process.wait(15) == 0
    assert time.monotonic() - begun < 5
    assert "fault" not in (tmp_path / "run.log").read_text()


def test_web_alone_serves_and_a_worker_alone_beats(
    loaded: Run, environment: dict[str, str], tmp_path: Path
):
    web = start(environment, tmp_path, "web")
    worker = subprocess.Popen(
        [sys.executable, "-m", "passung", "worker"], cwd=ROOT, env=environment
    )
    try:
        end = time.monotonic() + START_SECONDS
        while not (names := beats(tmp_path)) >= {"deliver", "seal_audit"}:
            assert time.monotonic() < end, names
            time.sleep(0.2)
    finally:
        for process in (web, worker):
            process.terminate()
    assert [web.wait(15), worker.wait(15)] == [0, 0]


def beats(folder: Path) -> set[str]:
    import sqlite3

    with sqlite3.connect(folder / "p.db") as database:
        return {name for (name,) in database.execute("SELECT name FROM heartbeat")}
