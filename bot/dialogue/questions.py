"""The questions of the intake as data of a service: which comes next, what an answer changes."""

from bot.dialogue.known import Known
from bot.dialogue.state import State
from bot.understanding import Understood
from core.network.schema import Network, Question, Service
from core.rules.criteria import ANY, Criteria

MOST_QUESTIONS = 6
"""Before the first offers; what the network puts last is left out and shown with the offers."""

NOT_SURE = "not_sure"
WHOM = {
    "self_adult": ("self", "adult"),
    "self_senior": ("self", "senior"),
    "parent_child": ("parent", "child"),
    "parent_adolescent": ("parent", "adolescent"),
    "self_adolescent": ("self", "adolescent"),
    "relative_adult": ("relative", "adult"),
}
TIMES = ("soonest", "morning", "afternoon", "evening", "video")
_CODED = ("concern", "modality", "setting", "funding")


def service_of(criteria: Criteria, network: Network) -> Service | None:
    """Return the service looked for, if it is settled."""
    return next((s for s in network.services if s.code == criteria.service), None)


def services_for(criteria: Criteria, network: Network) -> tuple[Service, ...]:
    """Return the services to choose from: at first those alone that name the concern."""
    if criteria.service is not None:
        return network.services
    naming = tuple(s for s in network.services if criteria.concern in concerns_of(s))
    return naming or network.services


def concerns_of(service: Service) -> tuple[str, ...]:
    """Return the concerns that a service names in its question."""
    return next((q.codes for q in service.questions if q.field == "concern"), ())


def settled(state: State, network: Network) -> State:
    """Fill in what follows from what was said, so that nobody is asked for it."""
    criteria = state.criteria
    if service_of(criteria, network) is None:
        criteria = criteria.with_(service=_implied_service(state, network))
    if criteria.setting == "couple" and criteria.age_group is None:
        criteria = criteria.with_(age_group="adult", relation=criteria.relation or "self")
    if criteria.setting == "family" and criteria.age_group is None and not criteria.relation:
        criteria = criteria.with_(age_group=ANY)
    if criteria.relation == "relative" and criteria.age_group is None:
        criteria = criteria.with_(age_group=ANY)
    if criteria.relation is None and criteria.age_group in ("child", "adult", "senior"):
        criteria = criteria.with_(relation="parent" if criteria.age_group == "child" else "self")
    return state.with_(criteria=criteria)


def next_question(state: State, known: Known) -> str | None:
    """Return the question to ask now, or None when it is time for offers."""
    criteria = state.criteria
    service = service_of(criteria, known.network)
    if service is None:
        return "concern" if criteria.concern is None else "service"
    open_ones = [
        q.field
        for q in service.questions
        if not is_answered(criteria, q.field) and _divides(q, known)
    ]
    room = MOST_QUESTIONS - len(state.asked)
    new = [q for q in open_ones if q not in state.asked][: max(room, 0)]
    return next((q for q in open_ones if q in state.asked or q in new), None)


def is_answered(criteria: Criteria, question: str) -> bool:
    """Tell whether a question needs no more asking."""
    if question == "whom":
        return criteria.age_group == ANY or bool(criteria.age_group and criteria.relation)
    if question == "time_place":
        return criteria.times_said
    return getattr(criteria, question, None) is not None


def whom_options(criteria: Criteria, network: Network) -> tuple[str, ...]:
    """Return the answers to "for whom" that agree with what was said before."""
    service = service_of(criteria, network)
    served = service.age_groups if service else tuple(age for _, age in WHOM.values())
    options = [option for option, (_, age) in WHOM.items() if age in served]
    relation = "parent" if criteria.relation == "guardian" else criteria.relation
    if is_answered(criteria, "whom"):
        return tuple(options)
    fitting = [
        option
        for option in options
        if relation in (None, WHOM[option][0]) and criteria.age_group in (None, WHOM[option][1])
    ]
    return tuple(fitting or options)


def whom_of(criteria: Criteria) -> str | None:
    """Return the answer to "for whom" that criteria stand for, if it is one of the buttons."""
    pair = ("parent" if criteria.relation == "guardian" else criteria.relation, criteria.age_group)
    return next((option for option, meant in WHOM.items() if meant == pair), None)


