"""The office in a browser: what is new arrives by itself, and nothing breaks the policy."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page, expect

from admin.app import mount
from core import conversations, db, wake
from core.models import Conversation, StaffSession
from core.network.schema import Network
from tests.admin.test_pages import NASTY, alarm, ask, house, name
from tests.browser import accessibility_faults, open_browser
from tests.office import PASSWORD, conversation_of, hire

pytestmark = pytest.mark.anyio
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What a page looks like does not depend on the database."""


@asynccontextmanager
async def office() -> AsyncIterator[str]:
    """Serve the office over a real socket, in this process and on its database."""
    app = FastAPI()
    mount(app)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    hearing = asyncio.create_task(wake.run())
    try:
        yield f"http://localhost:{listener.getsockname()[1]}/office"
    finally:
        server.should_exit = True
        await serving
        hearing.cancel()
        listener.close()


@asynccontextmanager
async def at_desk(
    browser: Browser, url: str, who: str, expected: tuple[str, ...] = (), **options: Any
) -> AsyncIterator[Page]:
    """One of the cast, signed in with a browser of their own; any fault of the page fails."""
    context = await browser.new_context(locale="de-DE", **options)
    page = await context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(f"{url}/sign-in")
    await page.fill("#email", f"{who}@example.org")
    await page.fill("#password", PASSWORD)
    await page.click("button[type=submit]")
    await page.wait_for_url(re.compile("/office/(inbox|tasks)"))
    try:
        yield page
        assert not [one for one in faults if not any(known in one for known in expected)]
    finally:
        await context.close()


async def says(conversation: Conversation, text: str) -> None:
    async with db.transaction():
        thread = await conversations.locked(conversation.id)
        await conversations.append(thread, "patient", "text", {"text": text})


async def test_an_assistant_takes_over_reads_replies_and_hands_back(network: Network) -> None:
    await hire("paula")
    await hire("sara")
    leyla = await conversation_of("leyla", "سلام، من دیگر نمی‌توانم بخوابم")
    await name(leyla, "Leyla Ahmadi")
    async with (
        office() as url,
        open_browser() as browser,
        at_desk(browser, url, "paula") as paula,
        at_desk(browser, url, "sara") as sara,
    ):
        await expect(paula.locator("#badge")).to_be_hidden()
        await ask(leyla)
        await expect(paula.locator("#badge")).to_have_text("1")
        for page in (paula, sara):
            await page.get_by_role("link", name="Leyla A.").click()
            await expect(page.locator(".line.patient")).to_have_count(1)
        await paula.get_by_role("button", name="Übernehmen").click()
        await expect(paula.locator("#reply")).to_be_visible()
        await expect(sara.locator("#foot")).to_contain_text("Paula Sommer schreibt hier")
        await paula.fill("#reply", "Guten Tag Frau Ahmadi")
        await paula.locator("#reply").press("Control+Enter")
        for page in (paula, sara):
            await expect(page.locator(".line.staff .text")).to_have_text(["Guten Tag Frau Ahmadi"])
        await expect(paula.locator("#reply")).to_have_value("")
        await paula.fill("#reply", "angefangen")
        await says(leyla, "ممنون")
        await expect(paula.locator(".line.patient")).to_have_count(2)
        await expect(paula.locator("#reply")).to_have_value("angefangen")
        await paula.get_by_role("button", name="Ans Programm zurückgeben").click()
        await expect(sara.get_by_role("button", name="Übernehmen")).to_be_visible()
        assert await paula.locator(".line.staff").count() == 1
    assert (await Conversation.get()).lead == "bot"


@SQLITE
async def test_who_presses_second_reads_who_was_first(network: Network) -> None:
    await hire("paula")
    await hire("sara")
    leyla = await conversation_of("leyla", "Hallo")
    known = ("409", "ERR_FAILED")
    async with (
        office() as url,
        open_browser() as browser,
        at_desk(browser, url, "paula") as paula,
        at_desk(browser, url, "sara", known) as sara,
    ):
        # Without its stream the second page does not yet know what the first one did.
        await sara.route("**/events*", lambda route: route.abort())
        for page in (paula, sara):
            await page.goto(f"{url}/conversations/{leyla.public_id}")
        await paula.get_by_role("button", name="Übernehmen").click()
        await expect(paula.locator("#reply")).to_be_visible()
        await sara.unroute("**/events*")
        await sara.get_by_role("button", name="Übernehmen").click()
        await expect(sara.locator("#notice")).to_contain_text(
            "Paula Sommer hat dieses Gespräch schon übernommen."
        )


@SQLITE
async def test_a_session_that_ends_leads_an_open_page_to_the_door(network: Network) -> None:
    await hire("paula")
    leyla = await conversation_of("leyla", "Hallo")
    async with (
        office() as url,
        open_browser() as browser,
        at_desk(browser, url, "paula", ("MIME type",)) as paula,
    ):
        await paula.goto(f"{url}/conversations/{leyla.public_id}")
        await StaffSession.all().update(ended_at=leyla.created_at)
        await says(leyla, "Sind Sie noch da?")
        await paula.wait_for_url("**/office/sign-in")
        assert "Sind Sie noch da?" not in await paula.content()


@SQLITE
async def test_nothing_that_a_patient_writes_runs_loads_or_acts(network: Network) -> None:
    await hire("paula")
    leyla = await conversation_of("leyla", *NASTY)
    await name(leyla, NASTY[1])
    await alarm(leyla, "emergency", "suicidal_ideation")
    async with (
        office() as url,
        open_browser() as browser,
        at_desk(browser, url, "paula") as paula,
    ):
        asked: list[str] = []
        paula.on("request", lambda request: asked.append(request.url))
        await paula.goto(f"{url}/conversations/{leyla.public_id}")
        await expect(paula.locator(".line.patient")).to_have_count(len(NASTY))
        await says(leyla, NASTY[4])
        await expect(paula.locator(".line.patient")).to_have_count(len(NASTY) + 1)
        assert await paula.locator(".bubble img, .bubble svg, .bubble script").count() == 0
        assert await paula.locator(".bubble [hx-get], .bubble form, .bubble b").count() == 0
        assert all(one.startswith(url) for one in asked)
        assert await paula.evaluate("JSON.stringify(localStorage)") == "{}"


@SQLITE
async def test_every_page_can_be_read_by_everybody(network: Network) -> None:
    made = await house(network)
    paths = ["inbox", "waiting", "tasks"]
    paths += [f"conversations/{made[key].public_id}" for key in ("mine", "emergency")]
    async with (
        office() as url,
        open_browser() as browser,
        at_desk(browser, url, "paula") as paula,
    ):
        for path, width in product(paths, (390, 820, 1366)):
            await paula.set_viewport_size({"width": width, "height": 800})
            await paula.goto(f"{url}/{path}")
            wide = await paula.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, path
            if width == 820:
                continue
            for scheme in ("light", "dark"):
                await paula.emulate_media(color_scheme=scheme)
                assert await accessibility_faults(paula) == [], (path, width, scheme)
