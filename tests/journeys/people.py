"""The people of the journeys, each in a browser of their own, seeing only what the page shows."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from tests.journeys.house import House

TALL = {"width": 900, "height": 2400}
PHONE = {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 3000}},
}
LOCALES = {"de": "de-DE", "en": "en-GB"}
# The first call asks whether this browser has a conversation: 401 says that it has none. Lost
# connections are told by the browser too, and are part of some journeys.
EXPECTED = re.compile(r"status of 401|net::ERR_")


@dataclass
class Visitor:
    """Somebody with a browser; notes what the page did that it should not have done."""

    page: Page
    home: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        self.page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.faults.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme.startswith("http") and f"{parts.scheme}://{parts.netloc}" != self.home:
            self.faults.append(f"asked elsewhere: {request.url}")


class Patient(Visitor):
    """A patient at the chat."""

    @property
    def talk(self) -> Locator:
        return self.page.locator("#messages")

    @property
    def newest(self) -> Locator:
        return self.talk.locator("> li").last

    @property
    def cards(self) -> Locator:
        return self.newest.locator(".card")

    async def opens(self, path: str = "/") -> None:
        await self.page.goto(path)
        await expect(self.page.locator("#log")).to_have_attribute("aria-busy", "false")

    def button(self, name: str | re.Pattern[str]) -> Locator:
        exact = isinstance(name, str)
        return self.talk.get_by_role("button", name=name, exact=exact).last

    async def presses(self, *names: str) -> None:
        """Press buttons of the conversation, one after the other."""
        for name in names:
            await self.button(name).click()

    async def writes(self, *texts: str) -> None:
        """Send texts, each after the answer to the one before it."""
        for text in texts:
            before = await self.last_seq()
            await self.page.locator("#text").fill(text)
            await self.page.locator("#send").click()
            await self.is_answered(before)

    async def is_answered(self, before: int) -> None:
        """Wait until somebody else wrote something new."""
        new = f'li:not(.patient)[data-seq]:not([data-seq="{before}"])'
        await expect(self.talk.locator(f'[data-seq="{before}"] ~ {new}').first).to_be_visible()

    async def last_seq(self) -> int:
        rows = await self.talk.locator("> li[data-seq]").all()
        return max([0, *[int(await row.get_attribute("data-seq") or 0) for row in rows]])

    async def is_told(self, *texts: str | re.Pattern[str]) -> None:
        """Wait until each of these stands in the conversation, by whoever wrote it."""
        for text in texts:
            said = self.talk.locator("> li:not(.patient)").filter(has_text=text)
            await expect(said.last).to_be_visible()

    async def said(self) -> list[str]:
        """Return all that was said to the patient, in order."""
        return await self.talk.locator("> li:not(.patient) .said").all_inner_texts()

    async def told(self, pattern: str) -> str:
        """Return the group of a pattern from what the patient was told last with it."""
        await self.is_told(re.compile(pattern))
        found = [m for text in await self.said() if (m := re.search(pattern, text))]
        return found[-1].group(1)

    async def first_choice(self) -> Locator:
        """Return the first button of the question that stands open, once it is there."""
        buttons = self.newest.locator(".choices button:enabled")
        await expect(buttons.first).to_be_visible()
        return buttons.first

    async def takes_the_first_offer(self) -> str:
        """Press the button of the first card; return whom it is with."""
        await expect(self.cards.first.locator("button")).to_be_enabled()
        therapist = await self.cards.first.locator("h2").inner_text()
        await self.cards.first.locator("button").click()
        return therapist

    async def chooses(self, entry: str) -> None:
        """Choose an entry of the menu."""
        await self.page.locator("#menu-button").click()
        await self.page.locator("#menu").get_by_role("button", name=entry, exact=True).click()

    async def is_forgotten(self) -> None:
        """Wait until this browser holds nothing: the page does not wait for the server's word."""
        for _ in range(100):
            if not await self.page.context.cookies():
                return
            await asyncio.sleep(0.1)
        raise AssertionError("the browser still holds a cookie")


class Staff(Visitor):
    """Somebody of the house in the office, which speaks German to them."""

    async def signs_in(self, email: str, password: str) -> None:
        await self.page.goto("/office")
        await self.page.locator("#email").fill(email)
        await self.page.locator("#password").fill(password)
        await self.page.locator("button[type=submit]").click()
        await expect(self.page.locator("header.top")).to_be_visible()

    async def opens_conversation_of(self, words: str) -> None:
        """Open the entry in the lists that shows these words."""
        await self.page.locator(".queues .entry").filter(has_text=words).first.click()
        await expect(self.page.locator("#lines")).to_be_visible()

    async def takes_over(self) -> None:
        await self.page.get_by_role("button", name="Übernehmen", exact=True).click()
        await expect(self.page.locator("#reply")).to_be_visible()

    async def writes(self, text: str) -> None:
        await self.page.locator("#reply").fill(text)
        await self.page.locator("#composer button").click()
        await expect(self.page.locator("#lines article.staff").last).to_contain_text(text)


@asynccontextmanager
async def own_browser(
    browser: Browser, house: House, kind: type[Visitor], language: str = "de", **options: Any
) -> AsyncIterator[Any]:
    """Open a browser profile of its own, from an address of its own, at the house's door."""
    address = f"2001:db8::{secrets.randbelow(65536):x}:{secrets.randbelow(65536):x}"
    given: dict[str, Any] = {
        "base_url": house.url,
        "locale": LOCALES[language],
        "timezone_id": "Europe/Berlin",
        "viewport": TALL,
        "reduced_motion": "reduce",
        "accept_downloads": True,
        "extra_http_headers": {"X-Forwarded-For": address},
    }
    context = await browser.new_context(**(given | options))
    context.set_default_timeout(30_000)
    try:
        yield kind(await context.new_page(), house.url)
    finally:
        await context.close()
