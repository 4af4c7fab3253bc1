"""The people of the tests, as fixtures: they are the same everywhere."""

from pathlib import Path

import pytest

from core.network import store
from core.network.reading import read
from core.network.schema import Network

DEMO = Path(__file__).parent.parent / "core" / "networks" / "demo"


@pytest.fixture(scope="session")
def demo_network() -> Network:
    """The fictional network of Bonn, as it ships."""
    return read(DEMO)


@pytest.fixture
async def network(database: str, demo_network: Network) -> Network:
    """The demo network in force in an open database."""
    await store.load(demo_network)
    return await store.current()
