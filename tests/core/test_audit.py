"""The audit chain: what was changed, dropped or moved is seen; and what is not."""

import asyncio

import pytest

from core import audit, db, keys, persons
from core.actors import PATIENT, SYSTEM
from core.models import Audit, Person


async def some_rows(count: int) -> Person:
    leyla = await persons.create("de")
    async with db.transaction():
        for n in range(count):
            await audit.record("read", by=SYSTEM, row=leyla, person=leyla, number=n)
    return leyla


@pytest.fixture
async def sealed(database: str) -> audit.Head:
    """Seven sealed rows; the value is the head of the chain."""
    await some_rows(7)
    assert await audit.seal_batch() == 7
    return await audit.head()


async def test_a_row_tells_who_did_what_and_never_a_word_of_the_patient(database: str) -> None:
    leyla = await persons.create("de")
    token = audit.request_id.set("request")
    await audit.record("booking_made", by=PATIENT, row=leyla, person=leyla, late=False)
    audit.request_id.reset(token)
    row = await Audit.get()
    assert (row.actor, row.action, row.object_table, row.object_id) == (
        "patient",
        "booking_made",
        "person",
        leyla.public_id,
    )
    assert row.person_id == leyla.id and row.detail == {"late": False}
    assert row.request_id == "request" and row.n is None


async def test_an_undone_deed_leaves_no_row(database: str) -> None:
    with pytest.raises(ValueError):
        async with db.transaction():
            await some_rows(1)
            raise ValueError
    assert await Audit.all().count() == 0


async def test_a_chain_sealed_in_batches_verifies(database: str) -> None:
    assert await audit.broken() == []
    await some_rows(5)
    assert [await audit.seal_batch(2) for _ in range(4)] == [2, 2, 1, 0]
    assert await audit.broken() == []
    assert await audit.broken(await audit.head()) == []


async def test_workers_that_seal_at_once_leave_no_gap(database: str) -> None:
    await some_rows(40)

    async def worker() -> None:
        while await audit.seal_batch(3):
            pass

    await asyncio.gather(*(asyncio.create_task(worker()) for _ in range(4)))
    assert sorted(await Audit.all().values_list("n", flat=True)) == list(range(1, 41))
    assert await audit.broken() == []


async def test_a_changed_row_is_seen(sealed: audit.Head) -> None:
    for change in ({"action": "x"}, {"actor": "staff"}, {"detail": {"number": 9}},
                   {"object_id": "x"}, {"request_id": "x"}, {"person_id": None}):  # fmt: skip
        row = await Audit.get(n=4)
        kept = {name: getattr(row, name) for name in change}
        await Audit.filter(n=4).update(**change)
        assert await audit.broken() == [{"n": 4, "problem": "hash"}], change
        await Audit.filter(n=4).update(**kept)
    assert await audit.broken() == []


async def test_a_dropped_row_is_seen(sealed: audit.Head) -> None:
    await Audit.filter(n=4).delete()
    assert await audit.broken() == [{"n": 5, "problem": "gap", "expected": 4}]


async def test_a_dropped_row_is_seen_when_the_others_move_up(sealed: audit.Head) -> None:
    await Audit.filter(n=4).delete()
    for n in (5, 6, 7):
        await Audit.filter(n=n).update(n=n - 1)
    assert {"n": 4, "problem": "hash"} in await audit.broken()


async def test_swapped_rows_are_seen(sealed: audit.Head) -> None:
    await Audit.filter(n=3).update(n=99)
    await Audit.filter(n=4).update(n=3)
    await Audit.filter(n=99).update(n=4)
    assert [each["n"] for each in await audit.broken()] == [3, 4, 5]


async def test_a_cut_tail_is_seen_only_with_an_anchor_from_before(sealed: audit.Head) -> None:
    await Audit.filter(n__gte=6).delete()
    assert await audit.broken() == []
    assert await audit.broken(sealed) == [{"n": 7, "problem": "cut"}]


async def test_a_tail_that_was_cut_and_grew_again_is_seen_with_an_anchor(
    sealed: audit.Head,
) -> None:
    await Audit.filter(n__gte=6).delete()
    await some_rows(3)
    await audit.seal_batch()
    assert await audit.broken() == []
    assert await audit.broken(sealed) == [{"n": 7, "problem": "cut"}]


async def test_a_chain_made_with_another_key_is_seen(sealed: audit.Head) -> None:
    keys.use(keys.fresh())
    assert len(await audit.broken()) == 7
