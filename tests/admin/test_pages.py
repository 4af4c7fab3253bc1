"""The pages of the office: what they show, in both languages, and that nothing breaks out."""

import re
from datetime import timedelta
from html import unescape

import pytest

from admin.words import CODED as FACTS
from core import clock, conversations, db, handoff, inbox, outbox, persons, texts
from core.actors import PATIENT, of_staff
from core.models import Conversation, Escalation, Person, Request, WaitlistEntry
from core.network.schema import Network
from core.rules.criteria import Criteria
from tests.office import MONDAY, conversation_of, hire, signed_in

pytestmark = pytest.mark.anyio

NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    '<div hx-get="/office/sign-out" hx-trigger="load"></div>',
    '<b hx-on:click="alert(1)" data-hx-post="/x">x</b>',
    "</p></article><form action=//evil.example>",
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(1)",
    "\u202egnitirw\u202c \u2066x\u2069 \u0000 \ufeff",
    "<!--<style>@import'//evil.example'</style>-->",
    "&lt;script&gt; &amp;amp;",
]


async def alarm(conversation: Conversation, severity: str, category: str) -> None:
    await Escalation.create(
        conversation=conversation,
        person=await Person.get(id=conversation.person_id),
        severity=severity,
        category=category,
        due_at=clock.now(),
        created_at=clock.now(),
    )


async def name(conversation: Conversation, said: str) -> None:
    await persons.set_details(await Person.get(id=conversation.person_id), name=said)


async def ask(conversation: Conversation) -> None:
    async with db.transaction():
        thread = await conversations.locked(conversation.id)
        await handoff.ask_human(thread, "asked", PATIENT)


async def house(network: Network) -> dict[str, Conversation]:
    """One conversation in each state."""
    paula, sara = await hire("paula"), await hire("sara")
    made = {
        "bot": await conversation_of("bot", "Guten Tag"),
        "waiting": await conversation_of("waiting", "Ich möchte mit jemandem sprechen"),
        "mine": await conversation_of("mine", "Ich brauche Hilfe", language="en"),
        "colleagues": await conversation_of("colleagues", "Danke"),
        "watch": await conversation_of("watch", "Es ist alles schwer"),
        "emergency": await conversation_of("emergency", "Ich kann nicht mehr"),
        "urgent": await conversation_of("urgent", "/now"),
    }
    await ask(made["waiting"])
    await handoff.take_over(made["mine"].public_id, by=of_staff(paula))
    await handoff.take_over(made["colleagues"].public_id, by=of_staff(sara))
    await alarm(made["watch"], "watch", "hopelessness")
    await alarm(made["urgent"], "urgent", "asked")
    await alarm(made["emergency"], "emergency", "suicidal_ideation")
    person = await Person.get(id=made["bot"].person_id)
    wanted = Criteria(
        service="psychotherapy", concern="anxiety", modality="any", setting="group",
        format="video", age_group="adult", relation="self", gender="female", funding="statutory",
        weekdays=("mon",), parts=("evening",), area="Bonn", language="en", interpreter=True,
        accessible=True, site=network.sites[0].code,
    )  # fmt: skip
    request = await Request.create(
        person=person, writer=person, conversation=made["bot"], service="psychotherapy",
        kind="first_visit", criteria=wanted.to_json(), created_at=clock.now(),
        updated_at=clock.now(),
    )  # fmt: skip
    await WaitlistEntry.create(request=request, person=person, since=clock.now())
    return made


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", texts.languages())
async def test_every_page_is_whole_in_every_language(network: Network, language: str) -> None:
    with clock.frozen_at(MONDAY):
        made = await house(network)
        clock.pass_time(timedelta(minutes=10))
        async with signed_in("paula") as paula:
            await paula.do("/office/language", language=language)
            paths = ["inbox", "inbox/queues", "waiting", "tasks"]
            for thread in made.values():
                path = f"conversations/{thread.public_id}"
                paths += [path, f"{path}/side", f"{path}/more?after=0&gen=0"]
            for path in paths:
                answer = await paula.get(f"/office/{path}")
                assert answer.status_code == 200, (path, answer.text)
                assert not re.search(
                    r"\b(office|event|error|crisis)\.(?!css|js)[a-z_]+\b", answer.text
                )
                assert not re.search(r"\{[a-z_]+\}", answer.text)


async def test_the_lists_begin_with_whom_it_cannot_wait(network: Network) -> None:
    with clock.frozen_at(MONDAY):
        made = await house(network)
        async with signed_in("paula") as paula:
            shown = (await paula.get("/office/inbox")).text
    order = [shown.index(made[key].public_id) for key in (
        "emergency", "urgent", "watch", "waiting", "mine", "colleagues", "bot")]  # fmt: skip
    assert order == sorted(order)
    assert 'class="count hot"' in shown and "▲" in shown


