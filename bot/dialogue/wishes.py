"""What the dialogue wants done (wishes) and what came of it (outcomes): values only.

The dialogue decides, `bot/turn.py` acts through core and hands the outcome back.
Ids are public ids; moments are aware UTC.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.rules.criteria import Criteria

# ── wishes ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class GiveConsent:
    """The patient agreed to the notice; what was written before may now be used."""


@dataclass(frozen=True)
class FindOffers:
    criteria: Criteria
    moving: str | None = None
    """Public id of the booking that is to be moved, if this is a move."""
    widened: bool = False
    """True when the patient asked for other times: the seats shown last are not shown again."""


@dataclass(frozen=True)
class KeepOffer:
    """Extend the hold of the seat that was chosen, once, while the patient answers."""

    offer: str
    seat: str
    moving: str | None = None


@dataclass(frozen=True)
class ReleaseOffer:
    """Give all held seats back (start over, leave)."""


@dataclass(frozen=True)
class ShowPolicy:
    """Ask for the rules of one held seat before it is booked; `birth_date` if it is known."""

    offer: str
    seat: str
    birth_date: date | None = None
    moving: str | None = None


@dataclass(frozen=True)
class Book:
    """Book the held seat. In a move the patient stays who they were: `name` is empty,
    `birth_date`, `email` and `phone` are None, and the booking's own ones stand.
    """

    offer: str
    seat: str
    gen: int
    criteria: Criteria
    name: str
    birth_date: date | None
    email: str | None
    phone: str | None
    policy_version: int
    moving: str | None = None


@dataclass(frozen=True)
class ListBookings:
    """Live bookings of the people this conversation writes for, soonest first."""

    then: str = "list"
    """`list`, `cancel` or `move`: what the patient wants to do with one of them."""


@dataclass(frozen=True)
class PreviewCancel:
    booking: str


@dataclass(frozen=True)
class CancelBooking:
    booking: str


@dataclass(frozen=True)
class Wait:
    """Put the request on the waiting list of the office; the contact may have been skipped."""

    criteria: Criteria
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class AskHuman:
    reason: str = "asked"


@dataclass(frozen=True)
class AskNow:
    """*I need help now*: the crisis path, without any words."""


@dataclass(frozen=True)
class UseLanguage:
    language: str


@dataclass(frozen=True)
class TellStored:
    """What do you store about me?"""


Wish = (
    GiveConsent | FindOffers | KeepOffer | ReleaseOffer | ShowPolicy | Book | ListBookings |
    PreviewCancel | CancelBooking | Wait | AskHuman | AskNow | UseLanguage | TellStored
)  # fmt: skip

# ── outcomes ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SeatView:
    """One appointment time as the patient sees it, held or booked."""

    seat: str
    gen: int
    therapist: str
    therapist_name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    service: str
    kind: str
    setting: str
    format: str
    site: str | None
    """Site code of the network; None by video."""
    reasons: tuple[str, ...] = ()
    """Codes such as `focus`, `earliest`, `times`, `near`, `language`, `modality`; their texts are
    `dialogue.reason.<code>`."""


@dataclass(frozen=True)
class Consented:
    earlier_texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offered:
    offer: str
    held_until: datetime
    seats: tuple[SeatView, ...]
    asked_therapist_full: bool = False


@dataclass(frozen=True)
class Widening:
    """One criterion that would bring offers if it were given up, and how many seats."""

    field: str
    count: int


@dataclass(frozen=True)
class NothingFits:
    widenings: tuple[Widening, ...] = ()


@dataclass(frozen=True)
class Kept:
    held_until: datetime
    seat: SeatView


@dataclass(frozen=True)
class HoldLost:
    """The hold ended or somebody else has the seat; fresh offers follow, if any fit."""

    fresh: Offered | NothingFits


@dataclass(frozen=True)
class PolicyView:
    """The cancellation rules that apply to one appointment."""

    version: int
    free_until: datetime
    fee: Decimal | None
    currency: str
    text: str
    """The rules in the reader's language, as the network wrote them."""


@dataclass(frozen=True)
class PolicyShown:
    policy: PolicyView


@dataclass(frozen=True)
class BookingView:
    booking: str
    reference: str
    seat: SeatView
    patient_name: str
    policy: PolicyView


@dataclass(frozen=True)
class Booked:
    booking: BookingView
    return_code: str
    """Shown once; only its hash is kept."""
    file: str
    """Public id of the calendar file."""
    mailed: bool
    moved_from: SeatView | None = None


@dataclass(frozen=True)
class NotBookable:
    """A rule of the house stands against it: `key` is a text of `locales/`."""

    key: str
    data: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Bookings:
    bookings: tuple[BookingView, ...]
    then: str = "list"


@dataclass(frozen=True)
class CancelTerms:
    booking: BookingView
    free: bool
    fee: Decimal | None = None


@dataclass(frozen=True)
class Cancelled:
    booking: BookingView
    late: bool
    fee: Decimal | None = None


@dataclass(frozen=True)
class Waiting:
    """On the waiting list since now. `return_code` reopens the chat; empty: already given."""

    return_code: str = ""


@dataclass(frozen=True)
class HumanAsked:
    open_now: bool
    answer_by: datetime | None
    already: bool = False


@dataclass(frozen=True)
class Done:
    """Nothing to tell beyond what the dialogue already said."""


@dataclass(frozen=True)
class Stored:
    """What is stored, as counts and facts."""

    messages: int
    bookings: int
    has_name: bool
    has_contact: bool
    since: datetime


Outcome = (
    Consented | Offered | NothingFits | Kept | HoldLost | PolicyShown | Booked | NotBookable |
    Bookings | CancelTerms | Cancelled | Waiting | HumanAsked | Done | Stored
)  # fmt: skip
