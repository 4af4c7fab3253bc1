"""Promises to patients: offers, appointments, what they accepted, and moves."""

from datetime import datetime

from core.check.asking import Check, ask, highest_limit, named, queries
from core.models import Booking
from core.network import store

_LIVE = queries(
    "SELECT 'person' AS tbl, p.public_id AS id FROM offer AS o JOIN person AS p "
    "ON p.id = o.person_id WHERE o.state = 'live' "
    "GROUP BY p.id, p.public_id, o.kind HAVING count(*) > 1",
    "SELECT 'booking' AS tbl, b.public_id AS id FROM booking AS a JOIN booking AS b "
    "ON a.person_id = b.person_id AND a.id < b.id "
    "AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at "
    "WHERE a.state = 'booked' AND b.state = 'booked'",
)
_UNITS = (
    "SELECT 'person' AS tbl, p.public_id AS id, "
    "count(DISTINCT coalesce(b.series, b.public_id)) AS units "
    "FROM booking AS b JOIN person AS p ON p.id = b.person_id "
    "WHERE b.state = 'booked' AND b.ends_at > :now GROUP BY p.public_id"
)


async def _limits(now: datetime) -> list[str]:
    most = await highest_limit("live_bookings_per_person")
    over = [row for row in await ask(_UNITS, now=now) if row["units"] > most]
    return await _LIVE(now) + [named(row) for row in over]


TOLD = queries(
    # The deed and its audit row are one transaction: one without the other was lost or invented.
    "SELECT 'audit' AS tbl, a.public_id AS id FROM audit AS a LEFT JOIN booking AS b "
    "ON b.public_id = a.object_id "
    "WHERE a.action IN ('booking_made', 'booking_moved') AND b.id IS NULL",
    "SELECT 'booking' AS tbl, b.public_id AS id FROM booking AS b LEFT JOIN audit AS a "
    "ON a.object_table = 'booking' AND a.object_id = b.public_id "
    "AND a.action IN ('booking_made', 'booking_moved') WHERE a.id IS NULL",
)


async def _accepted(now: datetime) -> list[str]:
    """The version that was accepted is one that the house still knows, with all that proves it."""
    rows = await Booking.all().values(
        "public_id", "policy", "policy_version", "policy_language", "accepted_channel",
        "accepted_at", "created_at",
    )  # fmt: skip
    policies = (await store.current()).policies if rows else ()
    known = {(policy.code, policy.version) for policy in policies}
    return [
        f"booking:{row['public_id']}"
        for row in rows
        if (row["policy"], row["policy_version"]) not in known
        or not row["policy_language"]
        or not row["accepted_channel"]
        or row["accepted_at"] > row["created_at"]
    ]


MOVES = queries(
    "SELECT 'booking' AS tbl, old.public_id AS id FROM booking AS old LEFT JOIN booking AS new "
    "ON new.moved_from_id = old.id WHERE old.state = 'moved' "
    "GROUP BY old.id, old.public_id HAVING count(new.id) <> 1",
    "SELECT 'booking' AS tbl, new.public_id AS id FROM booking AS new JOIN booking AS old "
    "ON old.id = new.moved_from_id WHERE old.state <> 'moved' OR old.person_id <> new.person_id",
)

CHECKS = [
    Check(3, "limits", _limits),
    Check(4, "told", TOLD),
    Check(6, "accepted", _accepted),
    Check(11, "moves", MOVES),
]
