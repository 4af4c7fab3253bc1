"""A patient's browser or program, as far as the chat's protocol goes."""

import json
import secrets
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import httpx

from tests.served import Served


@dataclass
class Event:
    """One server-sent event; a keep-alive comment has no data."""

    name: str = "message"
    id: str | None = None
    data: Any = None
    comment: str | None = None


class Visitor:
    """Speaks to a server from an address of its own, with the bearer token of its session."""

    def __init__(self, server: Served) -> None:
        self.address = f"2001:db8:{secrets.randbelow(65536):x}:{secrets.randbelow(65536):x}::1"
        self.http = httpx.AsyncClient(
            base_url=server.url, headers={"X-Forwarded-For": self.address}, timeout=20
        )
        self.token = ""
        self.conversation = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def begin(self, **body: Any) -> dict[str, Any]:
        """Open a session, forget the cookie, and keep the token."""
        answer = await self.http.post("/chat/sessions", json=body)
        assert answer.status_code == 201, answer.text
        self.http.cookies.clear()
        given: dict[str, Any] = answer.json()
        self.token, self.conversation = given["token"], given["conversation"]
        return given

    async def post(self, **body: Any) -> httpx.Response:
        return await self.http.post("/chat/messages", json=body, headers=self.bearer)

    async def say(self, text: str) -> int:
        """Send a text and return its sequence."""
        answer = await self.post(id=str(uuid.uuid4()), text=text)
        assert answer.status_code == 202, answer.text
        return int(answer.json()["seq"])

    async def read(self, after: int = 0) -> list[dict[str, Any]]:
        answer = await self.http.get(f"/chat/messages?after={after}", headers=self.bearer)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()
        return rows

    @asynccontextmanager
    async def events(self, last: int | None = None) -> AsyncIterator[AsyncIterator[Event]]:
        """Open the stream; `last` is what the page has already."""
        headers = dict(self.bearer)
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        async with self.http.stream("GET", "/chat/events", headers=headers) as answer:
            assert answer.status_code == 200, await answer.aread()
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            yield parsed(answer)


async def parsed(answer: httpx.Response) -> AsyncIterator[Event]:
    """Read a stream as a browser does."""
    event = Event()
    async for line in answer.aiter_lines():
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            yield event
            event = Event()
        elif not name:
            event.comment = value
        elif name == "data":
            event.data = json.loads(value)
        elif name == "id":
            event.id = value
        elif name == "event":
            event.name = value
