"""The codes that ship, with what a network adds, changes or takes away."""

from typing import Any

from core.network.problems import Problem, listed
from core.network.schema import GROUPS

_SERVICE = "service"
_FILE = "codes.yaml"
Raw = dict[str, Any]


def merged(ships: Raw, own: Raw, problems: list[Problem]) -> tuple[Raw, Raw]:
    """Return the codes by group, in order, ready for the schema; and the services that ship.

    Labels and hints of the network replace those that ship, its synonyms are added, a code
    that is null is taken away. What cannot be merged is added to `problems`.
    """
    for name in own.keys() - {*GROUPS, _SERVICE}:
        allowed = {"name": name, "allowed": listed(GROUPS)}
        problems.append(Problem(_FILE, "", "error.network.unknown_key", allowed))
    groups = {
        group: _group(group, ships.get(group, {}), own.get(group) or {}, problems)
        for group in (*GROUPS, _SERVICE)
    }
    services = groups.pop(_SERVICE)
    listed_groups = {
        group: [{"code": code} | body for code, body in codes.items()]
        for group, codes in groups.items()
    }
    return listed_groups, services


def _group(group: str, ships: Raw, own: Any, problems: list[Problem]) -> Raw:
    if not isinstance(own, dict):
        problems.append(Problem(_FILE, group, "error.network.not_a_mapping", {"given": own}))
        return ships
    codes = dict(ships)
    for code, body in own.items():
        path = f"{group}.{code}"
        if body is None and code in codes:
            del codes[code]
        elif body is None:
            known = {"given": code, "allowed": listed(list(ships))}
            problems.append(Problem(_FILE, path, "error.network.nothing_to_remove", known))
        elif not isinstance(body, dict):
            problems.append(Problem(_FILE, path, "error.network.not_a_mapping", {"given": body}))
        elif "code" in body:
            wrong = {"name": "code", "allowed": "labels, hints, synonyms"}
            problems.append(Problem(_FILE, path, "error.network.unknown_key", wrong))
        else:
            codes[code] = _code(codes.get(code, {}), body)
    return codes


def _code(ships: Raw, own: Raw) -> Raw:
    both: Raw = dict(ships)
    for name, value in own.items():
        base = ships.get(name)
        if not isinstance(value, dict) or not isinstance(base, dict):
            both[name] = value
        elif name == "synonyms":
            both[name] = base | {
                language: [*base.get(language, []), *words] if isinstance(words, list) else words
                for language, words in value.items()
            }
        else:
            both[name] = base | value
    return both
