"""Migrations go up, down and up on both databases, and the models say what they made."""

from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector

from core import db
from core.db import migrating
from core.models import Person
from tests import servers
from tests.databases import KINDS

CONSTRAINTS = import_module("core.migrations.0002_constraints").CONSTRAINTS
UNIQUE = {
    "booking": [("moved_from_id",), ("reference",), ("public_id",)],
    "chat_session": [("token_hash",)],
    "conversation": [("identity_id",)],
    "identity": [("channel", "bot", "external_index")],
    "message": [("conversation_id", "seq"), ("conversation_id", "external_id")],
    "name_token": [("person_id", "token_index")],
    "network_version": [("version",)],
    "offered_seat": [("offer_id", "seat_id")],
    "place": [("therapist_id", "service", "setting", "group", "n")],
    "relation": [("writer_id", "patient_id")],
    "return_code": [("code_index",)],
    "seat": [("slot_id", "n")],
    "audit": [("n",)],
    "trait": [("therapist_id", "kind", "code")],
}


@pytest.fixture(params=KINDS)
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite://{tmp_path}/empty.db"
        return
    url = await servers.new_postgres_url()
    try:
        yield url
    finally:
        await servers.drop_postgres(url)


async def names(statement: str) -> set[str]:
    return {row["name"] for row in await db.connection().execute_query_dict(statement)}


async def tables() -> set[str]:
    if db.is_postgres():
        return await names("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    return await names("SELECT name FROM sqlite_master WHERE type = 'table'")


async def test_migrations_go_up_down_and_up_again(empty: str) -> None:
    await migrating.migrate(empty)
    for down in ("0001_initial", "zero"):
        await migrating.migrate(empty, down)
        await migrating.migrate(empty)
    await db.connect(empty)
    try:
        assert await migrating.pending() == []
        assert await Person.all().count() == 0
        assert await missing_constraints() == set()
    finally:
        await db.close()


async def test_going_down_to_zero_leaves_no_table_of_ours(empty: str) -> None:
    await migrating.migrate(empty)
    await migrating.migrate(empty, "zero")
    await db.connect(empty)
    try:
        ours = {model._meta.db_table for model in Tortoise.apps["core"].values()}
        assert "person" in ours
        assert not ours & await tables()
        assert await migrating.pending() == ["0001_initial", "0002_constraints"]
    finally:
        await db.close()


async def missing_constraints() -> set[str]:
    """Ask the open database for every named constraint; return those that it does not know."""
    if db.is_postgres():
        known = await names(
            "SELECT conname AS name FROM pg_constraint UNION SELECT indexname FROM pg_indexes"
        )
        return {constraint.name for constraint in CONSTRAINTS} - known
    known = await names("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index')")
    wanted = {name for each in CONSTRAINTS for name in (each.triggers or (each.name,))}
    return wanted - known


async def test_each_database_knows_every_constraint_by_name(database: str) -> None:
    assert len({constraint.name for constraint in CONSTRAINTS}) == len(CONSTRAINTS) >= 15
    assert await missing_constraints() == set()


async def test_a_constraint_that_is_dropped_is_missed(database: str) -> None:
    seat_state = next(each for each in CONSTRAINTS if each.name == "seat_state_known")
    dialect = db.connection().capabilities.dialect
    for statement in seat_state.drop[dialect]:
        await db.connection().execute_query(statement)
    assert "seat_state_known" in await missing_constraints()


async def unique_columns(table: str) -> set[tuple[str, ...]]:
    """Return the columns of every unique index or constraint of a table."""
    if db.is_postgres():
        rows = await db.connection().execute_query_dict(
            "SELECT array_agg(a.attname ORDER BY k.place) AS columns FROM pg_index AS i "
            "CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS k(number, place) "
            "JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number "
            "WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indpred IS NULL "
            "GROUP BY i.indexrelid",
            [table],
        )
        return {tuple(row["columns"]) for row in rows}
    found = set()
    indexes = await db.connection().execute_query_dict(f"PRAGMA index_list('{table}')")
    for index in (each for each in indexes if each["unique"] and not each["partial"]):
        rows = await db.connection().execute_query_dict(f"PRAGMA index_info('{index['name']}')")
        found.add(tuple(row["name"] for row in rows))
    return found


async def test_what_must_be_there_once_is_unique(database: str) -> None:
    for table, columns in UNIQUE.items():
        assert set(columns) <= await unique_columns(table), table


async def test_the_models_need_no_migration_that_is_missing(database: str) -> None:
    config = db.orm_config(database)
    found = await MigrationAutodetector(Tortoise.apps, config["apps"]).changes()
    assert [writer.name for writer in found] == []


async def test_a_model_that_changed_without_a_migration_is_seen(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Person._meta.fields_map["language"], "max_length", 9)
    config = db.orm_config(database)
    assert len(await MigrationAutodetector(Tortoise.apps, config["apps"]).changes()) == 1
