"""What a patient looks for: the criteria that matching reads and chips show."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

ANY = "any"
OPEN_FIELDS = ("modality", "setting", "format", "site", "gender", "therapist")
"""Wishes that a patient may give up when nothing fits."""


@dataclass(frozen=True)
class Criteria:
    """Codes of `domain.md`. None means not said yet, "any" means no preference.

    `weekdays` are `mon` … `sun`, `parts` are `morning`, `afternoon`, `evening`; empty means
    any time. `site` is a site code, `area` a municipality. `therapist` is the public id of the
    therapist asked for. `relation` says for whom: `self`, `parent`, `guardian`, `relative`.
    """

    service: str | None = None
    kind: str = "first_visit"
    concern: str | None = None
    modality: str | None = None
    setting: str | None = None
    format: str | None = None
    site: str | None = None
    area: str | None = None
    language: str | None = None
    interpreter: bool = False
    age_group: str | None = None
    relation: str | None = None
    gender: str | None = None
    accessible: bool = False
    funding: str | None = None
    weekdays: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    times_said: bool = False
    therapist: str | None = None

    def with_(self, **changes: Any) -> Self:
        """Return a copy with some answers changed."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Return the fields that differ from the default, ready for JSON."""
        defaults = type(self)()
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != getattr(defaults, name)
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` wrote; unknown fields of another version are ignored."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in data.items()
            if name in known
        }
        return cls(**values)
