"""Things that a human must do."""

from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.queryset import QuerySet

from core import clock, db
from core.models import Person, PublicRow, Task


async def open_task(
    kind: str, *, row: PublicRow, due_at: datetime, person: Person | None = None
) -> Task:
    """Open a task about a row, or return the one that stands open for it already.

    One that stands open is due at the earlier of the two times.
    """
    standing = await _standing(kind, row)
    if standing is None:
        try:
            # The savepoint keeps a lost race from spoiling the transaction around it.
            async with db.transaction():
                return await Task.create(
                    kind=kind,
                    subject_table=row._meta.db_table,
                    subject_id=row.public_id,
                    person=person,
                    due_at=due_at,
                    created_at=clock.now(),
                )
        except IntegrityError:
            standing = await _standing(kind, row)
            if standing is None:
                raise
    if due_at < standing.due_at:
        await Task.filter(id=standing.id, due_at__gt=due_at).update(due_at=due_at)
        standing.due_at = due_at
    return standing


async def _standing(kind: str, row: PublicRow) -> Task | None:
    return await _about(kind, row).first()


def _about(kind: str, row: PublicRow) -> QuerySet[Task]:
    table = row._meta.db_table
    about = Task.filter(kind=kind, subject_table=table, subject_id=row.public_id)
    return about.exclude(state="done")


async def settle(kind: str, *, row: PublicRow, outcome: str) -> None:
    """Mark an open task about a row as done because what it asks for has happened."""
    await _about(kind, row).update(state="done", outcome=outcome, done_at=clock.now())
