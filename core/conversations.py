"""The thread of one patient on one channel: append-only, sealed, in sequence."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Subquery

from core import clock, db, persons, wake
from core.errors import Duplicate, NotFound
from core.keys import blind, keys
from core.models import Conversation, Escalation, Identity, Message, Person
from core.sealing import CannotOpen, PersonKey, key_of, seal, unseal

FORGET_AFTER = timedelta(hours=24)
"""How long words written before consent are kept when no escalation needs them."""


async def start(channel: str, language: str, external_id: str, *, bot: str = "") -> Conversation:
    """Return the conversation of an address on a channel; the first contact makes a person."""
    index = blind("identity", f"{channel}\0{bot}\0{external_id}")
    address: dict[str, Any] = {"channel": channel, "bot": bot, "external_index": index}
    async with db.transaction():
        known = await Conversation.filter(**_at(address)).first()
        if known is not None:
            return known
        try:
            async with db.transaction():
                return await _begin(address, language)
        except IntegrityError:
            # Two first messages of one address: the other one made the conversation.
            return await Conversation.get(**_at(address))


def _at(address: dict[str, Any]) -> dict[str, Any]:
    return {f"identity__{name}": value for name, value in address.items()}


async def _begin(address: dict[str, Any], language: str) -> Conversation:
    now = clock.now()
    person = await persons.create(language)
    identity = await Identity.create(**address, person=person, created_at=now)
    return await Conversation.create(
        identity=identity,
        person=person,
        channel=address["channel"],
        language=language,
        created_at=now,
    )


async def locked(conversation_id: int) -> Conversation:
    """Return the conversation, its person loaded, with its row locked until the transaction ends.

    Raises `NotFound`.
    """
    rows = Conversation.filter(id=conversation_id).select_related("person")
    conversation = await rows.select_for_update(of=("conversation",)).first()
    if conversation is None:
        raise NotFound("error.not_found")
    return conversation


async def reload(conversation: Conversation) -> None:
    """Read a locked conversation and its person again, after a savepoint was rolled back."""
    fresh = await locked(conversation.id)
    for name in conversation._meta.db_fields:
        setattr(conversation, name, getattr(fresh, name))
    conversation.person = fresh.person


async def append(
    conversation: Conversation,
    sender: str,
    kind: str,
    body: dict[str, Any],
    *,
    staff: Any = None,
    external_id: str | None = None,
    fingerprint: str | None = None,
) -> Message:
    """Add one message under the lock of its conversation and wake the open pages.

    `body` has the fields of the chat protocol except seq, from, kind and at; a choice may carry
    a private `action`, and so may the message of a patient who pressed one. A message with
    choices makes the buttons of earlier ones stale.
    """
    conversation.seq += 1
    message = Message(
        conversation=conversation,
        person=conversation.person,
        seq=conversation.seq,
        sender=sender,
        kind=kind,
        staff=staff,
        external_id=external_id,
        fingerprint=fingerprint,
        before_consent=sender == "patient" and conversation.consented_at is None,
        created_at=clock.now(),
    )
    message.body = seal(key_of(conversation.person), message, "body", body)
    await message.save(force_create=True)
    if sender == "bot" and body.get("choices"):
        conversation.prompt_seq = conversation.seq
    if sender == "patient":
        conversation.last_in_at = message.created_at
    await conversation.save(update_fields=["seq", "prompt_seq", "last_in_at"])
    await wake.announce(f"conversation:{conversation.public_id}")
    await wake.announce("inbox")
    return message


def fingerprint_of(content: str) -> str:
    """Return a keyed hash that tells a redelivery from other content under the same id."""
    return hmac.new(keys().derived("fingerprint"), content.encode(), sha256).hexdigest()


async def stored_before(
    conversation: Conversation, external_id: str, fingerprint: str
) -> Message | None:
    """Return the message of this id, if any; raises `Duplicate` when its content was another."""
    message = await Message.get_or_none(conversation=conversation, external_id=external_id)
    if message is not None and message.fingerprint != fingerprint:
        raise Duplicate("error.same_id_other_content")
    return message


@dataclass(frozen=True)
class Opened:
    """One message with its body open."""

    message: Message
    body: dict[str, Any]

    def public(self) -> dict[str, Any]:
        """Return the message object of the chat protocol."""
        shown = {name: value for name, value in self.body.items() if value not in (None, [], {})}
        for private in ("action", "staff_text"):
            shown.pop(private, None)
        for name in ("choices", "chips"):
            if name in shown:
                shown[name] = [_without_action(choice) for choice in shown[name]]
        return {
            "seq": self.message.seq,
            "from": self.message.sender,
            "kind": self.message.kind,
            "text": shown.pop("text", ""),
            "choices": shown.pop("choices", []),
            "at": self.message.created_at.astimezone(UTC).isoformat(timespec="seconds"),
            **shown,
        }


def _without_action(choice: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in choice.items() if name != "action"}


def open_message(key: PersonKey | None, message: Message) -> Opened:
    """Open one message; what was forgotten or erased has an empty body."""
    body = unseal(key, message, "body") if key and message.body is not None else {}
    return Opened(message, body)


async def read(
    conversation: Conversation, after: int = 0, limit: int = 500
) -> list[dict[str, Any]]:
    """Return the protocol's message objects with a sequence above `after`, in order."""
    return [opened.public() for opened in await opened_after(conversation, after, limit)]


