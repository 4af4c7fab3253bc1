"""A small office that has appointments to give, on a quiet Monday morning."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core import clock
from core.network.schema import Network
from tests import builders
from tests.builders import MONDAY, at


@pytest.fixture
def monday() -> Iterator[None]:
    """The clock stands at ten o'clock in Bonn on a Monday: the office is open."""
    with clock.frozen_at(MONDAY + timedelta(hours=3)):
        yield


@pytest.fixture
async def office(network: Network, monday: None) -> Network:
    """The demo network with two therapists who have seats on the coming days."""
    for name in ("Anna Huber", "Shirin Rad"):
        row = await builders.therapist(
            name, language=("de", "en"), modality=("cbt", "systemic", "analytic", "psychodynamic")
        )
        await builders.seats(row, *(at(day, hour) for day in range(1, 6) for hour in (3, 6, 8)))
    return network
