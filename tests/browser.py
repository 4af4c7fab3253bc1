"""The browser of the tests: a Chromium that the machine has, driven by Playwright.

`python -m tests.browser` finds one, installs Debian's when it may, or says what to install.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
HOW_TO_INSTALL = (
    "The tests need a browser. Install Chromium (Debian and Ubuntu: apt-get install chromium; "
    "macOS: brew install --cask chromium) or name one: make test CHROMIUM=/path/to/chromium"
)


class NoBrowser(Exception):
    pass


def find_chromium() -> str:
    """Return the path of a Chromium: $CHROMIUM, else the first on PATH; raise NoBrowser."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else NAMES
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise NoBrowser(HOW_TO_INSTALL)
    return found


def bring_chromium() -> str:
    """Return the path of a Chromium; install Debian's when there is none and we are root."""
    try:
        return find_chromium()
    except NoBrowser:
        if os.environ.get("CHROMIUM") or os.geteuid() or not shutil.which("apt-get"):
            raise
    print("No browser found: installing Debian's chromium ...", flush=True)
    for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", "-qq", *step],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise NoBrowser(f"{HOW_TO_INSTALL}\napt-get said:\n{done.stderr}")
    return find_chromium()


@asynccontextmanager
async def open_browser(**options: Any) -> AsyncIterator[Browser]:
    """Yield a headless browser; `options` are those of Playwright's `launch`."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=list(FLAGS), **options
        )
        try:
            yield browser
        finally:
            await browser.close()


async def accessibility_faults(page: Page, only: str | None = None) -> list[str]:
    """Return axe-core's findings (WCAG 2.2 A and AA) for the page, or for one CSS selector."""
    await page.evaluate(AXE.read_text())
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = await page.evaluate(
        "([only, rules]) => axe.run(only || document, {runOnly: rules})", [only, rules]
    )
    return [
        f"{fault['id']}: {fault['help']} ({node['html'][:120]})"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


if __name__ == "__main__":
    try:
        bring_chromium()
    except NoBrowser as missing:
        sys.exit(str(missing))
