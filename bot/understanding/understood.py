"""What was understood of one message."""

from dataclasses import dataclass

FACTS = (
    "service", "concerns", "modality", "setting", "format", "age", "age_group", "relation",
    "funding", "gender", "language", "interpreter", "accessible", "site", "area", "weekdays",
    "parts", "soon",
)  # fmt: skip


@dataclass(frozen=True)
class Understood:
    """Codes of the network and of `domain.md`; None, empty or False where nothing was said.

    `age` is in full years. `wish` is one of book, cancel, move, list, human, now, help, restart,
    stored, language, stop, wait, other_times, skip. `soon` means any time will do. `number` is
    what the whole message says when it is a number or an ordinal ("2", "the second one").
    `clock` is a time of day as (hour, minute). `speak` is the chat language asked for.
    """

    service: str | None = None
    concerns: tuple[str, ...] = ()
    modality: str | None = None
    setting: str | None = None
    format: str | None = None
    age: int | None = None
    age_group: str | None = None
    relation: str | None = None
    funding: str | None = None
    gender: str | None = None
    language: str | None = None
    interpreter: bool = False
    accessible: bool = False
    site: str | None = None
    area: str | None = None
    weekdays: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    soon: bool = False
    wish: str | None = None
    yes: bool = False
    no: bool = False
    no_preference: bool = False
    not_sure: bool = False
    number: int | None = None
    clock: tuple[int, int] | None = None
    speak: str | None = None

    @property
    def any_fact(self) -> bool:
        """Whether anything was said that describes what is looked for."""
        return any(getattr(self, name) not in (None, (), False) for name in FACTS)

    @property
    def any_time(self) -> bool:
        """Whether anything was said about when or where."""
        return bool(
            self.weekdays or self.parts or self.soon or self.site or self.area or self.format
        )
