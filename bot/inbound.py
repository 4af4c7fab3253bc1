"""What a channel received, in the one form that a turn takes."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class Inbound:
    """One message. `external_id` is unique within the conversation (at most 64 characters);
    `kind` is start, text, choice, file or empty."""

    channel: str
    conversation_id: int
    external_id: str
    kind: str
    text: str = ""
    choice: str | None = None

    @property
    def content(self) -> str:
        """What makes it the same message when it is delivered again."""
        return f"{self.kind}\0{self.choice or self.text}"

    def storable(self) -> Self:
        """Return it without what no database and no encoding takes."""
        choice = storable(self.choice) if self.choice is not None else None
        return replace(self, text=storable(self.text), choice=choice)


def storable(text: str) -> str:
    """Replace NUL, and halves of surrogate pairs; whole pairs become their character."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")
