"""Mails really leave: over a socket, once, or again later, or never with a task for a human."""

import asyncio
import base64
import socket
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.delivery import Refused, TryLater, deliver_due, senders
from core import clock, keys, outbox, persons
from core.config import Settings
from core.models import Outbox, Task
from tests.architecture.source import ROOT
from tests.bot.mailserver import Mailbox, mailbox

pytestmark = pytest.mark.anyio
ICS = "BEGIN:VCALENDAR\r\nSUMMARY:Termin bei Anna Müller\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


def settings(port: int, **more: object) -> Settings:
    given = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": False, **more}
    return Settings(mail_from="Terminteam <termine@rheinaue.example>", **given)


async def put(to: str = "leyla@example.org", **more: object) -> Outbox:
    payload = {"to": to, "subject": "Ihr Termin – bestätigt", "text": "Bis Dienstag.", **more}
    leyla = await persons.create("de")
    return await outbox.enqueue(person=leyla, channel="email", kind="booked", payload=payload)


async def run(port: int, after: timedelta = timedelta(0), **more: object) -> int:
    with clock.frozen_at(clock.now() + after):
        return await deliver_due(senders(settings(port, **more)))


async def test_a_confirmation_arrives_with_its_calendar_file(database: str, box: Mailbox):
    row = await put(ics=ICS, ics_name="Termin.ics")
    assert await run(box.port) == 1
    (mail,) = box.mails
    assert mail["To"] == "leyla@example.org"
    assert mail["Subject"] == "Ihr Termin – bestätigt"
    assert mail.get_body(("plain",)).get_content().strip() == "Bis Dienstag."
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_filename() == "Termin.ics"
    assert attached["Content-Type"].params["method"] == "PUBLISH"
    assert "Anna Müller" in attached.get_content()
    stored = await Outbox.get(id=row.id)
    assert stored.state == "sent" and stored.provider_id == mail["Message-ID"]
    assert row.public_id in mail["Message-ID"]


async def test_a_file_that_takes_an_appointment_away_says_so_on_its_part(
    database: str, box: Mailbox
):
    await put(ics="BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR", ics_name="Termin.ics")
    await run(box.port)
    (attached,) = box.mails[0].iter_attachments()
    assert attached["Content-Type"].params["method"] == "CANCEL"


async def test_a_mail_without_calendar_file_is_plain(database: str, box: Mailbox):
    await put()
    await run(box.port)
    assert box.mails[0].get_content_type() == "text/plain"


async def test_nothing_is_sent_twice(database: str, box: Mailbox):
    await put()
    assert [await run(box.port), await run(box.port)] == [1, 0]
    assert len(box.mails) == 1


async def test_a_busy_server_is_tried_again_later(database: str, box: Mailbox):
    await put()
    box.answers = ["451 come back later"]
    await run(box.port)
    row = await Outbox.get()
    assert (row.state, row.attempts) == ("due", 1) and row.due_at > clock.now()
    assert await run(box.port) == 0
    await run(box.port, after=timedelta(minutes=1))
    assert len(box.mails) == 1
    assert (await Outbox.get()).state == "sent" and await Task.all().count() == 0


@pytest.mark.parametrize("where", ["answers", "recipient_answers"])
async def test_a_refused_mail_becomes_a_task(database: str, box: Mailbox, where: str):
    await put()
    setattr(box, where, ["550 no such mailbox"])
    await run(box.port)
    assert (await Outbox.get()).state == "failed"
    assert (await Task.get()).kind == outbox.TASK
    assert await run(box.port, after=timedelta(days=1)) == 0


async def test_an_address_with_a_line_break_reaches_nobody(database: str, box: Mailbox):
    await put(to="leyla@example.org\nBcc: all@example.org")
    await run(box.port)
    assert box.mails == [] and (await Outbox.get()).state == "failed"


async def test_a_closed_port_is_tried_again(database: str):
    await put()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        await run(closed.getsockname()[1])
    assert (await Outbox.get()).state == "due"


async def test_a_server_without_tls_gets_no_mail_where_tls_is_wanted(database: str, box: Mailbox):
    await put()
    await run(box.port, smtp_tls=True)
    assert box.mails == [] and (await Outbox.get()).state == "due"


async def test_a_fault_in_a_sender_loses_nothing(database: str):
    await put()

    async def broken(row: Outbox, payload: dict[str, object]) -> str:
        raise KeyError("leyla")

    await deliver_due({"email": broken})
    assert (await Outbox.get()).state == "due"


async def test_a_slow_server_keeps_no_other_mail_back(database: str):
    for name in ("slow", "quick", "no"):
        await put(to=name)
    order = []

    async def send(row: Outbox, payload: dict[str, str]) -> str:
        if payload["to"] == "no":
            raise Refused
        await asyncio.sleep(0.2 if payload["to"] == "slow" else 0)
        order.append(payload["to"])
        return "id"

    await deliver_due({"email": send})
    assert order == ["quick", "slow"]


async def test_without_a_mail_server_mails_wait(database: str):
    await put()
    assert senders(Settings()) == {}
    assert await deliver_due({}) == 0
    assert (await Outbox.get()).state == "due"


async def test_a_later_try_may_still_succeed_after_an_hour(database: str):
    await put()
    tries = []

    async def send(row: Outbox, payload: dict[str, str]) -> str:
        tries.append(row.attempts)
        if len(tries) < 4:
            raise TryLater
        return "id"

    moment = clock.now()
    for hour in range(4):
        with clock.frozen_at(moment + timedelta(hours=hour)):
            await deliver_due({"email": send})
    assert tries == [1, 2, 3, 4] and (await Outbox.get()).state == "sent"


CHILD = """
import asyncio, sys
from bot.delivery import deliver_due, senders
from core import db, keys
from core.config import Settings

async def main(url, port, key_text):
    keys.use(keys.parse(key_text, ""))
    await db.connect(url)
    settings = Settings(smtp_host="127.0.0.1", smtp_port=int(port), smtp_tls=False,
                        mail_from="t@rheinaue.example")
    await deliver_due(senders(settings))

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_worker_killed_while_sending_is_followed_by_another(database: str, box: Mailbox):
    await put()
    box.answering.clear()
    arguments = ("-c", CHILD, database, str(box.port), _key_text())
    child = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT)
    try:
        assert await asyncio.to_thread(box.reached.wait, 30)
    finally:
        child.kill()
        await child.wait()
    box.answering.set()
    assert await run(box.port) == 0, "the lease still stands"
    await run(box.port, after=outbox.LEASE)
    row = await Outbox.get()
    assert row.state == "sent" and row.maybe_duplicate
    assert len({mail["Message-ID"] for mail in box.mails}) == 1, "a copy can be known as one"


def _key_text() -> str:
    opened = keys.keys()
    lines = [f"kek {name} {base64.b64encode(kek).decode()}" for name, kek in opened.keks.items()]
    return "\n".join([*lines, f"root {base64.b64encode(opened.root).decode()}"])
