"""A patient who writes to take_turn directly: a conversation without a channel."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any, Self

from bot.turn import Inbound, Taken, take_turn
from core import conversations, db
from core.models import Conversation


@dataclass
class Patient:
    """`thread` reads everything; `last` are the messages since the patient's latest one."""

    conversation: Conversation
    answered: int = 0

    @classmethod
    async def begin(cls, language: str = "de") -> Self:
        conversation = await conversations.start("web", language, secrets.token_hex(8))
        me = cls(conversation)
        await me.take("start", "start")
        return me

    async def take(self, kind: str, id: str = "", **said: Any) -> Taken:
        inbound = Inbound("web", self.conversation.id, id or secrets.token_hex(16), kind, **said)
        taken = await db.unit_of_work(take_turn(inbound))
        self.answered = taken.seq if kind != "start" else 0
        return taken

    async def say(self, text: str, id: str = "") -> list[dict[str, Any]]:
        await self.take("text", id, text=text)
        return await self.last()

    async def press(self, value: str, id: str = "") -> list[dict[str, Any]]:
        await self.take("choice", id, choice=value)
        return await self.last()

    async def press_first(self) -> list[dict[str, Any]]:
        return await self.press((await self.choices())[0]["value"])

    async def book(self, taps: int = 1) -> dict[str, Any]:
        """Press the first choice of everything, type name and birth date; return the last card."""
        for _ in range(20):
            thread = await self.thread()
            if any(m.get("file") for m in thread):
                return [m for m in thread if m["kind"] == "card"][-1]
            choices = thread[-1]["choices"]
            if choices:
                tap = {"choice": choices[0]["value"]}
                await asyncio.gather(*(self.take("choice", **tap) for _ in range(taps)))
            else:
                await self.say(self.detail(thread[-1]["text"]))
        raise AssertionError([m["text"] for m in await self.thread()])

    @staticmethod
    def detail(asked: str) -> str:
        return "2.4.1990" if "geboren" in asked or "born" in asked else "Leyla Ahmadi"

    async def choices(self) -> list[dict[str, Any]]:
        """Return the buttons of the last message that has any."""
        with_buttons = [m for m in await self.thread() if m["choices"]]
        found: list[dict[str, Any]] = with_buttons[-1]["choices"] if with_buttons else []
        return found

    async def thread(self) -> list[dict[str, Any]]:
        return await conversations.read(self.conversation)

    async def last(self) -> list[dict[str, Any]]:
        return [m for m in await self.thread() if m["seq"] > self.answered]

    async def fresh(self) -> Conversation:
        return await Conversation.get(id=self.conversation.id)
