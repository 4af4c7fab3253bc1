"""The people of the tests, as fixtures: they are the same everywhere."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core import clock
from core.models import Person, Therapist
from core.network import store
from core.network.reading import read
from core.network.schema import Network
from tests import builders

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


@pytest.fixture
def monday() -> Iterator[None]:
    """The clock stands at a Monday morning in January; `clock.pass_time` moves it."""
    with clock.frozen_at(builders.MONDAY):
        yield


@pytest.fixture
async def anna(network: Network, monday: None) -> Therapist:
    """Anna Huber: behavioural therapy, on site, treats neither psychosis nor addiction."""
    return await builders.therapist(
        "Anna Huber", focus=("anxiety", "sleep"), exclusion=("psychosis", "addiction")
    )


@pytest.fixture
async def shirin(network: Network, monday: None) -> Therapist:
    """Shirin Rad: psychodynamic, speaks Farsi, also by video."""
    return await builders.therapist(
        "Shirin Rad",
        modality=("psychodynamic",),
        language=("de", "fa"),
        format=("onsite", "video"),
        focus=("trauma", "depression"),
        site=("godesberg",),
        step_free=False,
    )


@pytest.fixture
async def eva(network: Network, monday: None) -> Therapist:
    """Eva Lind: systemic, also with children and couples."""
    return await builders.therapist(
        "Eva Lind",
        modality=("systemic",),
        setting=("individual", "couple"),
        age_group=("child", "adolescent", "adult"),
        site=("beuel",),
    )


@pytest.fixture
async def leyla(network: Network, monday: None) -> Person:
    return await builders.patient("Leyla Ahmadi")


@pytest.fixture
async def josef(network: Network, monday: None) -> Person:
    return await builders.patient("Josef Meier", date(1951, 9, 30))


@pytest.fixture
async def mehmet(network: Network, monday: None) -> Person:
    """Mehmet Kaya, who writes for his children Can and Elif as well."""
    return await builders.patient("Mehmet Kaya", date(1985, 7, 19))