def answered(criteria: Criteria, question: str, value: str, network: Network) -> Criteria | None:
    """Return the criteria with one question answered; None when there is no such answer."""
    if value == NOT_SURE:
        value = ANY
    if question == "service":
        return _with_service(criteria, value, network)
    if question == "whom":
        return _with_whom(criteria, value)
    if question == "time_place":
        return _with_time(criteria, value, network)
    if question not in _CODED:
        return None
    codes = {code.code for code in network.codes.get(question, ())}
    return criteria.with_(**{question: value}) if value in codes | {ANY} else None


def merged(criteria: Criteria, said: Understood, network: Network) -> Criteria:
    """Return the criteria with all that a text said."""
    if said.service:
        criteria = _with_service(criteria, said.service, network) or criteria
    concern = said.concerns[0] if said.concerns else None
    for field, value in (
        ("concern", concern), ("modality", said.modality), ("setting", said.setting),
        ("funding", said.funding), ("gender", said.gender), ("language", said.language),
    ):  # fmt: skip
        if value:
            criteria = criteria.with_(**{field: value})
    if said.interpreter or said.accessible:
        criteria = criteria.with_(
            interpreter=criteria.interpreter or said.interpreter,
            accessible=criteria.accessible or said.accessible,
        )
    return _when_and_where(_for_whom(criteria, said), said)


def _for_whom(criteria: Criteria, said: Understood) -> Criteria:
    if said.age_group:
        relation = said.relation or criteria.relation
        return criteria.with_(age_group=said.age_group, relation=relation)
    if said.relation and said.relation != criteria.relation:
        return criteria.with_(relation=said.relation, age_group=None)
    return criteria


def _when_and_where(criteria: Criteria, said: Understood) -> Criteria:
    if not said.any_time:
        return criteria
    if said.soon:
        criteria = criteria.with_(weekdays=(), parts=())
    if said.format == "video":
        criteria = criteria.with_(format="video", site=None, area=None)
    if said.format == "onsite" or said.site or said.area:
        criteria = criteria.with_(format="onsite", site=said.site, area=said.area)
    return criteria.with_(
        weekdays=said.weekdays or criteria.weekdays,
        parts=said.parts or criteria.parts,
        times_said=True,
    )


def _with_service(criteria: Criteria, value: str, network: Network) -> Criteria | None:
    if value == ANY:
        return criteria.with_(service=None)
    service = next((s for s in network.services if s.code == value), None)
    if service is None:
        return None
    asks = {q.field for q in service.questions}
    changes = {f: None for f in ("modality", "setting") if f not in asks}
    concern = criteria.concern
    named = concerns_of(service)
    elsewhere = {c for s in network.services if s is not service for c in concerns_of(s)}
    if concern in elsewhere and concern not in named:
        changes["concern"] = None
    return criteria.with_(service=value, **changes)


def _with_whom(criteria: Criteria, value: str) -> Criteria | None:
    if value == ANY:
        return criteria.with_(age_group=ANY)
    if value not in WHOM:
        return None
    relation, age_group = WHOM[value]
    if relation == "parent" and criteria.relation == "guardian":
        relation = "guardian"
    return criteria.with_(relation=relation, age_group=age_group)


def _with_time(criteria: Criteria, value: str, network: Network) -> Criteria | None:
    plain = criteria.with_(weekdays=(), parts=(), format=ANY, site=None, area=None, times_said=True)
    if value in (ANY, "soonest"):
        return plain
    if value in ("morning", "afternoon", "evening"):
        return plain.with_(parts=(value,), format="onsite")
    if value == "video":
        return plain.with_(format="video")
    site = value.removeprefix("site:")
    if value != site and any(s.code == site for s in network.sites):
        return plain.with_(site=site, format="onsite")
    return None


def _divides(question: Question, known: Known) -> bool:
    return not question.only_if_it_divides or question.field in known.divides


def _implied_service(state: State, network: Network) -> str | None:
    """A stroke means speech therapy where no other service treats it."""
    if len(network.services) == 1:
        return network.services[0].code
    if state.criteria.concern is None:
        return None
    naming = services_for(state.criteria, network)
    return naming[0].code if len(naming) == 1 or state.service_open else None
