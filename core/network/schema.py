"""What one organisation configures: the shape of `core/networks/<name>/*.yaml`."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.network.values import Clock, CodeName, Country, Day, Text, Texts, Weekday

GROUPS = (
    "concern",
    "modality",
    "setting",
    "format",
    "age_group",
    "funding",
    "gender",
    "relation",
    "part",
    "language",
)
"""The groups of codes that a network has."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Opening(Part):
    """One interval of a weekday, in the network's zone; a day may have several."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    opens: Clock
    closes: Clock


class Code(Part):
    """A coded answer with labels and the words that patients use for it."""

    code: CodeName
    labels: Texts
    hints: Texts = {}
    """One plain sentence that explains the code to a patient who is not sure."""
    synonyms: dict[str, tuple[str, ...]] = {}


class SlotKind(Part):
    code: CodeName
    labels: Texts
    minutes: Annotated[int, Field(ge=5, le=480)]
    seats: Annotated[int, Field(ge=1, le=30)] = 1
    """How many patients one slot takes; more than one for groups."""
    opens_place: bool = False
    """A booking of this kind begins a trial of a therapy place."""


class Question(Part):
    """One question of the intake: `field` is a field of Criteria, or `time_place`."""

    field: Literal["concern", "modality", "setting", "whom", "funding", "time_place"]
    codes: tuple[CodeName, ...] = ()
    """The answers shown as buttons, most frequent first; empty means all of the group."""
    only_if_it_divides: bool = False
    """Ask only where the answer changes which therapists fit."""


class Service(Part):
    code: CodeName
    labels: Texts
    kinds: Annotated[tuple[SlotKind, ...], Field(min_length=1)]
    """One of them is `first_visit`: what a new patient is offered."""
    questions: tuple[Question, ...]
    age_groups: Annotated[tuple[CodeName, ...], Field(min_length=1)]
    needs_referral: bool = False
    policy: CodeName
    synonyms: dict[str, tuple[str, ...]] = {}


class Site(Part):
    code: CodeName
    labels: Texts
    street: Text
    postcode: Text
    municipality: Text
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    step_free: bool
    directions: Texts = {}


class Policy(Part):
    """A dated version of cancellation and fee rules. Exactly one of the three notices is set."""

    code: CodeName
    version: Annotated[int, Field(ge=1)]
    valid_from: Day
    notice_hours: Annotated[int, Field(ge=0, le=168)] | None = None
    notice_working_days: Annotated[int, Field(ge=0, le=5)] | None = None
    notice_day_before_at: Clock | None = None
    fee: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    free_below_age: Annotated[int, Field(ge=0, le=120)] | None = None
    texts: Texts


class CrisisLine(Part):
    """A number to call or chat with in danger; unverified ones are never shown to patients."""

    code: CodeName
    names: Texts
    number: str | None = None
    url: str | None = None
    country: Country
    languages: tuple[str, ...]
    categories: Annotated[
        tuple[Literal["emergency", "suicide", "violence", "child", "any"], ...],
        Field(min_length=1),
    ]
    hours: tuple[Opening, ...] = ()
    """Empty means day and night."""
    source: Text
    checked: Day | None = None


class Rules(Part):
    """Limits of the house."""

    hold_minutes: Annotated[int, Field(ge=2, le=60)] = 10
    seats_per_offer: Annotated[int, Field(ge=1, le=3)] = 3
    live_bookings_per_person: Annotated[int, Field(ge=1, le=20)] = 2
    earliest_minutes_ahead: Annotated[int, Field(ge=0)] = 120
    horizon_days: Annotated[int, Field(ge=1, le=365)] = 56
    human_answers_within_minutes: Annotated[int, Field(ge=1)] = 30
    trial_days: Annotated[int, Field(ge=1)] = 42


class Network(Part):
    """One network, complete and consistent."""

    name: CodeName
    titles: Texts
    country: Country
    subdivision: str | None = None
    """Holiday calendar of the place, such as NW for North Rhine-Westphalia."""
    zone: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    """Languages of the chat; the first is the default."""
    phone: str
    email: str
    hours: tuple[Opening, ...]
    emergency_number: str = "112"
    services: Annotated[tuple[Service, ...], Field(min_length=1)]
    sites: tuple[Site, ...]
    codes: dict[str, tuple[Code, ...]]
    """By group, see `GROUPS`; every group is there."""
    policies: tuple[Policy, ...]
    crisis_lines: tuple[CrisisLine, ...]
    embed_origins: tuple[str, ...] = ()
    """Sites that may show the chat in a frame."""
    privacy_url: str | None = None
    rules: Rules = Rules()

    def service(self, code: str) -> Service:
        """Return a service; raise KeyError when there is none of that code."""
        return {service.code: service for service in self.services}[code]

    def label(self, group: str, code: str, language: str) -> str:
        """Return a code's label in a language, else in the network's first one."""
        found = next((c for c in self.codes.get(group, ()) if c.code == code), None)
        if found is None:
            return code
        return found.labels.get(language) or found.labels[self.languages[0]]
