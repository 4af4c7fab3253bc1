"""A real server process for tests, on a free port of the loopback."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from core import keys

ROOT = Path(__file__).parents[1]
START_SECONDS = 60.0


@dataclass
class Served:
    """A server over a database that the test has open too."""

    database: str
    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    command: tuple[str, ...] = ("passung.py", "web")

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the process, and of commands that work on the same database."""
        return os.environ | {
            "PASSUNG_DATABASE_URL": self.database,
            "PASSUNG_KEY_FILE": str(_key_file(self.folder)),
            "PASSUNG_PORT": str(self.port),
            "PASSUNG_TRUSTED_PROXIES": "127.0.0.1",
            **self.settings,
        }

    def start(self) -> None:
        """Start the process and wait until it answers."""
        log = (self.folder / "server.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                httpx.get(f"{self.url}/chat/bye", timeout=5)
                return
            except httpx.TransportError:
                time.sleep(0.05)
        self.stop(signal.SIGKILL)
        raise RuntimeError(f"the server did not start:\n{self.log()}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """End the process by a signal; return how many seconds it took."""
        began = time.monotonic()
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=20)
            self.process = None
        return time.monotonic() - began

    def log(self) -> str:
        return (self.folder / "server.log").read_text()


@contextmanager
def served(database: str, folder: Path, **settings: str) -> Iterator[Served]:
    """Run a server for the block, with the keys of this process."""
    server = Served(database, folder, free_port(), settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _key_file(folder: Path) -> Path:
    path = folder / "passung.key"
    if not path.exists():
        mine = keys.keys()
        lines = [f"kek {name} {_text(key)}" for name, key in mine.keks.items()]
        path.touch(mode=0o600)
        path.write_text("\n".join([*lines, f"root {_text(mine.root)}", ""]))
    return path


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def free_port() -> int:
    """Return a port of the loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
