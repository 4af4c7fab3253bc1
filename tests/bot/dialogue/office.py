"""A booking office in memory: answers wishes as core would, so that whole talks can be walked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.dialogue import Known, respond, tell
from bot.dialogue import wishes as w
from bot.dialogue.step import Action, Choice, Reply, Said
from core import texts
from core.network.reading import NETWORKS, read
from core.network.schema import Network

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DEMO = read(Path(NETWORKS) / "demo")
THERAPISTS = (("anna", "Anna Huber"), ("shirin", "Shirin Rad"), ("eva", "Eva Lind"))
DEPTH = 4


def seat(n: int = 0, **changes: Any) -> w.SeatView:
    """One free appointment: Tuesday, Wednesday or Thursday at 14:20 in Bonn."""
    starts = datetime(2026, 12, 1, 13, 20, tzinfo=UTC) + timedelta(days=n)
    public, name = THERAPISTS[n % 3]
    plain = w.SeatView(
        seat=f"seat{n}", gen=1, therapist=public, therapist_name=name, starts_at=starts,
        ends_at=starts + timedelta(minutes=50), zone="Europe/Berlin", service="psychotherapy",
        kind="first_visit", setting="individual", format="onsite", site="beuel",
        reasons=("times", "focus", "earliest"),
    )  # fmt: skip
    return replace(plain, **changes)


POLICY = w.PolicyView(3, datetime(2026, 11, 29, 13, 20, tzinfo=UTC), Decimal(60), "EUR",
                      "Absagen ist bis 48 Stunden vorher kostenlos.")  # fmt: skip


def booking(n: int = 0, name: str = "Leyla Ahmadi") -> w.BookingView:
    return w.BookingView(f"booking{n}", f"PA-100{n}", seat(n), name, POLICY)


@dataclass
class Talk:
    """A conversation: presses and writes, and keeps what was said and wished."""

    network: Network = DEMO
    language: str = "de"
    consented: bool = False
    divides: frozenset[str] = frozenset()
    now: datetime = NOW
    outcomes: dict[type, Callable[[Any], w.Outcome] | w.Outcome] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    wishes: list[w.Wish] = field(default_factory=list)
    bookings: list[w.BookingView] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    offers: int = 0
    everything: list[Reply] = field(default_factory=list)

    @property
    def known(self) -> Known:
        return Known(self.network, self.language, self.now, self.network.zone,
                     consented=self.consented, divides=self.divides)  # fmt: skip

    def start(self) -> "Talk":
        return self.hear(Said("start"))

    def write(self, text: str) -> "Talk":
        if not self.consented and not text.startswith("/"):
            self.early.append(text)
        return self.hear(Said("text", text))

    def do(self, action: Action | None, stale: bool = False) -> "Talk":
        return self.hear(Said("choice", action=action, stale=stale))

    def press(self, label: str) -> "Talk":
        """Press the button whose label begins so, newest message first."""
        for reply in reversed(self.everything):
            for choice in (*reply.choices, *reply.chips):
                if self.label(choice).startswith(label):
                    return self.do(choice.action)
        raise AssertionError(f"no button {label!r} among {self.labels()}")

    def first(self) -> "Talk":
        return self.do(self.last.choices[0].action)

    def hear(self, said: Said) -> "Talk":
        self.replies, self.wishes = [], []
        self._take(respond(self.state, said, self.known), 0)
        self.everything += self.replies
        return self

    def _take(self, step: Any, depth: int) -> None:
        self.state = step.state
        self.replies += step.replies
        if depth > DEPTH:
            raise AssertionError(f"wishes without end: {self.wishes}")
        for wish in step.wishes:
            self.wishes.append(wish)
            outcome = self.act(wish)
            self._take(tell(self.state, wish, outcome, self.known), depth + 1)

    def act(self, wish: w.Wish) -> w.Outcome:
        scripted = self.outcomes.get(type(wish))
        if scripted is not None:
            return scripted(wish) if callable(scripted) else scripted
        act = getattr(self, f"_{type(wish).__name__}", None)
        return act(wish) if act else w.Done()

    def _GiveConsent(self, wish: w.GiveConsent) -> w.Outcome:
        self.consented = True
        return w.Consented(tuple(self.early))

    def _FindOffers(self, wish: w.FindOffers) -> w.Outcome:
        self.offers += 1
        shift = 3 * (self.offers - 1)
        return w.Offered(
            f"offer{self.offers}", self.now + timedelta(minutes=10),
            tuple(seat(n + shift) for n in range(3)),
        )  # fmt: skip

    def _KeepOffer(self, wish: w.KeepOffer) -> w.Outcome:
        return w.Kept(self.now + timedelta(minutes=20), seat(int(wish.seat.removeprefix("seat"))))

    def _ShowPolicy(self, wish: w.ShowPolicy) -> w.Outcome:
        return w.PolicyShown(POLICY)

    def _Book(self, wish: w.Book) -> w.Outcome:
        n = int(wish.seat.removeprefix("seat"))
        before = next((b for b in self.bookings if b.booking == wish.moving), None)
        name = before.patient_name if before else wish.name
        self.bookings = [b for b in self.bookings if b is not before] + [booking(n, name)]
        return w.Booked(self.bookings[-1], "" if before else "KRANICH-7314", "file1",
                        bool(wish.email), before.seat if before else None)  # fmt: skip

    def _ListBookings(self, wish: w.ListBookings) -> w.Outcome:
        return w.Bookings(tuple(self.bookings), wish.then)

    def _one(self, public_id: str) -> w.BookingView | None:
        return next((b for b in self.bookings if b.booking == public_id), None)

    def _PreviewCancel(self, wish: w.PreviewCancel) -> w.Outcome:
        one = self._one(wish.booking)
        return w.CancelTerms(one, True) if one else w.NotBookable("error.gone")

    def _CancelBooking(self, wish: w.CancelBooking) -> w.Outcome:
        one = self._one(wish.booking)
        if one is None:
            return w.NotBookable("error.gone")
        self.bookings.remove(one)
        return w.Cancelled(one, False)

    def _Wait(self, wish: w.Wait) -> w.Outcome:
        return w.Waiting("KRANICH-7314")

    def _AskHuman(self, wish: w.AskHuman) -> w.Outcome:
        return w.HumanAsked(True, self.now + timedelta(minutes=30))

    def _UseLanguage(self, wish: w.UseLanguage) -> w.Outcome:
        self.language = wish.language
        return w.Done()

    def _TellStored(self, wish: w.TellStored) -> w.Outcome:
        return w.Stored(4, len(self.bookings), True, True, NOW)

    @property
    def last(self) -> Reply:
        return self.replies[-1]

    @property
    def keys(self) -> list[str]:
        return [reply.key.removeprefix("dialogue.") for reply in self.replies]

    def wish(self, kind: type) -> Any:
        """Return the last wish of a kind in this turn."""
        return next(wish for wish in reversed(self.wishes) if isinstance(wish, kind))

    def label(self, choice: Choice) -> str:
        return choice.label or texts.say(self.language, choice.key, **choice.args)

    def labels(self) -> list[str]:
        return [self.label(choice) for choice in self.last.choices]

    def chips(self) -> list[str]:
        return [self.label(choice) for choice in self.last.chips]

    def said(self) -> list[str]:
        return [texts.say(self.language, reply.key, **reply.args) for reply in self.replies]


def at_offers(**changes: Any) -> Talk:
    """Leyla has three appointments before her."""
    talk = Talk(**({"consented": True} | changes)).start()
    return talk.write("Verhaltenstherapie einzeln gegen Angst, für mich, ich bin 36, abends")


def booked(**changes: Any) -> Talk:
    """Leyla has booked the first of them."""
    talk = at_offers(**changes).first().write("Leyla Ahmadi").write("3.4.1990")
    return talk.write("leyla@example.org").write("ja")
