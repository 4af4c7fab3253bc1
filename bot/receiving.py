"""What comes first in every turn: the message is screened for danger and stored, once."""

import asyncio
from dataclasses import dataclass
from typing import Any

from bot import alarm
from bot.inbound import Inbound
from core import conversations
from core.models import Conversation, Message
from core.risk import Screening, screen

LONG_TEXT = 2_000
"""Above this many characters the screen has a thread of its own: others need not wait."""
NOW = "/now"


@dataclass(frozen=True)
class Stored:
    """A stored message, what its button means, and whether it is a redelivery."""

    message: Message
    action: dict[str, Any] | None = None
    stale: bool = False
    known: bool = False


async def screened(inbound: Inbound) -> Screening:
    """Look for danger in the words; the call for help needs none."""
    command = inbound.text.split(maxsplit=1)[:1]
    if command and command[0].partition("@")[0].casefold() == NOW:
        return alarm.ASKED_FOR_HELP
    if len(inbound.text) > LONG_TEXT:
        return await asyncio.to_thread(screen, inbound.text)
    return screen(inbound.text)


def asks_for_help(action: dict[str, Any] | None) -> bool:
    """Tell whether a button is that of *I need help now*, an old one too."""
    return action is not None and action.get("do") == NOW.removeprefix("/")


async def store(conversation: Conversation, inbound: Inbound) -> Stored:
    """Store the message, once; raises `Duplicate` when its id was used for other content."""
    mark = conversations.fingerprint_of(inbound.content)
    known = await conversations.stored_before(conversation, inbound.external_id, mark)
    if known is not None:
        return Stored(known, known=True)
    body: dict[str, Any] = {"text": inbound.text, "lang": conversation.language}
    action, stale = None, False
    if inbound.kind == "choice":
        pressed = await conversations.chosen(conversation, inbound.choice or "")
        action, stale = pressed.action, pressed.stale
        body |= {"text": pressed.label, "action": action}
    message = await conversations.append(
        conversation, "patient", "text", body, external_id=inbound.external_id, fingerprint=mark
    )
    return Stored(message, action, stale)
