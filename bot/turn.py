"""One turn of a conversation: load, decide, write; one task, one transaction.

The message is stored once and screened for risk before anything else acts on it. Only after the
commit is it acknowledged to the channel, so a redelivery finds it stored and changes nothing.
"""

import logging
import secrets
import traceback
from dataclasses import dataclass
from pathlib import Path

from bot import alarm, receiving
from bot.dialogue.step import Said
from bot.inbound import Inbound
from bot.talk import Talk
from core import clock, conversations, db, tasks, texts
from core.errors import Duplicate, NotFound
from core.models import Conversation, DeadLetter, Message
from core.network import store
from core.network.schema import Network
from core.sealing import key_of, seal

__all__ = ["Inbound", "Taken", "take_turn"]

log = logging.getLogger(__name__)
OURS = tuple(Path(__file__).parent.parent / name for name in ("bot", "core"))


@dataclass(frozen=True)
class Taken:
    """Where the message stands in the thread, and whether this call put it there."""

    seq: int
    created: bool


async def take_turn(inbound: Inbound) -> Taken:
    """Store a message, screen it, answer it; run it in a task of its own.

    Raises `NotFound` and `Duplicate`. Whatever else goes wrong, the message is stored and
    screened, a human gets a task, and the patient a kind word; only if that fails too this
    raises, and the channel asks for a redelivery.
    """
    inbound = inbound.storable()
    try:
        return await _turn(inbound)
    except (NotFound, Duplicate):
        raise
    except Exception as error:
        reference = secrets.token_hex(4).upper()
        log.error("turn failed", extra={"reference": reference, "error": _place_of(error)})
        if inbound.kind == "start":
            raise
        return await _salvage(inbound, reference, _place_of(error))


async def _turn(inbound: Inbound) -> Taken:
    screening = await receiving.screened(inbound)
    async with db.transaction():
        conversation = await conversations.locked(inbound.conversation_id)
        if inbound.kind == "start":
            return await _open(conversation)
        stored = await receiving.store(conversation, inbound)
        if stored.known:
            return Taken(stored.message.seq, False)
        if receiving.asks_for_help(stored.action):
            screening = alarm.ASKED_FOR_HELP
        network = await store.current()
        if screening.severity != "none":
            await alarm.answer(conversation, network, stored.message, screening)
        if conversation.lead != "human":
            talk = await Talk.begin(conversation, network, stored.message)
            if screening.severity in alarm.GRAVE:
                await talk.after_crisis()
            else:
                said = Said(inbound.kind, inbound.text, stored.action, stored.stale)
                await talk.answer(said)
        return Taken(stored.message.seq, True)


async def _open(conversation: Conversation) -> Taken:
    created = conversation.seq == 0
    if created:
        talk = await Talk.begin(conversation, await store.current(), None)
        await talk.answer(Said("start"))
    return Taken(conversation.seq, created)


# ── when the turn itself fails ──────────────────────────────────────────────────────────


async def _salvage(inbound: Inbound, reference: str, error: str) -> Taken:
    """Store and screen the message all the same; a task for a human, a kind word, a reference."""
    try:
        screening = await receiving.screened(inbound)
    except Exception as failed:
        log.error("screening failed", extra={"reference": reference, "error": _place_of(failed)})
        screening = alarm.NOT_SCREENED
    async with db.transaction():
        conversation = await conversations.locked(inbound.conversation_id)
        stored = await receiving.store(conversation, inbound)
        if stored.known:
            # The turn was durable after all; only the news of it was lost.
            return Taken(stored.message.seq, False)
        network = await store.current()
        if receiving.asks_for_help(stored.action):
            screening = alarm.ASKED_FOR_HELP
        if screening.severity != "none":
            await alarm.answer(conversation, network, stored.message, screening)
        await _report(conversation, inbound, stored.message, reference, error)
        if conversation.lead != "human" and screening.severity not in alarm.GRAVE:
            await _apologise(conversation, network, reference)
        return Taken(stored.message.seq, True)


async def _report(
    conversation: Conversation, inbound: Inbound, message: Message, reference: str, error: str
) -> None:
    """Keep what is needed to take the turn again; the words themselves are in the message."""
    letter = DeadLetter(
        conversation=conversation,
        person=conversation.person,
        reference=reference,
        error=error,
        created_at=clock.now(),
    )
    payload = {"kind": inbound.kind, "seq": message.seq, "choice": inbound.choice}
    letter.payload = seal(key_of(conversation.person), letter, "payload", payload)
    await letter.save(force_create=True)
    await tasks.open_task(
        "turn_failed", row=letter, due_at=letter.created_at, person=conversation.person
    )


async def _apologise(conversation: Conversation, network: Network, reference: str) -> None:
    language = conversation.language
    said = {"phone": network.phone, "reference": reference}
    words = texts.say(language, "dialogue.went_wrong", **said)
    await conversations.append(conversation, "bot", "text", {"text": words, "lang": language})


def _place_of(error: Exception) -> str:
    """Return type and place of a fault, never its message: that may quote the patient."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if set(OURS) & set(Path(each.filename).parents)] or frames
    where = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{where}"[:200]
