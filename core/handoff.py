"""Who leads a conversation: bot → waiting for a human → human → bot.

Each change raises `lead_gen`, which fences replies that were decided under another lead, and
stands as an event in the thread that patient and staff read.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import audit, clock, conversations, db, escalations, tasks, texts, wake
from core.actors import Actor
from core.errors import AlreadyTaken, Invalid, NotAllowed, NotFound
from core.models import Conversation, Message, Outbox, Staff
from core.network import store
from core.network.schema import Network
from core.permissions import reader
from core.rules import promises

LONGEST_REPLY = 4000
TASK = "answer_patient"


@dataclass(frozen=True)
class Asked:
    """What the patient can be promised: until when somebody answers, None when no one can say."""

    open_now: bool
    answer_by: datetime | None
    already: bool = False


async def ask_human(conversation: Conversation, reason: str, by: Actor) -> Asked:
    """Let a locked conversation wait for a human and promise until when one answers.

    Asking again, or while a human leads, changes nothing and says so with `already`.
    """
    network = await store.current()
    async with db.transaction():
        open_now = promises.open_at(network, clock.now())
        if conversation.lead != "bot":
            return Asked(open_now, conversation.answer_by, already=True)
        await _let_wait(conversation, network)
        await _event(conversation, "event.human_asked")
        await _audit("ask_human", conversation, by, reason=reason)
        return Asked(open_now, conversation.answer_by)


async def take_over(public_id: str, *, by: Actor) -> Conversation:
    """Give the lead to the member of staff who acts; whoever has it confirms what was alarming.

    Raises `NotAllowed`, `NotFound`, and `AlreadyTaken` with `by_whom` when a colleague was first.
    """
    staff = reader(by)
    async with db.transaction():
        conversation = await _locked(public_id)
        if conversation.lead == "human" and conversation.holder_id == staff.id:
            await escalations.acknowledge(conversation, by=by)
            return conversation
        before = conversation.lead
        won = await Conversation.filter(id=conversation.id, holder=None).update(
            holder=staff,
            lead="human",
            lead_gen=conversation.lead_gen + 1,
            waiting_since=None,
            answer_by=None,
        )
        if won != 1:
            holder = await Staff.get(id=conversation.holder_id)
            raise AlreadyTaken("error.already_taken", by_whom=holder.name)
        await conversation.refresh_from_db()
        await conversation.fetch_related("person")
        await _silence_bot(conversation)
        await _event(conversation, "event.taken_over", name=staff.name)
        await tasks.settle(TASK, row=conversation, outcome="taken_over")
        await escalations.acknowledge(conversation, by=by)
        await _audit("take_over", conversation, by, before=before)
        return conversation


async def reply(public_id: str, text: str, *, by: Actor, once: str | None = None) -> Message:
    """Write to the patient as the holder, 1–4000 characters; `once` makes a repeat harmless.

    Raises `NotFound`, `NotAllowed` unless the actor holds the conversation, and `Invalid` for
    the length.
    """
    staff = reader(by)
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= LONGEST_REPLY:
        raise Invalid("error.reply_length", longest=LONGEST_REPLY)
    async with db.transaction():
        thread = await _locked(public_id)
        _must_hold(thread, staff)
        external_id = f"staff.{once}" if once else None
        mark = conversations.fingerprint_of(f"reply\0{text}") if once else None
        if external_id and mark:
            known = await conversations.stored_before(thread, external_id, mark)
            if known is not None:
                return known
        message = await conversations.append(
            thread,
            "staff",
            "text",
            {"text": text},
            staff=staff,
            external_id=external_id,
            fingerprint=mark,
        )
        await _audit("reply", thread, by, seq=message.seq)
        return message


async def hand_back(public_id: str, *, by: Actor) -> Conversation:
    """Give the lead back to the bot; raises `NotFound`, and `NotAllowed` but for the holder."""
    staff = reader(by)
    async with db.transaction():
        thread = await _locked(public_id)
        _must_hold(thread, staff)
        thread.holder, thread.lead, thread.lead_gen = None, "bot", thread.lead_gen + 1
        await thread.save(update_fields=["holder_id", "lead", "lead_gen"])
        await _event(thread, "event.handed_back")
        await _audit("hand_back", thread, by)
        return thread


async def release(staff: Staff, *, by: Actor) -> int:
    """Let all conversations of somebody who leaves wait for a colleague; return how many."""
    async with db.transaction():
        held = await Conversation.filter(holder=staff).order_by("id")
        for conversation in held:
            thread = await conversations.locked(conversation.id)
            if thread.holder_id != staff.id:
                continue
            await _let_wait(thread, await store.current())
            await _event(thread, "event.released")
            await _audit("release", thread, by)
        return len(held)


async def _let_wait(conversation: Conversation, network: Network) -> None:
    conversation.lead, conversation.holder = "waiting", None
    conversation.lead_gen += 1
    conversation.waiting_since = clock.now()
    conversation.answer_by = promises.answer_by(network, clock.now())
    fields = ["lead", "holder_id", "lead_gen", "waiting_since", "answer_by"]
    await conversation.save(update_fields=fields)
    due = conversation.answer_by or conversation.waiting_since
    await tasks.open_task(TASK, row=conversation, due_at=due, person=conversation.person)


async def _locked(public_id: str) -> Conversation:
    found = await Conversation.get_or_none(public_id=public_id)
    if found is None:
        raise NotFound("error.not_found")
    return await conversations.locked(found.id)


def _must_hold(conversation: Conversation, staff: Staff) -> None:
    if conversation.lead != "human" or conversation.holder_id != staff.id:
        raise NotAllowed("error.not_holder")


async def _silence_bot(conversation: Conversation) -> None:
    """Withdraw what the bot has not sent yet and take its buttons away.

    Rows without a generation (crisis help, confirmations of what was booked) always leave.
    """
    unsent = Outbox.filter(
        conversation=conversation, state="due", recipient_kind="patient", lead_gen__not_isnull=True
    )
    await unsent.exclude(kind="crisis").update(state="gone", ended_at=clock.now(), payload=None)
    if conversation.prompt_seq:
        gone: dict[str, Any] = {"of": conversation.prompt_seq, "choices": []}
        await conversations.append(conversation, "system", "update", gone)


async def _event(conversation: Conversation, key: str, **args: object) -> None:
    text = texts.say(conversation.language, key, **args)
    await conversations.append(conversation, "system", "event", {"text": text})
    await wake.announce("inbox")


async def _audit(deed: str, conversation: Conversation, by: Actor, **detail: object) -> None:
    action = f"conversation.{deed}"
    await audit.record(action, by=by, row=conversation, person=conversation.person, **detail)
