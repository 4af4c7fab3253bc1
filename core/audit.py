"""Who did or read what, in a chain that shows whether a row was changed, dropped or moved.

Rows are written with the deed, in its transaction; one worker seals them in batches, so that
reads do not queue on the head of the chain.
"""

import hmac
from contextvars import ContextVar
from hashlib import sha256

import orjson

from core import clock, db
from core.actors import Actor
from core.keys import keys
from core.models import Audit, Person, PublicRow

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Set by each edge, so that one request's rows can be found together."""

START = "0" * 64
LOCK = 7_462_001
PAGE = 2_000

Head = tuple[int, str]


async def record(
    action: str, *, by: Actor, row: PublicRow, person: Person | None = None, **detail: object
) -> None:
    """Write one audit row; `detail` holds codes and ids only, never a patient's words."""
    await Audit.create(
        at=clock.now(),
        actor=by.kind,
        staff=by.staff,
        action=action,
        object_table=row._meta.db_table,
        object_id=row.public_id,
        person=person,
        detail=detail,
        request_id=request_id.get(),
    )


def _hash(row: Audit, previous: str, chain: bytes) -> str:
    content = orjson.dumps(
        [
            row.n,
            row.public_id,
            row.at.isoformat(),
            row.actor,
            row.staff_id,
            row.action,
            row.object_table,
            row.object_id,
            row.person_id,
            row.detail,
            row.request_id,
        ],
        option=orjson.OPT_SORT_KEYS,
    )
    return hmac.new(chain, previous.encode() + content, sha256).hexdigest()


async def seal_batch(limit: int = 500) -> int:
    """Chain up to `limit` rows that are not sealed yet, in order; return how many."""
    chain = keys().derived("audit chain")
    async with db.transaction():
        if db.is_postgres():
            await db.connection().execute_query("SELECT pg_advisory_xact_lock($1)", [LOCK])
        rows = await Audit.filter(n=None).order_by("id").limit(limit)
        n, previous = await head()
        for row in rows:
            n += 1
            row.n, row.previous = n, previous
            row.hash = previous = _hash(row, previous, chain)
        if rows:
            await Audit.bulk_update(rows, ["n", "previous", "hash"])
        return len(rows)


async def head() -> Head:
    """Return number and hash of the last sealed row.

    Kept outside of the database it is an anchor: only with one can it be seen that the newest
    rows were cut off, or made unsealed and sealed again.
    """
    last = await Audit.filter(n__not_isnull=True).order_by("-n").first()
    return (last.n or 0, last.hash or START) if last else (0, START)


async def broken(anchor: Head | None = None) -> list[dict[str, object]]:
    """Walk the sealed chain; return the rows at which it does not verify, empty when sound.

    Finds rows that were changed, dropped or moved; with an earlier `head` as `anchor` also a tail
    that was cut. Rows that wait to be sealed are not covered yet.
    """
    chain = keys().derived("audit chain")
    found: list[dict[str, object]] = []
    expected, previous, met = 1, START, anchor in (None, (0, START))
    while rows := await Audit.filter(n__gte=expected).order_by("n").limit(PAGE):
        for row in rows:
            if row.n != expected:
                found.append({"n": row.n, "problem": "gap", "expected": expected})
            elif row.previous != previous or row.hash != _hash(row, previous, chain):
                found.append({"n": row.n, "problem": "hash"})
            expected, previous = (row.n or 0) + 1, row.hash or ""
            met = met or (row.n, row.hash) == anchor
    if anchor and not met:
        found.append({"n": anchor[0], "problem": "cut"})
    return found
