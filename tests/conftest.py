"""What all tests share; the fixtures are in the plugins named here."""

import os

import pytest
from hypothesis import settings

pytest_plugins = ("tests.servers", "tests.databases", "tests.cast")

settings.register_profile("check", max_examples=50, deadline=None)
settings.register_profile("nightly", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))


@pytest.fixture
def anyio_backend() -> str:
    """Every async test runs on asyncio; the name is the one that anyio's plugin asks for."""
    return "asyncio"
