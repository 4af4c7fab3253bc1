"""How a question of the intake is put: its words, its buttons, and the chips beside it."""

from bot.dialogue.actions import button, labelled
from bot.dialogue.known import Known
from bot.dialogue.questions import (
    NOT_SURE,
    TIMES,
    concerns_of,
    is_answered,
    service_of,
    services_for,
    whom_options,
)
from bot.dialogue.state import State
from bot.dialogue.step import Choice, Reply
from bot.dialogue.wording import answer_words, in_language, site_label, upper_first
from core import texts
from core.rules.criteria import ANY, Criteria

SHOWN_AT_ONCE = 10
FIRST_OF_EACH = 7
"""So many concerns of one service come before those of the next, that none is hidden."""
_EXTRAS = ("gender", "language", "interpreter", "accessible", "therapist")


def ask(state: State, known: Known, *, everything: bool = False) -> Reply:
    """Return the current question with its buttons and with what was understood so far."""
    question = state.question or "concern"
    return Reply(
        f"dialogue.ask.{question}",
        choices=choices(state, known, everything=everything),
        chips=chips(state, known),
    )


def choices(state: State, known: Known, *, everything: bool = False) -> tuple[Choice, ...]:
    """Return the buttons of the current question, most frequent first."""
    question = state.question or "concern"
    if question == "time_place":
        return (*_times(known), _answer(question, NOT_SURE, "dialogue.button.not_sure"))
    if question == "whom":
        codes = whom_options(state.criteria, known.network)
        own = [_answer(question, code, f"dialogue.whom.{code}") for code in codes]
    else:
        own = _coded(question, state, known)
    if len(own) > SHOWN_AT_ONCE + 1 and not everything:
        own = [*own[:SHOWN_AT_ONCE], button("more", "dialogue.button.more", question=question)]
    if not any(choice.action.get("value") == ANY for choice in own):
        own.append(_answer(question, ANY, f"dialogue.any.{question}"))
    return (*own, _answer(question, NOT_SURE, "dialogue.button.not_sure"))


def explanation(question: str, state: State, known: Known) -> Reply:
    """Return what the answers mean, for somebody who is not sure."""
    hints = []
    for code in _codes(question, state, known):
        group = known.network.codes.get("service" if question == "service" else question, ())
        found = next((c for c in group if c.code == code and c.code != ANY), None)
        hint = found and (found.hints.get(known.language) or "")
        if found and hint:
            hints.append(f"{upper_first(in_language(found.labels, known))}: {hint}")
    if not hints:
        return Reply(f"dialogue.explain.{question}")
    return Reply("dialogue.explain.hints", {
        "first": texts.say(known.language, f"dialogue.explain.{question}"),
        "hints": "\n".join(hints),
    })  # fmt: skip


def chips(state: State, known: Known) -> tuple[Choice, ...]:
    """Return everything that was understood, each as a button that lets it be corrected."""
    criteria = state.criteria
    asked = _chip_questions(state, known)
    # When and where may have been left to the offers; there it can be named at a touch.
    late = {"time_place"} if state.at in ("offers", "nothing") else set[str]()
    told = [q for q in asked if is_answered(criteria, q) or q in late]
    shown = [_chip("change", q, answer_words(q, criteria, known), known) for q in told]
    for field in _EXTRAS:
        words = _extra_words(field, criteria, known)
        if words:
            shown.append(_chip("drop", field, words, known))
    return tuple(shown)


def change_choices(state: State, known: Known) -> tuple[Choice, ...]:
    """Return one button for each answer that can be changed."""
    answers = [
        _chip("change", q, answer_words(q, state.criteria, known), known)
        for q in _chip_questions(state, known)
    ]
    return tuple(answers) + tuple(c for c in chips(state, known) if c.action["do"] == "drop")


def _chip_questions(state: State, known: Known) -> list[str]:
    if state.moving:
        return ["time_place"]
    service = service_of(state.criteria, known.network)
    several = ["service"] if len(known.network.services) > 1 and service else []
    fields = [q.field for each in known.network.services for q in each.questions]
    if service:
        fields = [q.field for q in service.questions]
        fields += ["funding"] if state.criteria.funding and "funding" not in fields else []
    else:
        fields = ["concern", *(f for f in fields if f != "concern" and _said(state, f))]
    return several + [
        f
        for f in dict.fromkeys(fields)
        if f != "funding" or state.criteria.funding or f in known.divides
    ]


def _said(state: State, field: str) -> bool:
    return is_answered(state.criteria, field)


def _chip(do: str, question: str, words: str, known: Known) -> Choice:
    value = words or texts.say(known.language, "dialogue.chip.open")
    label = texts.say(known.language, f"dialogue.chip.{question}", value=value)
    return labelled(do, label, question=question)


def _extra_words(field: str, criteria: Criteria, known: Known) -> str:
    value = getattr(criteria, field)
    if value in (None, False, ANY):
        return ""
    if field in ("gender", "language"):
        return known.network.label(field, value, known.language)
    return texts.say(known.language, "dialogue.chip.wished")


def _coded(question: str, state: State, known: Known) -> list[Choice]:
    if question == "service":
        return [
            labelled("answer", upper_first(in_language(service.labels, known)),
                     question=question, value=service.code)
            for service in services_for(state.criteria, known.network)
        ]  # fmt: skip
    return [
        labelled("answer", upper_first(known.network.label(question, code, known.language)),
                 question=question, value=code)
        for code in _codes(question, state, known)
    ]  # fmt: skip


def _codes(question: str, state: State, known: Known) -> tuple[str, ...]:
    if question == "service":
        return tuple(service.code for service in services_for(state.criteria, known.network))
    service = service_of(state.criteria, known.network)
    if service is None:
        each = [concerns_of(s) for s in known.network.services]
        named = [c for codes in each for c in codes[:FIRST_OF_EACH]] + [
            c for cs in each for c in cs
        ]
        return tuple(c for c in dict.fromkeys(named) if c != "other")
    own = next((q.codes for q in service.questions if q.field == question), ())
    return own or tuple(code.code for code in known.network.codes.get(question, ()))


def _times(known: Known) -> list[Choice]:
    buttons = [_answer("time_place", time, f"dialogue.time.{time}") for time in TIMES]
    for site in known.network.sites:
        label = texts.say(
            known.language, "dialogue.time.site", site=site_label(known.network, site.code, known)
        )
        buttons.append(labelled("answer", label, question="time_place", value=f"site:{site.code}"))
    return buttons


def _answer(question: str, value: str, key: str) -> Choice:
    return button("answer", key, question=question, value=value)
