"""A process that announces a topic and ends: run by a test with a database's URL and a topic."""

import asyncio
import sys

from core import clock, db, wake
from core.models import Heartbeat


async def main(url: str, topic: str) -> None:
    await db.connect(url)
    try:
        async with db.transaction():
            await Heartbeat.create(name=topic, at=clock.now())
            await wake.announce(topic)
    finally:
        await db.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
