"""How often something may be tried: one row per try, counted under a keyed hash of who tries.

Only what is costly or can be guessed is limited here. What a patient writes never is: it is
screened for risk first.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.queryset import QuerySet

from core import clock, db
from core.errors import TooMany
from core.keys import blind
from core.models import Attempt

KEEP = timedelta(days=1)
"""How long tries are kept; no limit looks back further."""


@dataclass(frozen=True)
class Limit:
    """At most `most` tries of a kind per key within a time, and `altogether` of all keys."""

    kind: str
    most: int
    within: timedelta
    altogether: int | None = None


async def take(limit: Limit, key: str) -> Attempt:
    """Count one try; raises `TooMany` with `seconds` until the next one is possible.

    Of many at once exactly as many pass as the limit allows. A refused try does not count, so
    that who keeps trying does not wait the longer. Call it outside of a transaction.
    """
    now = clock.now()
    index = blind("attempt", key)
    since = now - limit.within
    of_kind = Attempt.filter(kind=limit.kind, at__gt=since)
    async with db.transaction():
        await _one_at_a_time(limit.kind)
        for tries, most in (
            (of_kind.filter(key_index=index), limit.most),
            (of_kind, limit.altogether),
        ):
            if most is not None and await tries.count() >= most:
                raise TooMany("error.too_many", seconds=await _seconds_left(tries, since))
        return await Attempt.create(kind=limit.kind, key_index=index, at=now)


async def _one_at_a_time(kind: str) -> None:
    # SQLite lets one transaction write at a time anyway.
    if db.is_postgres():
        lock = "SELECT pg_advisory_xact_lock(hashtext($1))"
        await db.connection().execute_query(lock, [f"attempt {kind}"])


async def give_back(attempt: Attempt) -> None:
    """Forget a try that turned out well: only failures count."""
    await attempt.delete()


async def forget_old(now: datetime) -> int:
    """Delete tries that no limit counts any more; return how many."""
    return await Attempt.filter(at__lt=now - KEEP).delete()


async def _seconds_left(tries: QuerySet[Attempt], since: datetime) -> int:
    oldest = await tries.order_by("at").first()
    return max(1, math.ceil((oldest.at - since).total_seconds())) if oldest else 1
