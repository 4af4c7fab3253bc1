"""A migrated database for one test, on SQLite or PostgreSQL: copied, as migrating takes longer."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE

from core import db, keys
from core.db import migrating
from tests import servers

KINDS = ("sqlite", "postgres")


@pytest.fixture(params=KINDS)
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[str]:
    """A migrated, empty database of each kind, connected and with keys; the value is its URL."""
    keys.use(keys.fresh())
    # Tortoise keeps statements by table name, with the placeholders of the kind seen first.
    EXECUTOR_CACHE.clear()
    async with fresh_database(request.param, tmp_path) as url:
        await db.connect(url)
        try:
            yield url
        finally:
            await db.close()


@asynccontextmanager
async def fresh_database(kind: str, folder: Path) -> AsyncIterator[str]:
    """Yield the URL of a migrated, empty database; `folder` is where SQLite keeps its file."""
    if kind == "sqlite":
        path = folder / "passung.db"
        shutil.copy(await _sqlite_template(), path)
        yield f"sqlite://{path}"
        return
    url = await servers.new_postgres_url(await servers.postgres_template("head", migrating.migrate))
    try:
        yield url
    finally:
        await servers.drop_postgres(url)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="passung-template-")


async def _sqlite_template() -> Path:
    """Return a migrated SQLite file of this process; closing it has folded its log into it."""
    path = Path(_folder().name) / "head.db"
    if not path.exists():
        making = path.with_name("making.db")
        await migrating.migrate(f"sqlite://{making}")
        making.rename(path)
    return path
