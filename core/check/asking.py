"""What a check is, and how it asks both databases the same question."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import db
from core.models import NetworkVersion

Finder = Callable[[datetime], Awaitable[list[str]]]


@dataclass(frozen=True)
class Check:
    """One promise of the house. `find` returns what breaks it at a moment, as `table:public id`.

    The sentence that says the promise is the text `cli.check.<name>`.
    """

    number: int
    name: str
    find: Finder


async def ask(statement: str, **values: Any) -> list[dict[str, Any]]:
    """Return the rows of a statement; `:name` stands for a value wherever it appears."""
    mark = "$" if db.is_postgres() else "?"
    for number, name in enumerate(values, 1):
        statement = statement.replace(f":{name}", f"{mark}{number}")
    return await db.connection().execute_query_dict(statement, list(values.values()))


def queries(*statements: str) -> Finder:
    """Make a finder of statements that select `table` and `id` of what breaks the promise.

    A statement may use `:now`.
    """

    async def find(now: datetime) -> list[str]:
        found = []
        for statement in statements:
            values = {"now": now} if ":now" in statement else {}
            found += [named(row) for row in await ask(statement, **values)]
        return found

    return find


def named(row: dict[str, Any]) -> str:
    return f"{row['tbl']}:{row['id']}"


async def highest_limit(rule: str) -> int:
    """Return the highest value that a limit of the house ever had.

    What was right under the limit of its day stays right when the limit is lowered.
    """
    versions = await NetworkVersion.all()
    return max((int(version.config["rules"][rule]) for version in versions), default=0)
