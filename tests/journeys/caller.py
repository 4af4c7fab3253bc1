"""A patient who speaks to the house by its protocol alone, as another client may do."""

import uuid
from typing import Any

import httpx

from tests.visitor import Visitor

Row = dict[str, Any]


class Caller(Visitor):
    """Presses buttons by their labels, and old ones by their values."""

    async def heard(self) -> list[Row]:
        """Return all that was said to the patient."""
        return [row for row in await self.read() if row["from"] != "patient"]

    async def text(self) -> str:
        """Return what was said since the patient's last message."""
        rows = await self.read()
        last = max((row["seq"] for row in rows if row["from"] == "patient"), default=0)
        return "\n".join(row.get("text", "") for row in rows if row["seq"] > last)

    async def choices(self) -> dict[str, str]:
        """Return the newest buttons: values by label."""
        asked = [row for row in await self.heard() if row.get("choices")]
        return {choice["label"]: choice["value"] for choice in asked[-1]["choices"]}

    async def press(self, label: str) -> None:
        """Press one of the newest buttons; a label may be named by how it begins."""
        choices = await self.choices()
        await self.press_value(next(v for k, v in choices.items() if k.startswith(label)))

    async def press_value(self, value: str) -> httpx.Response:
        answer = await self.post(id=str(uuid.uuid4()), choice=value)
        assert answer.status_code == 202, answer.text
        return answer

    async def offers(self) -> list[Row]:
        """Return the cards of the newest message; raises AssertionError when it has none."""
        newest = (await self.heard())[-1]
        assert newest["kind"] == "offer", newest
        cards: list[Row] = newest["cards"]
        return cards

    async def gives(self, *details: str) -> None:
        """Write name, date of birth and contact, one after the other."""
        for said in details:
            await self.say(said)


def appointment(card: Row) -> tuple[str, ...]:
    """Return what tells an appointment from others: with whom, which day, at what time."""
    return (card["title"], *card["lines"][:2])
