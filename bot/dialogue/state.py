"""Where a conversation stands: a frozen value that goes to JSON and back."""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Self

from bot.dialogue.step import Reply, Step
from bot.dialogue.wishes import SeatView, Wish
from core.rules.criteria import Criteria

VERSION = 1
DETAILS = frozenset({"name", "birth_date", "age_check", "contact", "policy"})
"""Steps in which a seat was chosen and is held."""
RESUMABLE = DETAILS | {"ask", "offers", "nothing", "change", "searching"}
"""Steps of looking for an appointment, to which a side trip comes back."""
STEPS = RESUMABLE | {"consent", "wait_contact", "idle", "pick", "confirm_cancel", "cancelled"}


_PLAIN = {name: bool for name in ("service_open", "no_contact", "booked", "waiting")} | {
    "policy": int,
    "tries": int,
}


@dataclass(frozen=True)
class Held:
    """The offer on the table."""

    offer: str
    held_until: datetime
    seats: tuple[SeatView, ...]
    therapist_full: bool = False

    def seat(self, public_id: str) -> SeatView | None:
        """Return a seat of this offer, or None."""
        return next((seat for seat in self.seats if seat.seat == public_id), None)


@dataclass(frozen=True)
class Listed:
    """A booking that was shown, so that it can be named by number, day or button."""

    booking: str
    patient_name: str
    seat: SeatView


@dataclass(frozen=True)
class State:
    """`at` is a step of `STEPS`, `question` what is asked at step `ask`, `asked` the questions
    put before, `tries` how often in a row nothing was understood, `back` the step that a side
    trip returns to. What a patient told of themselves stays None until it is known.
    """

    at: str = "consent"
    question: str | None = None
    criteria: Criteria = field(default_factory=Criteria)
    asked: tuple[str, ...] = ()
    service_open: bool = False
    offer: Held | None = None
    seat: SeatView | None = None
    widenings: tuple[tuple[str, int], ...] = ()
    name: str | None = None
    birth_date: date | None = None
    born_perhaps: date | None = None
    email: str | None = None
    phone: str | None = None
    no_contact: bool = False
    policy: int | None = None
    moving: str | None = None
    listed: tuple[Listed, ...] = ()
    purpose: str | None = None
    cancelling: str | None = None
    booked: bool = False
    waiting: bool = False
    tries: int = 0
    back: str | None = None

    def with_(self, **changes: Any) -> Self:
        """Return a copy with some fields changed."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Return what differs from a fresh state, JSON-ready, with the version of the shape."""
        fresh = type(self)()
        told: dict[str, Any] = {"version": VERSION}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != getattr(fresh, each.name):
                told[each.name] = _to_json(value)
        return told

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` wrote. Another version starts anew and keeps the criteria."""
        try:
            if data.get("version", VERSION) != VERSION:
                return cls(criteria=Criteria.from_json(dict(data.get("criteria") or {})))
            known = {each.name for each in fields(cls)}
            read = {name: _from_json(name, data[name]) for name in data if name in known}
            state = cls(**{name: value for name, value in read.items() if value is not None})
        except (AttributeError, KeyError, TypeError, ValueError):
            return cls()
        return state if state.at in STEPS else state.with_(at="consent")


def step(state: State, *replies: Reply, wishes: tuple[Wish, ...] = ()) -> Step:
    """Return a step from a state."""
    return Step(state.to_json(), replies, wishes)


def after(first: tuple[Reply, ...], then: Step) -> Step:
    """Return a step whose replies come after some others."""
    return Step(then.state, first + then.replies, then.wishes)


def _to_json(value: Any) -> Any:
    if isinstance(value, Criteria):
        return value.to_json()
    if isinstance(value, tuple):
        return [_to_json(each) for each in value]
    if isinstance(value, Held | Listed | SeatView):
        return {name: _to_json(each) for name, each in _shallow(value).items()}
    if isinstance(value, date):
        return value.isoformat()
    return value


def _shallow(value: Held | Listed | SeatView) -> dict[str, Any]:
    if isinstance(value, SeatView):
        return asdict(value)
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _from_json(name: str, value: Any) -> Any:
    readers: dict[str, Any] = {
        "criteria": Criteria.from_json,
        "asked": tuple,
        "offer": _held,
        "seat": _seat,
        "widenings": lambda pairs: tuple((str(f), int(n)) for f, n in pairs),
        "birth_date": date.fromisoformat,
        "born_perhaps": date.fromisoformat,
        "listed": lambda listed: tuple(_listed(each) for each in listed),
    }
    if name in ("at", "criteria", "asked", "widenings", "listed") and value is None:
        raise TypeError(name)
    if value is None:
        return None
    if name in readers:
        return readers[name](value)
    if not isinstance(value, _PLAIN.get(name, str)):
        raise TypeError(name)
    return value


def _held(data: dict[str, Any]) -> Held:
    return Held(
        data["offer"],
        datetime.fromisoformat(data["held_until"]),
        tuple(_seat(each) for each in data["seats"]),
        data["therapist_full"],
    )


def _listed(data: dict[str, Any]) -> Listed:
    return Listed(data["booking"], data["patient_name"], _seat(data["seat"]))


def _seat(data: dict[str, Any]) -> SeatView:
    moments = {name: datetime.fromisoformat(data[name]) for name in ("starts_at", "ends_at")}
    return SeatView(**(data | moments | {"reasons": tuple(data["reasons"])}))
