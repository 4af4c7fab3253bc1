"""What a message of danger sets going: the escalation and the words, in the message's turn."""

from typing import Any

from core import clock, conversations, escalations
from core.models import Conversation, Message
from core.network.schema import Network
from core.risk import Screening
from core.rules import crisis, hours
from core.rules.crisis import LineView
from core.rules.walltime import holidays_of

ASKED_FOR_HELP = Screening("emergency", "asked", (), "button")
NOT_SCREENED = Screening("watch", "asked", (), "fault")
"""The screen itself failed: a human looks at what it could not."""
GRAVE = ("emergency", "urgent")


async def answer(
    conversation: Conversation, network: Network, message: Message, screening: Screening
) -> None:
    """Open or join the escalation and answer at once, whoever leads the conversation."""
    await escalations.raise_for(conversation, message, screening)
    if screening.severity not in GRAVE:
        if conversation.lead != "human":
            await _offer_gently(conversation, network)
        return
    # Asked after the hit: what was acknowledged as less is not read as this yet.
    reading = await escalations.being_read(conversation)
    language, category = conversation.language, screening.category
    if category == ASKED_FOR_HELP.category:
        words = crisis.help_now_words(language, network, reading_now=reading)
    else:
        words = crisis.words(language, network, screening.severity, category, reading_now=reading)
    lines = crisis.lines_open(network, clock.now(), category, language)
    body = crisis_body(words, lines, language)
    await conversations.append(conversation, "bot", "crisis", body)


async def _offer_gently(conversation: Conversation, network: Network) -> None:
    language, now = conversation.language, clock.now()
    holidays = holidays_of(network.country, network.subdivision)
    opens = hours.next_opening(network.hours, now, network.zone, holidays)
    words = crisis.watch_words(language, network, now, opens)
    await conversations.append(conversation, "bot", "text", {"text": words, "lang": language})


def crisis_body(text: str, lines: list[LineView], language: str) -> dict[str, Any]:
    """Return a crisis message: the text, and the lines to call, those open now first."""
    return {
        "text": text,
        "lang": language,
        "lines": [
            {
                "label": line.label,
                "tel": line.tel,
                "url": line.url,
                "hours": line.hours,
                "open": line.open_now,
            }
            for line in lines
        ],
    }
