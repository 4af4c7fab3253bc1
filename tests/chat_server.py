"""The web chat in a process of its own, as `tests/served.py` starts it."""

import asyncio
import sys
import types
from contextlib import suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from core import conversations, db, keys, wake
from core.config import settings


def stand_in() -> None:
    try:
        import bot.turn
        return
    except ModuleNotFoundError:
        pass
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Inbound:
        channel: str
        conversation_id: int
        external_id: str
        kind: str
        text: str = ""
        choice: str | None = None

    @dataclass(frozen=True)
    class Taken:
        seq: int
        created: bool

    async def take_turn(i):
        mark = conversations.fingerprint_of(f"{i.kind}\0{i.text}\0{i.choice}")
        async with db.transaction():
            c = await conversations.locked(i.conversation_id)
            before = await conversations.stored_before(c, i.external_id, mark)
            if before:
                return Taken(before.seq, False)
            if i.kind == "start":
                m = await conversations.append(c, "bot", "text", {"text": "Guten Tag", "choices": [{"value": "1.abcdef", "label": "Angst", "action": {}}]}, external_id="start", fingerprint=mark)
                return Taken(m.seq, True)
            if i.text == "boom":
                raise RuntimeError("secret patient words")
            m = await conversations.append(c, "patient", "text", {"text": i.text or i.choice or ""}, external_id=i.external_id, fingerprint=mark)
            await conversations.append(c, "bot", "text", {"text": "Danke"})
        return Taken(m.seq, True)

    module = types.ModuleType("bot.turn")
    module.Inbound, module.Taken, module.take_turn = Inbound, Taken, take_turn
    sys.modules["bot.turn"] = module


async def main() -> None:
    stand_in()
    from bot.channels import web

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            web.end_all()
            super().handle_exit(sig, frame)

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
