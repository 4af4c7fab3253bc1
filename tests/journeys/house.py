"""The house as a newcomer finds it: the demo network, served by a real process.

The demo is loaded once in a run of the tests, by the commands that people type; every journey
gets a copy of that database.
"""

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import servers
from tests.served import ROOT, Served, free_port

DEMO_SECONDS = 120


@dataclass
class House(Served):
    """`passung run` over a copy of the demo."""

    command: tuple[str, ...] = ("-m", "tests.journeys.later", "run")

    def let_half_an_hour_pass(self) -> None:
        """Move the server's clock; the next request sees the new time."""
        assert self.process
        self.process.send_signal(signal.SIGUSR1)

    def dies(self) -> None:
        """The machine loses its power."""
        self.stop(signal.SIGKILL)

    def is_told_to_stop(self) -> None:
        """A new version is put in place."""
        self.stop(signal.SIGTERM)


@asynccontextmanager
async def open_house(
    kind: str, folder: Path, shared: Path, **settings: str
) -> AsyncIterator[House]:
    """Serve a copy of the demo on `kind` of database; `shared` is for all workers of the run."""
    with _prepared(shared) as (database, key_file):
        shutil.copy(key_file, folder / "passung.key")
        if kind == "sqlite":
            url = f"sqlite://{shutil.copy(database, folder / 'passung.db')}"
        else:
            template = await servers.postgres_template("demo", lambda to: _fill(to, key_file))
            url = await servers.new_postgres_url(template)
    house = House(url, folder, free_port(), settings)
    try:
        await asyncio.to_thread(house.start)
        yield house
    finally:
        house.stop()
        if kind != "sqlite":
            await servers.drop_postgres(url)


@contextmanager
def _prepared(shared: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the demo's SQLite file and its key, made by whoever comes first."""
    database, key_file = shared / "demo.db", shared / "demo.key"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not database.exists():
            making = shared / "demo-making.db"
            load_demo(f"sqlite://{making}", key_file)
            making.rename(database)
        yield database, key_file


async def _fill(url: str, key_file: Path) -> None:
    await asyncio.to_thread(load_demo, url, key_file)


def load_demo(url: str, key_file: Path) -> str:
    """Run the two commands of the README over a database; return what the second said."""
    given = {"PASSUNG_DATABASE_URL": url, "PASSUNG_KEY_FILE": str(key_file)}
    said = ""
    for command in ("migrate", "demo"):
        done = subprocess.run(
            [sys.executable, "passung.py", command],
            cwd=ROOT,
            env=os.environ | given,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEMO_SECONDS,
        )
        assert done.returncode == 0, f"passung {command}: {done.stderr}"
        said = done.stdout
    return said
