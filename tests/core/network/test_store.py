"""The network in force: a version per change, seen by every process."""

import pytest

from core import clock
from core.errors import Misconfigured
from core.models import NetworkVersion
from core.network import store
from core.network.schema import Network


async def test_without_a_network_nothing_is_served(database: str) -> None:
    with pytest.raises(Misconfigured):
        await store.current()


async def test_the_same_configuration_again_is_no_new_version(
    database: str, demo_network: Network
) -> None:
    assert await store.load(demo_network) == await store.load(demo_network) == 1
    changed = demo_network.model_copy(update={"phone": "0228 99999"})
    assert await store.load(changed) == 2
    assert await store.load(demo_network) == 3
    assert await NetworkVersion.all().count() == 3


async def test_what_was_loaded_is_what_is_in_force(database: str, demo_network: Network) -> None:
    await store.load(demo_network)
    assert await store.current() == demo_network
    assert await store.current() is await store.current()


async def test_what_another_process_loaded_is_seen(database: str, demo_network: Network) -> None:
    await store.load(demo_network)
    await store.current()
    changed = demo_network.model_copy(update={"phone": "0228 99999"})
    await NetworkVersion.create(
        version=2, name="demo", config=changed.model_dump(mode="json"), loaded_at=clock.now()
    )
    assert (await store.current()).phone == "0228 99999"
