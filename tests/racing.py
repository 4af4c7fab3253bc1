"""Patients who race for the same seats; also a program of its own, for races of processes."""

import asyncio
import base64
import json
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from core import clock, db, keys, offers
from core.errors import Conflict, HoldGone
from core.models import Person, Request, Seat, Therapist
from core.network import store
from core.network.schema import Network
from tests import builders
from tests.builders import ANYTHING, MONDAY, at

SESSION = ANYTHING.with_(kind="session")
PER_DAY = 8
PATIENTS = 16
TOO_LONG = 120.0
BREATH = 0.01


async def network_without_limits(network: Network) -> Network:
    """Let each patient have as many appointments as a race takes."""
    rules = network.rules.model_copy(update={"live_bookings_per_person": 20})
    await store.load(network.model_copy(update={"rules": rules}))
    return await store.current()


async def field(of: Therapist, count: int) -> list[Seat]:
    """Make seats that do not overlap, one after the other."""
    starts = (at(1 + n // PER_DAY, 2 + n % PER_DAY) for n in range(count))
    return await builders.seats(of, *starts, kind="session")


async def runners(count: int = PATIENTS) -> list[Request]:
    people = [await builders.patient(f"Patient {n}") for n in range(count)]
    return [await builders.request(person, SESSION) for person in people]


async def race(request: Request, network: Network) -> Counter[str]:
    """Book until nothing is left; count what the patient met."""
    met: Counter[str] = Counter()
    person = await Person.get(id=request.person_id)
    while await Seat.filter(state__in=["open", "held"]).exists():
        made = await offers.make(request, network)
        if isinstance(made, offers.Nothing):
            met["nothing_left"] += 1
            await asyncio.sleep(BREATH)
            continue
        try:
            await builders.confirm(made, network, person)
        except HoldGone:
            raise
        except Conflict:
            # Who was lucky as often as the house allows leaves the rest to the others.
            await offers.release(made.offer, state="gone")
            return met
        met["booked"] += 1
        # SQLite's lock goes to who asks in time: without a breath one process starves the others.
        await asyncio.sleep(BREATH)
    return met


async def together(requests: list[Request], network: Network) -> Counter[str]:
    """Let all run at once, each in a task of its own."""
    async with asyncio.timeout(TOO_LONG), asyncio.TaskGroup() as group:
        tasks = [group.create_task(race(request, network)) for request in requests]
    return sum((task.result() for task in tasks), Counter())


def key_file(folder: Path) -> Path:
    """Write the keys of this process for another one."""
    held = keys.keys()
    values = {f"kek {name}": kek for name, kek in held.keks.items()} | {"root": held.root}
    path = folder / "passung.keys"
    lines = [f"{name} {base64.b64encode(value).decode()}" for name, value in values.items()]
    path.write_text("\n".join(lines))
    path.chmod(0o600)
    return path


async def _main(url: str, key_path: str, ids: list[int]) -> None:
    keys.open_file(Path(key_path), create=False)
    await db.connect(url)
    try:
        network = await store.current()
        requests = await Request.filter(id__in=ids)
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        with clock.frozen_at(MONDAY + timedelta(minutes=1)):
            print(json.dumps(await together(requests, network)), flush=True)
    finally:
        await db.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2], [int(id) for id in sys.argv[3:]]))
