"""Each permission of the office and its negative twin."""

from datetime import timedelta

import pytest

from core import clock
from core.models import Audit, Conversation, Staff
from core.network.schema import Network
from tests.office import MONDAY, PASSWORD, conversation_of, hire, signed_in, visitor

pytestmark = pytest.mark.anyio

PAGES = ("inbox", "inbox/queues", "waiting", "tasks")


@pytest.mark.parametrize(
    ("who", "inbox", "tasks", "thread"),
    [
        ("paula", 200, 200, 200),
        ("nora", 200, 200, 200),
        ("tomasz", 403, 200, 404),
        ("anna", 403, 403, 404),
    ],
)
async def test_each_role_sees_what_it_may(
    network: Network, who: str, inbox: int, tasks: int, thread: int
) -> None:
    leyla = await conversation_of("leyla", "Ich habe Angst")
    async with signed_in(who) as somebody:
        for page, expected in zip(PAGES, (inbox, inbox, inbox, tasks), strict=True):
            assert (await somebody.get(f"/office/{page}")).status_code == expected, page
        for part in ("", "/more", "/side"):
            path = f"/office/conversations/{leyla.public_id}{part}"
            answer = await somebody.get(path)
            assert answer.status_code == thread, path
            if thread != 200:
                assert "Angst" not in answer.text
        taken = await somebody.do(f"/office/conversations/{leyla.public_id}/take-over")
        assert taken.status_code == (200 if thread == 200 else 403)
    assert (await Conversation.get()).lead == ("human" if thread == 200 else "bot")


async def test_an_admin_sees_counts_and_tasks_but_nobody_s_name(network: Network) -> None:
    from core import conversations, db, handoff, persons
    from core.actors import PATIENT

    leyla = await conversation_of("leyla", "Ich habe Angst")
    async with db.transaction():
        thread = await conversations.locked(leyla.id)
        await persons.set_details(thread.person, name="Leyla Ahmadi")
        await handoff.ask_human(thread, "asked", PATIENT)
    async with signed_in("tomasz") as tomasz, signed_in("paula") as paula:
        assert (await tomasz.get("/office/")).headers["location"] == "/office/tasks"
        seen = (await tomasz.get("/office/tasks")).text
        assert "Auf eine Nachricht antworten" in seen and "Leyla" not in seen
        assert leyla.public_id not in seen
        assert "Leyla Ahmadi" in (await paula.get("/office/tasks")).text


async def test_what_is_not_there_and_what_is_not_for_you_look_the_same(
    network: Network,
) -> None:
    leyla = await conversation_of("leyla", "Hallo")
    async with signed_in("tomasz") as tomasz:
        real = await tomasz.get(f"/office/conversations/{leyla.public_id}")
        none = await tomasz.get(f"/office/conversations/{'x' * 22}")
    async with signed_in("paula") as paula:
        foreign = await paula.get(f"/office/conversations/{'x' * 22}")
    assert (real.status_code, real.text) == (none.status_code, none.text)
    assert foreign.status_code == 404 and foreign.text == none.text


async def test_a_therapist_gets_a_page_that_says_what_comes(network: Network) -> None:
    async with signed_in("anna") as anna:
        page = await anna.get("/office/", follow_redirects=True)
        assert page.status_code == 200 and network.phone in page.text
        assert "/office/inbox" not in page.text and "/office/tasks" not in page.text


async def test_without_a_session_every_page_leads_to_the_door(network: Network) -> None:
    leyla = await conversation_of("leyla", "Ich habe Angst")
    await hire("paula")
    paths = [*PAGES, "", "events", f"conversations/{leyla.public_id}"]
    async with visitor() as stranger:
        for path in paths:
            answer = await stranger.get(f"/office/{path}")
            assert (answer.status_code, answer.headers["location"]) == (303, "/office/sign-in")
            asked = await stranger.get(f"/office/{path}", headers={"HX-Request": "true"})
            assert asked.headers["hx-redirect"] == "/office/sign-in" and not asked.text


