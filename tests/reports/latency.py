"""From a patient's message to the first reply, with 20 patients at once on the demo data.

`make report` runs it. It starts the real server on a free port, prints figures, asserts nothing.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import httpx

from tests.test_passung import environment_in, run_in, start

PATIENTS = 20
SAYS: tuple[str | int, ...] = (
    1,
    "Ich suche Verhaltenstherapie wegen Angst, einzeln, für mich.",
    1,
    1,
    1,
    "/help",
)
"""Texts, and numbers for the buttons of the last message."""


async def one_patient(url: str, pause: float = 0) -> list[float]:
    """Talk once and return the milliseconds from each message to its first reply.

    `pause` is the mean number of seconds that the patient reads and types before each message.
    """
    took: list[float] = []
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        opened = await client.post("/chat/sessions", json={"language": "de"})
        opened.raise_for_status()
        bearer = {"Authorization": f"Bearer {opened.json()['token']}"}
        rows = await read(client, bearer, 0)
        for said in SAYS:
            body: dict[str, str] = {"id": str(uuid.uuid4())}
            if isinstance(said, str):
                body["text"] = said
            elif len(rows[-1]["choices"]) >= said:
                body["choice"] = rows[-1]["choices"][said - 1]["value"]
            else:
                continue
            await asyncio.sleep(random.uniform(0, 2 * pause))
            begun = time.perf_counter()
            sent = await client.post("/chat/messages", json=body, headers=bearer)
            sent.raise_for_status()
            new = await read(client, bearer, sent.json()["seq"])
            took.append((time.perf_counter() - begun) * 1000)
            rows = new or rows
    return took


async def read(client: httpx.AsyncClient, bearer: dict[str, str], after: int) -> list[dict]:
    answer = await client.get("/chat/messages", params={"after": after}, headers=bearer)
    answer.raise_for_status()
    given = answer.json()
    return list(given["messages"] if isinstance(given, dict) else given)


async def measure(url: str) -> dict[str, list[float]]:
    """Return what messages took alone, and with all patients at once."""
    await one_patient(url)
    found = {"one patient": await one_patient(url)}
    for name, pause in ((f"{PATIENTS}, reading 5 s", 5.0), (f"{PATIENTS}, no pause at all", 0.0)):
        talks = await asyncio.gather(*(one_patient(url, pause) for _ in range(PATIENTS)))
        found[name] = [took for one in talks for took in one]
    return found


def told(name: str, took: list[float]) -> str:
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    return (
        f"{name:<22} n={len(took):<4} p50 {cuts[49]:6.0f} ms   p95 {cuts[94]:6.0f} ms   "
        f"max {max(took):6.0f} ms"
    )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="passung-report-") as name:
        folder = Path(name)
        environment = environment_in(folder) | {"PASSUNG_LOG_LEVEL": "WARNING"}
        if url := os.environ.get("REPORT_DATABASE_URL"):
            environment["PASSUNG_DATABASE_URL"] = url
        for command in ("migrate", "demo"):
            done = run_in(environment, command)
            if done.returncode:
                sys.exit(done.stderr)
        server: subprocess.Popen[bytes] = start(environment, folder, "run")
        try:
            found = asyncio.run(measure(f"http://localhost:{environment['PASSUNG_PORT']}"))
        finally:
            server.terminate()
            server.wait(20)
    kind = environment["PASSUNG_DATABASE_URL"].split(":")[0]
    load = os.getloadavg()[0]
    print(f"{kind}, {os.cpu_count()} cores, load {load:.1f}; message sent until reply read")
    for title, took in found.items():
        print(told(title, took))
    print("goal with 20 at once: p95 at most 300 ms")


if __name__ == "__main__":
    main()
