"""Tasks: one open task about one thing, however many see the need."""

import asyncio
from datetime import timedelta

from core import clock, db, persons, tasks
from core.models import Task
from tests.builders import at


async def test_a_task_stands_open_once_and_is_due_at_the_earlier_time(database: str) -> None:
    leyla = await persons.create("de")
    first = await tasks.open_task("call", row=leyla, due_at=at(2), person=leyla)
    sooner = await tasks.open_task("call", row=leyla, due_at=at(1), person=leyla)
    later = await tasks.open_task("call", row=leyla, due_at=at(3), person=leyla)
    assert first.id == sooner.id == later.id
    assert (await Task.get()).due_at == sooner.due_at == later.due_at == at(1)


async def test_other_kinds_and_other_rows_have_tasks_of_their_own(database: str) -> None:
    leyla, josef = await persons.create("de"), await persons.create("de")
    await tasks.open_task("call", row=leyla, due_at=at(1))
    await tasks.open_task("call", row=josef, due_at=at(1))
    await tasks.open_task("write", row=leyla, due_at=at(1))
    assert await Task.all().count() == 3


async def test_what_happened_settles_its_task_and_a_new_need_opens_another(database: str) -> None:
    leyla, josef = await persons.create("de"), await persons.create("de")
    await tasks.open_task("call", row=leyla, due_at=at(1))
    await tasks.open_task("call", row=josef, due_at=at(1))
    await tasks.settle("call", row=leyla, outcome="answered")
    done = await Task.get(state="done")
    assert done.subject_id == leyla.public_id and done.outcome == "answered"
    assert done.done_at is not None and clock.now() - done.done_at < timedelta(minutes=1)
    again = await tasks.open_task("call", row=leyla, due_at=at(1))
    assert again.id != done.id
    await tasks.settle("call", row=leyla, outcome="again")
    await tasks.settle("call", row=leyla, outcome="nothing to settle")
    outcomes = await Task.filter(state="done").order_by("id").values_list("outcome", flat=True)
    assert outcomes == ["answered", "again"]


async def test_many_who_see_the_same_need_at_once_open_one_task(database: str) -> None:
    leyla = await persons.create("de")

    async def see() -> int:
        async with db.transaction():
            task = await tasks.open_task("call", row=leyla, due_at=at(1))
            # The transaction is still usable after a lost race.
            await tasks.open_task("write", row=leyla, due_at=at(1))
            return task.id

    ids = await asyncio.gather(*(asyncio.create_task(see()) for _ in range(8)))
    assert len(set(ids)) == 1
    assert await Task.all().count() == 2
