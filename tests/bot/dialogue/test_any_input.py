"""No sequence of words and buttons raises, or leaves anybody without a next step."""

import json
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue import wishes as w
from bot.dialogue.known import Known
from bot.dialogue.pressed import _HANDLERS
from bot.dialogue.respond import respond, tell
from bot.dialogue.state import STEPS, State
from bot.dialogue.step import Said
from core import texts
from tests.bot.dialogue.office import DEMO, NOW, POLICY, Talk, booking, seat

ASKS_FOR_TEXT = ("dialogue.ask.", "dialogue.birth_date.", "dialogue.contact.")
PHRASES = st.sampled_from([
    "ja", "nein", "egal", "weiß nicht", "absagen", "verlegen", "meine Termine", "1", "2", "8", "3",
    "Leyla Ahmadi", "3.4.1990", "1.2.2018", "leyla@example.org", "Angst", "Psychotherapie", "stopp",
    "Warteliste", "andere Zeiten", "Dienstag", "abends in Beuel", "/help", "/human", "/now",
    "/appointments", "/cancel", "/move", "/restart", "/stored", "/language en", "/language", "/x",
    "für meine Tochter, 8", "Schlaganfall", "neu anfangen", "hilfe", "termin", "per Video", "",
    "Паніка", "😀", "ja nein vielleicht", "lieber eine Frau", "english please", "überspringen",
])  # fmt: skip
WORDS = st.one_of(PHRASES, PHRASES, st.text(max_size=60))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
ACTIONS = st.fixed_dictionaries(
    {"do": st.sampled_from([*sorted(_HANDLERS), "unknown"]) | ANYTHING},
    optional={
        "question": st.sampled_from(["service", "concern", "whom", "time_place", "x"]) | ANYTHING,
        "value": st.sampled_from(["any", "not_sure", "anxiety", "self_adult", "video"]) | ANYTHING,
        "offer": st.sampled_from(["offer1", "offer2"]) | ANYTHING,
        "seat": st.sampled_from(["seat0", "seat3"]) | ANYTHING,
        "booking": st.sampled_from(["booking0", "booking1"]) | ANYTHING,
        "field": st.sampled_from(["modality", "parts"]) | ANYTHING,
        "version": st.just(3) | ANYTHING,
        "then": st.sampled_from(["cancel", "move"]) | ANYTHING,
        "language": st.sampled_from(["de", "en", "xx"]) | ANYTHING,
    },
)
PRESSED = st.integers(0, 12)
"""The n-th button of the newest message."""
MOVES = st.one_of(WORDS, WORDS, PRESSED, PRESSED, ACTIONS, st.just(None), st.booleans())
SURPRISES: list[dict[type, Any]] = [
    {},
    {w.FindOffers: w.NothingFits((w.Widening("modality", 2), w.Widening("times", 1)))},
    {w.Book: w.HoldLost(w.Offered("o9", NOW + timedelta(minutes=10), (seat(9),)))},
    {w.Book: w.NotBookable("error.nobody_wrote"), w.FindOffers: w.NotBookable("error.x")},
    {w.KeepOffer: w.HoldLost(w.NothingFits()), w.PreviewCancel: w.NotBookable("error.x")},
    {w.ShowPolicy: w.NotBookable("error.x"), w.CancelBooking: w.NotBookable("error.x")},
    {w.FindOffers: w.Offered("empty", NOW, ())},
    {w.FindOffers: w.Offered("over", NOW - timedelta(minutes=1), (seat(2),))},
]


def one_move(talk: Talk, move: Any) -> None:
    if isinstance(move, str):
        talk.write(move)
    elif isinstance(move, bool) or move is None:
        talk.hear(Said("file" if move else "empty") if move is not None else Said("start"))
    elif isinstance(move, int):
        choices = talk.replies[-1].choices if talk.replies else ()
        if choices:
            talk.do(choices[move % len(choices)].action)
    else:
        talk.do(move, stale=True)


def has_a_next_step(talk: Talk) -> bool:
    last = talk.last
    return bool(last.choices) or last.key.startswith(ASKS_FOR_TEXT)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(MOVES, max_size=14),
    st.sampled_from(SURPRISES),
    st.sampled_from(["de", "en"]),
    st.booleans(),
    st.integers(0, 2),
)
def test_any_talk_goes_on(
    moves: list[Any], surprises: dict[type, Any], language: str, consented: bool, n: int
) -> None:
    talk = Talk(language=language, consented=consented, outcomes=surprises,
                bookings=[booking(each) for each in range(n)])  # fmt: skip
    talk.start()
    for move in moves:
        one_move(talk, move)
        assert has_a_next_step(talk), (move, talk.keys, talk.state)
        talk.said()
        for reply in talk.replies:
            for choice in (*reply.choices, *reply.chips):
                assert talk.label(choice) and json.dumps(choice.action)
        again = State.from_json(json.loads(json.dumps(talk.state)))
        assert again.to_json() == talk.state


OUTCOMES: list[w.Outcome] = [
    w.Consented(("Angst",)), w.Offered("o", NOW, (seat(),)), w.NothingFits(), w.Done(),
    w.Kept(NOW, seat()), w.HoldLost(w.NothingFits()), w.PolicyShown(POLICY),
    w.Booked(booking(), "c", "f", True, seat(1)), w.NotBookable("error.x", {"a": [1]}),
    w.Bookings((booking(),), "cancel"), w.Bookings(()), w.CancelTerms(booking(), True),
    w.Cancelled(booking(), False), w.Waiting(), w.HumanAsked(False, None),
    w.Stored(1, 0, False, False, NOW),
]  # fmt: skip
WISHES: list[w.Wish] = [
    w.GiveConsent(), w.ReleaseOffer(), w.AskNow(), w.UseLanguage("en"), w.TellStored(),
]  # fmt: skip


def test_any_outcome_at_any_step_is_told() -> None:
    known = Known(DEMO, "de", NOW, DEMO.zone, consented=True)
    for at in sorted(STEPS):
        for wish in WISHES:
            for outcome in OUTCOMES:
                told = tell(State(at=at).to_json(), wish, outcome, known)
                assert State.from_json(told.state).to_json() == told.state
                released = isinstance(outcome, w.Done) and isinstance(wish, w.ReleaseOffer)
                assert told.replies or told.wishes or released


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*State.__dataclass_fields__, "version"]), ANYTHING))
def test_any_stored_state_can_be_read(data: dict[str, Any]) -> None:
    known = Known(DEMO, "de", NOW, DEMO.zone, consented=True)
    step = respond(data, Said("start"), known)
    assert step.replies or step.wishes


def test_a_state_of_another_version_keeps_the_answers() -> None:
    state = State.from_json({"version": 99, "at": "new", "criteria": {"concern": "anxiety"}})
    assert (state.at, state.criteria.concern) == ("consent", "anxiety")
    assert State.from_json({"version": 99, "criteria": 3}) == State()
    assert State.from_json({"at": "nowhere"}).at == "consent"


def test_every_dialogue_text_is_there_in_both_languages() -> None:
    said = [key for key in texts.keys("de") if key.startswith("dialogue.")]
    assert len(said) > 200 and set(said) <= texts.keys("en")
