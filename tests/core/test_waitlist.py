"""The waiting list: on it once, with a task for the office, off it with what came of it."""

from datetime import timedelta

from core import clock, requests, waitlist
from core.actors import PATIENT
from core.models import Audit, Person, Request, Task, WaitlistEntry
from core.network.schema import Network
from tests.builders import ANYTHING, request
from tests.office import conversation_of


async def test_a_request_waits_once_and_the_office_has_a_task(leyla: Person) -> None:
    asked = await request(leyla)
    entry = await waitlist.join(asked, by=PATIENT)
    assert (await waitlist.join(asked, by=PATIENT)).id == entry.id
    assert (entry.person_id, entry.since, asked.state) == (leyla.id, clock.now(), "waiting")
    task = await Task.get()
    assert (task.kind, task.due_at) == ("place_from_waitlist", clock.now() + timedelta(days=3))
    assert await Audit.filter(action="waitlist_joined").count() == 1


async def test_a_booking_takes_the_request_off_and_settles_the_task(leyla: Person) -> None:
    asked = await request(leyla)
    await waitlist.leave(asked, state="placed")
    await waitlist.join(asked, by=PATIENT)
    clock.pass_time(timedelta(days=1))
    await waitlist.leave(asked, state="placed")
    entry, task = await WaitlistEntry.get(), await Task.get()
    assert (entry.state, entry.ended_at) == ("placed", clock.now())
    assert (task.state, task.outcome) == ("done", "placed")


async def test_who_left_may_wait_again_at_the_end(leyla: Person, josef: Person) -> None:
    asked, other = await request(leyla), await request(josef)
    await waitlist.join(asked, by=PATIENT)
    await waitlist.leave(asked, state="left")
    assert (await Request.get(id=asked.id)).state == "closed"
    clock.pass_time(timedelta(hours=1))
    await waitlist.join(other, by=PATIENT)
    clock.pass_time(timedelta(hours=1))
    await waitlist.join(asked, by=PATIENT)
    waiting = await WaitlistEntry.filter(state="waiting").order_by("since").values_list("person_id")
    assert waiting == [(josef.id,), (leyla.id,)]
    assert await Task.filter(state="open").count() == 2


async def test_answers_change_the_open_request_and_a_booked_one_stays(network: Network) -> None:
    talk = await conversation_of("leyla")
    talk = await talk.get(id=talk.id).prefetch_related("person")
    first = await requests.keep(talk, ANYTHING)
    same = await requests.keep(talk, ANYTHING.with_(concern="anxiety"))
    assert same.id == first.id
    assert (await Request.get(id=first.id)).criteria["concern"] == "anxiety"
    await Request.filter(id=first.id).update(state="booked")
    assert (await requests.keep(talk, ANYTHING)).id != first.id
    assert await Request.all().count() == 2
