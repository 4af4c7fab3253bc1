"""What the patient says arrives once, and everything that was said can be read again."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from core import conversations, db
from core.models import Conversation, Message
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_the_greeting_stands_there_as_soon_as_the_chat_is_open(leyla: Visitor) -> None:
    rows = await leyla.read()
    assert rows and all(row["from"] == "bot" for row in rows)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))


async def test_an_accepted_message_is_committed_and_answered_when_its_status_arrives(
    leyla: Visitor,
) -> None:
    seq = await leyla.say("Ich suche eine Therapie wegen Angst")
    said, *answers = await leyla.read(after=seq - 1)
    assert (said["seq"], said["from"]) == (seq, "patient")
    assert said["text"] == "Ich suche eine Therapie wegen Angst"
    assert answers and answers[0]["from"] == "bot"


async def test_the_same_id_again_has_no_effect(leyla: Visitor) -> None:
    body = {"id": str(uuid.uuid4()), "text": "Guten Tag"}
    first = await leyla.post(**body)
    before = await leyla.read()
    again = await leyla.post(**body)
    other_case = await leyla.post(id=body["id"].upper(), text="Guten Tag")
    assert (first.status_code, again.status_code, other_case.status_code) == (202, 200, 200)
    assert first.json() == again.json() == other_case.json()
    assert await leyla.read() == before


async def test_the_same_id_with_other_content_is_refused(leyla: Visitor) -> None:
    message_id = str(uuid.uuid4())
    await leyla.post(id=message_id, text="Dienstag")
    before = await leyla.read()
    for other in ({"text": "Mittwoch"}, {"text": "Dienstag "}, {"choice": "Dienstag"}):
        answer = await leyla.post(id=message_id, **other)
        assert (answer.status_code, answer.json()["error"]) == (
            409,
            "error.same_id_other_content",
        )
    assert await leyla.read() == before


async def test_the_same_id_in_another_conversation_is_another_message(
    leyla: Visitor, josef: Visitor
) -> None:
    message_id = str(uuid.uuid4())
    assert (await leyla.post(id=message_id, text="Guten Tag")).status_code == 202
    assert (await josef.post(id=message_id, text="Moin")).status_code == 202


async def test_of_sixteen_at_once_one_has_an_effect(leyla: Visitor) -> None:
    body = {"id": str(uuid.uuid4()), "text": "Ich möchte einen Termin"}
    answers = await asyncio.gather(*(leyla.post(**body) for _ in range(16)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] * 15 + [202]
    assert len({answer.json()["seq"] for answer in answers}) == 1
    assert await Message.filter(external_id=body["id"]).count() == 1
    said = [row for row in await leyla.read() if row["from"] == "patient"]
    assert len(said) == 1


async def test_sixteen_different_messages_at_once_are_all_there_in_one_order(
    leyla: Visitor,
) -> None:
    texts = {f"Satz {n}" for n in range(16)}
    await asyncio.gather(*(leyla.say(text) for text in texts))
    rows = await leyla.read()
    assert {row["text"] for row in rows if row["from"] == "patient"} == texts
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))


async def test_an_unknown_or_old_button_is_taken_and_answered(leyla: Visitor) -> None:
    for choice in ("1.nothing", "999999.abc", "ein Knopf von gestern", "²", "\x00"):
        answer = await leyla.post(id=str(uuid.uuid4()), choice=choice)
        assert answer.status_code == 202, choice
        after = await leyla.read(after=answer.json()["seq"])
        assert any(row["from"] == "bot" and row["text"] for row in after), choice


async def test_a_button_that_was_offered_is_taken(leyla: Visitor) -> None:
    offered = next(row for row in reversed(await leyla.read()) if row["choices"])
    answer = await leyla.post(id=str(uuid.uuid4()), choice=offered["choices"][0]["value"])
    assert answer.status_code == 202
    assert await leyla.read(after=answer.json()["seq"])


async def test_no_button_tells_what_it_means_inside(leyla: Visitor) -> None:
    for row in await leyla.read():
        for choice in row["choices"]:
            assert set(choice) == {"value", "label"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n ",
        "😀👩‍👩‍👧",
        "من به یک درمانگر نیاز دارم",
        "ä" * 5_000,
        "x" * 60_000,
        "a\u202eb\u0000c",
        "<script>alert(1)</script>",
        "'; DROP TABLE message; --",
    ],
)
async def test_every_text_is_kept_and_answered(leyla: Visitor, text: str) -> None:
    seq = await leyla.say(text)
    said, *answers = await leyla.read(after=seq - 1)
    assert said["text"] == text.replace("\0", "\ufffd")
    assert any(answer["from"] == "bot" for answer in answers)


async def test_half_a_character_is_replaced_and_the_rest_is_kept(leyla: Visitor) -> None:
    raw = f'{{"id": "{uuid.uuid4()}", "text": "Gut \\ud83d und schlecht \\ude00"}}'
    headers = leyla.bearer | {"Content-Type": "application/json"}
    answer = await leyla.http.post("/chat/messages", content=raw, headers=headers)
    assert answer.status_code == 202
    said = (await leyla.read(after=answer.json()["seq"] - 1))[0]
    assert said["text"] == "Gut \ufffd und schlecht \ufffd"


async def test_reading_begins_after_what_the_page_has(leyla: Visitor) -> None:
    await leyla.say("eins")
    everything = await leyla.read()
    for row in everything:
        assert await leyla.read(after=row["seq"]) == everything[row["seq"] :]
    assert await leyla.read(after=10**19) == []


async def test_a_thread_longer_than_one_page_of_the_database_is_read_whole(
    leyla: Visitor,
) -> None:
    found = await Conversation.get(public_id=leyla.conversation)
    async with db.transaction():
        thread = await conversations.locked(found.id)
        for n in range(520):
            await conversations.append(thread, "bot", "text", {"text": str(n)})
    rows = await leyla.read()
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) > 520


async def test_more_than_64_kb_is_refused_whether_announced_or_not(leyla: Visitor) -> None:
    before = await leyla.read()
    large = b'{"id": "%s", "text": "%s"}' % (str(uuid.uuid4()).encode(), b"x" * 65_536)

    async def in_pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(large), 5_000):
            yield large[at : at + 5_000]

    headers = leyla.bearer | {"Content-Type": "application/json"}
    for content in (large, in_pieces()):
        answer = await leyla.http.post("/chat/messages", content=content, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (413, "error.body_too_large")
    assert await leyla.read() == before


async def test_a_body_that_comes_in_pieces_is_taken(leyla: Visitor) -> None:
    whole = f'{{"id": "{uuid.uuid4()}", "text": "in Stücken"}}'.encode()

    async def in_pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(whole), 7):
            yield whole[at : at + 7]

    headers = leyla.bearer | {"Content-Type": "application/json"}
    answer = await leyla.http.post("/chat/messages", content=in_pieces(), headers=headers)
    assert answer.status_code == 202
