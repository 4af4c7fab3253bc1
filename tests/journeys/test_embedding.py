"""Another site shows the chat in a frame, where the network's configuration allows it."""

import asyncio
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.cast import DEMO
from tests.journeys.house import House
from tests.journeys.people import Patient, own_browser

SITE = """<!doctype html><html lang="de"><title>Praxis am Markt</title><h1>Praxis am Markt</h1>
<script src="{house}/chat/widget.js" async></script>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path, house: House) -> Iterator[str]:
    """A practice's own pages: another port, and another host name for the same machine."""
    pages = tmp_path / "site"
    pages.mkdir()
    (pages / "index.html").write_text(SITE.format(house=house.url))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(pages)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def allow(house: House, folder: Path, *origins: str) -> None:
    """Put the demo network in force with other sites that may embed it."""
    network = Path(shutil.copytree(DEMO, folder / "network"))
    listed = ", ".join(f'"{origin}"' for origin in origins)
    with (network / "network.yaml").open("a") as file:
        file.write(f"embed_origins: [{listed}]\n")
    load = [sys.executable, "passung.py", "network", "load", str(network)]
    subprocess.run(load, env=house.environment, cwd=Path(__file__).parents[2], check=True)


async def opens_the_widget(patient: Patient, site: str) -> None:
    await patient.page.goto(site)
    await patient.page.get_by_role("button", name="Termin per Chat").click()


async def test_a_patient_books_in_the_frame_of_another_site(
    browser: Browser, house: House, site: str, tmp_path: Path
):
    await asyncio.to_thread(allow, house, tmp_path, site)
    async with own_browser(browser, house, Patient, extra_http_headers={}) as patient:
        await opens_the_widget(patient, site)
        frame = patient.page.frame_locator("iframe")
        await frame.get_by_role("button", name="Einverstanden, weiter").click()
        await frame.get_by_role("button", name="Angst", exact=True).click()
        await expect(frame.locator("#messages")).to_contain_text("Wünschen Sie ein bestimmtes")
        assert await patient.page.context.cookies() == []

        await frame.get_by_role("link", name="Schnell verlassen").click()
        await patient.page.wait_for_url("**/chat/bye")


async def test_a_site_that_is_not_named_gets_an_empty_frame(
    browser: Browser, house: House, site: str, tmp_path: Path
):
    await asyncio.to_thread(allow, house, tmp_path, "https://praxis.example")
    async with own_browser(browser, house, Patient, extra_http_headers={}) as patient:
        await opens_the_widget(patient, site)
        await expect(patient.page.locator("iframe")).to_be_visible()
        assert any("frame-ancestors" in fault for fault in patient.faults) or await refused(patient)
        await expect(patient.page.frame_locator("iframe").locator("#messages")).to_have_count(0)


async def refused(patient: Patient) -> bool:
    """Wait for the browser's word that the frame was refused."""
    await patient.page.wait_for_timeout(1000)
    return any("frame-ancestors" in fault for fault in patient.faults)
