"""A reply of the dialogue as the message object of the chat protocol, in the patient's words."""

import secrets
from typing import Any

from bot.dialogue.known import Known
from bot.dialogue.step import Card, Choice, Reply
from bot.dialogue.wording import card_words
from core import texts
from core.models import ChatFile
from core.network.schema import Network

COVERED = "•••"


def value_for(seq: int) -> str:
    """Return an opaque value for a button of message `seq`, bound to it and to nothing else."""
    return f"{seq}.{secrets.token_urlsafe(12)}"


def body_of(reply: Reply, known: Known, seq: int, file: ChatFile | None = None) -> dict[str, Any]:
    """Return the body to store; each button carries its private action beside value and label."""
    values = {id(choice): value_for(seq) for choice in (*reply.choices, *reply.chips)}
    said = texts.say(known.language, reply.key, **reply.args)
    body: dict[str, Any] = {
        "text": said,
        "staff_text": said.replace(reply.secret, COVERED) if reply.secret else "",
        "choices": [_button(choice, values[id(choice)], known) for choice in reply.choices],
        "chips": [_button(chip, values[id(chip)], known) for chip in reply.chips],
        "cards": [_card(card, values, known) for card in reply.cards],
        "lang": known.language,
    }
    if file is not None:
        label = texts.say(known.language, "dialogue.file.calendar")
        body["file"] = {
            "id": file.public_id,
            "name": file.name,
            "type": file.media_type,
            "label": label,
        }
    return {name: value for name, value in body.items() if value}


def _button(choice: Choice, value: str, known: Known) -> dict[str, Any]:
    return {"value": value, "label": _label(choice, known), "action": choice.action}


def _label(choice: Choice, known: Known) -> str:
    return choice.label or texts.say(known.language, choice.key, **choice.args)


def _card(card: Card, values: dict[int, str], known: Known) -> dict[str, Any]:
    words = card_words(card, known)
    shown: dict[str, Any] = {
        "title": words.title,
        "lines": list(words.lines),
        "reasons": list(words.reasons),
        "until": words.until,
    }
    if card.choice is not None and id(card.choice) in values:
        shown["value"] = values[id(card.choice)]
        shown["button"] = texts.say(known.language, "dialogue.card.button")
    return {name: value for name, value in shown.items() if value}


def place_words(network: Network, site: str | None, language: str) -> str | None:
    """Return the address of a site on one line, None by video."""
    found = next((s for s in network.sites if s.code == site), None)
    if found is None:
        return None
    name = found.labels.get(language) or found.labels[network.languages[0]]
    return f"{name}, {found.street}, {found.postcode} {found.municipality}"
