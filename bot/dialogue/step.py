"""The values that go into the dialogue and come out of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.dialogue.wishes import BookingView, SeatView, Wish

Action = dict[str, Any]
"""What a button means, as JSON: {"do": "answer", "question": "concern", "value": "anxiety"}."""


@dataclass(frozen=True)
class Said:
    """One thing that the patient said: free text or the meaning of a button.

    `stale` is true for a button of an earlier question, or one that was pressed before.
    `kind` is `start` (the conversation opens), `text`, `choice`, `file` (also stickers,
    voice, photos) or `empty`.
    """

    kind: str
    text: str = ""
    action: Action | None = None
    stale: bool = False


@dataclass(frozen=True)
class Choice:
    """A button: its meaning, and its label, either a text key with arguments or as it stands."""

    action: Action
    key: str = ""
    args: dict[str, Any] = field(default_factory=dict)
    label: str = ""


@dataclass(frozen=True)
class Card:
    """An appointment shown as a card; the button of an offer is `choice`.

    The same `choice` also stands among the reply's choices. `until` is the end of the hold.
    """

    seat: SeatView
    choice: Choice | None = None
    booking: BookingView | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Reply:
    """One message of the bot: a text key with arguments, and what hangs on it.

    `kind` is that of the chat protocol: `text`, `offer`, `card`, `file`. `chips` are what was
    understood, each a button that lets the patient correct it. `file` is a public id.
    """

    key: str
    args: dict[str, Any] = field(default_factory=dict)
    kind: str = "text"
    choices: tuple[Choice, ...] = ()
    chips: tuple[Choice, ...] = ()
    cards: tuple[Card, ...] = ()
    file: str | None = None
    secret: str = ""
    """A part of the words that is for the patient alone: staff read it covered."""


@dataclass(frozen=True)
class Step:
    """The next state (JSON-ready), what to say, and what to do; outcomes come back to `tell`."""

    state: dict[str, Any]
    replies: tuple[Reply, ...] = ()
    wishes: tuple[Wish, ...] = ()
