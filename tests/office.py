"""The staff of the tests and a browser without a window for the office."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI

from admin.app import mount
from core import clock, conversations, db, passwords
from core.models import Conversation, Staff

PASSWORD = "Der Kaffee ist heute kalt"
ORIGIN = "http://localhost:8000"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Ten in the morning in Bonn: the office of the demo network is open."""

CAST = {
    "paula": ("Paula Sommer", ["assistant"]),
    "sara": ("Sara Neumann", ["assistant"]),
    "nora": ("Dr. Nora Winter", ["clinician"]),
    "tomasz": ("Tomasz Adler", ["admin"]),
    "anna": ("Anna Huber", ["therapist"]),
}


async def hire(who: str, language: str = "de") -> Staff:
    """Add one of the cast; all of them have the same password."""
    name, roles = CAST[who]
    return await Staff.create(
        email=f"{who}@example.org",
        name=name,
        roles=roles,
        password_hash=_kept(),
        language=language,
        created_at=clock.now(),
    )


@cache
def _kept() -> str:
    return passwords._argon2id.hash(PASSWORD)


async def conversation_of(
    address: str, *texts: str, language: str = "de", consented: bool = True
) -> Conversation:
    """Begin a web chat in which the patient has written these texts."""
    started = await conversations.start("web", language, address)
    async with db.transaction():
        thread = await conversations.locked(started.id)
        thread.consented_at = clock.now() if consented else None
        thread.last_in_at = clock.now()
        await thread.save(update_fields=["consented_at", "last_in_at"])
        for text in texts:
            await conversations.append(thread, "patient", "text", {"text": text})
    return thread


class Visitor(httpx.AsyncClient):
    """Walks through the office as a browser would."""

    async def fill(self, path: str, **fields: str) -> httpx.Response:
        """Open a page, then send its form with these fields."""
        shown = await self.get(path)
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', shown.text)
        csrf = found.group(1) if found else ""
        return await self.post(path, data={"csrf": csrf} | fields)

    async def csrf(self) -> str:
        """Return the CSRF token that the pages of the session carry."""
        shown = await self.get("/office/", follow_redirects=True)
        found = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', shown.text)
        return found.group(1) if found else ""

    async def do(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of a signed-in page as htmx does."""
        headers = {"X-CSRF-Token": await self.csrf(), "HX-Request": "true"}
        return await self.post(path, data=fields or {"": ""}, headers=headers)


@asynccontextmanager
async def visitor(**options: Any) -> AsyncIterator[Visitor]:
    """Yield somebody who is not signed in."""
    app = FastAPI()
    mount(app)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Origin": ORIGIN, "Accept-Language": "de"} | options.pop("headers", {})
    async with Visitor(transport=transport, base_url=ORIGIN, headers=headers, **options) as client:
        yield client


@asynccontextmanager
async def signed_in(who: str, language: str = "de") -> AsyncIterator[Visitor]:
    """Yield one of the cast, hired when need be, in front of the office."""
    if not await Staff.filter(email=f"{who}@example.org").exists():
        await hire(who, language)
    async with visitor() as client:
        answer = await client.fill("/office/sign-in", email=f"{who}@example.org", password=PASSWORD)
        assert answer.status_code == 303, answer.text
        yield client
