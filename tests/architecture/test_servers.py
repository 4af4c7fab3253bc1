"""The tests' PostgreSQL is shared by the workers of a run, and no run leaves one behind."""

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator

import asyncpg
import psutil
import pytest

from core import db
from tests import servers
from tests.architecture.source import ROOT

WORKER = """
import sys
from core import db
from tests import servers
print(servers.join()["pid"], flush=True)
sys.stdin.readline()
servers.leave()
"""


@pytest.fixture
def workers() -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes of one run of their own, both using its server."""
    env = {**os.environ, "PYTEST_XDIST_TESTRUNUID": f"own-{uuid.uuid4().hex}"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    yield started
    for worker in started:
        worker.kill()
        worker.communicate()


def say(worker: subprocess.Popen[str]) -> int:
    assert worker.stdout
    return int(worker.stdout.readline())


def runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_workers_share_one_server_and_the_last_to_leave_stops_it(workers):
    first, second = workers
    server = say(first)
    assert say(second) == server
    first.communicate("\n")
    assert runs(server)
    second.communicate("\n")
    assert not runs(server)


def test_a_killed_run_is_swept_by_the_next_and_a_living_one_is_not(workers):
    first, second = workers
    server = say(first)
    say(second)
    first.send_signal(signal.SIGKILL)
    first.wait()
    sweep()
    assert runs(server)
    second.send_signal(signal.SIGKILL)
    second.wait()
    sweep()
    assert not runs(server)


def sweep() -> None:
    with servers._locked():
        servers._sweep()


async def _answer(url: str) -> int:
    connection = await asyncpg.connect(url.replace("asyncpg://", "postgresql://"))
    try:
        return int(await connection.fetchval("SELECT count(*) FROM told"))
    finally:
        await connection.close()


def test_a_template_is_filled_once_and_its_copies_are_separate():
    filled: list[str] = []

    async def fill(url: str) -> None:
        filled.append(url)
        connection = await asyncpg.connect(url.replace("asyncpg://", "postgresql://"))
        await connection.execute("CREATE TABLE told AS SELECT 1 AS n")
        await connection.close()

    async def both() -> tuple[int, int]:
        key = f"own_{os.getpid()}"
        names = [await servers.postgres_template(key, fill) for _ in range(2)]
        urls = [await servers.new_postgres_url(name) for name in names]
        return await _answer(urls[0]), await _answer(urls[1])

    assert asyncio.run(both()) == (1, 1)
    assert len(filled) == 1


@pytest.mark.parametrize("time", ["first", "second"])
async def test_every_test_gets_a_migrated_database_without_the_rows_of_others(database, time):
    await db.connection().execute_query("CREATE TABLE left_behind (n integer)")
    found = await db.connection().execute_query_dict("SELECT count(*) AS n FROM person")
    assert found[0]["n"] == 0
