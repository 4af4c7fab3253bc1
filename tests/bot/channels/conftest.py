"""The web chat over a real server process, once per module and kind of database."""

from collections.abc import AsyncIterator

import pytest

from core import db, keys
from core.network import store
from core.network.schema import Network
from tests.databases import KINDS, fresh_database
from tests.served import Served, served
from tests.visitor import Visitor


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", params=KINDS)
async def chat(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,
    demo_network: Network,
) -> AsyncIterator[Served]:
    """A server over a database that this process has open too, the demo network in force."""
    folder = tmp_path_factory.mktemp("chat")
    keys.use(keys.fresh())
    async with fresh_database(request.param, folder) as url:
        await db.connect(url)
        try:
            await store.load(demo_network)
            with served(url, folder) as server:
                yield server
        finally:
            await db.close()


@pytest.fixture
async def leyla(chat: Served) -> AsyncIterator[Visitor]:
    """Leyla Ahmadi, who has just opened the chat in German."""
    async with Visitor(chat) as visitor:
        await visitor.begin(language="de")
        yield visitor


@pytest.fixture
async def josef(chat: Served) -> AsyncIterator[Visitor]:
    """Josef Meier, in a conversation of his own."""
    async with Visitor(chat) as visitor:
        await visitor.begin(language="de")
        yield visitor
