"""One turn of a conversation: load, decide, write; one task, one transaction.

The message is stored once and screened for risk before anything else acts on it. Only after the
commit is it acknowledged to the channel, so a redelivery finds it stored and changes nothing.
"""

import asyncio
import logging
import secrets
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.acts import Scene, act
from bot.dialogue import Known, respond, tell
from bot.dialogue.state import State
from bot.dialogue.step import Reply, Said, Step
from bot.dialogue.wishes import AskNow, Done, Outcome, Wish
from bot.rendering import body_of, crisis_body
from core import clock, conversations, db, escalations, matching, tasks, texts
from core.errors import Duplicate, NotFound
from core.models import ChatFile, Conversation, DeadLetter, Message
from core.network import store
from core.network.schema import Network
from core.risk import Screening, screen
from core.rules import crisis, hours
from core.rules.walltime import holidays_of
from core.sealing import key_of, seal

log = logging.getLogger(__name__)
DEPTH = 4
"""How often an outcome may lead to a further wish within one turn."""
LONG_TEXT = 2_000
NOW = "/now"
ASKED_FOR_HELP = Screening("emergency", "asked", (), "button")


@dataclass(frozen=True)
class Inbound:
    """What a channel received. `external_id` is unique within the conversation; `kind` is
    start, text, choice, file or empty."""

    channel: str
    conversation_id: int
    external_id: str
    kind: str
    text: str = ""
    choice: str | None = None


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
    screening = await _screened(inbound)
    async with db.transaction():
        conversation = await conversations.locked(inbound.conversation_id)
        network = await store.current()
        if inbound.kind == "start":
            created = conversation.seq == 0
            if created:
                await _converse(conversation, network, Said("start"))
            return Taken(conversation.seq, created)
        message, action, stale, created = await _store(conversation, inbound)
        if not created:
            return Taken(message.seq, False)
        if screening.severity != "none":
            await _answer_risk(conversation, network, message, screening)
        grave = screening.severity in ("emergency", "urgent")
        if conversation.lead != "human" and not grave:
            said = Said(inbound.kind, inbound.text, action, stale)
            await _converse(conversation, network, said)
        return Taken(message.seq, True)


async def _screened(inbound: Inbound) -> Screening:
    if inbound.text.strip().casefold() == NOW:
        return ASKED_FOR_HELP
    if len(inbound.text) > LONG_TEXT:
        return await asyncio.to_thread(screen, inbound.text)
    return screen(inbound.text)


async def _store(
    conversation: Conversation, inbound: Inbound
) -> tuple[Message, dict[str, Any] | None, bool, bool]:
    """Store the message once; return it, what its button means, if stale, and if it is new."""
    content = f"{inbound.kind}\0{inbound.choice or inbound.text}"
    mark = conversations.fingerprint_of(content)
    stored = await conversations.stored_before(conversation, inbound.external_id, mark)
    if stored is not None:
        return stored, None, False, False
    action, stale, text = None, False, inbound.text
    if inbound.kind == "choice":
        pressed = await conversations.chosen(conversation, inbound.choice or "")
        action, stale, text = pressed.action, pressed.stale, pressed.label
    message = await conversations.append(
        conversation,
        "patient",
        "text",
        {"text": text, "lang": conversation.language},
        external_id=inbound.external_id,
        fingerprint=mark,
    )
    conversation.last_in_at = message.created_at
    await conversation.save(update_fields=["last_in_at"])
    return message, action, stale, True


# ── the dialogue ────────────────────────────────────────────────────────────────────────


async def _converse(conversation: Conversation, network: Network, said: Said) -> None:
    state = conversations.dialogue_state(conversation)
    known = await _known(conversation, network, state)
    await _follow(conversation, network, respond(state, said, known))


async def _follow(conversation: Conversation, network: Network, first: Step) -> None:
    """Do the wishes of a step and of what they lead to, then write state and replies."""
    replies = list(first.replies)
    state = first.state
    waiting: list[tuple[Wish, int]] = [(wish, 1) for wish in first.wishes]
    while waiting:
        wish, depth = waiting.pop(0)
        outcome = await _done(conversation, network, wish)
        known = await _known(conversation, network, state)
        step = tell(state, wish, outcome, known)
        state = step.state
        replies += step.replies
        if depth < DEPTH:
            waiting = [(further, depth + 1) for further in step.wishes] + waiting
    await conversations.keep_dialogue_state(conversation, state)
    known = await _known(conversation, network, state)
    for reply in replies:
        await _say(conversation, reply, known)


