"""Migrations: up, down, and whether the database is at head."""

from tortoise.migrations.api import migrate as tortoise_migrate
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.operations import RunSQL
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State

from core import db


class Constraint(RunSQL):
    """One named constraint, with the statement that makes it on each database.

    Written as SQL because Tortoise drops `Meta.constraints` of a new model silently; executed
    statement by statement because SQLite's `executescript` commits what is open.
    """

    def __init__(self, name: str, *, on: str, sqlite: str, postgres: str) -> None:
        super().__init__([sqlite, postgres])
        self.name = name
        self.table = on
        self.statements = {"sqlite": sqlite, "postgres": postgres}
        self.reversible = True

    def describe(self) -> str:
        return f"Constraint {self.name}"

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        if state_editor:
            dialect = state_editor.client.capabilities.dialect
            await state_editor.client.execute_query(self.statements[dialect])

    async def database_backward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        # Dropping the table drops what stands on it; triggers and indexes go with their table.
        return None


async def migrate(url: str, target: str | None = None) -> None:
    """Bring the database to head, or to `target` such as "0001_initial"; "zero" undoes all."""
    config = db.orm_config(url)
    name = {None: None, "zero": "core.__first__"}.get(target, f"core.{target}")
    try:
        await tortoise_migrate(config=config, target=name)
    finally:
        # A connection left open keeps aiosqlite's thread, and with it the process, alive.
        await db.close()


async def pending() -> list[str]:
    """Return the names of migrations that the open database still lacks."""
    apps = db.orm_config("sqlite://:memory:")["apps"]
    steps = await MigrationExecutor(db.connection(), apps).plan()
    return [step.migration.name for step in steps]
