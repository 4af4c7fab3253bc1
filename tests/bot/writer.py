"""A process that lets patients write, and is killed by a test while it does.

Arguments: the database's URL, the key file, a number that makes its ids its own. Each turn that
was acknowledged is printed at once as `conversation id seq`.
"""

import asyncio
import itertools
import sys
from pathlib import Path

from bot.turn import Inbound, take_turn
from core import conversations, db, keys

PATIENTS = 4
SAID = ("Ich habe Angst", "Ich habe Suizidgedanken", "/human", "Dienstag nachmittags", "/stored")


async def main(url: str, key_file: str, run: str) -> None:
    keys.open_file(Path(key_file), create=False)
    await db.connect(url)
    try:
        await asyncio.gather(*(_write(n, run) for n in range(PATIENTS)))
    finally:
        await db.close()


async def _write(n: int, run: str) -> None:
    conversation = await conversations.start("web", "de", f"patient {n}")
    await take_turn(Inbound("web", conversation.id, "start", "start"))
    for count, text in zip(itertools.count(), itertools.cycle(SAID), strict=False):
        external_id = f"{run}.{count}"
        inbound = Inbound("web", conversation.id, external_id, "text", text)
        taken = await db.unit_of_work(take_turn(inbound))
        print(conversation.id, external_id, taken.seq, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
