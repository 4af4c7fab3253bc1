"""What all tests share."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from core import db, keys
from tests.databases import KINDS, fresh_database

pytest_plugins = ("tests.servers", "tests.cast")

settings.register_profile("check", max_examples=50, deadline=None)
settings.register_profile("nightly", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))


@pytest.fixture
def anyio_backend() -> str:
    """Every async test runs on asyncio; the name is the one that anyio's plugin asks for."""
    return "asyncio"


@pytest.fixture(params=KINDS)
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[str]:
    """A migrated, empty database of each kind, connected and with keys; the value is its URL."""
    keys.use(keys.fresh())
    async with fresh_database(request.param, tmp_path) as url:
        await db.connect(url)
        try:
            yield url
        finally:
            await db.close()
