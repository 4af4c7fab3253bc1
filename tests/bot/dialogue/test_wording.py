"""Cards and chips in the patient's words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.dialogue.known import Known
from bot.dialogue.step import Card
from bot.dialogue.wording import answer_words, card_words, day
from core.rules.criteria import ANY, Criteria
from tests.bot.dialogue.office import DEMO, NOW, booking, seat

GERMAN = Known(DEMO, "de", NOW, DEMO.zone)
ENGLISH = replace(GERMAN, language="en")


def test_an_offer_says_who_when_where_and_why() -> None:
    card = card_words(Card(seat(), until=NOW + timedelta(minutes=10)), GERMAN)
    assert card.title == "Anna Huber"
    assert card.lines == (
        "Dienstag, 1. Dezember", "14:20–15:10 Uhr", "Erstgespräch, einzeln", "Praxis Beuel",
        "Fährmannswiese 3, 53225 Bonn",
        "Haltestelle Beuel Rathaus, dann zwei Minuten zu Fuß zum Rhein. Der Eingang ist ebenerdig.",
    )  # fmt: skip
    assert card.reasons == (
        "zu Ihrer Wunschzeit",
        "arbeitet oft mit diesem Anliegen",
        "der früheste freie Termin",
    )
    assert card.until == "bis 10:10 Uhr für Sie freigehalten"


def test_a_booking_by_video_in_english() -> None:
    view = replace(booking(), seat=seat(site=None, format="video", reasons=("unheard_of",)))
    card = card_words(Card(view.seat, booking=view), ENGLISH)
    assert card.lines == (
        "For: Leyla Ahmadi", "Tuesday, 1 December", "14:20–15:10",
        "First appointment, one-to-one", "By video", "Reference: PA-1000",
    )  # fmt: skip
    assert (card.reasons, card.until) == ((), "")


def test_another_year_is_named_and_unknown_kinds_and_sites_do_no_harm() -> None:
    assert day(datetime(2027, 1, 5, 9, 0, tzinfo=UTC), GERMAN) == "Dienstag, 5. Januar 2027"
    odd = seat(service="x", kind="y", site="z", format="onsite")
    assert "Vor Ort" in card_words(Card(odd), GERMAN).lines
    no_way = DEMO.model_copy(
        update={"sites": tuple(s.model_copy(update={"directions": {}}) for s in DEMO.sites)}
    )
    assert len(card_words(Card(seat()), replace(GERMAN, network=no_way)).lines) == 5


def test_answers_on_chips() -> None:
    def words(question: str, **said: object) -> str:
        return answer_words(question, Criteria().with_(**said), GERMAN)

    assert words("whom", relation="guardian", age_group="child") == "Für mein Kind bis 11 Jahre"
    assert words("whom", relation="guardian", age_group="adult") == "Erwachsene"
    assert words("whom", relation="relative", age_group=ANY) == "Für eine andere erwachsene Person"
    assert words("whom", age_group=ANY) == words("modality") == words("concern", concern=ANY)
    assert words("service") == ""
    assert words("time_place", weekdays=("mon",), parts=("morning",), format="video") == (
        "Montag, vormittags, per Video"
    )
    assert words("time_place", site="gone") == "Gone"
    assert words("time_place", area="Siegburg") == "Siegburg"
    assert words("time_place", times_said=True) == "So bald wie möglich"
