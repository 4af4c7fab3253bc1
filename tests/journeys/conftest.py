"""A house with the demo network for each module, and the people who come to it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser import open_browser
from tests.journeys.house import House, open_house
from tests.journeys.people import Patient, Staff, own_browser

PAULA = ("paula.sommer@example.org", "Rheinaue-Morgentau-38")
NORA = ("nora.winter@example.org", "Rheinaue-Schneeammer-54")
TOMASZ = ("tomasz.adler@example.org", "Rheinaue-Weidenkorb-71")

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="module")
async def house(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    shared: Path,
    anyio_backend: str,
) -> AsyncIterator[House]:
    """The house, on SQLite unless a journey asks for PostgreSQL."""
    kind = getattr(request, "param", "sqlite")
    async with open_house(kind, tmp_path_factory.mktemp("house"), shared) as opened:
        yield opened


@pytest.fixture(scope="module")
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    async with open_browser() as started:
        yield started


@pytest.fixture
async def leyla(browser: Browser, house: House) -> AsyncIterator[Patient]:
    """Leyla Ahmadi, whose browser speaks German."""
    async with own_browser(browser, house, Patient) as patient:
        yield patient
        assert not patient.faults


@pytest.fixture
async def josef(browser: Browser, house: House) -> AsyncIterator[Patient]:
    """Josef Meier, whose browser speaks English."""
    async with own_browser(browser, house, Patient, "en") as patient:
        yield patient
        assert not patient.faults


@pytest.fixture
async def paula(browser: Browser, house: House) -> AsyncIterator[Staff]:
    """Paula Sommer, assistant, signed in."""
    async with own_browser(browser, house, Staff) as staff:
        await staff.signs_in(*PAULA)
        yield staff
        assert not staff.faults


@pytest.fixture
async def nora(browser: Browser, house: House) -> AsyncIterator[Staff]:
    """Dr. Nora Winter, clinician, signed in."""
    async with own_browser(browser, house, Staff) as staff:
        await staff.signs_in(*NORA)
        yield staff
        assert not staff.faults
