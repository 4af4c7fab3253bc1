"""The house opened: settings, logs, database and keys of this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core import db, keys, logs, sealing
from core.config import Settings, settings
from core.db import migrating
from core.errors import Misconfigured
from core.models import Person


@asynccontextmanager
async def opened() -> AsyncIterator[Settings]:
    """Open everything that a command needs, and close it afterwards.

    Raises `Misconfigured` when a setting is wrong, the database cannot be reached or lacks
    migrations, or the key file is missing or is not the one of this database. Only SQLite makes
    a key file of its own, and only while no patient is stored.
    """
    given = settings()
    logs.setup(given.log_level)
    await db.connect(given.database_url)
    try:
        lacking = await _lacking()
        if lacking:
            raise Misconfigured("error.migrations_pending", names=", ".join(lacking))
        begun = await Person.exists(wrapped_key__not_isnull=True)
        keys.open_file(given.key_file, create=not db.is_postgres() and not begun)
        await sealing.check_fits()
        yield given
    finally:
        await db.close()


async def _lacking() -> list[str]:
    try:
        # What a migration's own look at an absent server finds is "nothing was applied".
        await db.connection().execute_query("SELECT 1")
        return await migrating.pending()
    except Exception as fault:
        # Each driver has errors of its own for a wrong address, and some of them quote it.
        raise Misconfigured("error.no_database", fault=type(fault).__name__) from None
