"""Pictures of the chat and the office, in light, in dark and on a phone: `make screenshots`.

They are taken from a real server on the demo network, for people to look at; `readme.png` is the
one that stands in the README, as `docs/chat.png`.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.browser import open_browser
from tests.journeys.conftest import PAULA
from tests.journeys.house import House, open_house
from tests.journeys.people import LOOKS, PHONE, Patient, Staff, own_browser

DESK = {"width": 1280, "height": 860}
COLUMN = {"width": 780, "height": 1140}
Shoot = Callable[[str, Page], Awaitable[object]]


async def take_all(folder: Path) -> list[Path]:
    """Write all pictures into a folder that is there; return them."""
    taken: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="passung-pictures-") as scratch:
        place = Path(scratch)
        async with open_house("sqlite", place, place) as house, open_browser() as browser:
            for look in LOOKS:

                async def shoot(name: str, page: Page, look: str = look) -> None:
                    taken.append(folder / f"{name}-{look}.png")
                    await page.screenshot(path=taken[-1])

                await _chat(browser, house, look, shoot)
                await _danger(browser, house, look, shoot)
                await _office(browser, house, look, shoot)
            taken.append(folder / "readme.png")
            async with own_browser(browser, house, Patient, viewport=COLUMN) as leyla:
                await leyla.opens()
                await leyla.presses("Einverstanden, weiter")
                await _to_offers(leyla)
                await leyla.page.screenshot(path=taken[-1])
    return taken


def _options(look: str) -> dict[str, object]:
    return LOOKS[look] | {"viewport": PHONE if look == "phone" else DESK}


async def _chat(browser: Browser, house: House, look: str, shoot: Shoot) -> None:
    async with own_browser(browser, house, Patient, **_options(look)) as leyla:
        await leyla.opens()
        await shoot("chat-1-start", leyla.page)
        await leyla.presses("Einverstanden, weiter")
        await leyla.is_told("Worum geht es vor allem?")
        await shoot("chat-2-question", leyla.page)
        await _to_offers(leyla)
        await shoot("chat-3-offers", leyla.page)
        await leyla.takes_the_first_offer()
        await leyla.is_told("Wie heißen Sie?")
        await leyla.writes("Leyla Ahmadi", "12.3.1991", "leyla.ahmadi@example.org")
        await leyla.is_told("Bitte lesen Sie noch die Absageregeln")
        await shoot("chat-4-rules", leyla.page)
        await leyla.presses("Einverstanden, Termin buchen")
        await leyla.is_told("Ihr Rückkehrcode")
        await shoot("chat-5-booked", leyla.page)
        await leyla.page.locator("#menu-button").click()
        await shoot("chat-6-menu", leyla.page)


async def _to_offers(leyla: Patient) -> None:
    await leyla.writes("Ich bin 35 und suche Verhaltenstherapie wegen Angst, einzeln.")
    await leyla.presses("Gesetzlich versichert", "So bald wie möglich, egal wo")
    await expect(leyla.cards).to_have_count(3)


async def _danger(browser: Browser, house: House, look: str, shoot: Shoot) -> None:
    async with own_browser(browser, house, Patient, **_options(look)) as somebody:
        await somebody.opens()
        await somebody.presses("Einverstanden, weiter")
        await somebody.is_told("Worum geht es vor allem?")
        await somebody.writes("Ich will nicht mehr leben")
        await expect(somebody.talk.locator("> li.crisis")).to_have_count(1)
        await shoot("chat-7-crisis", somebody.page)
        await somebody.page.locator("#now-button").click()
        await expect(somebody.page.locator("#now-state")).to_contain_text("liest hier")
        await shoot("chat-8-help-now", somebody.page)


async def _office(browser: Browser, house: House, look: str, shoot: Shoot) -> None:
    async with own_browser(browser, house, Staff, **_options(look)) as paula:
        await paula.page.goto("/office/sign-in")
        await shoot("office-1-sign-in", paula.page)
        await paula.signs_in(*PAULA)
        await paula.page.goto("/office/inbox")
        await expect(paula.page.locator(".queues .entry").first).to_be_visible()
        await shoot("office-2-inbox", paula.page)
        await paula.opens_conversation_of("Möchte mit einem Menschen sprechen")
        await shoot("office-3-conversation", paula.page)
        await paula.page.goto("/office/tasks")
        await shoot("office-4-tasks", paula.page)


if __name__ == "__main__":
    into = Path(sys.argv[1])
    into.mkdir(parents=True, exist_ok=True)
    for picture in asyncio.run(take_all(into)):
        print(picture)
