"""Promises about what is given out: seats, holds and therapy places."""

from datetime import datetime, timedelta

from core.check.asking import Check, ask, highest_limit, named, queries
from core.models import Offer
from core.network import store

SEATS = queries(
    "SELECT 'slot' AS tbl, s.public_id AS id FROM slot AS s JOIN seat AS x ON x.slot_id = s.id "
    "WHERE x.state IN ('booked', 'attended', 'missed') "
    "OR (x.state = 'held' AND x.held_until > :now) "
    "GROUP BY s.id, s.public_id, s.capacity HAVING count(*) > s.capacity",
    "SELECT 'seat' AS tbl, x.public_id AS id FROM seat AS x JOIN booking AS b "
    "ON b.seat_id = x.id AND b.state = 'booked' "
    "GROUP BY x.id, x.public_id HAVING count(*) > 1",
    "SELECT 'seat' AS tbl, x.public_id AS id FROM seat AS x LEFT JOIN booking AS b "
    "ON b.id = x.booking_id AND b.seat_id = x.id AND b.state = 'booked' "
    "WHERE x.state = 'booked' AND b.id IS NULL",
    "SELECT 'seat' AS tbl, public_id AS id FROM seat "
    "WHERE state IN ('open', 'held') AND booking_id IS NOT NULL",
    "SELECT 'booking' AS tbl, b.public_id AS id FROM booking AS b LEFT JOIN seat AS x "
    "ON x.id = b.seat_id AND x.booking_id = b.id AND x.state = 'booked' "
    "WHERE b.state = 'booked' AND x.id IS NULL",
    "SELECT 'slot' AS tbl, b.public_id AS id FROM slot AS a JOIN slot AS b "
    "ON a.therapist_id = b.therapist_id AND a.id < b.id "
    "AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at "
    "WHERE a.state = 'active' AND b.state = 'active'",
)

_HOLDS = queries(
    "SELECT 'seat' AS tbl, public_id AS id FROM seat WHERE state = 'held' AND held_until IS NULL",
    "SELECT 'place' AS tbl, public_id AS id FROM place WHERE state = 'held' AND held_until IS NULL",
    # A hold belongs to a live offer, to the generation that was offered, and ends with it.
    "SELECT 'seat' AS tbl, x.public_id AS id FROM seat AS x LEFT JOIN offer AS o "
    "ON o.id = x.offer_id AND o.state = 'live' AND x.held_until <= o.until "
    "LEFT JOIN offered_seat AS f ON f.offer_id = o.id AND f.seat_id = x.id AND f.gen = x.gen "
    "WHERE x.state = 'held' AND x.held_until > :now AND f.id IS NULL",
    "SELECT 'place' AS tbl, p.public_id AS id FROM place AS p LEFT JOIN offer AS o "
    "ON o.id = p.offer_id AND o.state = 'live' AND p.held_until <= o.until "
    "WHERE p.state = 'held' AND p.held_until > :now AND o.id IS NULL",
    # An ended hold is no claim: nothing was booked from an offer after its end.
    "SELECT 'booking' AS tbl, b.public_id AS id FROM booking AS b "
    "JOIN offered_seat AS f ON f.seat_id = b.seat_id "
    "JOIN offer AS o ON o.id = f.offer_id AND o.request_id = b.request_id AND o.state = 'taken' "
    "WHERE b.created_at >= o.until",
)


async def _holds(now: datetime) -> list[str]:
    """An answer may prolong a hold once, so twice the configured minutes is the most."""
    found = await _HOLDS(now)
    limit = timedelta(minutes=2 * await highest_limit("hold_minutes"))
    open_ones = await Offer.filter(state="live", until__gt=now, kind__in=["dialogue", "move"])
    return found + [
        f"offer:{offer.public_id}" for offer in open_ones if offer.until > offer.created_at + limit
    ]


_PLACES = queries(
    "SELECT 'place' AS tbl, public_id AS id FROM place "
    "WHERE state <> 'free' AND request_id IS NULL",
    "SELECT 'place' AS tbl, p.public_id AS id FROM place AS p JOIN booking AS b "
    "ON b.place_id = p.id AND b.state = 'booked' "
    "GROUP BY p.id, p.public_id HAVING count(DISTINCT b.person_id) > 1",
    "SELECT 'booking' AS tbl, b.public_id AS id FROM booking AS b "
    "JOIN place AS p ON p.id = b.place_id LEFT JOIN request AS r ON r.id = p.request_id "
    "WHERE b.state = 'booked' AND b.ends_at > :now "
    "AND (p.state NOT IN ('trial', 'taken') OR r.person_id IS NULL "
    "OR r.person_id <> b.person_id OR p.therapist_id <> b.therapist_id)",
)
_GROUPS = (
    "SELECT 'therapist' AS tbl, t.public_id AS id, p.service, count(*) AS used FROM place AS p "
    "JOIN therapist AS t ON t.id = p.therapist_id "
    "WHERE p.setting = 'group' AND (p.state IN ('trial', 'taken') "
    "OR (p.state = 'held' AND p.held_until > :now)) "
    'GROUP BY t.public_id, p.service, p."group"'
)


async def _places(now: datetime) -> list[str]:
    found = await _PLACES(now)
    groups = await ask(_GROUPS, now=now)
    if groups:
        services = (await store.current()).services
        sizes = {s.code: max(kind.seats for kind in s.kinds) for s in services}
        found += [named(row) for row in groups if row["used"] > sizes.get(row["service"], 0)]
    return found


CHECKS = [Check(1, "seats", SEATS), Check(2, "holds", _holds), Check(5, "places", _places)]
