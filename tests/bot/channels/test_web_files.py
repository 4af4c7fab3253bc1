"""Files of a conversation: downloaded by their owner, not there for anybody else."""

import pytest

from core import clock
from core.models import ChatFile, Conversation
from core.sealing import key_of, seal
from tests.served import Served
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def file_of(visitor: Visitor, name: str, media_type: str) -> ChatFile:
    conversation = await Conversation.get(public_id=visitor.conversation)
    person = await conversation.person
    file = ChatFile(
        conversation=conversation,
        person=person,
        name=name,
        media_type=media_type,
        created_at=clock.now(),
    )
    file.content = seal(key_of(person), file, "content", "BEGIN:VCALENDAR Größe")
    await file.save(force_create=True)
    return file


async def test_a_calendar_file_is_downloaded_and_not_shown(leyla: Visitor) -> None:
    file = await file_of(leyla, 'Termin "1"; ä.ics', "text/calendar")
    answer = await leyla.http.get(f"/chat/files/{file.public_id}", headers=leyla.bearer)
    assert answer.status_code == 200
    assert answer.content.decode() == "BEGIN:VCALENDAR Größe"
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert (
        answer.headers["Content-Disposition"]
        == "attachment; filename*=UTF-8''Termin%20%221%22%3B%20%C3%A4.ics"
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_file_that_a_browser_could_run_is_sent_as_bytes(leyla: Visitor) -> None:
    file = await file_of(leyla, "x.html", "text/html")
    answer = await leyla.http.get(f"/chat/files/{file.public_id}", headers=leyla.bearer)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_another_patients_file_looks_like_one_that_is_not_there(
    leyla: Visitor, josef: Visitor
) -> None:
    file = await file_of(leyla, "termin.ics", "text/calendar")
    foreign = await josef.http.get(f"/chat/files/{file.public_id}", headers=josef.bearer)
    absent = await josef.http.get(f"/chat/files/{'A' * 22}", headers=josef.bearer)
    odd = await josef.http.get("/chat/files/1", headers=josef.bearer)
    for answer in (foreign, absent, odd):
        assert answer.status_code == 404
        assert answer.content == absent.content
        names = set(answer.headers) - {"date", "x-request-id"}
        assert {n: answer.headers[n] for n in names} == {n: absent.headers[n] for n in names}


async def test_the_file_of_an_erased_person_is_not_there(leyla: Visitor) -> None:
    file = await file_of(leyla, "termin.ics", "text/calendar")
    person = await file.person
    person.wrapped_key = None
    await person.save()
    answer = await leyla.http.get(f"/chat/files/{file.public_id}", headers=leyla.bearer)
    assert answer.status_code == 404


async def test_a_file_needs_a_session(chat: Served, leyla: Visitor) -> None:
    file = await file_of(leyla, "termin.ics", "text/calendar")
    answer = await leyla.http.get(f"/chat/files/{file.public_id}")
    assert answer.status_code == 401
