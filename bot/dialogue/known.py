"""What the dialogue is told of the world around one turn."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.network.schema import Network


@dataclass(frozen=True)
class Known:
    """`now` is aware UTC, `zone` the patient's, `language` the one replies are written in.

    `divides` names the question fields whose answer changes which therapists fit, such as
    {"funding"}. After `UseLanguage` the outcome is told with the new language.
    """

    network: Network
    language: str
    now: datetime
    zone: str
    channel: str = "web"
    consented: bool = False
    divides: frozenset[str] = frozenset()

    @property
    def today(self) -> date:
        """The date at the patient's place."""
        return self.now.astimezone(self.place).date()

    @property
    def place(self) -> ZoneInfo:
        """The patient's zone, ready to convert with."""
        return ZoneInfo(self.zone)