async def opened_after(
    conversation: Conversation, after: int = 0, limit: int = 500
) -> list[Opened]:
    person = await Person.get(id=conversation.person_id)
    try:
        key = key_of(person)
    except CannotOpen:
        key = None
    rows = (
        await Message.filter(conversation=conversation, seq__gt=after).order_by("seq").limit(limit)
    )
    return [open_message(key, row) for row in rows]


@dataclass(frozen=True)
class Pressed:
    """What a button meant: unknown ones have no action, and like old ones are stale."""

    action: dict[str, Any] | None = None
    label: str = ""
    stale: bool = True


async def chosen(conversation: Conversation, value: str) -> Pressed:
    """Return what stands behind a button's value in this conversation."""
    number, _, _ = value.partition(".")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        return Pressed()
    message = await Message.get_or_none(conversation=conversation, seq=int(number))
    if message is None or message.sender != "bot":
        return Pressed()
    body = open_message(key_of(conversation.person), message).body
    for button in (*body.get("choices", ()), *body.get("chips", ())):
        if hmac.compare_digest(button["value"].encode(), value.encode()):
            stale = message.seq < conversation.prompt_seq
            return Pressed(button["action"], button["label"], stale)
    return Pressed()


def dialogue_state(conversation: Conversation) -> dict[str, Any]:
    state: dict[str, Any] = unseal(key_of(conversation.person), conversation, "dialogue") or {}
    return state


async def keep_dialogue_state(conversation: Conversation, state: dict[str, Any]) -> None:
    conversation.dialogue = seal(key_of(conversation.person), conversation, "dialogue", state)
    await conversation.save(update_fields=["dialogue"])


async def consent(conversation: Conversation, version: str) -> list[str]:
    """Note the consent and return what was written before it, which may now be used.

    What was pressed or commanded is not among it: that said nothing about the patient.
    """
    early = Message.filter(conversation=conversation, before_consent=True)
    key = key_of(conversation.person)
    bodies = [
        unseal(key, message, "body")
        for message in await early.filter(body__not_isnull=True).order_by("seq")
    ]
    await early.update(before_consent=False)
    conversation.consented_at, conversation.consent_version = clock.now(), version
    await conversation.save(update_fields=["consented_at", "consent_version"])
    texts = [body["text"] for body in bodies if "action" not in body and body.get("text")]
    return [text for text in texts if not text.startswith("/")]


async def forget_unconsented(now: datetime, limit: int = 200) -> int:
    """Empty what was written before a consent that never came, unless an escalation needs it."""
    async with db.transaction():
        needed = Subquery(Escalation.all().values("conversation_id"))
        old = Message.filter(
            before_consent=True, body__not_isnull=True, created_at__lte=now - FORGET_AFTER
        ).exclude(conversation_id__in=needed)
        ids = await old.limit(limit).values_list("id", flat=True)
        # A consent may come between the two statements: what it released stays.
        forgotten = Message.filter(id__in=list(ids), before_consent=True)
        return await forgotten.update(body=None) if ids else 0
