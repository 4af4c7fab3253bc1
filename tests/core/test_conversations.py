"""The thread of a patient: stored once, in sequence, sealed."""

from datetime import timedelta

import pytest

from core import clock, conversations, db
from core.errors import Duplicate
from core.models import Message


async def test_a_message_is_sealed_and_reads_back_in_order(database: str) -> None:
    conversation = await conversations.start("web", "de", "leyla")
    async with db.transaction():
        thread = await conversations.locked(conversation.id)
        await conversations.append(thread, "patient", "text", {"text": "Ich habe Angst"})
        await conversations.append(thread, "bot", "text", {"text": "Guten Tag"})
    shown = await conversations.read(conversation)
    assert [(m["seq"], m["from"], m["text"]) for m in shown] == [
        (1, "patient", "Ich habe Angst"),
        (2, "bot", "Guten Tag"),
    ]
    stored = await Message.all().values_list("body", flat=True)
    assert all(b"Angst" not in bytes(body) for body in stored)


async def test_the_same_address_finds_its_conversation_again(database: str) -> None:
    first = await conversations.start("web", "de", "leyla")
    again = await conversations.start("web", "de", "leyla")
    assert again.id == first.id


async def test_an_id_that_was_used_for_other_content_is_refused(database: str) -> None:
    conversation = await conversations.start("web", "de", "leyla")
    mark = conversations.fingerprint_of("text\0one")
    async with db.transaction():
        thread = await conversations.locked(conversation.id)
        await conversations.append(
            thread, "patient", "text", {"text": "one"}, external_id="a", fingerprint=mark
        )
    assert await conversations.stored_before(conversation, "a", mark)
    with pytest.raises(Duplicate):
        await conversations.stored_before(
            conversation, "a", conversations.fingerprint_of("text\0two")
        )


async def test_a_private_action_never_leaves_but_is_found_by_its_value(database: str) -> None:
    conversation = await conversations.start("web", "de", "leyla")
    choice = {"value": "1.abc", "label": "Angst", "action": {"do": "answer"}}
    async with db.transaction():
        thread = await conversations.locked(conversation.id)
        await conversations.append(thread, "bot", "text", {"text": "?", "choices": [choice]})
        pressed = conversations.Pressed({"do": "answer"}, "Angst", stale=False)
        assert await conversations.chosen(thread, "1.abc") == pressed
        await conversations.append(thread, "bot", "text", {"text": "?", "choices": [choice]})
        pressed = conversations.Pressed({"do": "answer"}, "Angst", stale=True)
        assert await conversations.chosen(thread, "1.abc") == pressed
        for unknown in ("", "1.xyz", "7.abc", "x", "²", "1" * 40):
            assert await conversations.chosen(thread, unknown) == conversations.Pressed()
    assert (await conversations.read(conversation))[0]["choices"] == [
        {"value": "1.abc", "label": "Angst"}
    ]


async def test_words_before_consent_are_used_after_it_or_forgotten_after_a_day(
    database: str,
) -> None:
    agreed = await conversations.start("web", "de", "leyla")
    silent = await conversations.start("web", "de", "josef")
    async with db.transaction():
        for conversation in (agreed, silent):
            thread = await conversations.locked(conversation.id)
            await conversations.append(thread, "patient", "text", {"text": "Ich habe Angst"})
        thread = await conversations.locked(agreed.id)
        assert await conversations.consent(thread, "1") == ["Ich habe Angst"]
    assert await conversations.forget_unconsented(clock.now()) == 0
    assert await conversations.forget_unconsented(clock.now() + timedelta(hours=24)) == 1
    assert (await conversations.read(silent))[0]["text"] == ""
    assert (await conversations.read(agreed))[0]["text"] == "Ich habe Angst"
