"""What the form of a network cannot say: that its parts fit together and exist in the world."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from core import texts
from core.network.problems import Location, listed, shown
from core.network.schema import Code, Network, Policy, Service
from core.network.values import Texts
from core.network.world import strangers

Found = Iterator[tuple[Location, str, Mapping[str, object]]]

# The setting of a therapy is asked together with its format, for whom together with the age.
_ASKED_IN: dict[str, tuple[str, ...]] = {
    "concern": ("concern",),
    "modality": ("modality",),
    "setting": ("setting", "format"),
    "whom": ("relation", "age_group"),
    "funding": ("funding",),
    "time_place": ("part", "format"),
}


def inconsistencies(network: Network) -> Found:
    """Yield place, text key and data of everything that does not fit together."""
    yield from _languages(network)
    yield from _unsaid(network, (), network.languages)
    yield from _unlabelled(network)
    for group, codes in network.codes.items():
        yield from _ambiguous(group, codes, network.languages)
    yield from _twice(("sites",), "code", [site.code for site in network.sites])
    yield from _twice(("crisis_lines",), "code", [line.code for line in network.crisis_lines])
    yield from _twice(("services",), "code", [service.code for service in network.services])
    for n, service in enumerate(network.services):
        yield from _service(network, ("services", n), service)
    yield from _policies(network.policies)
    yield from strangers(network)


def _languages(network: Network) -> Found:
    yield from _twice(("languages",), "", network.languages)
    shipped = texts.languages()
    for n, language in enumerate(network.languages):
        if language not in shipped:
            data = {"given": shown(language), "allowed": listed(shipped)}
            yield ("languages", n), "error.network.no_such_language", data


def _unsaid(part: BaseModel, place: Location, languages: Sequence[str]) -> Found:
    """Find every text that lacks a language; the codes are looked at by group instead."""
    for name, field in type(part).model_fields.items():
        value: Any = getattr(part, name)
        if name == "codes":
            continue
        if field.annotation == Texts and (value or field.is_required()):
            for language in languages:
                if not value.get(language, "").strip():
                    yield (*place, name), "error.network.no_text", {"lang": language}
        elif isinstance(value, BaseModel):
            yield from _unsaid(value, (*place, name), languages)
        elif isinstance(value, tuple):
            for n, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from _unsaid(item, (*place, name, n), languages)


def _unlabelled(network: Network) -> Found:
    """One line a language and group: a new language lacks all of a group's labels at once."""
    for group, codes in network.codes.items():
        for language in network.languages:
            bare = [code.code for code in codes if not code.labels.get(language, "").strip()]
            half = [c.code for c in codes if c.hints and not c.hints.get(language, "").strip()]
            for key, missing in (("no_label", bare), ("no_hint", half)):
                if missing:
                    data = {"lang": language, "codes": listed(missing)}
                    yield ("codes", group), f"error.network.{key}", data


def _ambiguous(group: str, codes: Sequence[Code], languages: Sequence[str]) -> Found:
    """A word that means two codes of one group would be understood by chance."""
    for language in languages:
        meaning: dict[str, str] = {}
        for n, code in enumerate(codes):
            label = code.labels.get(language, "")
            for word in {w.casefold() for w in (*code.synonyms.get(language, ()), label) if w}:
                other = meaning.setdefault(word, code.code)
                if other != code.code:
                    data = {"word": word, "other": other, "lang": language}
                    yield ("codes", group, n, "synonyms"), "error.network.two_meanings", data


def _service(network: Network, place: Location, service: Service) -> Found:
    policies = list(dict.fromkeys(policy.code for policy in network.policies))
    if service.policy not in policies:
        yield (*place, "policy"), "error.network.no_policy", _of(service.policy, policies)
    ages = _codes(network, "age_group")
    yield from _twice((*place, "age_groups"), "", service.age_groups)
    for n, age in enumerate(service.age_groups):
        if age not in ages:
            yield (*place, "age_groups", n), "error.network.no_code", _of(age, ages)
    kinds = [kind.code for kind in service.kinds]
    yield from _twice((*place, "kinds"), "code", kinds)
    if "first_visit" not in kinds:
        yield (*place, "kinds"), "error.network.no_first_visit", {}
    yield from _twice((*place, "questions"), "field", [q.field for q in service.questions])
    for n, question in enumerate(service.questions):
        known = [code for group in _ASKED_IN[question.field] for code in _codes(network, group)]
        here = (*place, "questions", n, "codes")
        yield from _twice(here, "", question.codes)
        for m, code in enumerate(question.codes):
            if code not in known:
                yield (*here, m), "error.network.no_code", _of(code, known)


def _policies(policies: Sequence[Policy]) -> Found:
    names = [f"{policy.code} {policy.version}" for policy in policies]
    yield from _twice(("policies",), "version", names)
    for n, policy in enumerate(policies):
        notices = (policy.notice_hours, policy.notice_working_days, policy.notice_day_before_at)
        if sum(notice is not None for notice in notices) != 1:
            yield ("policies", n), "error.network.one_notice", {}
        for other in policies:
            same = other.code == policy.code and other.version < policy.version
            if same and other.valid_from >= policy.valid_from:
                data = {"version": other.version, "day": other.valid_from}
                yield ("policies", n, "valid_from"), "error.network.not_later", data


def _twice(place: Location, name: str, values: Sequence[str]) -> Found:
    counts = Counter(values)
    for n, value in enumerate(values):
        if counts[value] > 1 and value in values[:n]:
            where = (*place, n, name) if name else (*place, n)
            yield where, "error.network.twice", {"given": value}


def _codes(network: Network, group: str) -> list[str]:
    return [code.code for code in network.codes.get(group, ())]


def _of(given: str, known: Sequence[str]) -> dict[str, object]:
    return {"given": shown(given), "allowed": listed(known)}
