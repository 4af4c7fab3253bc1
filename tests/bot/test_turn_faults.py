"""When the turn itself fails: the words are kept and screened, a human is told, nobody is lost."""

import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import receiving, talk, turn
from bot.inbound import Inbound, storable
from core import db, handoff
from core.actors import of_staff
from core.models import Conversation, DeadLetter, Escalation, Message, Task
from core.network.schema import Network
from core.sealing import key_of, unseal
from tests.bot.patient import Patient
from tests.bot.test_turn import paula
from tests.bot.test_turn_danger import GRAVE_TEXTS

SECRET = "Geheimnis 4711"


def broken(*args: Any, **more: Any) -> Any:
    raise ValueError(SECRET)


async def test_a_fault_in_the_dialogue_costs_nothing_but_the_answer(
    database: str,
    office: Network,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    leyla = await Patient.begin()
    with monkeypatch.context() as faulty, caplog.at_level(logging.DEBUG, "bot"):
        faulty.setattr(talk, "respond", broken)
        taken = await leyla.take("text", "one", text=f"Meine Angst, {SECRET}")
        again = await leyla.take("text", "one", text=f"Meine Angst, {SECRET}")
    assert (taken.created, again.created, again.seq) == (True, False, taken.seq)
    (sorry,) = await leyla.last()
    letter = await DeadLetter.get().prefetch_related("person")
    assert letter.reference in sorry["text"]
    assert letter.error.startswith("ValueError at ")
    payload = unseal(key_of(letter.person), letter, "payload")
    assert payload == {"kind": "text", "seq": taken.seq, "choice": None}
    task = await Task.get()
    assert (task.kind, task.subject_id) == ("turn_failed", letter.public_id)
    stored = [m["text"] for m in await leyla.thread() if m["from"] == "patient"]
    assert stored == [f"Meine Angst, {SECRET}"]
    records = [f"{r.getMessage()} {r.__dict__}" for r in caplog.records]
    assert any(letter.reference in record for record in records)
    assert not any(SECRET in record for record in records)
    # Later messages work as if nothing had been.
    replies = await leyla.press_first()
    assert replies[-1]["choices"]


async def test_help_comes_although_the_dialogue_fails(
    database: str, office: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    leyla = await Patient.begin()
    monkeypatch.setattr(talk, "tell", broken)
    monkeypatch.setattr(talk, "respond", broken)
    for text in (*GRAVE_TEXTS.values(), "/now"):
        replies = await leyla.say(text)
        assert [m["kind"] for m in replies] == ["crisis"]
    assert (await Escalation.get()).hits == 3
    assert await Task.all().count() == 3


async def test_a_screen_that_fails_brings_a_human(
    database: str, office: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    leyla = await Patient.begin()
    monkeypatch.setattr(receiving, "screen", broken)
    assert await leyla.say("Hallo")
    assert (await Escalation.get()).severity == "watch"
    assert await Task.filter(kind="turn_failed").count() == 1


async def test_nothing_is_said_about_a_fault_while_a_human_leads(
    database: str, office: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    leyla = await Patient.begin()
    await handoff.take_over(leyla.conversation.public_id, by=of_staff(await paula()))
    monkeypatch.setattr(receiving, "screen", broken)
    assert await leyla.say("Hallo") == []
    assert await DeadLetter.all().count() == 1


async def test_when_the_salvage_fails_too_the_channel_hears_of_it_and_nothing_is_half_done(
    database: str, office: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    leyla = await Patient.begin()
    before = (await leyla.fresh()).seq
    with monkeypatch.context() as faulty:
        faulty.setattr(talk, "respond", broken)
        faulty.setattr(turn, "_report", broken)
        with pytest.raises(ValueError):
            await leyla.take("text", "one", text="Hallo")
    assert (await leyla.fresh()).seq == before
    assert await DeadLetter.all().count() == await Task.all().count() == 0
    assert (await leyla.take("text", "one", text="Hallo")).created


async def test_news_of_a_durable_turn_that_was_lost_adds_nothing(
    database: str, office: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    leyla = await Patient.begin()
    real = turn._turn

    async def lost(inbound: Inbound) -> Any:
        await real(inbound)
        raise ConnectionError

    monkeypatch.setattr(turn, "_turn", lost)
    await leyla.say("Hallo")
    assert await DeadLetter.all().count() == 0
    assert await Message.filter(sender="patient").count() == 1


async def test_an_opening_that_fails_is_tried_again(
    database: str, office: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as faulty:
        faulty.setattr(talk, "respond", broken)
        with pytest.raises(ValueError):
            await Patient.begin()
    assert await Message.all().count() == 0
    assert await (await Patient.begin()).thread()


ODD = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        "\0", "a\0b", "\ud800", "x\udfff", "\ud83d\ude42", "\u202eabc", "🙂" * 50, "\u200b",
        "a" * 65_536, "ä" * 30_000, "1" * 5_000, "/" * 100, "{name}", "%s", "'; drop table person",
        "<b>x</b>", "\r\n", "مرحبا", "你好", "Ich will nicht mehr\0leben",
    ]
)  # fmt: skip


@given(texts=st.lists(st.tuples(st.sampled_from(["text", "choice"]), ODD), min_size=1, max_size=3))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_no_text_whatever_makes_a_turn_fail(
    database: str, office: Network, texts: list[tuple[str, str]]
) -> None:
    leyla = await Patient.begin()
    for kind, text in texts:
        said = {"text": text} if kind == "text" else {"choice": text}
        assert (await leyla.take(kind, **said)).created
        assert await leyla.last()
    assert await DeadLetter.all().count() == 0


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("a\0b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("x\udfffy", "x\ufffdy"),
        ("\ud83d\ude42", "🙂"),
        ("Grüße 🙂", "Grüße 🙂"),
        ("", ""),
    ],
)
def test_what_no_database_takes_is_replaced(given_text: str, kept: str) -> None:
    assert storable(given_text) == kept


@given(st.text(st.characters()))
def test_whatever_comes_can_be_stored_and_twice_is_the_same(text: str) -> None:
    kept = storable(text)
    assert "\0" not in kept and kept.encode() is not None
    assert storable(kept) == kept


async def test_a_redelivery_of_a_text_that_was_mended_is_known(
    database: str, office: Network
) -> None:
    leyla = await Patient.begin()
    await leyla.take("text", "one", text="a\0\ud800")
    assert not (await leyla.take("text", "one", text="a\0\ud800")).created
    async with db.transaction():
        assert await Conversation.all().count() == 1