async def _done(conversation: Conversation, network: Network, wish: Wish) -> Outcome:
    scene = Scene(conversation, network, conversation.language)
    if isinstance(wish, AskNow):
        message = await Message.filter(conversation=conversation).order_by("-seq").first()
        if message is not None:
            await _answer_risk(conversation, network, message, ASKED_FOR_HELP)
        return Done()
    # The savepoint keeps a lost race or a broken rule from undoing the message itself.
    async with db.transaction():
        return await act(wish, scene)


async def _known(conversation: Conversation, network: Network, state: dict[str, Any]) -> Known:
    return Known(
        network=network,
        language=conversation.language,
        now=clock.now(),
        zone=network.zone,
        channel=conversation.channel,
        consented=conversation.consented_at is not None,
        divides=await matching.divides(State.from_json(state).criteria),
    )


async def _say(conversation: Conversation, reply: Reply, known: Known) -> None:
    file = None
    if reply.file is not None:
        file = await ChatFile.get_or_none(public_id=reply.file, conversation=conversation)
    body = body_of(reply, known, conversation.seq + 1, file)
    await conversations.append(conversation, "bot", reply.kind, body)


# ── risk ────────────────────────────────────────────────────────────────────────────────


async def _answer_risk(
    conversation: Conversation, network: Network, message: Message, screening: Screening
) -> None:
    """Open or join the escalation and answer at once, whoever leads the conversation."""
    read_now = await escalations.being_read(conversation)
    await escalations.raise_for(conversation, message, screening)
    language, now = conversation.language, clock.now()
    if screening.severity == "watch":
        if conversation.lead != "human":
            holidays = holidays_of(network.country, network.subdivision)
            opens = hours.next_opening(network.hours, now, network.zone, holidays)
            words = crisis.watch_words(language, network, now, opens)
            await conversations.append(conversation, "bot", "text", {"text": words})
        return
    if screening.category == "asked":
        words = crisis.help_now_words(language, network, reading_now=read_now)
    else:
        words = crisis.words(
            language, network, screening.severity, screening.category, reading_now=read_now
        )
    lines = crisis.lines_open(network, now, screening.category, language)
    await conversations.append(conversation, "bot", "crisis", crisis_body(words, lines, language))
    if conversation.lead != "human":
        state = conversations.dialogue_state(conversation)
        known = await _known(conversation, network, state)
        for reply in tell(state, AskNow(), Done(), known).replies:
            await _say(conversation, reply, known)


# ── when the turn itself fails ──────────────────────────────────────────────────────────


async def _salvage(inbound: Inbound, reference: str, error: str) -> Taken:
    """Store and screen the message all the same; a task for a human, a kind word, a reference."""
    screening = await _screened(inbound)
    async with db.transaction():
        conversation = await conversations.locked(inbound.conversation_id)
        network = await store.current()
        message, _, _, created = await _store(conversation, inbound)
        letter = DeadLetter(
            conversation=conversation,
            person=conversation.person,
            reference=reference,
            error=error,
            created_at=clock.now(),
        )
        payload = {"kind": inbound.kind, "text": inbound.text, "choice": inbound.choice}
        letter.payload = seal(key_of(conversation.person), letter, "payload", payload)
        await letter.save(force_create=True)
        await tasks.open_task(
            "turn_failed", row=letter, due_at=clock.now(), person=conversation.person
        )
        if screening.severity != "none":
            await _answer_risk(conversation, network, message, screening)
        words = texts.say(
            conversation.language, "dialogue.went_wrong", phone=network.phone, reference=reference
        )
        await conversations.append(conversation, "bot", "text", {"text": words})
        return Taken(message.seq, created)


def _place_of(error: Exception) -> str:
    """Return type and place of a fault, never its message: that may quote the patient."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    where = f" at {Path(last.filename).name}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{where}"[:200]
