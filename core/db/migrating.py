"""Migrations: up, down, and whether the database is at head."""

from tortoise.migrations.api import migrate as tortoise_migrate
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.operations import RunSQL
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State

from core import db


class Constraint(RunSQL):
    """One named constraint, with the statements that make and drop it on each database.

    Written as SQL because Tortoise drops `Meta.constraints` of a new model silently; executed
    statement by statement because SQLite's `executescript` commits what is open. `triggers` are
    the names that stand for it on SQLite, empty for an index, which is the same on both.
    """

    def __init__(
        self,
        name: str,
        *,
        on: str,
        make: dict[str, list[str]],
        drop: dict[str, list[str]],
        triggers: tuple[str, ...] = (),
    ) -> None:
        super().__init__([], [])
        self.name, self.table, self.triggers = name, on, triggers
        self.make, self.drop = make, drop
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
        await _execute(self.make, state_editor)

    async def database_backward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        await _execute(self.drop, state_editor)


async def _execute(statements: dict[str, list[str]], editor: BaseSchemaEditor | None) -> None:
    if editor:
        for statement in statements[editor.client.capabilities.dialect]:
            await editor.client.execute_query(statement)


async def migrate(url: str, target: str | None = None) -> None:
    """Bring the database to head, or to `target` such as "0001_initial"; "zero" undoes all."""
    config = db.orm_config(url, statement_seconds=None)
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
