"""Things that a human must do."""

from datetime import datetime

from core import clock
from core.models import Person, PublicRow, Task


async def open_task(
    kind: str, *, row: PublicRow, due_at: datetime, person: Person | None = None
) -> Task:
    """Open a task about a row, or return the one that stands open for it already."""
    table = row._meta.db_table
    about = Task.filter(kind=kind, subject_table=table, subject_id=row.public_id)
    return await about.exclude(state="done").first() or await Task.create(
        kind=kind,
        subject_table=table,
        subject_id=row.public_id,
        person=person,
        due_at=due_at,
        created_at=clock.now(),
    )


async def settle(kind: str, *, row: PublicRow, outcome: str) -> None:
    """Mark open tasks about a row as done because what they ask for has happened."""
    await (
        Task.filter(kind=kind, subject_table=row._meta.db_table, subject_id=row.public_id)
        .exclude(state="done")
        .update(state="done", outcome=outcome, done_at=clock.now())
    )