async def test_a_session_that_ended_leads_to_the_door_and_not_into_a_fragment(
    network: Network,
) -> None:
    with clock.frozen_at(MONDAY):
        async with signed_in("paula") as paula:
            for _ in range(31):
                clock.pass_time(timedelta(minutes=1))
                ended = await paula.get(
                    "/office/inbox/queues?refresh=1", headers={"HX-Request": "true"}
                )
            assert ended.headers["hx-redirect"] == "/office/sign-in"
            assert "passung-office" not in paula.cookies


async def test_somebody_who_was_disabled_is_out_with_the_next_click(network: Network) -> None:
    async with signed_in("paula") as paula:
        assert (await paula.get("/office/inbox")).status_code == 200
        await Staff.all().update(active=False)
        assert (await paula.get("/office/inbox")).status_code == 303


async def test_reading_leaves_a_trace_of_who_what_and_why(network: Network) -> None:
    leyla = await conversation_of("leyla", "Ich habe Angst")
    async with signed_in("paula") as paula:
        await paula.get(f"/office/conversations/{leyla.public_id}")
        await paula.get("/office/waiting")
        await paula.get("/office/tasks")
    rows = await Audit.filter(actor="staff").order_by("id").values_list("action", "detail")
    read = {action: detail for action, detail in rows}
    assert read["conversation.read"] == {"purpose": "inbox", "after": 0, "upto": 1}
    assert read["inbox.list"] == {"purpose": "inbox", "conversations": [leyla.public_id]}
    assert {"person.read", "waitlist.list", "task.list", "staff.sign_in"} <= set(read)
    assert "Angst" not in str(rows)


async def test_wrong_passwords_are_refused_and_after_some_tries_for_a_while(
    database: str,
) -> None:
    await hire("paula")
    async with visitor() as stranger:
        for email in ("paula@example.org", "nobody@example.org"):
            answer = await stranger.fill("/office/sign-in", email=email, password="falsch")
            assert answer.status_code == 403
            assert "E-Mail-Adresse oder Passwort passt nicht" in answer.text
            assert "passung-office" not in stranger.cookies
        for _ in range(4):
            await stranger.fill("/office/sign-in", email="paula@example.org", password="falsch")
        blocked = await stranger.fill(
            "/office/sign-in", email="paula@example.org", password=PASSWORD
        )
        assert blocked.status_code == 429 and "15 Minuten" in blocked.text


async def test_a_new_house_is_set_up_once_with_the_code(network: Network) -> None:
    from core import signin

    account = {"email": "tomasz@example.org", "name": "Tomasz Adler", "password": PASSWORD}
    async with visitor() as first:
        assert (await first.get("/office/sign-in")).headers["location"] == "/office/set-up"
        wrong = await first.fill("/office/set-up", code="AAAA", **account)
        assert wrong.status_code == 403 and "Tomasz Adler" in wrong.text
        done = await first.fill("/office/set-up", code=signin.first_run_code(), **account)
        assert done.status_code == 303
        page = await first.get("/office/", follow_redirects=True)
        assert page.url.path == "/office/inbox"
        assert (await first.get("/office/set-up")).headers["location"] == "/office/sign-in"
        late = await first.fill("/office/sign-in", email="x@example.org", password="x")
        csrf = {"csrf": late.text.split('name="csrf" value="')[1].split('"')[0]}
        again = await first.post(
            "/office/set-up", data=csrf | account | {"code": signin.first_run_code()}
        )
        assert again.status_code == 409


async def test_the_language_can_be_changed_by_everybody_for_themself(network: Network) -> None:
    async with signed_in("paula") as paula:
        assert "Posteingang" in (await paula.get("/office/inbox")).text
        assert (await paula.do("/office/language", language="en")).status_code == 204
        shown = (await paula.get("/office/inbox")).text
        assert "Inbox" in shown and '<html lang="en"' in shown
        assert (await paula.do("/office/language", language="xx")).status_code == 422
