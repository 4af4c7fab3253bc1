"""When the house is on fire: help in danger is still told, and nothing accepted is lost."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from core import db
from tests.served import Served, served
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def without(table: str) -> AsyncIterator[None]:
    """Take a table away for the block."""
    await db.connection().execute_script(f"ALTER TABLE {table} RENAME TO {table}_gone")
    try:
        yield
    finally:
        await db.connection().execute_script(f"ALTER TABLE {table}_gone RENAME TO {table}")


async def test_what_cannot_be_stored_is_not_accepted_and_can_be_sent_again(
    chat: Served, leyla: Visitor
) -> None:
    body = {"id": str(uuid.uuid4()), "text": "Zimtschnecke"}
    async with without("message"):
        answer = await leyla.post(**body)
        assert answer.status_code == 503
        told = answer.json()
        assert told["error"] == "error.chat_unavailable" and "112" in told["text"]
        assert told["lines"][0]["tel"] == "112"
        assert int(answer.headers["Retry-After"]) > 0
        assert (await leyla.http.post("/chat/sessions", json={})).status_code == 503
        assert (await leyla.http.get("/chat/messages", headers=leyla.bearer)).status_code == 503
    again = await leyla.post(**body)
    assert again.status_code == 202
    assert (await leyla.post(**body)).status_code == 200
    said = [row["text"] for row in await leyla.read() if row["from"] == "patient"]
    assert said == ["Zimtschnecke"]
    assert "Zimtschnecke" not in chat.log()


async def test_the_page_and_its_lines_are_shown_while_the_database_is_away(
    leyla: Visitor,
) -> None:
    assert (await leyla.http.get("/")).status_code == 200
    async with without("network_version"):
        answer = await leyla.http.get("/?language=de")
        assert answer.status_code == 200
        assert 'href="tel:112"' in answer.text and "TelefonSeelsorge" in answer.text
        assert (await leyla.http.get("/chat/widget.js")).status_code == 200


async def test_an_open_stream_outlasts_a_database_that_is_away_for_a_moment(
    leyla: Visitor,
) -> None:
    begin = len(await leyla.read())
    async with leyla.events(last=begin) as stream:
        await anext(stream)
        async with without("chat_session"):
            await asyncio.sleep(3)
        seq = await leyla.say("Bin ich noch verbunden?")
        async with asyncio.timeout(10):
            event = await anext(stream)
        assert event.id == str(seq)


async def test_a_server_that_never_saw_a_network_still_tells_whom_to_call(
    chat: Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("fresh")
    async with without("network_version"):
        with served(chat.database, folder) as fresh:
            async with httpx.AsyncClient(base_url=fresh.url) as browser:
                page = await browser.get("/", headers={"Accept": "text/html"})
                assert page.status_code == 503
                assert "112" in page.text and "<html" in page.text
                data = await browser.post("/chat/sessions", json={})
                assert data.status_code == 503 and "112" in data.json()["text"]


async def test_behind_https_the_cookie_is_bound_to_this_host(
    chat: Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("https")
    with served(chat.database, folder, PASSUNG_BASE_URL="https://chat.example") as server:
        async with httpx.AsyncClient(base_url=server.url) as browser:
            opened = await browser.post("/chat/sessions", json={})
            cookie = opened.headers["Set-Cookie"]
            assert cookie.startswith("__Host-passung=")
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
            assert opened.headers["Strict-Transport-Security"].startswith("max-age=31536000")
            kept = {"Cookie": cookie.partition(";")[0]}
            plain = {"Cookie": kept["Cookie"].removeprefix("__Host-")}
            body = {"id": str(uuid.uuid4()), "text": "Guten Tag"}
            for headers, status in (
                (kept | {"Origin": "https://chat.example"}, 202),
                (kept | {"Origin": "http://chat.example"}, 403),
                (kept | {"Origin": "https://chat.example.evil.example"}, 403),
                (kept | {"Origin": server.url}, 403),
                (plain | {"Origin": "https://chat.example"}, 401),
            ):
                browser.cookies.clear()
                answer = await browser.post("/chat/messages", json=body, headers=headers)
                assert answer.status_code == status, headers