async def test_empty_lists_say_so(network: Network) -> None:
    async with signed_in("paula") as paula:
        shown = (await paula.get("/office/inbox")).text
        assert "Niemand wartet." in shown and "Sie führen gerade kein Gespräch." in shown
        assert "Niemand steht auf der Warteliste." in (await paula.get("/office/waiting")).text
        assert "Keine offene Aufgabe." in (await paula.get("/office/tasks")).text


@pytest.mark.parametrize("language", texts.languages())
def test_every_code_that_a_page_may_name_has_a_text(language: str) -> None:
    states = ("booked", "cancelled", "cancelled_late", "cancelled_by_service", "attended", "missed")
    facts = set(FACTS) | {"service", "times", "site", "area", "language", "interpreter"}
    keys = {f"office.state.{state}" for state in states}
    keys |= {f"office.fact.{fact}" for fact in facts | {"accessible"}}
    keys |= {f"office.queue.{queue}" for queue in inbox.QUEUES}
    keys |= {f"office.task.{kind}" for kind in (handoff.TASK, outbox.TASK, "trial_paused")}
    keys |= {f"crisis.level.{severity}" for severity in ("emergency", "urgent", "watch")}
    assert keys <= texts.keys(language)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("nasty", NASTY)
async def test_what_patients_write_is_text_and_nothing_else(network: Network, nasty: str) -> None:
    leyla = await conversation_of("leyla", nasty)
    await name(leyla, f"Leyla {nasty}")
    async with signed_in("paula") as paula:
        await paula.do(f"/office/conversations/{leyla.public_id}/take-over")
        await paula.do(f"/office/conversations/{leyla.public_id}/reply", text=nasty)
        page = (await paula.get(f"/office/conversations/{leyla.public_id}")).text
        told = (await paula.get(f"/office/conversations/{leyla.public_id}/more")).text
    for html in (page, told):
        if re.search("[<>\"']", nasty):
            assert nasty not in html
        assert len(re.findall("<script", html)) == (2 if html is page else 0)
        said = re.search(r'class="text" dir="auto" hx-disable>(.*?)</p>', html, re.S)
        assert said and unescape(said.group(1)) == unescape(unescape_like(nasty))


def unescape_like(text: str) -> str:
    """What the browser reads back is what was written: the escaped text, unescaped once."""
    return text.replace("&", "&amp;")


async def test_words_before_a_consent_are_closed_until_somebody_is_asked_to_help(
    network: Network,
) -> None:
    shy = await conversation_of("shy", "Ich heiße Eva", consented=False)
    path = f"/office/conversations/{shy.public_id}"
    async with signed_in("paula") as paula:
        for page in ("/office/inbox", path):
            assert "Ich heiße Eva" not in (await paula.get(page)).text
        await ask(shy)
        for page in ("/office/inbox", path):
            assert "Ich heiße Eva" in (await paula.get(page)).text


async def test_a_colleague_who_was_faster_is_named(network: Network) -> None:
    leyla = await conversation_of("leyla", "Hallo")
    path = f"/office/conversations/{leyla.public_id}"
    async with signed_in("paula") as paula, signed_in("sara") as sara:
        taken = await paula.do(f"{path}/take-over")
        assert taken.status_code == 200 and 'id="composer"' in taken.text
        late = await sara.do(f"{path}/take-over")
        assert late.status_code == 409
        assert "Paula Sommer hat dieses Gespräch schon übernommen." in late.text
        assert "<html" not in late.text
        assert 'id="composer"' not in (await sara.get(path)).text
        assert (await sara.do(f"{path}/reply", text="Hallo")).status_code == 403
        assert (await sara.do(f"{path}/hand-back")).status_code == 403
        assert (await paula.do(f"{path}/hand-back")).status_code == 200


async def test_more_is_only_what_is_new_and_the_head_when_the_lead_changed(
    network: Network,
) -> None:
    leyla = await conversation_of("leyla", "eins", "zwei")
    path = f"/office/conversations/{leyla.public_id}"
    async with signed_in("paula") as paula:
        assert (await paula.get(f"{path}/more?after=2&gen=0&alarm=calm-open")).status_code == 204
        some = (await paula.get(f"{path}/more?after=1&gen=0&alarm=calm-open")).text
        assert "zwei" in some and "eins" not in some and 'id="head"' not in some
        await paula.do(f"{path}/take-over")
        changed = (await paula.get(f"{path}/more?after=3&gen=0")).text
        assert 'id="head"' in changed and 'id="foot"' in changed and "hx-swap-oob" in changed


async def test_without_scripts_the_forms_work_as_well(network: Network) -> None:
    leyla = await conversation_of("leyla", "Hallo")
    path = f"/office/conversations/{leyla.public_id}"
    async with signed_in("paula") as paula:
        for deed, fields in (("take-over", {}), ("reply", {"text": "Guten Tag"})):
            answer = await paula.post(f"{path}/{deed}", data={"csrf": await paula.csrf()} | fields)
            assert (answer.status_code, answer.headers["location"]) == (303, path)
        assert "Guten Tag" in (await paula.get(path)).text
