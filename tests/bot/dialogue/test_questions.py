"""At most six questions on every way through the intake, and the first button leads on."""

from itertools import product

import pytest

from bot.dialogue.questions import MOST_QUESTIONS
from core.network.schema import Network
from tests.bot.dialogue.office import DEMO, Talk

ONE_SERVICE = DEMO.model_copy(update={"services": DEMO.services[:1]})
WAYS = ("first", "no_preference", "not_sure")


def answer(talk: Talk, way: str) -> None:
    choices = talk.last.choices
    if way == "first":
        talk.first()
        return
    wanted = "not_sure" if way == "not_sure" else "any"
    match = [c for c in choices if c.action.get("value") == wanted]
    talk.do((match or [choices[0]])[0].action)


@pytest.mark.parametrize("network", [DEMO, ONE_SERVICE], ids=["three services", "one service"])
@pytest.mark.parametrize("divides", [frozenset[str](), frozenset({"funding"})])
def test_at_most_six_questions_whatever_is_answered(
    network: Network, divides: frozenset[str]
) -> None:
    for ways in product(WAYS, repeat=MOST_QUESTIONS):
        talk = Talk(network=network, divides=divides).start().first()
        for way in ways:
            if talk.state["at"] != "ask":
                break
            answer(talk, way)
        assert talk.state["at"] == "offers", (ways, talk.state)


@pytest.mark.parametrize("concern", range(13))
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_first_button_always_leads_to_an_offer(concern: int, language: str) -> None:
    talk = Talk(language=language).start().first()
    talk.do(talk.last.choices[concern].action)
    for _ in range(MOST_QUESTIONS):
        if talk.last.kind != "offer":
            talk.first()
    assert talk.last.kind == "offer"
    assert talk.first().keys[0] == "kept"


def test_every_question_can_be_left_open_and_answered_with_not_sure() -> None:
    talk = Talk(divides=frozenset({"funding"})).start().first()
    while talk.state["at"] == "ask":
        values = [choice.action.get("value") for choice in talk.last.choices]
        assert "not_sure" in values
        assert "any" in values or "soonest" in values
        talk.first()


def test_what_the_network_puts_last_is_left_to_the_offers() -> None:
    talk = Talk(divides=frozenset({"funding"})).start().first()
    talk.press("Stress")
    asked = ["concern"]
    while talk.state["at"] == "ask":
        asked.append(talk.state["question"])
        talk.first()
    assert asked == ["concern", "service", "modality", "setting", "whom", "funding"]
    assert "Wann und wo: So bald wie möglich" in talk.chips()
    assert talk.press("Angaben ändern").labels()[-1].startswith("Wann und wo")
