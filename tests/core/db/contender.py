"""A process that reads and then writes the same row over and over: run by a test.

Arguments: the database's URL, how often, and the public id of the row.
"""

import asyncio
import sys

from core import db
from core.models import Seat


async def main(url: str, times: int, public_id: str) -> None:
    await db.connect(url)
    try:
        for _ in range(times):
            async with db.transaction():
                seat = await Seat.filter(public_id=public_id).select_for_update().get()
                await asyncio.sleep(0.001)
                await Seat.filter(id=seat.id).update(gen=seat.gen + 1)
    finally:
        await db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
