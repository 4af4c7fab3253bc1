"""`passung check`: green over a house that works, red where rows break exactly that promise."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core import audit, bookings, check, clock, conversations, db, escalations, handoff, outbox
from core.actors import PATIENT, of_staff
from core.models import Audit, Conversation, NetworkVersion, Person, Therapist
from core.network.schema import Network
from core.risk import Screening
from tests.builders import ANYTHING, at, book, confirm, offer, seats
from tests.office import hire

Fault = str | Callable[[], Awaitable[None]]
LATER = "'2027-02-01 06:00:00+00:00'"


@pytest.fixture
async def worked(
    anna: Therapist, shirin: Therapist, leyla: Person, josef: Person, network: Network
) -> None:
    """A house in which people booked, moved, cancelled, wrote, and were taken over."""
    await seats(anna, *(at(day) for day in range(2, 9)))
    old = await book(leyla, network)
    clock.pass_time(timedelta(seconds=1))
    made = await offer(leyla, network, kind="move", moving=old)
    await confirm(made, network, leyla, moving=old)
    await seats(shirin, at(9), at(10))
    wish = ANYTHING.with_(therapist=shirin.public_id)
    await book(leyla, network, wish)
    await bookings.cancel(await book(josef, network), network, by=PATIENT)
    await book(josef, network)
    clock.pass_time(timedelta(seconds=1))
    await offer(josef, network)
    await offer(leyla, network)
    first = await talk("leyla")
    await talk("josef")
    paula = of_staff(await hire("paula"))
    await handoff.take_over(first.public_id, by=paula)
    clock.pass_time(timedelta(seconds=1))
    await handoff.reply(first.public_id, "Guten Tag", by=paula)
    await handoff.hand_back(first.public_id, by=paula)
    clock.pass_time(timedelta(seconds=1))
    await say(first, "bot", "Gern")
    for _ in range(2):
        await outbox.enqueue(
            person=leyla, channel="email", kind="booked", conversation=first, payload={}
        )
        (row,) = await outbox.claim(clock.now(), 1, ("email",))
        clock.pass_time(timedelta(seconds=1))
        await outbox.sent(row)


async def talk(who: str) -> Conversation:
    conversation = await conversations.start("web", "de", who)
    async with db.transaction():
        thread = await conversations.locked(conversation.id)
        message = await conversations.append(thread, "patient", "text", {"text": "Hilfe"})
        await escalations.raise_for(thread, message, Screening("urgent", "suicide", (), "1"))
        await conversations.append(thread, "bot", "crisis", {"text": "Sie sind nicht allein."})
    return conversation


async def say(conversation: Conversation, sender: str, text: str) -> None:
    async with db.transaction():
        thread = await conversations.locked(conversation.id)
        await conversations.append(thread, sender, "text", {"text": text})


async def broken() -> dict[str, list[str]]:
    return {one.name: one.rows for one in await check.run("de")}


async def test_a_house_that_works_and_an_empty_one_break_no_promise(worked: None) -> None:
    assert await check.run() == []
    clock.pass_time(timedelta(days=30))
    assert await check.run() == []


async def test_an_empty_database_breaks_no_promise(database: str) -> None:
    assert await check.run() == []


async def lower_the_limit() -> None:
    version = await NetworkVersion.get()
    version.config["rules"]["live_bookings_per_person"] = 1
    await version.save()


async def let_the_bot_speak_while_a_human_leads() -> None:
    first = await Conversation.all().order_by("id").first()
    await handoff.take_over(first.public_id, by=of_staff(await hire("sara")))
    clock.pass_time(timedelta(seconds=1))
    await say(first, "bot", "Haben Sie noch Fragen?")


async def change_the_log() -> None:
    while await audit.seal_batch():
        pass
    await Audit.filter(n=2).update(request_id="another")


async def let_a_fault_wait_for_nobody() -> None:
    conversation = await Conversation.all().first()
    await db.connection().execute_query(
        "INSERT INTO dead_letter (public_id, conversation_id, person_id, reference, error, "
        f"payload, created_at) VALUES ('x', {conversation.id}, {conversation.person_id}, "
        f"'A', 'B', '', {LATER})"
    )


LIVE = "SELECT min(id) FROM booking WHERE state = 'booked'"
NEWEST = "SELECT max(id) FROM booking WHERE state = 'booked'"
FAULTS: list[tuple[str, str, Fault]] = [
    ("seats", "", "UPDATE slot SET capacity = 0"),
    ("seats", "", "UPDATE seat SET booking_id = NULL WHERE state = 'booked'"),
    ("seats", "", "UPDATE seat SET state = 'open' WHERE state = 'booked'"),
    ("seats", "", "UPDATE seat SET booking_id = 1 WHERE state = 'held'"),
    (
        "seats", "booking_one_per_seat",
        f"UPDATE booking SET seat_id = (SELECT seat_id FROM booking WHERE id = ({LIVE})) "
        f"WHERE id = ({NEWEST})",
    ),
    (
        "seats", "slot_no_overlap",
        "UPDATE slot SET ends_at = (SELECT max(ends_at) FROM slot) "
        "WHERE id = (SELECT min(id) FROM slot)",
    ),
    ("holds", "seat_hold_has_end", "UPDATE seat SET held_until = NULL WHERE state = 'held'"),
    ("holds", "place_hold_has_end", "UPDATE place SET held_until = NULL WHERE state = 'held'"),
    ("holds", "", "UPDATE offer SET state = 'gone' WHERE state = 'live'"),
    ("holds", "", "UPDATE seat SET gen = gen + 1 WHERE state = 'held'"),
    ("holds", "", f"UPDATE seat SET held_until = {LATER} WHERE state = 'held'"),
    ("holds", "", f"UPDATE place SET held_until = {LATER} WHERE state = 'held'"),
    ("holds", "", f"UPDATE offer SET until = {LATER} WHERE state = 'live'"),
    ("holds", "", f"UPDATE booking SET created_at = {LATER}"),
    ("limits", "offer_one_live_per_kind", "UPDATE offer SET state = 'live' WHERE state = 'taken'"),
    (
        "limits", "booking_patient_no_overlap",
        "UPDATE booking SET ends_at = (SELECT max(ends_at) FROM booking) "
        "WHERE starts_at = (SELECT min(starts_at) FROM booking WHERE state = 'booked' "
        "AND person_id = (SELECT min(person_id) FROM booking)) AND state = 'booked'",
    ),
    ("limits", "", lower_the_limit),
    ("told", "", "DELETE FROM audit WHERE action = 'booking_made'"),
    ("told", "", "UPDATE audit SET object_id = 'x' WHERE action = 'booking_moved'"),
    ("places", "place_use_has_request", "UPDATE place SET request_id = NULL WHERE state = 'trial'"),
    ("places", "", "UPDATE place SET state = 'free' WHERE state = 'trial'"),
    (
        "places", "",
        f"UPDATE booking SET place_id = (SELECT place_id FROM booking WHERE id = ({LIVE}))",
    ),
    (
        "places", "",
        "UPDATE place SET setting = 'group', state = 'taken', "
        "request_id = (SELECT min(id) FROM request)",
    ),
    ("accepted", "", "UPDATE booking SET policy_version = 99"),
    ("accepted", "", "UPDATE booking SET policy_language = ''"),
    ("accepted", "", f"UPDATE booking SET accepted_at = {LATER}"),
    ("messages", "", "DELETE FROM message WHERE seq = 2"),
    ("messages", "", "UPDATE message SET sender = 'patient' WHERE sender = 'bot'"),
    ("messages", "", "UPDATE outbox SET state = 'failed'"),
    (
        "messages", "",
        f"UPDATE outbox SET ended_at = {LATER} WHERE id = (SELECT min(id) FROM outbox)",
    ),
    ("messages", "", let_a_fault_wait_for_nobody),
    (
        "escalations", "escalation_one_open",
        "UPDATE escalation SET conversation_id = (SELECT min(id) FROM conversation)",
    ),
    (
        "escalations", "escalation_ended_by_human",
        "UPDATE escalation SET state = 'acknowledged', acknowledged_by_id = NULL",
    ),
    ("lead", "", "UPDATE conversation SET lead = 'human'"),
    ("lead", "", let_the_bot_speak_while_a_human_leads),
    ("moves", "", "UPDATE booking SET state = 'cancelled' WHERE state = 'moved'"),
    ("moves", "", "UPDATE booking SET moved_from_id = NULL"),
    (
        "moves", "",
        "UPDATE booking SET person_id = (SELECT max(person_id) FROM booking) WHERE state = 'moved'",
    ),
    ("audit", "", change_the_log),
]  # fmt: skip


class UndoneError(Exception):
    pass


async def without(constraint: str) -> None:
    """Drop a named constraint, whatever it is on this database."""
    asked = db.connection()
    if db.is_postgres():
        rows = await asked.execute_query_dict(
            "SELECT conrelid::regclass AS tbl FROM pg_constraint WHERE conname = $1", [constraint]
        )
        for row in rows:
            await asked.execute_query(f"ALTER TABLE {row['tbl']} DROP CONSTRAINT {constraint}")
        await asked.execute_query(f"DROP INDEX IF EXISTS {constraint}")
        return
    await asked.execute_query(f"DROP INDEX IF EXISTS {constraint}")
    for suffix in ("", "_update"):
        await asked.execute_query(f"DROP TRIGGER IF EXISTS {constraint}{suffix}")


async def test_each_fault_turns_exactly_its_own_check_red(worked: None) -> None:
    seen = set()
    for name, constraint, fault in FAULTS:
        try:
            async with db.transaction():
                if constraint:
                    await without(constraint)
                if isinstance(fault, str):
                    await db.connection().execute_query(fault)
                else:
                    await fault()
                found = await broken()
                raise UndoneError
        except UndoneError:
            pass
        assert set(found) == {name}, (name, fault, found)
        assert all(found[name])
        seen.add(name)
    assert seen == {one.name for one in check.CHECKS}
    assert await check.run() == []


async def test_what_is_broken_is_said_with_number_sentence_and_rows(worked: None) -> None:
    await db.connection().execute_query("UPDATE booking SET policy_language = ''")
    (one,) = await check.run("en")
    assert (one.number, one.name) == (6, "accepted")
    assert str(one).startswith("6 accepted: Every appointment names the rules")
    assert f"\n  {one.rows[0]}" in str(one) and one.rows[0].startswith("booking:")
