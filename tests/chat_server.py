"""The web chat in a process of its own, as `tests/served.py` starts it."""

import asyncio
from contextlib import suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from bot.channels import web
from core import db, keys, wake
from core.config import settings


class Server(uvicorn.Server):
    """Ends the open streams before it waits for the connections to close."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        web.end_all()
        super().handle_exit(sig, frame)


async def main() -> None:
    given = settings()
    keys.open_file(given.key_file, create=False)
    await db.connect(given.database_url)
    listening = asyncio.create_task(wake.run())
    app = FastAPI(openapi_url=None)
    web.mount(app)
    try:
        config = uvicorn.Config(app, host="127.0.0.1", port=given.port, log_level="info")
        await Server(config).serve()
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await db.close()


if __name__ == "__main__":
    asyncio.run(main())
